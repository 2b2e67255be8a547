"""The state graph with what each transition computes, ready to be placed in states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias, assert_never

from wfc.backends.asl.jsonata.extras import (
    Extended,
    Unpacked,
    augmented,
    changed,
    deleted,
    stored,
    taken,
)
from wfc.backends.asl.machine.scope import reads, size
from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.compiler.graph.model import (
    Action,
    BasicBlock,
    BlockId,
    Branch,
    Case,
    Catch,
    Exit,
    Goto,
    Graph,
    Leave,
    Perform,
    SetError,
    Throw,
    node_of,
    targets,
)
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import free_names


class Raised(Struct):
    """The error of ``raise error(message)``, caught in the same workflow."""

    error: str
    message: ir.Expr | None


class Copied(Struct):
    """The error that another variable holds."""

    source: str


class Result(Struct):
    """What an operation returned."""

    operation: ir.Operation


class Caught(Struct):
    """The error that an operation failed with: one of these classes, subclasses implied."""

    operation: ir.Operation
    errors: tuple[str, ...]


Source: TypeAlias = Extended | Raised | Copied | Result | Caught


class Update(MutableStruct, eq=False):
    """Variables that change together. ``raises``: computing them may fail. ``defines`` are the
    variables, ``reads`` what their values are computed from, ``size`` counts the expressions."""

    values: tuple[tuple[str, Source], ...]
    origin: ir.Stmt
    raises: bool = False
    defines: frozenset[str] = field(init=False)
    reads: frozenset[str] = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.defines = frozenset(name for name, _ in self.values)
        self.reads = frozenset().union(*(source_reads(value) for _, value in self.values))
        self.size = sum(source_size(value) for _, value in self.values)


def source_reads(value: Source) -> set[str]:
    """The variables that a value is computed from."""
    # partial: the rest are expressions
    match value:
        case Raised(_, message):
            return set() if message is None else free_names(message)
        case Copied(source):
            return {source}
        case Result() | Caught():
            return set()
    return reads(value)


def source_size(value: Source) -> int:
    """How many expressions a value is made of."""
    # partial: the rest are expressions
    match value:
        case Raised() | Copied() | Result() | Caught():
            return 2
    return size(value)


class Edge(MutableStruct, eq=False):
    """A transition with the updates that happen on it. No source: the start of the machine."""

    source: Vertex | None
    target: Vertex
    updates: list[Update] = field(factory=list)


class Task(MutableStruct, eq=False):
    """An operation."""

    operation: ir.Operation
    next: Edge
    catches: list[tuple[Catch, Edge]]


class Arm(MutableStruct, eq=False):
    """One way out of a choice, taken when ``test`` holds. ``before`` are values that the test needs
    and that no variable holds yet."""

    test: ir.Expr
    edge: Edge
    origin: ir.Stmt
    before: list[Update] = field(factory=list)


class Choice(MutableStruct, eq=False):
    """A branch: the first arm whose test holds, else the default. ``kind`` says what it was in the
    source."""

    arms: list[Arm]
    default: Edge
    origin: ir.Stmt
    kind: str


class Output(MutableStruct, eq=False):
    """The end with a result."""

    value: ir.Expr
    origin: ir.Stmt


class Failure(MutableStruct, eq=False):
    """The end with an error: a new one, or the one that ``again`` holds."""

    error: str | None
    message: ir.Expr | None
    again: str | None
    origin: ir.Stmt


class Relay(MutableStruct, eq=False):
    """Nothing but assignments."""

    next: Edge


class Unset(MutableStruct, eq=False):
    """An exit that is still being built."""


VertexExit: TypeAlias = Task | Choice | Output | Failure | Relay | Unset


class Vertex(MutableStruct, eq=False):
    """A state to be. ``order`` sorts states as the source has them: line, block, place in front of
    the block. ``entry`` are updates that come before the exit on every way in; ``live`` are
    the variables that the exit, or what follows it, reads."""

    order: tuple[int, int, int]
    exit: VertexExit = field(factory=Unset)
    entry: list[Update] = field(factory=list)
    ins: list[Edge] = field(factory=list)
    live: int = 0

    def outs(self) -> Iterator[Edge]:
        match self.exit:
            case Task(_, following, catches):
                yield following
                yield from (edge for _, edge in catches)
            case Choice(arms, default):
                yield from (arm.edge for arm in arms)
                yield default
            case Relay(following):
                yield following
            case Output() | Failure() | Unset():
                pass
            case _:
                assert_never(self.exit)


def reached(start: Edge) -> list[Vertex]:
    """The vertices that control may come to, in the order of the source."""
    seen = {id(start.target)}
    found = [start.target]
    for vertex in found:
        for edge in vertex.outs():
            if id(edge.target) not in seen:
                seen.add(id(edge.target))
                found.append(edge.target)
    return sorted(found, key=lambda vertex: vertex.order)


def verify(flow: Flow) -> None:
    """Every vertex has an exit, and vertices and edges know each other.

    Raises:
        AssertionError: a defect of a pass.
    """
    ins = {id(edge) for vertex in flow.vertices for edge in vertex.ins}
    for vertex in flow.vertices:
        if isinstance(vertex.exit, Unset):
            raise AssertionError(f"defect: a state at line {vertex.order[0]} leads nowhere")
        for edge in vertex.outs():
            if edge.source is not vertex or id(edge) not in ins:
                raise AssertionError(f"defect: a way from line {vertex.order[0]} is lost")


class Endless(Exception):
    """Control runs in a circle that no state is on; ``block`` lies on it."""

    def __init__(self, block: BasicBlock) -> None:
        super().__init__("endless")
        self.block = block


class Flow(MutableStruct):
    """``start`` leads to the first vertex; ``bits`` number the variables for sets of them."""

    start: Edge
    vertices: list[Vertex]
    bits: Mapping[str, int]

    def mask(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= 1 << self.bits[name]
        return found

    def names(self, mask: int) -> Iterator[str]:
        for name, bit in self.bits.items():
            if mask >> bit & 1:
                yield name


def flow_of(graph: Graph, types: Mapping[str, t.Type], may_raise: Callable[[Update], bool]) -> Flow:
    """The flow of a graph: dead assignments gone, blocks that only compute on their edges.

    Args:
        types: the types of all variables.
        may_raise: whether computing an update may fail.

    Raises:
        Endless: a circle without a state.
    """
    return _Flows(graph, types, may_raise).flow()


# A block of assignments with several ways in is copied to each of them if it is this small.
_COPIED_SIZE = 24


class _Flows:
    def __init__(
        self,
        graph: Graph,
        types: Mapping[str, t.Type],
        may_raise: Callable[[Update], bool],
    ) -> None:
        self.blocks = {block.id: block for block in graph.blocks}
        self.entry = graph.entry
        self.types = types
        self.may_raise = may_raise
        self.bits = {name: position for position, name in enumerate(sorted(types))}
        self.updates: dict[BlockId, list[Update]] = {}
        self.live_in: dict[BlockId, int] = {}
        self.live_exit: dict[BlockId, int] = {}
        self.ways_in: dict[BlockId, int] = {}
        self.vertices: dict[BlockId, Vertex] = {}

    def flow(self) -> Flow:
        self.keep_reachable()
        for block in self.blocks.values():
            self.updates[block.id] = [self.update(action) for action in block.actions]
        self.find_live()
        self.drop_dead()
        for block in self.blocks.values():
            if not isinstance(block.exit, Goto) or self.is_relay(block):
                order = (_line(block.exit), block.id, 0)
                self.vertices[block.id] = Vertex(order, live=self.live_exit[block.id])
        start = self.edge(None, self.entry)
        for id_, vertex in self.vertices.items():
            self.complete(vertex, self.blocks[id_])
        return Flow(start, reached(start), self.bits)

    # Reaching

    def keep_reachable(self) -> None:
        seen = {self.entry}
        pending = [self.entry]
        while pending:
            for target in targets(self.blocks[pending.pop()].exit):
                self.ways_in[target] = self.ways_in.get(target, 0) + 1
                if target not in seen:
                    seen.add(target)
                    pending.append(target)
        self.blocks = {id_: block for id_, block in self.blocks.items() if id_ in seen}

    # Updates

    def update(self, action: Action) -> Update:
        update = Update(tuple(self.values(action)), action)
        update.raises = self.may_raise(update)
        return update

    def values(self, action: Action) -> Iterator[tuple[str, Source]]:
        match action:
            case ir.Assign(target, value):
                yield target, value
            case ir.AugmentedAssign(target):
                yield target, augmented(action)
            case ir.Unpack(names, ir.TupleDisplay(items) | ir.ListDisplay(items)) if len(
                items
            ) == len(names) and not any(isinstance(item, ir.Starred) for item in items):
                for name, item in zip(names, items, strict=True):
                    assert not isinstance(item, ir.Starred)
                    yield name, item
            case ir.Unpack(names, value):
                for index, name in enumerate(names):
                    yield (
                        name,
                        Unpacked(
                            value,
                            index,
                            len(names),
                            type=action.types[index],
                            span=value.span,
                        ),
                    )
            case ir.Store(name):
                yield name, stored(action, self.types[name])
            case ir.Delete(name):
                yield name, deleted(action, self.types[name])
            case ir.Mutate(name, target=target):
                yield name, changed(action, self.types[name])
                if target is not None:
                    yield target, taken(action, self.types[name])
            case SetError(target, None, source=source):
                assert source is not None
                yield target, Copied(source)
            case SetError(target, error, message):
                assert error is not None
                yield target, Raised(error, message)
            case _:
                assert_never(action)

    # Liveness

    def mask(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            found |= 1 << self.bits[name]
        return found

    def before(self, update: Update, live: int) -> int:
        """What is live before an update, given what is live after it."""
        defined = self.mask(update.defines)
        if not defined & live and not update.raises:
            return live
        return live & ~defined | self.mask(update.reads)

    def at_exit(self, exit_: Exit) -> int:
        live = self.mask(exit_reads(exit_))
        match exit_:
            case Goto(target):
                live |= self.live_in[target]
            case Branch(cases, default):
                for case in cases:
                    live |= self.live_in[case.target]
                live |= self.live_in[default]
            case Perform(operation, following, catches):
                got = set() if isinstance(operation, ir.Sleep) else {operation.target} - {None}
                live |= self.live_in[following] & ~self.mask({name for name in got if name})
                for catch in catches:
                    live |= self.live_in[catch.target] & ~self.mask({catch.variable})
            case Leave() | Throw():
                pass
            case _:
                assert_never(exit_)
        return live

    def find_live(self) -> None:
        order = sorted(self.blocks.values(), key=lambda block: -block.id)
        self.live_in = dict.fromkeys(self.blocks, 0)
        moving = True
        while moving:
            moving = False
            for block in order:
                live = self.live_exit[block.id] = self.at_exit(block.exit)
                for update in reversed(self.updates[block.id]):
                    live = self.before(update, live)
                if live != self.live_in[block.id]:
                    self.live_in[block.id] = live
                    moving = True

    def drop_dead(self) -> None:
        for id_, updates in self.updates.items():
            live = self.live_exit[id_]
            kept: list[Update] = []
            for update in reversed(updates):
                defined = self.mask(update.defines)
                if defined & live or update.raises:
                    kept.append(update)
                live = self.before(update, live)
            self.updates[id_] = kept[::-1]

    # Nodes and edges

    def is_relay(self, block: BasicBlock) -> bool:
        """Whether a block that only computes becomes a state of its own: several ways lead to it,
        and it is too large to be copied to each."""
        ways = self.ways_in.get(block.id, 0)
        total = sum(update.size for update in self.updates[block.id])
        return ways > 1 and total * (ways - 1) > _COPIED_SIZE

    def edge(self, source: Vertex | None, target: BlockId, *updates: Update) -> Edge:
        found = list(updates)
        passed: set[BlockId] = set()
        while target not in self.vertices:
            if target in passed:
                raise Endless(self.blocks[target])
            passed.add(target)
            found += self.updates[target]
            exit_ = self.blocks[target].exit
            assert isinstance(exit_, Goto)
            target = exit_.target
        edge = Edge(source, self.vertices[target], found)
        edge.target.ins.append(edge)
        return edge

    def complete(self, vertex: Vertex, block: BasicBlock) -> None:
        vertex.entry = list(self.updates[block.id])
        match block.exit:
            case Goto(target):
                vertex.exit = Relay(self.edge(vertex, target))
                # What a relay computes, it assigns.
                vertex.exit.next.updates[:0] = vertex.entry
                vertex.entry = []
                vertex.live = self.live_in[block.id]
            case Branch(cases, default, origin, kind):
                arms = [self.arm(vertex, case) for case in cases]
                vertex.exit = Choice(arms, self.edge(vertex, default), origin, kind)
            case Perform(operation, following, catches):
                vertex.exit = self.task(vertex, operation, following, catches)
            case Leave(value, origin):
                vertex.exit = Output(value, origin)
            case Throw(error, message, again, origin):
                vertex.exit = Failure(error, message, again, origin)
            case _:
                assert_never(block.exit)

    def arm(self, vertex: Vertex, case: Case) -> Arm:
        return Arm(case.test, self.edge(vertex, case.target), case.origin)

    def task(
        self,
        vertex: Vertex,
        operation: ir.Operation,
        following: BlockId,
        catches: tuple[Catch, ...],
    ) -> Task:
        target = None if isinstance(operation, ir.Sleep) else operation.target
        got = [Update(((target, Result(operation)),), operation)] if target is not None else []
        edges: list[tuple[Catch, Edge]] = []
        for catch in catches:
            failed = Update(((catch.variable, Caught(operation, catch.errors)),), catch.origin)
            edges.append((catch, self.edge(vertex, catch.target, failed)))
        return Task(operation, self.edge(vertex, following, *got), edges)


_LAST_LINE = 10**9


def _line(exit_: Exit) -> int:
    """Where the source has what the exit does; what it does not have comes last."""
    origin = node_of(exit_)
    return origin.span.line if origin is not None and origin.span.line else _LAST_LINE


def exit_reads(exit_: Exit) -> set[str]:
    match exit_:
        case Branch(cases):
            return {name for case in cases for name in free_names(case.test)}
        case Perform(ir.Sleep(seconds=seconds)):
            return free_names(seconds)
        case Perform(operation):
            assert not isinstance(operation, ir.Sleep)
            return {n for argument in operation.args for n in free_names(argument.value)}
        case Leave(value):
            return free_names(value)
        case Throw(_, message, again):
            found = free_names(message) if message is not None else set()
            return found | ({again} if again is not None else set())
        case Goto():
            return set()
        case _:
            assert_never(exit_)
