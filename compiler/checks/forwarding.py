"""Helpers that hand a function on to the engine: what they are given runs as a step.

``def run_step(options, step, *args): return DBOS.run_step(options, lambda: step(*args))``
"""

from __future__ import annotations

from typing import Final

from wfc.compiler.checks import terms
from wfc.compiler.checks.engines import is_boundary, is_context_method
from wfc.compiler.checks.entrypoints import Roles
from wfc.compiler.checks.externals import External
from wfc.compiler.checks.facts import Function, Use
from wfc.compiler.checks.project import File
from wfc.compiler.checks.symbols import ProjectClass, ProjectFunction, Symbols
from wfc.compiler.checks.terms import Term

_PARTIAL: Final = External("functools.partial")


class Forwarding:
    """Tells which functions leave the workflow when they are handed to a call."""

    def __init__(self, symbols: Symbols, roles: Roles) -> None:
        self.symbols = symbols
        self.roles = roles
        self._steps: dict[int, frozenset[str]] = {}

    def leaves(self, use: Use, file: File, receiver: ProjectClass | None) -> bool:
        """Whether what a ``pass`` or ``forward`` hands on leaves the workflow: the engine runs it
        as a step, or only looks at its name."""
        callee, position = use.args if len(use.args) == 2 else (None, None)
        if callee is None:
            return False
        if callee[0] == "constant":
            return is_context_method(callee[1])
        for target in self.symbols.resolve(callee, file, receiver):
            match target:
                case External(name) if is_boundary(name):
                    return True
                case ProjectFunction():
                    if self.roles.of(target.file, target.function).kind in ("step", "transaction"):
                        return True
                    if _parameter(target, position) in self.steps(target):
                        return True
        return False

    def steps(self, target: ProjectFunction) -> frozenset[str]:
        """The parameters of a function that it gives to the engine to run and does not call
        itself."""
        key = id(target.function)
        if key not in self._steps:
            self._steps[key] = frozenset()  # for a function that hands on to itself
            self._steps[key] = frozenset(self._find(target))
        return self._steps[key]

    def _find(self, target: ProjectFunction) -> set[str]:
        file, function = target.file, target.function
        names = _parameters(function)
        found: set[str] = set()
        for use in function.uses:
            if use.kind not in ("pass", "forward") or not self.leaves(use, file, target.receiver):
                continue
            if use.kind == "forward":
                found.add(use.written)
            else:
                found |= self._partial(use, function, file)
                found |= _used_inside(use.term, file, set())
        called = {use.written for use in function.uses if use.kind == "call"}
        return found & names - called

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


def _parameter(target: ProjectFunction, position: Term) -> str:
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
