"""Follows calls from every workflow: which functions run as part of it, and by which way."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from wfc.compiler.checks.calls.entrypoints import Entry, Roles
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.forwarding import Forwarding, parameter_at
from wfc.compiler.checks.calls.project import File
from wfc.compiler.checks.calls.symbols import (
    Instance,
    ProjectClass,
    ProjectFunction,
    Symbols,
    Target,
)
from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.reading import terms
from wfc.compiler.checks.reading.facts import (
    GUARDED,
    IN_TRY,
    Decorator,
    Function,
    Place,
    Suppression,
    Use,
)
from wfc.compiler.checks.wordsets import words
from wfc.compiler.data.struct import MutableStruct, Struct, field, replace
from wfc.compiler.diagnostics.model import Link

_CONSTRUCTORS: Final = (
    "__new__",
    "__init__",
    "__post_init__",
    "__attrs_post_init__",
    "model_post_init",
)
_ENTERED: Final = ("__enter__", "__exit__", "__aenter__", "__aexit__")
_ITERATED: Final = ("__iter__", "__next__", "__aiter__", "__anext__")
_VALIDATORS: Final = words(
    "field_validator model_validator validator root_validator field_serializer computed_field"
)
_PROPERTIES: Final = words("property cached_property")
_ABSTRACT: Final = words("abstractmethod abstractproperty")
_GENERIC: Final = words("singledispatch singledispatchmethod")
_PROTOCOLS: Final = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
_OWN: Final = ("self", "super", "def")
"""Calls on these kinds of terms are made on the own object, or of a function inside the method."""
_LONGEST_CHAIN: Final = 40


class Visit(Struct, eq=False):
    """A function that runs as part of an entry. ``chain`` leads from the entry to it, the entry
    first; ``silenced`` are the suppressions at the calls on the way. ``owned`` says that it runs on
    the workflow's object or on one that this holds; ``caught`` that a caller may catch its
    errors; ``given`` are the parameters with a default that the caller passed."""

    entry: Entry
    file: File
    function: Function
    receiver: ProjectClass | None
    chain: tuple[Link, ...]
    silenced: frozenset[tuple[str, int]] = frozenset()
    owned: bool = True
    caught: bool = False
    given: frozenset[str] = frozenset()

    def seen(self, use: Use) -> Use:
        """A use as it is after this call: the defaults of what the caller passed do not count."""
        if not self.given:
            return use
        term = terms.supplied(use.term, self.given)
        return use if term is use.term else replace(use, term=term)

    @property
    def engine(self) -> LintEngine:
        engine = self.entry.role.engine
        assert engine is not None  # no walk starts at ordinary code
        return engine

    @property
    def in_own_class(self) -> bool:
        """Whether this is a method of the workflow's class or of one of its bases."""
        return self.function.owner != "" and self.receiver == self.entry.receiver


class Edge(Struct):
    """A function that another may call. ``owned``, ``caught`` and ``given`` as in
    :class:`Visit`."""

    place: Place
    target: ProjectFunction
    owned: bool = False
    caught: bool = False
    given: frozenset[str] = frozenset()


class Walk(MutableStruct):
    """``visits`` come in the order of their distance from the entries."""

    visits: list[Visit] = field(factory=list)
    seen: set[tuple[object, ...]] = field(factory=set)
    queue: deque[Visit] = field(factory=deque)


