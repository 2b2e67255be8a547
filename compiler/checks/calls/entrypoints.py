"""Which functions are workflow code to start from, and which are steps where it ends."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.project import File
from wfc.compiler.checks.calls.symbols import ProjectClass, ProjectFunction, Symbols
from wfc.compiler.checks.engines.engine import Kind, LintEngine
from wfc.compiler.checks.reading.facts import Function
from wfc.compiler.checks.reading.terms import Term
from wfc.compiler.data.struct import Struct, replace


class Role(Struct):
    """What an engine sees in a function. ``kind`` is empty for ordinary code. ``position`` is the
    place of the engine's decorator in the list; ``decorator`` its name; ``keywords`` what it was
    given."""

    kind: Kind = ""
    engine: LintEngine | None = None
    position: int = 0
    decorator: str = ""
    keywords: tuple[tuple[str, Term], ...] = ()


class Entry(Struct, eq=False):
    """Where a walk starts. ``receiver`` is the class of a method."""

    file: File
    function: Function
    role: Role
    receiver: ProjectClass | None = None


ORDINARY = Role()


class Roles:
    """Answers what role a function has, by its decorators."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self.engines = symbols.project.engines
        self._known: dict[int, Role] = {}

    def of(self, file: File, function: Function) -> Role:
        known = self._known.get(id(function))
        if known is None:
            known = self._known[id(function)] = self._find(file, function)
        return known

    def _find(self, file: File, function: Function) -> Role:
        for position, decorator in enumerate(function.decorators):
            if function.owner:
                for end, (name, engine) in self.engines.of_methods.items():
                    if decorator.written.endswith(end):
                        return Role("workflow", engine, position, name)
            for target in self.symbols.resolve(decorator.term, file):
                # partial: no other target is a decorator
                match target:
                    case External(name):
                        role = self._made_by(name)
                    case ProjectFunction() if function is not target.function:
                        role = self._applied_in(target)
                    case _:
                        continue
                if role.kind:
                    return replace(role, position=position, keywords=decorator.keywords)
        return ORDINARY

    def _made_by(self, name: str) -> Role:
        """What the decorator of that name makes of a function."""
        known = self.engines.roles.get(name)
        return ORDINARY if known is None else Role(*known, decorator=name)

    def _applied_in(self, target: ProjectFunction) -> Role:
        """The role that a decorator of the project gives, by the engine's decorator in it:
        ``def tool(function): return activity.defn(name=...)(function)``."""
        inside = f"{target.function.qualname}."
        for function in target.file.facts.functions.values():
            if function is not target.function and not function.qualname.startswith(inside):
                continue
            applied = [use.term for use in function.uses if use.kind == "call"]
            applied += [decorator.term for decorator in function.decorators]
            for term in applied:
                for found in self.symbols.resolve(term, target.file):
                    if isinstance(found, External) and found.name in self.engines.roles:
                        return self._made_by(found.name)
        return ORDINARY

    def entries(self, file: File) -> Iterator[Entry]:
        """The workflows, steps and transactions that a file defines, in source order."""
        facts = file.facts
        # A class whose base has the workflow's `run` is a workflow of its own: its overrides run.
        for function in sorted(facts.functions.values(), key=lambda f: f.place):
            role = self.of(file, function)
            if role.kind:
                owner = facts.classes.get(function.owner)
                receiver = ProjectClass(file, owner) if owner is not None else None
                yield Entry(file, function, role, receiver)
        for definition in facts.classes.values():
            type = ProjectClass(file, definition)
            constructor = self._constructor(type)
            if constructor.kind:
                yield from self._inherited(type, constructor)

    def _constructor(self, type: ProjectClass) -> Role:
        """What the constructor of a class is, if its methods are workflows."""
        for decorator in type.definition.decorators:
            for target in self.symbols.resolve(decorator.term, type.file):
                if isinstance(target, External) and target.name in self.engines.classes:
                    name, engine = self.engines.classes[target.name]
                    return Role("workflow", engine, decorator=name)
        return ORDINARY

    def _inherited(self, type: ProjectClass, constructor: Role) -> Iterator[Entry]:
        """The constructor of a class of workflows, and the handlers that it inherits."""
        seen = set(type.definition.methods) - {"__init__"}
        for base in self.symbols.mro(type):
            if not isinstance(base, ProjectClass):
                continue
            for name, qualname in base.definition.methods.items():
                function = base.file.facts.functions[qualname]
                if name in seen:
                    continue
                seen.add(name)
                role = self.of(base.file, function)
                if name == "__init__" and not role.kind:
                    role = constructor
                if role.kind == "workflow":
                    yield Entry(base.file, function, role, type)
