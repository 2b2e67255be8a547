"""What a term stands for once all files are known: resolves names through imports, aliases, classes
and calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias, assert_never

from wfc.compiler.checks.calls.externals import (
    ALIASES,
    DEPTH,
    IDENTITY,
    RECORD_BASES,
    RECORD_DECORATORS,
    SAME_TYPE,
    SET_METHODS,
    STAR_MEMBERS,
    External,
    called,
    external,
)
from wfc.compiler.checks.calls.project import File, Project
from wfc.compiler.checks.reading import terms
from wfc.compiler.checks.reading.expressions import BUILTINS
from wfc.compiler.checks.reading.facts import Class, Function, Variable
from wfc.compiler.checks.reading.terms import Term
from wfc.compiler.data.struct import Struct


class ProjectFunction(Struct):
    """A function of the project. ``receiver`` is the class of the object it was looked up on."""

    file: File
    function: Function
    receiver: ProjectClass | None = None


class ProjectClass(Struct):
    """A class of the project, itself and not an object of it."""

    file: File
    definition: Class


class Instance(Struct):
    """An object of a class of the project."""

    type: ProjectClass


class ProjectModule(Struct):
    """A module or package of the project."""

    file: File


class Unordered(Struct):
    """A set."""


class Elements(Struct):
    """A list, tuple or dict whose elements are known. ``items`` are those elements, of a dict its
    values; ``file`` and ``receiver`` say where their names mean something; ``keys`` are those of a
    dict."""

    file: File
    items: tuple[Term, ...]
    receiver: ProjectClass | None
    keys: tuple[str, ...] = ()


class ModuleVariable(Struct):
    """A variable of a module or class of the project, as a place to read or change."""

    file: File
    owner: Class | None
    name: str
    variable: Variable


_ENUMS: Final = frozenset(
    {"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"}
)

Target: TypeAlias = (
    ProjectFunction | ProjectClass | Instance | ProjectModule | External | Unordered | Elements
)


class Symbols:
    """Resolves terms. Results are kept; a term that leads back to itself is unknown."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.aliases = {**ALIASES, **project.engines.aliases}
        self.star_members = {**STAR_MEMBERS, **project.engines.star_members}
        self._memo: dict[tuple[int, Term, ProjectClass | None], tuple[Target, ...]] = {}
        self._active: set[tuple[int, Term, ProjectClass | None]] = set()
        self._mro: dict[int, tuple[ProjectClass | External, ...]] = {}

    def resolve(
        self, term: Term, file: File, receiver: ProjectClass | None = None
    ) -> tuple[Target, ...]:
        """Everything that a term of a file may stand for. ``receiver`` is the class of ``self``."""
        if term is None or term[0] == "constant":
            return ()
        key = (id(file), term, receiver)
        found = self._memo.get(key)
        if found is not None:
            return found
        if key in self._active or len(self._active) > DEPTH:
            return ()
        self._active.add(key)
        try:
            found = tuple(dict.fromkeys(self._resolve(term, file, receiver)))[: terms.WIDTH]
        finally:
            self._active.discard(key)
        if not self._active:
            self._memo[key] = found
        return found

    def _resolve(
        self, term: tuple[object, ...], file: File, receiver: ProjectClass | None
    ) -> Iterator[Target]:
        match term:
            case ("set",):
                yield Unordered()
            case ("name", str() as name):
                yield from self.name(file, name)
            case ("module", str() as name):
                yield from self.module(name, file)
            case ("def", str() as qualname):
                yield from self._definition(file, qualname, receiver)
            case ("one of", tuple() as options):
                for option in options:
                    yield from self.resolve(option, file, receiver)
            case ("default", _, value):
                yield from self.resolve(value, file, receiver)  # type: ignore[arg-type]
            case ("attr", tuple() as base, str() as name):
                for target in self.resolve(base, file, receiver):
                    yield from self.attribute(target, name)
            case ("self", str() as qualname):
                yield Instance(self._own_class(file, qualname, receiver))
            case ("class", str() as qualname):
                yield self._own_class(file, qualname, receiver)
            case ("super", str() as qualname):
                yield from self._super(file, qualname, receiver)
            case ("call", ("attr", tuple() as container, "get" | "pop" | "setdefault"), _) if (
                elements := self._elements(container, file, receiver)
            ):
                for target in elements:
                    yield from self._item(target)
            case ("call", callee, tuple() as args):
                for target in self.resolve(callee, file, receiver):  # type: ignore[arg-type]
                    yield from self.result(target, args, file, receiver)
            case ("instance", annotation):
                for target in self.resolve(annotation, file, receiver):  # type: ignore[arg-type]
                    yield from self._of_type(target)
            case ("generic", base, tuple() as args):
                yield from self._of_generic(base, args, file, receiver)  # type: ignore[arg-type]
            case ("display", tuple() as items, tuple() as keys):
                yield Elements(file, items, receiver, keys)
            case ("item", container):
                for target in self.resolve(container, file, receiver):  # type: ignore[arg-type]
                    yield from self._item(target)

    def external(self, name: str) -> External:
        return external(name, self.aliases)

    def _elements(
        self, term: Term, file: File, receiver: ProjectClass | None
    ) -> tuple[Elements, ...]:
        found = self.resolve(term, file, receiver)
        return tuple(target for target in found if isinstance(target, Elements))

    def text(self, term: Term, file: File) -> str:
        """The text that a term is, or that the constant of the project is which it names."""
        match term:
            case ("constant", str() as text):
                return text
            case ("name" | "attr", *_):
                for found in self.variables(term, file):
                    match found.variable.term:
                        case ("constant", str() as text):
                            return text
        return ""

    # --- Names -----------------------------------------------------------------------------------

    def name(self, file: File, name: str) -> Iterator[Target]:
        """What a name at the top level of a file stands for."""
        facts = file.facts
        found = False
        if name in facts.names:
            found = True
            yield from self._definition(file, facts.names[name], None)
        if name in facts.imports:
            found = True
            yield from self._imported(file, facts.imports[name])
        if name in facts.variables:
            found = True
            yield from self.resolve(facts.variables[name].term, file)
        if found:
            return
        for module in facts.stars:
            found = False
            for target in self._starred(file, module, name):
                found = True
                yield target
            if found:
                return
        if name in BUILTINS:
            yield self.external(f"builtins.{name}")

    def _imported(self, file: File, reference: str) -> Iterator[Target]:
        module, _, name = reference.partition(":")
        if not name:
            yield from self.module(module, file)
            return
        yield from self.member(module, name, file)

    def member(self, module: str, name: str, file: File) -> Iterator[Target]:
        """``from module import name``"""
        found = self.project.find(module, file)
        if found is not None:
            yield from self.attribute(ProjectModule(found), name)
            return
        joint = "" if module.endswith(".") else "."
        inner = self.project.find(f"{module}{joint}{name}", file)
        if inner is not None:
            yield ProjectModule(inner)
        elif not module.startswith("."):
            yield self.external(f"{module}.{name}")

    def module(self, name: str, file: File) -> Iterator[Target]:
        found = self.project.find(name, file)
        if found is not None:
            yield ProjectModule(found)
        elif not name.startswith("."):
            yield self.external(name)

    def _starred(self, file: File, module: str, name: str) -> Iterator[Target]:
        """What a star import brings in under a name, if it does."""
        found = self.project.find(module, file)
        if found is None:
            if name in self.star_members.get(module, ()):
                yield self.external(f"{module}.{name}")
            return
        exported = found.facts.exported
        hidden = name.startswith("_") if exported is None else name not in exported
        if not hidden and self.defines(found, name):
            yield from self.resolve(("name", name), found)

    def defines(self, file: File, name: str) -> bool:
        facts = file.facts
        return (
            name in facts.names
            or name in facts.imports
            or name in facts.variables
            or (bool(facts.stars) and name not in BUILTINS)
        )

    def _definition(
        self, file: File, qualname: str, receiver: ProjectClass | None
    ) -> Iterator[Target]:
        function = file.facts.functions.get(qualname)
        if function is not None:
            yield ProjectFunction(file, function, receiver)
        definition = file.facts.classes.get(qualname)
        if definition is not None:
            yield ProjectClass(file, definition)

    # --- Attributes ------------------------------------------------------------------------------

    def attribute(self, target: Target, name: str) -> Iterator[Target]:
        match target:
            case ProjectModule(file):
                found = self.resolve(("name", name), file) if self.defines(file, name) else ()
                yield from found
                inner = self.project.find(f".{name}", file) if _is_package(file) else None
                if not found and inner is not None:
                    yield ProjectModule(inner)
            case ProjectClass():
                yield from self.class_attribute(target, name, bound=False)
            case Instance(type):
                if name == "__class__":
                    yield type
                yield from self.class_attribute(type, name, bound=True)
            case External(known, instance):
                if name in ("__call__", "__func__", "__wrapped__", "func"):
                    yield target
                    return
                full = f"{known}.{name}"
                yield External(known, instance) if full in SAME_TYPE else self.external(full)
            case Unordered():
                if name in SET_METHODS:
                    yield External(f"builtins.set.{name}")
            case Elements():
                if name in ("values", "items", "copy", "get", "pop", "__getitem__", "<element>"):
                    yield target
            case ProjectFunction():
                if name == "__call__":
                    yield target
            case _:
                assert_never(target)

    def class_attribute(self, type: ProjectClass, name: str, bound: bool) -> Iterator[Target]:
        """An attribute of a class or, when bound, of an instance, found along its bases."""
        for base in self.mro(type):
            if isinstance(base, External):
                yield self.external(f"{base.name}.{name}")
                return
            definition, file = base.definition, base.file
            if name in definition.methods:
                qualname = definition.methods[name]
                yield ProjectFunction(file, file.facts.functions[qualname], type)
                return
            found = False
            if bound and name in definition.fields:
                found = True
                yield from self.resolve(definition.fields[name], file, type)
            if name in definition.attributes:
                found = True
                if self.is_enum(type):
                    yield Instance(type)
                    return
                yield from self.resolve(definition.attributes[name].term, file, type)
            if found:
                return

    def mro(self, type: ProjectClass) -> tuple[ProjectClass | External, ...]:
        """The class and its bases, depth first; of bases outside the project, their names."""
        key = id(type.definition)
        if key not in self._mro:
            self._mro[key] = (type,)
            order: dict[ProjectClass | External, None] = {type: None}
            for term in type.definition.bases:
                for base in self.resolve(term, type.file):
                    if isinstance(base, ProjectClass):
                        order.update(dict.fromkeys(self.mro(base)))
                    elif isinstance(base, External) and base.name != "builtins.object":
                        order[base] = None
            own = [entry for entry in order if isinstance(entry, ProjectClass)]
            foreign = [entry for entry in order if isinstance(entry, External)]
            self._mro[key] = (*own, *foreign)
        return self._mro[key]

    def is_record(self, type: ProjectClass) -> bool:
        """Whether the class's variables are defaults of its objects' fields: a dataclass, a
        pydantic model, a NamedTuple."""
        marks = {d.written.rpartition(".")[2] for d in type.definition.decorators}
        return bool(marks & RECORD_DECORATORS) or any(
            isinstance(base, External) and base.name.startswith(RECORD_BASES)
            for base in self.mro(type)
        )

    def is_enum(self, type: ProjectClass) -> bool:
        bases = self.mro(type) if type.definition.bases else ()
        return any(isinstance(base, External) and base.name in _ENUMS for base in bases)

    def _own_class(self, file: File, qualname: str, receiver: ProjectClass | None) -> ProjectClass:
        """The class of ``self``: the receiver when it is of the method's class."""
        own = ProjectClass(file, file.facts.classes[qualname])
        return receiver if receiver is not None and own in self.mro(receiver) else own

    def _super(self, file: File, qualname: str, receiver: ProjectClass | None) -> Iterator[Target]:
        own = ProjectClass(file, file.facts.classes[qualname])
        order = self.mro(self._own_class(file, qualname, receiver))
        after = order[order.index(own) + 1 :] if own in order else ()
        for base in after[:1]:
            yield Instance(base) if isinstance(base, ProjectClass) else External(base.name, True)

    # --- Values ----------------------------------------------------------------------------------

    def result(
        self,
        target: Target,
        args: tuple[Term, ...],
        file: File,
        receiver: ProjectClass | None,
    ) -> Iterator[Target]:
        """What a call returns."""
        match target:
            case ProjectClass():
                yield Instance(target)
            case ProjectFunction(home, function, owner):
                yield from self.resolve(function.annotation, home, owner)
                for term in function.returns:
                    yield from self.resolve(term, home, owner)
            case Instance(type):
                for method in self.class_attribute(type, "__call__", bound=True):
                    if isinstance(method, ProjectFunction):
                        yield from self.result(method, (), file, receiver)
            case External(name):
                yield from self._external_result(target, name, args, file, receiver)
            case Elements():
                yield target
            case ProjectModule() | Unordered():
                pass
            case _:
                assert_never(target)

    def _external_result(
        self,
        target: External,
        name: str,
        args: tuple[Term, ...],
        file: File,
        receiver: ProjectClass | None,
    ) -> Iterator[Target]:
        first = args[0] if args else None
        match name:
            case "importlib.import_module" | "builtins.__import__":
                if module := self.text(first, file):
                    yield from self.module(module, file)
            case "builtins.getattr":
                attribute = self.text(args[1], file) if len(args) > 1 else ""
                for base in self.resolve(first, file, receiver) if attribute else ():
                    yield from self.attribute(base, attribute)
            case "builtins.type":
                for value in self.resolve(first, file, receiver):
                    yield value.type if isinstance(value, Instance) else value
            case "builtins.set" | "builtins.frozenset":
                yield Unordered()
            case _ if name in IDENTITY:
                for term in args[:2]:
                    yield from self.resolve(term, file, receiver)
                if name.startswith("functools.") and not name.startswith("functools.partial"):
                    yield External("functools.wraps")
            case _ if name.startswith("builtins.set.") and name.rpartition(".")[2] in SET_METHODS:
                yield Unordered()
            case _:
                yield called(name)

    def _of_type(self, target: Target) -> Iterator[Target]:
        match target:
            case ProjectClass():
                yield Instance(target)
            case External(name):
                yield External(name, instance=True)
            case Unordered() | Elements() | Instance():
                yield target
            case ProjectFunction() | ProjectModule():
                pass
            case _:
                assert_never(target)

    def _of_generic(
        self, base: Term, args: tuple[Term, ...], file: File, receiver: ProjectClass | None
    ) -> Iterator[Target]:
        for target in self.resolve(base, file, receiver):
            # partial: nothing else takes type arguments
            if isinstance(target, ProjectClass):
                yield Instance(target)
            elif isinstance(target, External) and target.name.startswith(
                ("builtins.", "typing.", "collections.")
            ):
                yield Elements(file, args, receiver)
            elif isinstance(target, External):
                yield External(target.name, instance=True)

    def _item(self, target: Target) -> Iterator[Target]:
        match target:
            case Elements(file, items, receiver):
                for item in items:
                    yield from self.resolve(item, file, receiver)
            case External(name) if name in SAME_TYPE or name == "pathlib.Path":
                yield target
            case External(name, False):
                yield External(f"{name}[]")
            case Instance(type):
                for method in self.class_attribute(type, "__getitem__", bound=True):
                    if isinstance(method, ProjectFunction):
                        yield from self.result(method, (), method.file, None)
            case ProjectFunction() | ProjectClass() | ProjectModule() | External() | Unordered():
                pass
            case _:
                assert_never(target)

    # --- Variables -------------------------------------------------------------------------------

    def variables(
        self, term: Term, file: File, receiver: ProjectClass | None = None
    ) -> Iterator[ModuleVariable]:
        """The module and class variables that a term names, itself and not its value."""
        match term:
            case ("name", str() as name):
                yield from self._module_variable(file, name, set())
            case ("attr", base, str() as name):
                for target in self.resolve(base, file, receiver):
                    # partial: nothing else has variables
                    match target:
                        case ProjectModule(module):
                            yield from self._module_variable(module, name, set())
                        case ProjectClass():
                            yield from self.class_variable(target, name)
                        case Instance(type):
                            yield from self.class_variable(type, name)
            case ("one of", tuple() as options):
                for option in options:
                    yield from self.variables(option, file, receiver)

    def _module_variable(self, file: File, name: str, seen: set[int]) -> Iterator[ModuleVariable]:
        if id(file) in seen:
            return
        seen.add(id(file))
        facts = file.facts
        if name in facts.variables:
            yield ModuleVariable(file, None, name, facts.variables[name])
        elif name in facts.imports:
            module, _, member = facts.imports[name].partition(":")
            found = self.project.find(module, file) if member else None
            if found is not None:
                yield from self._module_variable(found, member, seen)
        else:
            for module in facts.stars:
                found = self.project.find(module, file)
                if found is not None:
                    yield from self._module_variable(found, name, seen)

    def class_variable(self, type: ProjectClass, name: str) -> Iterator[ModuleVariable]:
        for base in self.mro(type):
            if isinstance(base, ProjectClass) and name in base.definition.attributes:
                variable = base.definition.attributes[name]
                yield ModuleVariable(base.file, base.definition, name, variable)
                return


def _is_package(file: File) -> bool:
    return file.path.endswith("__init__.py")
