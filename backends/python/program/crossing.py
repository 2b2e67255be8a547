"""What engines have in common whose code says itself what becomes JSON data."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence

from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.layout import Doc, join, lay_out
from wfc.backends.python.program.boundary import Codec, immutable_data, is_changed
from wfc.backends.python.program.dialect import Dialect
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan
from wfc.backends.python.program.steps import Fillings
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.finite import Finite
from wfc.compiler.language.nodes import types as t


class ExplicitData(Dialect, partial=True):
    """Operations and workflows give back JSON data, which becomes values where it arrives.

    A step is called with values as they are, in the process of the workflow, and sees what would
    come back if they were recorded; a child workflow is started with JSON data by name; so is the
    workflow itself, whose parameters become values before its first statement.

    Args:
        codec: renders the conversions of the module.
        encoded: gets the types of all values that become JSON data.
    """

    def __init__(
        self,
        plan: Plan,
        unit: Unit,
        workflow: ir.Workflow,
        fillings: Callable[[ir.Step], Fillings],
        codec: Codec,
        encoded: list[t.Type],
    ) -> None:
        super().__init__(plan, unit, workflow, fillings)
        self.codec = codec
        self.encoded = encoded
        self._finite = Finite(plan.module, workflow)

    @abstractmethod
    def as_json(self, value: Doc) -> Doc:
        """A copy of a value as plain JSON data; it fails where the value has no such form."""

    def received(self, function: ir.Step | ir.Workflow, operation: Doc, level: Level) -> Doc:
        """The value of the data that an operation gives back."""
        self.encoded.append(function.returns)
        name = f"result_of_{function.name}"
        return self.codec.decode_at_once(function.returns, operation, level, name)

    def sent(self, function: ir.Step | ir.Workflow, arguments: Sequence[ir.Argument]) -> list[Doc]:
        """As the source has them; a default that was left out stays out."""
        child = isinstance(function, ir.Workflow)
        parameters = {parameter.name: parameter for parameter in function.parameters}
        written = [argument for argument in arguments if not argument.implied]
        named = any(argument.implied for argument in arguments[: len(written)])
        docs: list[Doc] = []
        for argument in written:
            parameter = parameters[argument.name]
            # The input of a child has names for all of it.
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
        if not child and not is_changed(self.module, type_):
            return self.item(value)
        self.encoded.append(type_)
        data = self.as_json(self.item(value))
        return data if child else self.codec.decode_at_once(type_, data, Level.ATOM, name)

    def _float(self, value: ir.Expr) -> Doc:
        """A float that leaves the workflow; JSON refuses one that is not finite."""
        number = _as_float(value)
        if number in self._finite:
            return self.bare(number)
        self.encoded.append(t.FLOAT)
        return self.as_json(self.item(number))

    def prologue(self, indent: int) -> list[str]:
        """Parameters that are more than JSON data: ``order = decode_order(order)``."""
        lines: list[str] = []
        for parameter in self.workflow.parameters:
            if self.codec.decodes(parameter.type):
                value = self.codec.decode(parameter.type, parameter.name)
                lines += lay_out(f"{parameter.name} = ", value, indent=indent)
        return lines

    def return_value(self, value: ir.Expr) -> Doc:
        type_ = self.workflow.returns
        if type_ == t.FLOAT:
            return self._float(value)
        if immutable_data(type_) or isinstance(value, ir.Constant):
            return self.bare(value)
        self.encoded.append(type_)
        return self.as_json(self.item(value))


def _as_float(value: ir.Expr) -> ir.Expr:
    """The value as a float, where its type does not say that it is one."""
    if isinstance(value, ir.Constant) and type(value.value) is int:
        return ir.Constant(float(value.value), type=t.FLOAT)
    return value if value.type == t.FLOAT else ir.Call("float", (value,), type=t.FLOAT)
