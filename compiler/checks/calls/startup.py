"""Tells what runs while modules are imported, and never after: a decorator that fills a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wfc.compiler.checks.calls.entrypoints import Roles
from wfc.compiler.checks.calls.project import File
from wfc.compiler.checks.calls.symbols import ProjectFunction, Symbols
from wfc.compiler.checks.reading.facts import Function
from wfc.compiler.checks.reading.terms import Term

_Caller = tuple[File, Term, Function | None]
"""What is called, and the function that does it; none at the top level of the module."""


class Startup:
    """Looks at every call of a function in the files that are known."""

    def __init__(self, symbols: Symbols, roles: Roles) -> None:
        self.symbols = symbols
        self.roles = roles
        self._callers: dict[str, list[_Caller]] | None = None
        self._later: dict[int, bool] = {}

    def runs_later(self, file: File, qualname: str) -> bool:
        """Whether a function may run after the import of its module: unless every call of it that
        is known is made at the top level of a module, or by such a function."""
        function = _outermost(file, qualname)
        key = id(function)
        if key not in self._later:
            self._later[key] = False  # a function that calls itself
            self._later[key] = self._find(file, function)
        return self._later[key]

    def _find(self, file: File, function: Function) -> bool:
        if self.roles.of(file, function).kind:
            return True
        called = False
        for home, term, caller in self._calls(function.name):
            found = self.symbols.resolve(term, home)
            if found and not any(
                isinstance(target, ProjectFunction) and target.function is function
                for target in found
            ):
                continue
            if caller is not None and self.runs_later(home, caller.qualname):
                return True
            called = called or bool(found)
        return not called

    def _calls(self, name: str) -> list[_Caller]:
        if self._callers is None:
            self._callers = defaultdict(list)
            for file in list(self.symbols.project.loaded.values()):
                for written, term, caller in _calls_in(file):
                    self._callers[written.rpartition(".")[2]].append((file, term, caller))
        return self._callers.get(name, [])


def _calls_in(file: File) -> Iterator[tuple[str, Term, Function | None]]:
    facts = file.facts
    for use in facts.uses:
        yield use.written, use.term, None
    for definition in facts.classes.values():
        for decorator in definition.decorators:
            yield decorator.written, decorator.term, None
    for function in facts.functions.values():
        outer = _enclosing(file, function)
        for decorator in function.decorators:
            yield decorator.written, decorator.term, outer
        for use in function.uses:
            yield use.written, use.term, function


def _enclosing(file: File, function: Function) -> Function | None:
    """The function inside which another is defined."""
    name = function.qualname.rpartition(".")[0]
    while name:
        if name in file.facts.functions:
            return file.facts.functions[name]
        name = name.rpartition(".")[0]
    return None


def _outermost(file: File, qualname: str) -> Function:
    """The function itself, or the one around it that everything inside belongs to."""
    function = file.facts.functions[qualname]
    outer = _enclosing(file, function)
    while outer is not None:
        function, outer = outer, _enclosing(file, outer)
    return function
