"""How a workflow body is written for DBOS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from wfc.backends.dbos.plan import Plan
from wfc.backends.dbos.runtime import Names, is_retried
from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Bracket, Chain, Doc, call, join, lay_out
from wfc.backends.python.printing.statements import Dialect
from wfc.backends.python.printing.text import fresh, quote
from wfc.backends.python.program.boundary import Codec
from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.finite import Finite
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import parts

# Stands for an operation in text that a codec renders.
_HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"

_BRACKETS = {"(": ")", "[": "]", "{": "}"}


class Needs(MutableStruct):
    """What the module has to define for its workflows: ``encoded`` are the types that become JSON
    data, ``decoders`` the functions for results that take more than an expression; none of them
    has a ``taken`` name."""

    names: Names
    taken: frozenset[str]
    encoded: list[t.Type] = field(factory=list)
    children: bool = False
    decoders: dict[str, str] = field(factory=dict)


class DbosDialect(Dialect):
    """Steps, children and sleeps go through DBOS; what crosses their boundary is JSON data."""

    def __init__(
        self,
        plan: Plan,
        imports: Imports,
        workflow: ir.Workflow,
        codec: Codec,
        needs: Needs,
        options: dict[str, str],
    ) -> None:
        super().__init__(plan.module, imports, workflow)
        self.plan = plan
        self.codec = codec
        self.needs = needs
        self.options = options
        self.workflow = workflow
        self._finite = Finite(plan.module, workflow)
        self.operation_level = Level.AWAIT if plan.asynchronous else Level.ATOM

    # --- Operations ------------------------------------------------------------------------------

    def step_call(self, node: ir.StepCall) -> Doc:
        step = self.plan.step(node.step)
        self.needs.encoded.append(step.returns)
        runner = self.needs.names.run_async_step if step.asynchronous else self.needs.names.run_step
        if step.transaction:
            runner = self.needs.names.run_transaction
        items = [self._step_options(node), step.name, *self._sent(node.args, step.parameters)]
        run = call(runner, items)
        # A datasource of SQLAlchemy's blocking kind is called as it is, also on the event loop;
        # only the wait between two attempts is awaited.
        blocking = step.transaction and not any(map(is_retried, self.plan.transactions))
        waits = self.plan.asynchronous and not blocking
        return self._decoded(step.name, step.returns, join("await ", run) if waits else run)

    def _step_options(self, node: ir.StepCall) -> Doc:
        """``{"name": "debit_platform"}``, with the step's retries and timeout."""
        items: list[Doc] = [f'"name": {quote(node.site)}']
        if node.step in self.options:
            items.append(f"**{self.options[node.step]}")
        return Bracket("{", tuple(items), "}")

    def workflow_call(self, node: ir.WorkflowCall) -> Doc:
        child = self.plan.workflow(node.workflow)
        self.needs.children = True
        items = [child.name, *self._sent(node.args, child.parameters, child=True)]
        run = call(self.needs.names.run_child, items)
        self.needs.encoded.append(child.returns)
        waits = join("await ", run) if self.plan.asynchronous else run
        return self._decoded(child.name, child.returns, waits)

    def sleep(self, node: ir.Sleep) -> Doc:
        seconds = self.expression(node.seconds, Level.LAMBDA)
        if self.plan.asynchronous:
            return join("await ", call("DBOS.sleep_async", [seconds]))
        return call("DBOS.sleep", [seconds])

    # --- Values that cross -----------------------------------------------------------------------

    def _sent(
        self,
        arguments: Sequence[ir.Argument],
        parameters: Sequence[ir.Parameter],
        *,
        child: bool = False,
    ) -> list[Doc]:
        """The arguments of a call as the source has them; a default that was left out stays out."""
        types = {parameter.name: parameter.type for parameter in parameters}
        by_name = {parameter.name for parameter in parameters if parameter.keyword_only}
        written = [argument for argument in arguments if not argument.implied]
        named = any(argument.implied for argument in arguments[: len(written)])
        docs: list[Doc] = []
        for argument in written:
            # The record of a child's input has names for all of it.
            named = named or child or not argument.positional or argument.name in by_name
            value = self._crossing(argument.value, types[argument.name], child=child)
            docs.append(join(f"{argument.name}=", value) if named else value)
        return docs

    def _crossing(self, value: ir.Expr, type_: t.Type, *, child: bool) -> Doc:
        """An argument as the other side sees it. A step gets the value itself where JSON data would
        come back as the same; a child workflow is started with JSON data."""
        if immutable_data(type_):
            return self.item(value)
        if type_ == t.FLOAT:
            return self._float(value)
        if not child and not self._changes(type_):
            return self.item(value)
        self.needs.encoded.append(type_)
        data = call(self.needs.names.as_json, [self.item(value)])
        return data if child else self._filled(self.codec.decode(type_, _HOLE), data)

    def _float(self, value: ir.Expr) -> Doc:
        """A float that leaves the workflow; JSON refuses one that is not finite."""
        number = as_float(value)
        if number in self._finite:
            return self.bare(number)
        self.needs.encoded.append(t.FLOAT)
        return call(self.needs.names.as_json, [self.item(number)])

    def _changes(self, type_: t.Type) -> bool:
        """Whether a value may differ after a way through JSON data: an int where a float is
        declared, a moment with microseconds or in another time zone."""
        return not {t.FLOAT, t.DATETIME}.isdisjoint(parts(self.module, type_))

    def _decoded(self, owner: str, type_: t.Type, operation: Doc) -> Doc:
        """The value of an operation's recorded data."""
        if not self.codec.decodes(type_):
            return operation
        text = self.codec.decode(type_, _HOLE)
        if text.count(_HOLE) == 1:
            return self._filled(text, operation)
        name = fresh(f"result_of_{owner}", self.needs.taken)
        if name not in self.needs.decoders:
            result = self.codec.decode(type_, "data")
            self.imports.member("typing", "Any")
            header = f"def {name}(data: Any) -> {type_}:"
            lines = [header, *lay_out("return ", result, indent=4)]
            self.needs.decoders[name] = "\n".join(lines)
        return call(name, [operation])

    def _filled(self, text: str, operation: Doc) -> Doc:
        """Text that a codec rendered, with the operation in place of the hole."""
        before, after = text.split(_HOLE)
        if self.plan.asynchronous and after.startswith((".", "[")):
            operation = Bracket("(", (operation,), ")", comma=False)
        start = _innermost(before)
        if start is None:
            return join(before, operation, after)
        opening = before[start]
        close = after.index(_BRACKETS[opening])
        element, loop, place = before[start + 1 :].rpartition(" for ")
        value = join(operation, after[:close])
        if loop:
            inside: Doc = Chain(element, ((f"{loop}{place}", value),))
        else:
            inside = join(place, value)
        bracket = Bracket(opening, (inside,), after[close], comma=False)
        return join(before[:start], bracket, after[close + 1 :])

    # --- The function ----------------------------------------------------------------------------

    def prologue(self, indent: int) -> list[str]:
        """Parameters that are more than JSON data: ``order = decode_order(order)``."""
        return [
            f"{' ' * indent}{parameter.name} = {self.codec.decode(parameter.type, parameter.name)}"
            for parameter in self.workflow.parameters
            if self.codec.decodes(parameter.type)
        ]

    def return_value(self, value: ir.Expr) -> Doc:
        type_ = self.workflow.returns
        if type_ == t.FLOAT:
            return self._float(value)
        if immutable_data(type_) or isinstance(value, ir.Constant):
            return self.bare(value)
        self.needs.encoded.append(type_)
        return call(self.needs.names.as_json, [self.item(value)])


def _innermost(text: str) -> int | None:
    """Where the last bracket that is still open stands."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        if text[index] in _BRACKETS.values():
            depth += 1
        elif text[index] in _BRACKETS:
            if not depth:
                return index
            depth -= 1
    return None


def immutable_data(type_: t.Type) -> bool:
    """Whether values of the type are JSON data that nobody can change."""
    match type_:
        case t.Scalar(name):
            return name in ("None", "bool", "int", "str")
        case t.LiteralType():
            return True
        case t.UnionType(members):
            return all(map(immutable_data, members))
        case (
            t.AnyType()
            | t.NeverType()
            | t.ListType()
            | t.DictType()
            | t.TupleType()
            | t.SetType()
            | t.RecordType()
            | t.EnumType()
            | t.ErrorType()
        ):
            return False
        case _:
            assert_never(type_)


def as_float(value: ir.Expr) -> ir.Expr:
    """The value as a float, where its type does not say that it is one."""
    if isinstance(value, ir.Constant) and type(value.value) is int:
        return ir.Constant(float(value.value), type=t.FLOAT)
    return value if value.type == t.FLOAT else ir.Call("float", (value,), type=t.FLOAT)
