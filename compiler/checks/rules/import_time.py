"""WFC114: values that were read at import."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ModuleVariable
from wfc.compiler.checks.judging.context import Context, Impurity
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.checks.reading.terms import Term


class ImportTime(Rule):
    code = "WFC114"
    name = "import-time-value"
    summary = "A workflow uses a value that was read when its module was imported."
    why = (
        "A module is imported by every process that runs its workflows. What it read then, the "
        "clock, the environment, a file, a random number, is another value after a restart or "
        "on another machine, and the replay goes on with that one."
    )
    bad = (
        'LIMIT = int(os.environ["LIMIT"])\n\n'
        "@workflow\n"
        "def pay(amount: int) -> None:\n"
        "    if amount > LIMIT:\n"
        "        ask_for_approval(amount)"
    )
    good = (
        "@step\n"
        "def limit() -> int:\n"
        '    return int(os.environ["LIMIT"])\n\n'
        "@workflow\n"
        "def pay(amount: int) -> None:\n"
        "    if amount > limit():\n"
        "        ask_for_approval(amount)"
    )
    severity = "warning"
    kinds = ("read", "pass", "call", "iterate", "default")
    logged_is_fine = True

    VALID = (
        "import os, re\nfrom datetime import timedelta\nfrom wfc import step, workflow\n\n"
        "LIMIT = 5 * 60\n"
        "PATTERN = re.compile('a+')\n"
        "WAIT = timedelta(minutes=5)\n"
        "URL = os.environ['URL']\n\n"
        "@step\n"
        "def call() -> str:\n"
        "    return URL\n\n"
        "@workflow\n"
        "def f(x: int) -> bool:\n"
        "    return x > LIMIT and bool(PATTERN.match(call())) and WAIT.days > 1\n",
    )
    INVALID = (
        "import os, time\nfrom wfc import workflow\n\ndef now() -> float:\n"
        "    return time.time()\n\n"
        "STARTED = now()\n"
        "LIMIT = int(os.environ.get('LIMIT', '5'))\n\n"
        "class Settings:\n"
        "    region = os.getenv('REGION')\n\n"
        "@workflow\n"
        "def f(x: int, at: float = time.time()) -> bool:  # WFC114\n"
        "    if Settings.region == 'eu':  # WFC114\n"
        "        return True\n"
        "    return x > LIMIT or STARTED > 5  # WFC114\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if at.use in at.visit.function.defaults:
            found = at.context.first_impurity([at.use], at.visit.file)
            if found is not None:
                message = f"the default `{at.use.written}` is evaluated once, at import, and"
                yield self.finding(at, message, found)
            return
        # What is nondeterministic whenever it is used has a finding of its own.
        if at.use.kind == "pass" or at.context.names.rules_of(at.use, at.targets):
            return
        for variable in at.variables(_variable(at.use)):
            found = at.context.impurity(variable)
            if found is None or (at.use.kind == "call" and _is_service(variable, at.context)):
                continue
            owner = f"{variable.owner.name}." if variable.owner else ""
            where = "" if found.file is at.visit.file else f" in {found.file.path}"
            line = variable.variable.place[0]
            message = f"`{owner}{variable.name}` was set at import{where}, line {line}, and"
            yield self.finding(at, message, found)
            return

    def finding(self, at: Sighting, message: str, found: Impurity) -> Finding:
        rule = found.rule()
        shown = f"{found.use.written}()" if found.use.kind == "call" else found.use.written
        says = rule.says_of(found.name)
        return Finding(f"{message} `{shown}` {says}", at.engine.advice(rule.need))


def _is_service(variable: ModuleVariable, context: Context) -> bool:
    """Whether a variable holds an object that does something, such as a client or an agent. What
    went into it shows in what its methods do, and they are looked at themselves."""
    found = context.symbols.resolve(variable.variable.term, variable.file)
    return bool(found) and all(
        isinstance(target, External)
        and target.instance
        and target.name.partition(".")[0] not in sys.stdlib_module_names
        for target in found
    )


def _variable(use: Use) -> Term:
    """The variable that a use is about: ``CLIENT`` in ``CLIENT.get(...)``."""
    match use.term:
        case ("attr", base, _) if use.kind == "call":
            return base if base is None or isinstance(base, tuple) else None
    return use.term
