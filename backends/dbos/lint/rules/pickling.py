"""WFC143: exceptions that do not come back from the store."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.dbos.lint import ENGINE
from wfc.compiler.checks.calls.symbols import ProjectClass
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import STEP, WORKFLOW, Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.facts import Use

_OWN_PICKLING = frozenset({"__reduce__", "__reduce_ex__", "__getnewargs__", "__setstate__"})


class Pickling(Rule):
    code = "WFC143"
    name = "error-does-not-pickle"
    summary = "A DBOS step or workflow raises an exception that cannot be read back."
    why = (
        "DBOS pickles errors. An exception is rebuilt by calling its class with the arguments "
        "that reached Exception.__init__; when the class wants others, a replay raises "
        "TypeError in its place and takes another except branch. A class inside a function "
        "cannot be stored at all, so the step runs again after every restart."
    )
    bad = (
        "class Declined(Exception):\n"
        "    def __init__(self, code: int, reason: str) -> None:\n"
        '        super().__init__(f"{code}: {reason}")'
    )
    good = (
        "class Declined(Exception):\n"
        "    def __init__(self, code: int, reason: str) -> None:\n"
        "        super().__init__(code, reason)"
    )
    only = ENGINE
    where = STEP | WORKFLOW
    kinds = ("raise",)

    VALID = (
        "from dbos import DBOS\n\n"
        "class Declined(Exception):\n"
        "    def __init__(self, code: int, reason: str) -> None:\n"
        "        super().__init__(code, reason)\n\n"
        "class Plain(Exception): ...\n\n"
        "@DBOS.step()\n"
        "def charge() -> None:\n"
        "    raise Declined(1, 'no') from Plain('x')\n",
    )
    INVALID = (
        "from dbos import DBOS\n\n"
        "class Declined(Exception):\n"
        "    def __init__(self, code: int, reason: str) -> None:\n"
        "        super().__init__(f'{code}: {reason}')\n\n"
        "@DBOS.step()\n"
        "def charge() -> None:\n"
        "    raise Declined(1, 'no')  # WFC143\n\n"
        "@DBOS.step()\n"
        "def refund() -> None:\n"
        "    class Local(Exception): ...\n"
        "    raise Local  # WFC143\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        for target in at.targets:
            if not isinstance(target, ProjectClass):
                continue
            definition = target.definition
            outer = definition.qualname.rpartition(".")[0]
            if outer in target.file.facts.functions:
                message = f"`{definition.name}` is local to a function and cannot be pickled"
                yield Finding(message, "define the class at the top of the module")
            elif self.loses_arguments(target, at.context):
                message = f"`{definition.name}` cannot be rebuilt from what it gives Exception"
                yield Finding(message, "pass every argument on: super().__init__(a, b)")

    def loses_arguments(self, type: ProjectClass, context: Context) -> bool:
        for base in context.symbols.mro(type):
            if not isinstance(base, ProjectClass) or _OWN_PICKLING & set(base.definition.methods):
                return False
            qualname = base.definition.methods.get("__init__")
            if qualname is None:
                continue
            init = base.file.facts.functions[qualname]
            wanted = len(init.parameters) - 1
            for use in init.uses:
                match use:
                    case Use(kind="call", term=("attr", ("super", _), "__init__"), args=args):
                        return len(args) != wanted and (None not in args or len(args) < wanted)
            return False
        return False
