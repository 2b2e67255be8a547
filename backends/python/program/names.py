"""What generated things are called, clear of every name in the user's file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.references import identifiers
from wfc.backends.python.printing.text import camel_case, fresh
from wfc.backends.python.program.definitions import bound_names, definitions, is_wfc
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.walk import used_names


class Vocabulary:
    """The names that the user's file has taken, and those of what is generated beside them."""

    def __init__(self, module: ir.Module, mark: str) -> None:
        self._mark = mark
        self._imported = {
            bound: full
            for statement in module.imports
            if not is_wfc(statement)
            for bound, full in statement.names
        }
        self.taken = frozenset(_identifiers(module)) | frozenset(self._imported)
        self.defined = frozenset(_defined(module))
        # What a name means at the top of the file.
        self.global_names = self.defined | frozenset(self._imported)
        self._used = set(self.taken)
        self._classes: dict[str, str] = {}

    def own(self, name: str) -> str:
        """A generated function or constant: its name, marked as the engine's where the user has one
        of that name."""
        if name not in self.taken:
            return name
        return self._marked(name, f"{self._mark.upper() if name.isupper() else self._mark}_")

    def alias(self, name: str, full: str) -> str:
        """What an import is called; empty where it keeps its name, because the user's file does not
        mean something else by it."""
        if name not in self.taken or self._imported.get(name) == full:
            return ""
        return self._marked(name, self._mark.title() if name[0].isupper() else f"{self._mark}_")

    def _marked(self, name: str, mark: str) -> str:
        return fresh(mark + name if self._mark else name, self.taken)

    def workflow_class(self, workflow: ir.Workflow) -> str:
        """``payout`` -> ``PayoutWorkflow``"""
        base = camel_case(workflow.name)
        return self._class(workflow.name, base if base.endswith("Workflow") else f"{base}Workflow")

    def input_class(self, function: ir.Step | ir.Workflow) -> str:
        """``payout`` -> ``PayoutInput``"""
        kind = "workflow" if isinstance(function, ir.Workflow) else "step"
        return self._class(f"{kind} {function.name}", f"{camel_case(function.name)}Input")

    def _class(self, key: str, name: str) -> str:
        if key not in self._classes:
            self._classes[key] = fresh(name, self._used)
            self._used.add(self._classes[key])
        return self._classes[key]


class Unit:
    """A module of the output while it is written: its imports, under names that hide nothing.

    Args:
        names: the names of the whole output.
        local: the modules that are written beside it.
    """

    def __init__(self, names: Vocabulary, local: Iterable[str] = ()) -> None:
        self.names = names
        self.imports = Imports(local)

    def library(self, module: str, name: str) -> str:
        """A name of a library, imported; under an alias where the user's file means something else
        by it."""
        alias = self.names.alias(name, f"{module}.{name}")
        self.imports.member(module, name, alias)
        return alias or name

    def module(self, name: str) -> str:
        """A module of the standard library, imported in the same way."""
        alias = self.names.alias(name, name)
        self.imports.module(name, alias)
        return alias or name

    def builtin(self, name: str, hidden: Collection[str] = ()) -> str:
        """A function of Python; through its module where the file, or the function whose
        variables ``hidden`` are, has given the name to something else."""
        if name not in self.names.global_names and name not in hidden:
            return name
        return f"{self.module('builtins')}.{name}"

    def own(self, name: str) -> str:
        """A generated function or constant of the output; see :meth:`Vocabulary.own`."""
        return self.names.own(name)


def parameter_name(taken: Iterable[str]) -> str:
    """``input``, or another word where the function uses that name itself."""
    taken = frozenset(taken)
    words = (word for word in ("input", "payload", "request") if word not in taken)
    return next(words, None) or fresh("input", taken)


def _defined(module: ir.Module) -> Iterator[str]:
    """The names that the file defines."""
    for definition in definitions(module):
        yield from bound_names(definition)
    for function in (*module.steps, *module.workflows):
        yield function.name


def _identifiers(module: ir.Module) -> Iterator[str]:
    """Every name that the file binds or reads outside wfc's own."""
    ours = {
        bound for statement in module.imports if is_wfc(statement) for bound, _ in statement.names
    }
    for definition in definitions(module):
        yield from bound_names(definition)
        yield from identifiers(definition.source) - ours
    for step in module.steps:
        yield step.name
        yield from identifiers(step.body)
        yield from (parameter.name for parameter in step.parameters)
    for workflow in module.workflows:
        yield workflow.name
        yield from used_names(workflow.body)
        yield from (parameter.name for parameter in workflow.parameters)
