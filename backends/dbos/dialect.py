"""How a workflow body is written for DBOS."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from wfc.backends.dbos.plan import Plan
from wfc.backends.dbos.runtime import Names, is_retried
from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import Bracket, Doc, call, join, lay_out
from wfc.backends.python.printing.statements import Dialect
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.boundary import Codec
from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.finite import Finite
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import parts


class Needs(MutableStruct):
    """What the module has to define for its workflows: ``encoded`` are the types that become JSON
    data."""

    names: Names
    encoded: list[t.Type] = field(factory=list)
    children: bool = False


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
        items = [self._step_options(node), step.name, *self._sent(step, node.args)]
        run = call(runner, items)
        # A datasource of SQLAlchemy's blocking kind is called as it is, also on the event loop;
        # only the wait between two attempts is awaited.
        blocking = step.transaction and not any(map(is_retried, self.plan.transactions))
        waits = self.plan.asynchronous and not blocking
        name = f"result_of_{step.name}"
        if waits:
            return self.codec.decode_at_once(step.returns, join("await ", run), Level.AWAIT, name)
        return self.codec.decode_at_once(step.returns, run, Level.ATOM, name)

    def _step_options(self, node: ir.StepCall) -> Doc:
        """``{"name": "debit_platform"}``, with the step's retries and timeout."""
        items: list[Doc] = [f'"name": {quote(node.site)}']
        if node.step in self.options:
            items.append(f"**{self.options[node.step]}")
        return Bracket("{", tuple(items), "}")

    def workflow_call(self, node: ir.WorkflowCall) -> Doc:
        child = self.plan.workflow(node.workflow)
        self.needs.children = True
        items = [child.name, *self._sent(child, node.args)]
        run = call(self.needs.names.run_child, items)
        self.needs.encoded.append(child.returns)
        waits = join("await ", run) if self.plan.asynchronous else run
        name = f"result_of_{child.name}"
        return self.codec.decode_at_once(child.returns, waits, self.operation_level, name)

    def sleep(self, node: ir.Sleep) -> Doc:
        seconds = self.expression(node.seconds, Level.LAMBDA)
        if self.plan.asynchronous:
            return join("await ", call("DBOS.sleep_async", [seconds]))
        return call("DBOS.sleep", [seconds])

    # --- Values that cross -----------------------------------------------------------------------

    def _sent(self, function: ir.Step | ir.Workflow, arguments: Sequence[ir.Argument]) -> list[Doc]:
        """The arguments of a call as the source has them; a default that was left out stays out."""
        child = isinstance(function, ir.Workflow)
        parameters = {parameter.name: parameter for parameter in function.parameters}
        written = [argument for argument in arguments if not argument.implied]
        named = any(argument.implied for argument in arguments[: len(written)])
        docs: list[Doc] = []
        for argument in written:
            parameter = parameters[argument.name]
            # The record of a child's input has names for all of it.
            named = named or child or not argument.positional or parameter.keyword_only
            name = f"{parameter.name}_of_{function.name}"
            value = self._crossing(argument.value, parameter.type, name, child=child)
            docs.append(join(f"{argument.name}=", value) if named else value)
        return docs

    def _crossing(self, value: ir.Expr, type_: t.Type, name: str, *, child: bool) -> Doc:
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
        return data if child else self.codec.decode_at_once(type_, data, Level.ATOM, name)

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

    # --- The function ----------------------------------------------------------------------------

    def prologue(self, indent: int) -> list[str]:
        """Parameters that are more than JSON data: ``order = decode_order(order)``."""
        return [
            line
            for parameter in self.workflow.parameters
            if self.codec.decodes(parameter.type)
            for line in lay_out(
                f"{parameter.name} = ",
                self.codec.decode(parameter.type, parameter.name),
                indent=indent,
            )
        ]

    def return_value(self, value: ir.Expr) -> Doc:
        type_ = self.workflow.returns
        if type_ == t.FLOAT:
            return self._float(value)
        if immutable_data(type_) or isinstance(value, ir.Constant):
            return self.bare(value)
        self.needs.encoded.append(type_)
        return call(self.needs.names.as_json, [self.item(value)])


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
