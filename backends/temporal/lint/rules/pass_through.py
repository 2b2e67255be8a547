"""WFC132: workflow code that the Temporal sandbox does not see."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.temporal.lint import CLASS, ENGINE
from wfc.compiler.checks.calls.symbols import ProjectFunction
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.terms import Term


class PassThrough(Rule):
    code = "WFC132"
    name = "pass-through-helper"
    summary = "A Temporal workflow calls a nondeterministic helper that the sandbox lets through."
    why = (
        "Modules imported under imports_passed_through() are not reloaded for the sandbox and "
        "not restricted by it: time.time() in such a helper raises nothing and makes the "
        "workflow nondeterministic. Activities, data classes and helpers without side effects "
        "belong there, and nothing else."
    )
    bad = (
        "with workflow.unsafe.imports_passed_through():\n"
        "    from helpers import fee  # called by the workflow\n"
        "    from activities import charge"
    )
    good = (
        "from helpers import fee\n\n"
        "with workflow.unsafe.imports_passed_through():\n"
        "    from activities import charge"
    )
    severity = "warning"
    only = ENGINE
    kinds = ("call",)

    VALID = (
        "from temporalio import workflow\n\n"
        "with workflow.unsafe.imports_passed_through():\n"
        "    import pydantic\n"
        "    from activities import charge\n\n"
        f"{CLASS}(self) -> None:\n"
        "        pydantic.TypeAdapter(int)\n",
        # A helper that only computes may be passed through.
        "from temporalio import workflow\n\n"
        "with workflow.unsafe.imports_passed_through():\n"
        "    from flow import fee\n\n"
        "def fee(amount: int) -> int:\n"
        "    return amount // 50\n\n"
        f"{CLASS}(self) -> int:\n"
        "        return fee(100)\n",
    )
    INVALID = (
        "import random\nfrom temporalio import workflow\n\n"
        "with workflow.unsafe.imports_passed_through():\n"
        "    from flow import fee\n\n"
        "def fee(amount: int) -> int:\n"
        "    return amount // share()\n\n"
        "def share() -> int:\n"
        "    return random.randint(40, 60)\n\n"
        f"{CLASS}(self) -> int:\n"
        "        return fee(100)  # WFC132\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        name = _first_name(at.use.term)
        if name not in at.visit.file.facts.passed_through:
            return
        for target in at.targets:
            if not isinstance(target, ProjectFunction):
                continue
            if at.context.roles.of(target.file, target.function).kind:
                continue
            found = at.context.first_impurity(target.function.uses, target.file)
            if found is not None:
                message = (
                    f"`{at.use.written}` is imported past the sandbox, which cannot stop "
                    f"`{found.name.removeprefix('builtins.')}` in it"
                )
                yield Finding(message, "import its module outside imports_passed_through()")
                return


def _first_name(term: Term) -> str:
    while term is not None and term[0] == "attr":
        term = term[1]
    return str(term[1]) if term is not None and term[0] == "name" else ""
