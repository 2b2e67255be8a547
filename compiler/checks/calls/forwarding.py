"""Helpers that hand a function on to the engine: what they are given runs as a step.

``def run_step(options, step, *args): return engine.run_step(options, lambda: step(*args))``
"""

from __future__ import annotations

from typing import Final

from wfc.compiler.checks.calls.entrypoints import ORDINARY, Role, Roles
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.project import File
from wfc.compiler.checks.calls.symbols import ProjectClass, ProjectFunction, Symbols
from wfc.compiler.checks.reading import terms
from wfc.compiler.checks.reading.facts import Function, Use
from wfc.compiler.checks.reading.terms import Term

_PARTIAL: Final = External("functools.partial")


class Forwarding:
    """Tells which functions leave the workflow when they are handed to a call."""

    def __init__(self, symbols: Symbols, roles: Roles) -> None:
        self.symbols = symbols
        self.roles = roles
        self.engines = symbols.project.engines
        self._steps: dict[int, dict[str, Role]] = {}

    def role(self, use: Use, file: File, receiver: ProjectClass | None) -> Role | None:
        """What the engine makes of what a ``pass`` or ``forward`` hands on: a step, a transaction,
        something that no rule knows (a role without a kind); None when it stays in the
        workflow."""
        callee, position = use.args if len(use.args) == 2 else (None, None)
        if callee is None:
            return None
        if callee[0] == "constant":
            method = isinstance(callee[1], str) and self.engines.is_context_method(callee[1])
            return ORDINARY if method else None
        for target in self.symbols.resolve(callee, file, receiver):
            # partial: nothing else hands a function on
            match target:
                case External(name):
                    engine = self.engines.owner(name)
                    if engine is not None and engine.runs_apart(name):
                        kind = engine.handed.get(name.rpartition(".")[2], "")
                        return Role(kind, engine, decorator=name) if kind else ORDINARY
                case ProjectFunction():
                    if self.roles.of(target.file, target.function).kind in ("step", "transaction"):
                        return ORDINARY
                    known = self.steps(target).get(parameter_at(target, position))
                    if known is not None:
                        return known
        return None

    def steps(self, target: ProjectFunction) -> dict[str, Role]:
        """The parameters of a function that it gives to the engine to run and does not call
        itself, with what the engine makes of them."""
        key = id(target.function)
        if key not in self._steps:
            self._steps[key] = {}  # for a function that hands on to itself
            self._steps[key] = self._find(target)
        return self._steps[key]

    def _find(self, target: ProjectFunction) -> dict[str, Role]:
        file, function = target.file, target.function
        found: dict[str, Role] = {}
        for use in function.uses:
            if use.kind not in ("pass", "forward"):
                continue
            role = self.role(use, file, target.receiver)
            if role is None:
                continue
            handed = {use.written}
            if use.kind == "pass":
                inside = _used_inside(use.term, file, set())
                handed = self._partial(use, function, file) | inside
            found |= dict.fromkeys(handed, role)
        called = {use.written for use in function.uses if use.kind == "call"}
        kept = _parameters(function) - called
        return {name: role for name, role in found.items() if name in kept}

    def _partial(self, handed: Use, function: Function, file: File) -> set[str]:
        """The parameters in ``partial(step, ...)``, where that is what is handed on."""
        return {
            use.written
            for use in function.uses
            if use.kind == "forward"
            and handed.place[:2] <= use.place[:2]
            and use.place[2:] <= handed.place[2:]
            and _PARTIAL in self.symbols.resolve(use.args[0], file)
        }


def _used_inside(term: Term, file: File, seen: set[str]) -> set[str]:
    """The variables of a function that the functions inside it, which a term stands for, call or
    hand on."""
    found: set[str] = set()
    for option in terms.alternatives(term):
        match option:
            case ("def", str() as qualname) if qualname in file.facts.functions.keys() - seen:
                seen.add(qualname)
                inner = file.facts.functions[qualname]
                for use in inner.uses:
                    if use.kind in ("call", "forward"):
                        found.add(use.written)
                    if use.kind in ("call", "pass"):
                        found |= _used_inside(use.term, file, seen)
                found -= _parameters(inner)
    return found


def _parameters(function: Function) -> set[str]:
    return {parameter.name for parameter in function.parameters}


def parameter_at(target: ProjectFunction, position: Term) -> str:
    """The name of the parameter that an argument goes to: its keyword, or by its place."""
    match position:
        case ("constant", str() as name):
            return name
        case ("constant", int() as index):
            bound = target.receiver is not None and target.function.owner != ""
            index += bound and not _is_static(target.function)
            parameters = target.function.parameters
            return parameters[index].name if index < len(parameters) else ""
    return ""


def _is_static(function: Function) -> bool:
    return any(decorator.written == "staticmethod" for decorator in function.decorators)
