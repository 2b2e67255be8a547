"""What rules may ask about beside the use they look at."""

from __future__ import annotations

from collections.abc import Iterable

from wfc.compiler.checks.calls.callgraph import CallGraph
from wfc.compiler.checks.calls.entrypoints import Roles
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.project import File
from wfc.compiler.checks.calls.startup import Startup
from wfc.compiler.checks.calls.symbols import ModuleVariable, ProjectFunction, Symbols
from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.judging.tables import NameRule, NameTable
from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.data.struct import MutableStruct, Struct, field


class Impurity(Struct):
    """A nondeterministic use in an initial value: which rule would report it, under which name, and
    the file and use where it stands."""

    rule: type[NameRule]
    name: str
    file: File
    use: Use


class Context(MutableStruct):
    """``names`` is the table of all name rules, switched off or not; ``mentions`` are those
    words of engines that stand somewhere in the project."""

    engines: LintEngines
    symbols: Symbols
    roles: Roles
    graph: CallGraph
    names: NameTable
    startup: Startup
    mentions: frozenset[str] = frozenset()
    _initial: dict[int, Impurity | None] = field(factory=dict)
    _changed: dict[tuple[int, str], str] | None = None
    _functions: dict[int, Impurity | None] = field(factory=dict)

    def impurity(self, found: ModuleVariable) -> Impurity | None:
        """The first nondeterministic value that went into a variable at import."""
        key = id(found.variable)
        if key not in self._initial:
            self._initial[key] = None
            if not self._is_datasource(found):
                self._initial[key] = self.first_impurity(found.variable.uses, found.file)
        return self._initial[key]

    def _is_datasource(self, found: ModuleVariable) -> bool:
        """Whether a variable holds what runs transactions for the engine, wherever it connects."""
        return any(
            isinstance(target, External) and target.name in self.engines.datasources
            for target in self.symbols.resolve(found.variable.term, found.file)
        )

    def first_impurity(self, uses: Iterable[Use], file: File) -> Impurity | None:
        for use in uses:
            if use.kind == "pass":  # handed on, not called
                continue
            for target in self.symbols.resolve(use.term, file):
                # partial: nothing else computes a value
                match target:
                    case External(name):
                        rule = self.names.rule_of(target, use)
                        if rule is not None and rule.at_import:
                            return Impurity(rule, name, file, use)
                    case ProjectFunction(home, function) if use.kind == "call":
                        inner = self._of_function(home, function.qualname)
                        if inner is not None:
                            return inner
            if use.kind == "read":
                for variable in self.symbols.variables(use.term, file):
                    inner = self.impurity(variable)
                    if inner is not None:
                        return inner
        return None

    def _of_function(self, file: File, qualname: str) -> Impurity | None:
        function = file.facts.functions[qualname]
        key = id(function)
        if key not in self._functions:
            self._functions[key] = None
            self._functions[key] = self.first_impurity(function.uses, file)
        return self._functions[key]

    def changed_by(self, found: ModuleVariable) -> str:
        """The function that changes a module variable after import, or nothing."""
        if self._changed is None:
            self._changed = {}
            for file in list(self.symbols.project.loaded.values()):
                for name, functions in file.facts.changed.items():
                    later = (q for q in functions if self.startup.runs_later(file, q))
                    function = next(later, "")
                    if function:
                        self._note_change(file, name, function)
        return self._changed.get((id(found.variable), found.name), "")

    def _note_change(self, file: File, name: str, function: str) -> None:
        assert self._changed is not None
        for found in self.symbols.variables(("name", name), file):
            if found.variable.mutable or name in file.facts.variables:
                self._changed.setdefault((id(found.variable), found.name), function)
