"""WFC115: changing state that outlives the run."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.callgraph import Visit
from wfc.compiler.checks.calls.symbols import Instance, ModuleVariable, ProjectClass, Target
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.reading.expressions import MUTATORS
from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.checks.reading.terms import Term


class GlobalWrite(Rule):
    code = "WFC115"
    name = "global-write"
    summary = "A workflow changes a variable of its module or class."
    why = (
        "Module and class variables belong to the process: every run shares them, a restart "
        "forgets them, and a replay makes the change again. What a run has to remember lives in "
        "its local variables, which the engine rebuilds."
    )
    bad = (
        "PAID: list[str] = []\n\n"
        "@workflow\n"
        "def pay(order: str) -> None:\n"
        "    charge(order)\n"
        "    PAID.append(order)"
    )
    good = (
        "@workflow\n"
        "def pay(orders: list[str]) -> list[str]:\n"
        "    paid = []\n"
        "    for order in orders:\n"
        "        charge(order)\n"
        "        paid.append(order)\n"
        "    return paid"
    )
    kinds = ("write", "call")

    INVALID = (
        "from wfc import workflow\n\n"
        "count = 0\n"
        "paid = {}\n\n"
        "class Stats:\n"
        "    total = 0\n"
        "    seen = []\n\n"
        "def note(order: str) -> None:\n"
        "    paid[order] = True  # WFC115\n\n"
        "@workflow\n"
        "def f(order: str) -> None:\n"
        "    global count\n"
        "    count += 1  # WFC115\n"
        "    note(order)\n"
        "    paid.pop(order)  # WFC115\n"
        "    Stats.total += 1  # WFC115\n"
        "    del paid[order]  # WFC115\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        if use.kind == "call":
            yield from self.mutation(use, visit, context)
        else:
            yield from self.write(use, visit, context)

    def mutation(self, use: Use, visit: Visit, context: Context) -> Iterator[Finding]:
        match use.term:
            case ("attr", base, str() as method) if method in MUTATORS:
                for variable in context.symbols.variables(base, visit.file, visit.receiver):
                    if variable.variable.mutable and not _own(variable, base, visit, context):
                        yield self.finding(variable, f"`{use.written}()`", visit)
                        return

    def write(self, use: Use, visit: Visit, context: Context) -> Iterator[Finding]:
        inside = use.written.endswith("]")
        match use.term:
            case ("attr", base, _) if not inside and _on_object(base, visit, context):
                return
            case ("name", str() as name) if name not in visit.file.facts.variables and (
                name not in visit.file.facts.imports
            ):
                message = f"`{name}` is a variable of the module, which every run shares"
                yield Finding(message, visit.engine.advice("state"))
                return
        for variable in context.symbols.variables(use.term, visit.file, visit.receiver):
            if inside and _own(variable, use.term, visit, context):
                continue
            yield self.finding(variable, f"writing `{use.written}`", visit)
            return

    def finding(self, variable: ModuleVariable, what: str, visit: Visit) -> Finding:
        kind = f"class `{variable.owner.name}`" if variable.owner else "the module"
        message = f"{what} changes a variable of {kind}, which every run shares"
        return Finding(message, visit.engine.advice("state"))


def _on_object(base: Term, visit: Visit, context: Context) -> bool:
    """Whether an attribute is set on an object rather than on a class or module."""
    found = context.symbols.resolve(base, visit.file, visit.receiver)
    return any(isinstance(target, Instance) for target in found)


def _own(variable: ModuleVariable, term: Term, visit: Visit, context: Context) -> bool:
    """Whether ``self.items`` is the object's own: a method of its class assigns it, or the class
    is a record, whose variables are defaults."""
    if variable.owner is not None:
        owner = ProjectClass(variable.file, variable.owner)
        if context.symbols.is_record(owner):
            return True
    match term:
        case ("attr", base, str() as name):
            found = context.symbols.resolve(base, visit.file, visit.receiver)
            return any(
                isinstance(target, Instance)
                and any(
                    isinstance(type, ProjectClass) and name in type.definition.fields
                    for type in context.symbols.mro(target.type)
                )
                for target in found
            )
    return False
