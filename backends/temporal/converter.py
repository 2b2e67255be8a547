"""The data converter of a package whose values Temporal's own one does not convert exactly.

Temporal's JSON converter knows dataclasses, TypedDicts and enums that are text or numbers. It has
no form for other enums and for timedelta, keeps microseconds of a moment and its time zone, reads
1.5 as ``int | float`` to be 1, writes NaN and infinities, and sorts the keys of dicts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from wfc.backends.python.printing.layout import call, lay_out
from wfc.backends.python.program.names import Unit
from wfc.backends.python.program.plan import Plan
from wfc.compiler.data.struct import Struct
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import own_expressions
from wfc.compiler.language.inference.finite import may_leave_json
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.kinds import parts
from wfc.compiler.language.walk import expressions, statements

_NUMBERS = (t.INT, t.FLOAT, t.BOOL)


class Conversions(Struct):
    """What the boundary has that needs a converter of its own."""

    enums: bool = False
    datetimes: bool = False
    timedeltas: bool = False
    numbers: bool = False
    order: bool = False
    finite: bool = False

    def __bool__(self) -> bool:
        return self.encodes or self.decodes

    @property
    def encodes(self) -> bool:
        return self.enums or self.datetimes or self.timedeltas or self.order or self.finite

    @property
    def decodes(self) -> bool:
        return self.enums or self.datetimes or self.timedeltas or self.numbers


def conversions(plan: Plan) -> Conversions:
    """What the types that cross a boundary of the package need."""
    types = list(boundary_types(plan))
    mixins = {enum.name: enum.mixin for enum in plan.module.enums}
    return Conversions(
        enums=any(isinstance(one, t.EnumType) and not mixins.get(one.name) for one in types),
        datetimes=t.DATETIME in types,
        timedeltas=t.TIMEDELTA in types,
        numbers=any(isinstance(one, t.UnionType) and _several_numbers(one) for one in types),
        order=any(map(_is_dict, types)) and _looks_at_order(plan),
        finite=_computes_floats(plan),
    )


def _several_numbers(type_: t.UnionType) -> bool:
    return sum(member in _NUMBERS for member in type_.members) > 1


def _computes_floats(plan: Plan) -> bool:
    """Whether a workflow or a step may hand over NaN or an infinity."""
    results = parts(plan.module, *(step.returns for step in plan.steps))
    return t.FLOAT in results or any(may_leave_json(plan.module, w) for w in plan.workflows)


def _is_dict(type_: t.Type) -> bool:
    return any(isinstance(member, t.DictType | t.AnyType) for member in t.members(type_))


def _holds_dict(module: ir.Module, type_: t.Type) -> bool:
    return any(map(_is_dict, parts(module, type_)))


def _looks_at_order(plan: Plan) -> bool:
    """Whether the order of a dict's keys may decide what a workflow does."""
    module = plan.module
    bodies = [function.body for function in (*plan.workflows, *module.helpers)]
    return any(
        _statement_looks(statement)
        or any(_expression_looks(module, e) for e in expressions(*own_expressions(statement)))
        for body in bodies
        for statement in statements(body)
    )


def _statement_looks(statement: ir.Statement) -> bool:
    """Whether a statement itself does; its expressions are asked for themselves."""
    match statement:
        case ir.For(iterable=value) | ir.Unpack(value=value):
            return _is_dict(value.type)
        case ir.Mutate(method="popitem"):
            return True
        case ir.Mutate(method="extend", args=args):
            return any(_is_dict(argument.type) for argument in args)
        case (
            ir.Assign()
            | ir.AugmentedAssign()
            | ir.Store()
            | ir.Delete()
            | ir.Mutate()
            | ir.StepCall()
            | ir.WorkflowCall()
            | ir.Sleep()
            | ir.If()
            | ir.While()
            | ir.Break()
            | ir.Continue()
            | ir.Try()
            | ir.Raise()
            | ir.Return()
            | ir.Pass()
        ):
            return False
        case _:
            assert_never(statement)


def _expression_looks(module: ir.Module, expr: ir.Expr) -> bool:
    """Whether an expression runs over the keys of a dict, or writes a dict as text."""
    match expr:
        case ir.Method(value=value, name="keys" | "values" | "items"):
            return _is_dict(value.type)
        case ir.Method(value=value, args=args) if value.type == t.STR:
            return any(_holds_dict(module, argument.type) for argument in args)
        case ir.Call(args=args) if expr.type == t.STR:
            return any(_holds_dict(module, argument.type) for argument in args)
        case ir.Call(function=function, args=args) if function not in ("len", "bool", "isinstance"):
            return any(_is_dict(argument.type) for argument in args)
        case ir.Comprehension(clauses=clauses):
            return any(_is_dict(clause.iterable.type) for clause in clauses)
        case ir.FString(parts=pieces):
            values = [piece.value for piece in pieces if isinstance(piece, ir.Formatted)]
            return any(_holds_dict(module, value.type) for value in values)
        case ir.ListDisplay(items=items) | ir.TupleDisplay(items=items):
            return any(_is_dict(item.value.type) for item in items if isinstance(item, ir.Starred))
        case (
            ir.Constant()
            | ir.Name()
            | ir.GlobalName()
            | ir.EnumMember()
            | ir.Attribute()
            | ir.Subscript()
            | ir.Slice()
            | ir.Unary()
            | ir.Binary()
            | ir.Compare()
            | ir.Boolean()
            | ir.Conditional()
            | ir.SetDisplay()
            | ir.DictDisplay()
            | ir.Lambda()
            | ir.Call()
            | ir.Method()
            | ir.HelperCall()
            | ir.Construct()
            | ir.ErrorMessage()
            | ir.ErrorName()
        ):
            return False
        case _:
            assert_never(expr)


