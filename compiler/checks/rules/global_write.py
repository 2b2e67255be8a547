"""WFC115: changing state that outlives the run."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.symbols import Instance, ModuleVariable, ProjectClass
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.expressions import MUTATORS
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

    def check(self, at: Sighting) -> Iterator[Finding]:
        if at.use.kind == "call":
            yield from self.mutation(at)
        else:
            yield from self.write(at)

    def mutation(self, at: Sighting) -> Iterator[Finding]:
        match at.use.term:
            case ("attr", base, str() as method) if method in MUTATORS:
                for variable in at.variables(base):
                    if variable.variable.mutable and not _own(at, variable, base):
                        yield self.finding(at, variable, f"`{at.use.written}()`")
                        return

    def write(self, at: Sighting) -> Iterator[Finding]:
        inside = at.use.written.endswith("]")
        match at.use.term:
            case ("attr", base, _) if not inside and _on_object(at, base):
                return
            case ("name", str() as name) if name not in at.visit.file.facts.variables and (
                name not in at.visit.file.facts.imports
            ):
                message = f"`{name}` is a variable of the module, which every run shares"
                yield Finding(message, at.engine.advice("state"))
                return
        for variable in at.variables(at.use.term):
            if inside and _own(at, variable, at.use.term):
                continue
            yield self.finding(at, variable, f"writing `{at.use.written}`")
            return

    def finding(self, at: Sighting, variable: ModuleVariable, what: str) -> Finding:
        kind = f"class `{variable.owner.name}`" if variable.owner else "the module"
        message = f"{what} changes a variable of {kind}, which every run shares"
        return Finding(message, at.engine.advice("state"))


def _on_object(at: Sighting, base: Term) -> bool:
    """Whether an attribute is set on an object rather than on a class or module."""
    found = at.resolve(base)
    return any(isinstance(target, Instance) for target in found)


def _own(at: Sighting, variable: ModuleVariable, term: Term) -> bool:
    """Whether ``self.items`` is the object's own: a method of its class assigns it, or the class
    is a record, whose variables are defaults."""
    if variable.owner is not None:
        owner = ProjectClass(variable.file, variable.owner)
        if at.context.symbols.is_record(owner):
            return True
    match term:
        case ("attr", base, str() as name):
            found = at.resolve(base)
            return any(
                isinstance(target, Instance)
                and any(
                    isinstance(type, ProjectClass) and name in type.definition.fields
                    for type in at.context.symbols.mro(target.type)
                )
                for target in found
            )
    return False