class CallGraph:
    """Args:
    trusted: says of a dotted name that it is deterministic whatever it does.
    """

    def __init__(
        self, symbols: Symbols, roles: Roles, trusted: Callable[[str], bool] = lambda name: False
    ) -> None:
        self.symbols = symbols
        self.roles = roles
        self.trusted = trusted
        self.forwarding = Forwarding(symbols, roles)
        self._silencers: dict[int, dict[int, Suppression]] = {}
        self._subclasses: dict[ProjectClass, list[ProjectClass]] | None = None
        self._generic: dict[int, list[tuple[File, Function]]] | None = None

    def walk(self, entries: Iterable[Entry]) -> list[Visit]:
        """Every function that runs as part of one of the entries, each once per engine and kind of
        entry, with the shortest way to it."""
        walk = Walk()
        for entry in entries:
            self._add(walk, self._start(entry))
        while walk.queue:
            visit = walk.queue.popleft()
            walk.visits.append(visit)
            for edge in self.edges(visit):
                self._follow(walk, visit, edge)
            if visit.entry.role.kind == "workflow" and visit.engine.handed:
                for entry in self.handed(visit):
                    self._add(walk, self._start(entry))
        return walk.visits

    def _start(self, entry: Entry) -> Visit:
        link = link_to(entry.file, entry.function.place, display_name(entry.function))
        return Visit(entry, entry.file, entry.function, entry.receiver, (link,))

    def handed(self, visit: Visit) -> Iterator[Entry]:
        """The functions that a workflow gives to the engine to run as steps, and that are none by
        a decorator."""
        for use in visit.function.uses:
            if use.kind != "pass" or use.flags & GUARDED:
                continue
            role = self.forwarding.role(use, visit.file, visit.receiver)
            if role is None or not role.kind:
                continue
            for target in self.symbols.resolve(use.term, visit.file, visit.receiver):
                match target:
                    case ProjectFunction(file, function, receiver):
                        if not self.roles.of(file, function).kind:
                            yield Entry(file, function, role, receiver)

    def _add(self, walk: Walk, visit: Visit) -> None:
        role, engine = visit.entry.role, visit.engine
        # A query may do less than a workflow: what it runs is looked at on its own.
        flavour = role.decorator if role.decorator in engine.read_only else ""
        owned = visit.owned and flavour != ""
        caught = visit.caught and engine.separates_caught
        function = (id(visit.function), visit.receiver)
        key = (
            function,
            engine,
            role.kind,
            flavour,
            visit.silenced,
            owned,
            caught,
            visit.given,
        )
        if key not in walk.seen:
            walk.seen.add(key)
            walk.queue.append(visit)

    def _follow(self, walk: Walk, visit: Visit, edge: Edge) -> None:
        place, target = edge.place, edge.target
        if self.roles.of(target.file, target.function).kind or len(visit.chain) > _LONGEST_CHAIN:
            return
        if self.trusted(f"{target.file.name}.{target.function.qualname}"):
            return
        name = display_name(target.function)
        link = link_to(visit.file, place, name)
        chain = visit.chain if name == "<lambda>" else (*visit.chain, link)
        silenced = visit.silenced
        if place[0] in self.silencers(visit.file):
            silenced = silenced | {(visit.file.path, place[0])}
        receiver = target.receiver
        if receiver is None and target.function.owner == "" and "." in target.function.qualname:
            receiver = visit.receiver if target.file is visit.file else None
        owned, caught = visit.owned and edge.owned, visit.caught or edge.caught
        file, function = target.file, target.function
        given = edge.given
        if file is visit.file and function.qualname.startswith(f"{visit.function.qualname}."):
            given |= visit.given
        self._add(
            walk,
            Visit(visit.entry, file, function, receiver, chain, silenced, owned, caught, given),
        )

    def silencers(self, file: File) -> dict[int, Suppression]:
        """The suppressions of a file by their line."""
        known = self._silencers.get(id(file))
        if known is None:
            known = {found.line: found for found in file.facts.suppressions if found.line}
            self._silencers[id(file)] = known
        return known

    # --- Edges -----------------------------------------------------------------------------------

    def edges(self, visit: Visit) -> Iterator[Edge]:
        """The calls of the project's functions that a function may make."""
        for use in visit.function.uses:
            if use.flags & GUARDED:
                continue
            # Of a function that is handed on, nobody knows who calls it.
            caught = bool(use.flags & IN_TRY) or use.kind == "pass"
            for target in self.called(visit.seen(use), visit.file, visit.receiver):
                given = given_by(use, target)
                yield Edge(use.place, target, terms.root_kind(use.term) in _OWN, caught, given)
        for decorator in self.inner_decorators(visit):
            for target in self._wrappers(decorator, visit.file):
                yield Edge(decorator.place, target, owned=True)

    def called(
        self, use: Use, file: File, receiver: ProjectClass | None
    ) -> Iterator[ProjectFunction]:
        match use.kind:
            case "call":
                for target in self.symbols.resolve(use.term, file, receiver):
                    yield from self._callable(target)
            case "pass":
                if self.crosses(use, file, receiver):
                    return
                for target in self.symbols.resolve(use.term, file, receiver):
                    if isinstance(target, ProjectFunction):
                        yield from self._callable(target)
            case "read":
                yield from self._read(use, file, receiver)
            case "write":
                yield from self._written(use, file, receiver)
            case "operate":
                yield from self._methods(use, file, receiver, use.written.split())
            case "enter":
                yield from self._methods(use, file, receiver, _ENTERED)
            case "iterate":
                yield from self._methods(use, file, receiver, _ITERATED)

    def _read(
        self, use: Use, file: File, receiver: ProjectClass | None
    ) -> Iterator[ProjectFunction]:
        """What an attribute runs when it is read."""
        targets = self.symbols.resolve(use.term, file, receiver)
        for target in targets:
            # partial: reading anything else runs no code
            match target:
                case ProjectFunction(_, function) if is_decorated(function, _PROPERTIES):
                    yield target
                    if is_decorated(function, _ABSTRACT):
                        yield from self._overrides(target)
                case Instance(type):
                    yield from self._own_methods(type, ("__get__",))
        if not targets:
            yield from self._accessors(use, file, receiver, "__getattr__")

    def _written(
        self, use: Use, file: File, receiver: ProjectClass | None
    ) -> Iterator[ProjectFunction]:
        match use.term:
            case ("attr", _, str() as name):
                yield from self._accessors(use, file, receiver, f"{name}.setter")

    def _accessors(
        self, use: Use, file: File, receiver: ProjectClass | None, method: str
    ) -> Iterator[ProjectFunction]:
        """A method of the object whose attribute a use is about."""
        match use.term:
            case ("attr", tuple() as owner, _):
                for target in self.symbols.resolve(owner, file, receiver):
                    if isinstance(target, Instance):
                        yield from self._own_methods(target.type, (method,))

    def crosses(self, use: Use, file: File, receiver: ProjectClass | None) -> bool:
        """Whether a passed function leaves the workflow: the engine runs it as a step, or only
        looks at its name."""
        return self.forwarding.role(use, file, receiver) is not None

    def _callable(self, target: Target) -> Iterator[ProjectFunction]:
        # partial: no other target can be called
        match target:
            case ProjectFunction():
                yield target
                if is_decorated(target.function, _ABSTRACT) or self._in_protocol(target):
                    yield from self._overrides(target)
                if is_decorated(target.function, _GENERIC):
                    yield from self._registered(target)
            case ProjectClass():
                yield from self._construction(target)
            case Instance(type):
                yield from self._own_methods(type, ("__call__",))

    def _construction(self, type: ProjectClass) -> Iterator[ProjectFunction]:
        yield from self._own_methods(type, _CONSTRUCTORS)
        for name in self._validators(type):
            yield from self._own_methods(type, (name,))
        for base in self.symbols.mro(type):
            if not isinstance(base, ProjectClass):
                continue
            for use in field_factories(base):
                for target in self.symbols.resolve(use.term, base.file, type):
                    if isinstance(target, ProjectFunction):
                        yield target

    def _validators(self, type: ProjectClass) -> Iterator[str]:
        """The methods that pydantic and attrs run when they make an object."""
        for base in self.symbols.mro(type):
            if not isinstance(base, ProjectClass):
                continue
            for name, qualname in base.definition.methods.items():
                if is_decorated(base.file.facts.functions[qualname], _VALIDATORS):
                    yield name

    def _own_methods(self, type: ProjectClass, names: Iterable[str]) -> Iterator[ProjectFunction]:
        for name in names:
            for target in self.symbols.class_attribute(type, name, bound=True):
                if isinstance(target, ProjectFunction):
                    yield target

    def _methods(
        self, use: Use, file: File, receiver: ProjectClass | None, names: Iterable[str]
    ) -> Iterator[ProjectFunction]:
        for target in self.symbols.resolve(use.term, file, receiver):
            if isinstance(target, Instance):
                yield from self._own_methods(target.type, names)

    def _overrides(self, target: ProjectFunction) -> Iterator[ProjectFunction]:
        """What subclasses make of an abstract method."""
        if self._subclasses is None:
            self._subclasses = defaultdict(list)
            for file in list(self.symbols.project.loaded.values()):
                for definition in file.facts.classes.values():
                    type = ProjectClass(file, definition)
                    for base in self.symbols.mro(type)[1:]:
                        if isinstance(base, ProjectClass):
                            self._subclasses[base].append(type)
        owner = target.file.facts.classes.get(target.function.owner)
        if owner is None:
            return
        for type in self._subclasses.get(ProjectClass(target.file, owner), ()):
            for found in self._own_methods(type, (target.function.name,)):
                if found.function is not target.function:
                    yield found

    def _in_protocol(self, target: ProjectFunction) -> bool:
        owner = target.file.facts.classes.get(target.function.owner)
        if owner is None:
            return False
        bases = (base for term in owner.bases for base in self.symbols.resolve(term, target.file))
        return any(isinstance(base, External) and base.name in _PROTOCOLS for base in bases)

    def _registered(self, target: ProjectFunction) -> Iterator[ProjectFunction]:
        """What ``@target.register`` adds to a generic function."""
        if self._generic is None:
            self._generic = defaultdict(list)
            for file in list(self.symbols.project.loaded.values()):
                for function in file.facts.functions.values():
                    for decorator in function.decorators:
                        self._note_registered(file, function, decorator)
        for file, function in self._generic.get(id(target.function), ()):
            yield ProjectFunction(file, function, target.receiver)

    def _note_registered(self, file: File, function: Function, decorator: Decorator) -> None:
        assert self._generic is not None
        match decorator.term:
            case ("attr", tuple() as generic, "register"):
                for target in self.symbols.resolve(generic, file):
                    if isinstance(target, ProjectFunction):
                        self._generic[id(target.function)].append((file, function))

    def inner_decorators(self, visit: Visit) -> tuple[Decorator, ...]:
        """The decorators that run as part of a function: for a workflow those below the
        engine's."""
        role = self.roles.of(visit.file, visit.function)
        first = role.position + 1 if role.kind else 0
        return visit.function.decorators[first:]

    def _wrappers(self, decorator: Decorator, file: File) -> Iterator[ProjectFunction]:
        """What a decorator puts around a function: the functions inside it that it returns."""
        targets = list(self.symbols.resolve(decorator.term, file))
        if decorator.called:
            targets = [
                inner for target in targets for inner in self.symbols.result(target, (), file, None)
            ]
        for target in targets:
            # partial: nothing else has methods around a function
            if isinstance(target, External):
                continue
            if isinstance(target, Instance):  # a context manager as a decorator
                yield from self._own_methods(target.type, ("__call__", *_ENTERED))
            for inner in self.symbols.result(target, (), file, None):
                yield from self._callable(inner)
            if isinstance(target, ProjectClass):
                yield from self._own_methods(target, ("__call__",))


