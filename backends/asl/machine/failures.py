"""Which error names a handler or a retry matches, and where an error that is only known at run time
goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from wfc.compiler.graph.model import (
    BasicBlock,
    BlockId,
    Branch,
    Case,
    Catch,
    Exit,
    Goto,
    Graph,
    Perform,
    SetError,
    Throw,
)
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.hierarchy import subclasses
from wfc.compiler.language.walk import operations

ALL: Final = "States.ALL"
TIMEOUT: Final = "States.Timeout"
HEARTBEAT_TIMEOUT: Final = "States.HeartbeatTimeout"
_EVERYTHING: Final = frozenset({"Exception", "BaseException"})


def takes_all(errors: Iterable[str]) -> bool:
    return not _EVERYTHING.isdisjoint(errors)


def classes(module: ir.Module, errors: Iterable[str]) -> list[str]:
    """The classes and all their subclasses, each once."""
    found = [name for error in errors for name in subclasses(module, error)]
    return list(dict.fromkeys(found))


def error_equals(module: ir.Module, errors: Iterable[str], step: ir.Step | None) -> list[str]:
    """The names for ``ErrorEquals``. ``States.ALL`` stands alone; a step with a timeout fails with
    the names that Step Functions has for it."""
    errors = tuple(errors)
    if not errors or takes_all(errors):
        return [ALL]
    names = classes(module, errors)
    if "TimeoutError" in names and step is not None:
        names += [TIMEOUT] if step.timeout is not None else []
        names += [HEARTBEAT_TIMEOUT] if step.heartbeat is not None else []
    return names


def is_called(module: ir.Module, workflow: ir.Workflow) -> bool:
    """Whether a workflow of the module starts this one."""
    return any(
        isinstance(operation, ir.WorkflowCall) and operation.workflow == workflow.name
        for caller in module.workflows
        for operation in operations(caller.body)
    )


def looks_like_object(message: ir.Expr) -> bool:
    """Whether a message may begin as a JSON object does."""
    # partial: of anything else the type tells
    match message:
        case ir.Constant(str(text)) | ir.FString((str(text), *_)) if text:
            return text.startswith("{")
        case ir.FString((ir.Formatted(value, "", ""), *_)) if value.type != t.STR:
            return looks_like_object(value)
        case ir.Binary("+", left, _) if message.type == t.STR:
            return looks_like_object(left)
    return message.type not in (t.BOOL, t.INT, t.FLOAT, t.NONE)


def with_dispatch(module: ir.Module, graph: Graph, new_name: Callable[[str], str]) -> Graph:
    """The graph with decisions where an error is told apart at run time: when one is raised again
    inside a ``try``, and when a child workflow fails (Step Functions gives all its failures one
    name, the child's own error stands in the cause)."""
    return _Dispatch(module, graph, new_name).graph()


class _Dispatch:
    def __init__(self, module: ir.Module, graph: Graph, new_name: Callable[[str], str]) -> None:
        self.module = module
        self.before = graph
        self.new_name = new_name
        self.blocks: list[BasicBlock] = []
        self.added: list[BasicBlock] = []
        self.ids = max(block.id for block in graph.blocks)
        self.child_error = ""
        self.uncaught: dict[str, BlockId] = {}

    def graph(self) -> Graph:
        for block in self.before.blocks:
            # partial: every other exit stays as it is
            match block.exit:
                case Perform(ir.WorkflowCall() as call, following, catches):
                    exit_: Exit = Perform(call, following, (self.child(call, catches),))
                case Throw(None, None, str(again), origin, catches) if catches:
                    exit_ = self.told_apart(again, catches, origin)
                case _:
                    exit_ = block.exit
            self.blocks.append(BasicBlock(block.id, block.actions, exit_))
        return Graph((*self.blocks, *self.added), self.before.types)

    def new_id(self) -> BlockId:
        self.ids += 1
        return self.ids

    def add(self, exit_: Exit, *actions: SetError) -> BlockId:
        id_ = self.new_id()
        self.added.append(BasicBlock(id_, actions, exit_))
        return id_

    def child(self, call: ir.WorkflowCall, catches: tuple[Catch, ...]) -> Catch:
        if catches and takes_all(catches[0].errors):
            return catches[0]
        self.child_error = self.child_error or self.new_name("child_error")
        if catches:
            target = self.new_id()
            exit_ = self.told_apart(self.child_error, catches, call)
            self.added.append(BasicBlock(target, (), exit_))
        else:
            target = self.uncaught_error(self.child_error, call)
        return Catch(("Exception",), self.child_error, target, call)

    def uncaught_error(self, variable: str, origin: ir.Stmt) -> BlockId:
        if variable not in self.uncaught:
            self.uncaught[variable] = self.add(Throw(None, None, variable, origin))
        return self.uncaught[variable]

    def told_apart(self, variable: str, catches: tuple[Catch, ...], origin: ir.Stmt) -> Exit:
        cases: list[Case] = []
        taken: set[str] = set()
        for catch in catches:
            hand_over = SetError(catch.variable, None, source=variable, span=origin.span)
            actions = () if catch.variable == variable else (hand_over,)
            target = self.add(Goto(catch.target), *actions)
            if takes_all(catch.errors):
                return Branch(tuple(cases), target, origin, "error") if cases else Goto(target)
            names = [name for name in classes(self.module, catch.errors) if name not in taken]
            taken.update(names)
            if names:
                cases.append(Case(_test(variable, names), target, catch.origin))
        return Branch(tuple(cases), self.uncaught_error(variable, origin), origin, "error")


def _test(variable: str, names: list[str]) -> ir.Expr:
    name = ir.ErrorName(variable, type=t.STR)
    if len(names) == 1:
        return ir.Compare(name, (("==", ir.Constant(names[0], type=t.STR)),), type=t.BOOL)
    items = tuple(ir.Constant(one, type=t.STR) for one in names)
    listed = ir.TupleDisplay(items, type=t.TupleType((t.STR,) * len(items)))
    return ir.Compare(name, (("in", listed),), type=t.BOOL)