def boundary_types(plan: Plan) -> Iterator[t.Type]:
    """Every type that crosses a boundary, and those inside it."""
    roots: list[t.Type] = []
    for function in plan.functions:
        roots += [p.type for p in function.parameters if p.injected is None]
        roots.append(function.returns)
    return parts(plan.module, *roots)


def typed_dicts(plan: Plan) -> tuple[ir.Record, ...]:
    """The TypedDicts in the input of workflows that have keys which must be there."""
    types = set(parts(plan.module, *(p.type for one in plan.given for p in one.parameters)))
    return tuple(
        record
        for record in plan.module.records
        if record.kind == "typeddict"
        and t.RecordType(record.name) in types
        and any(field.required for field in record.fields)
    )


def converter(plan: Plan, found: Conversions, unit: Unit) -> list[list[str]]:
    """The classes and the ``data_converter`` that worker and client are given."""
    writer = _Writer(plan, found, unit)
    parts = [writer.encoder()] if found.encodes else []
    if found.decodes:
        parts.append(writer.types())
    return [*parts, writer.payloads()]


class _Writer:
    def __init__(self, plan: Plan, found: Conversions, unit: Unit) -> None:
        self.plan, self.found, self.unit = plan, found, unit

    def encoder(self) -> list[str]:
        base = self.unit.library("temporalio.converter", "AdvancedJSONEncoder")
        any_ = self.unit.library("typing", "Any")
        lines = [f"class {self.plan.names.own('JSONEncoder')}({base}):"]
        options: dict[str, str] = {}
        if self.found.order:
            options["sort_keys"] = "# Temporal's own converter sorts the keys."
        if self.found.finite:
            options["allow_nan"] = "# JSON has no NaN and no infinities."
        if options:
            values = ", ".join(f'"{option}": False' for option in options)
            lines += [
                f"    def __init__(self, **options: {any_}) -> None:",
                *(f"        {comment}" for comment in options.values()),
                f"        super().__init__(**{{**options, {values}}})",
            ]
        if not (self.found.enums or self.found.datetimes or self.found.timedeltas):
            return lines
        if options:
            lines.append("")
        lines.append(f"    def default(self, o: {any_}) -> {any_}:")
        if self.found.enums:
            lines += [
                f"        if isinstance(o, {self.unit.library('enum', 'Enum')}):",
                "            return o.value",
            ]
        if self.found.datetimes:
            utc = self.unit.library("datetime", "UTC")
            lines += [
                f"        if isinstance(o, {self.unit.library('datetime', 'datetime')}):",
                f'            moment = o.astimezone({utc}).isoformat(timespec="milliseconds")',
                '            return moment.replace("+00:00", "Z")',
            ]
        if self.found.timedeltas:
            lines += [
                f"        if isinstance(o, {self.unit.library('datetime', 'timedelta')}):",
                "            return o.total_seconds()",
            ]
        return [*lines, "        return super().default(o)"]

    def types(self) -> list[str]:
        base = self.unit.library("temporalio.converter", "JSONTypeConverter")
        any_ = self.unit.library("typing", "Any")
        lines = [
            f"class {self.plan.names.own('TypeConverter')}({base}):",
            f"    def to_typed_value(self, hint: {any_}, value: {any_}) -> {any_}:",
        ]
        if self.found.enums:
            enum = self.unit.library("enum", "Enum")
            lines += [
                f"        if isinstance(hint, type) and issubclass(hint, {enum}):",
                "            return hint(value)",
            ]
        if self.found.datetimes:
            moment, utc = (
                self.unit.library("datetime", "datetime"),
                self.unit.library("datetime", "UTC"),
            )
            lines += [
                f"        if hint is {moment}:",
                f"            return {moment}.fromisoformat(value).astimezone({utc})",
            ]
        if self.found.timedeltas:
            duration = self.unit.library("datetime", "timedelta")
            lines += [
                f"        if hint is {duration}:",
                f"            return {duration}(seconds=value)",
            ]
        if self.found.numbers:
            members = self.unit.library("typing", "get_args")
            lines += [
                "        # A number stays what it is where the union has its type.",
                f"        if type(value) in (int, float, bool) and type(value) in {members}(hint):",
                "            return value",
            ]
        return [*lines, f"        return {base}.Unhandled"]

    def payloads(self) -> list[str]:
        composite = self.unit.library("temporalio.converter", "CompositePayloadConverter")
        default = self.unit.library("temporalio.converter", "DefaultPayloadConverter")
        plain = self.unit.library("temporalio.converter", "JSONPlainPayloadConverter")
        converter = self.unit.library("temporalio.converter", "DataConverter")
        names = self.plan.names
        options = [f"encoder={names.own('JSONEncoder')}"] if self.found.encodes else []
        if self.found.decodes:
            options.append(f"custom_type_converters=[{names.own('TypeConverter')}()]")
        payloads = names.own("PayloadConverter")
        return [
            f"class {payloads}({composite}):",
            '    """Temporal\'s own conversion, with what stands above."""',
            "",
            "    def __init__(self) -> None:",
            *lay_out("json = ", call(plain, options), indent=8),
            "        super().__init__(",
            "            *(",
            f"                json if isinstance(converter, {plain}) else converter",
            f"                for converter in {default}.default_encoding_payload_converters",
            "            )",
            "        )",
            "",
            "",
            f"{names.own('data_converter')} = {converter}(payload_converter_class={payloads})",
        ]