def given_by(use: Use, target: ProjectFunction) -> frozenset[str]:
    """The parameters with a default that a call passes."""
    replaceable = {p.name for p in target.function.parameters if p.replaceable}
    if not replaceable or use.kind != "call":
        return frozenset()
    names = {name for name, _ in use.keywords}
    if "**" in names:
        return frozenset(replaceable)
    names |= {parameter_at(target, ("constant", index)) for index in range(len(use.args))}
    return frozenset(replaceable & names)


def field_factories(type: ProjectClass) -> Iterator[Use]:
    """``field(factory=make)``: what runs whenever an object of the class is made."""
    for variable in type.definition.attributes.values():
        for use in variable.uses:
            if use.kind == "pass" and is_factory(use):
                yield use


def is_factory(use: Use) -> bool:
    """Whether a ``pass`` hands on what makes a field's value."""
    match use.args:
        case (_, ("constant", "default_factory" | "factory")):
            return True
        case (("attr" | "name", *_, "Factory"), _):  # attr.Factory(make)
            return True
    return False


def is_decorated(function: Function, names: frozenset[str]) -> bool:
    """Whether a function has a decorator whose last name is one of these."""
    return any(found.written.rpartition(".")[2] in names for found in function.decorators)


def display_name(function: Function) -> str:
    """The name of a function for people."""
    name = function.qualname.partition("#")[0]
    return "<lambda>" if "<lambda>" in function.name else name


def link_to(file: File, place: Place, name: str) -> Link:
    return Link(file.path, place[0], place[1], name)
