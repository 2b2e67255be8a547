"""The input of an execution in the form that its types promise.

What starts an execution may leave out fields that a dataclass has defaults for, and may write a
moment with any offset. Everything behind the input is complete, because Lambda handlers send every
field and moments in UTC.
"""

from __future__ import annotations

from typing import Final, assert_never

from wfc.backends.asl.jsonata import codes
from wfc.backends.asl.jsonata.displays import as_item
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    array,
    binary,
    call,
    combine,
    conditional,
    field,
    function,
    item,
    literal,
    mapped,
    record,
    variable,
)
from wfc.backends.asl.machine.formulas import Formulas
from wfc.backends.asl.machine.problems import Problems
from wfc.backends.asl.machine.scope import Scope
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t

_EMPTY: Final = Fragment("{}")
_JSON_TYPES: Final = {
    "None": "null",
    "bool": "boolean",
    "int": "number",
    "float": "number",
    "str": "string",
    "datetime": "string",
    "timedelta": "number",
}


class Conforming:
    """Completes the values of parameters. What it cannot complete is a problem."""

    def __init__(self, formulas: Formulas, problems: Problems) -> None:
        self.formulas = formulas
        self.problems = problems

    def parameter(self, parameter: ir.Parameter, root: str) -> Fragment:
        """The value of a parameter: a field of the input, or its default."""
        value = field(Fragment(root), parameter.name)
        if not self._is_open(parameter.type):
            complete = value
        elif self._contains_itself(parameter.type):
            self._refuse(parameter, "a record that contains itself and has defaults")
            complete = value
        else:
            complete = self._complete(value, parameter.type, parameter, 0)
        if parameter.default is None:
            return complete
        default = self.formulas.fragment(parameter.default, Scope())
        return conditional(call("exists", value), complete, default)

    def _refuse(self, parameter: ir.Parameter, what: str) -> None:
        self.problems.add(
            codes.NOT_YET,
            parameter,
            f"the parameter '{parameter.name}' takes {what}, which cannot be completed in the input"
            " of a state machine yet",
            "give the fields no defaults, or one type to the parameter",
        )

    def _is_open(self, type_: t.Type, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a value of the type may have to be completed."""
        match type_:
            case t.Scalar():
                return type_ == t.DATETIME
            case t.ListType(element) | t.DictType(element):
                return self._is_open(element, seen)
            case t.TupleType(items) | t.UnionType(items):
                return any(self._is_open(one, seen) for one in items)
            case t.RecordType(name) if name not in seen:
                fields = self.formulas.kinds.record(name).fields
                return any(
                    one.default is not None or self._is_open(one.type, seen | {name})
                    for one in fields
                )
            case (
                t.AnyType()
                | t.NeverType()
                | t.SetType()
                | t.LiteralType()
                | t.RecordType()
                | t.EnumType()
                | t.ErrorType()
            ):
                return False
            case _:
                assert_never(type_)

    def _contains_itself(self, type_: t.Type, inside: tuple[str, ...] = ()) -> bool:
        match type_:
            case t.ListType(element) | t.DictType(element):
                return self._contains_itself(element, inside)
            case t.TupleType(items) | t.UnionType(items):
                return any(self._contains_itself(one, inside) for one in items)
            case t.RecordType(name):
                fields = self.formulas.kinds.record(name).fields
                return name in inside or any(
                    self._contains_itself(one.type, (*inside, name)) for one in fields
                )
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.SetType()
                | t.LiteralType()
                | t.EnumType()
                | t.ErrorType()
            ):
                return False
            case _:
                assert_never(type_)

    def _complete(self, value: Fragment, type_: t.Type, at: ir.Parameter, depth: int) -> Fragment:
        if not self._is_open(type_):
            return value
        match type_:
            case t.RecordType(name):
                return self._record(value, self.formulas.kinds.record(name).fields, at, depth)
            case t.ListType(element):
                name = _local("item", depth)
                inner = self._complete(variable(name), element, at, depth + 1)
                return mapped(value, [name], inner)
            case t.DictType(element):
                return self._dict(value, element, at, depth)
            case t.TupleType(items):
                return array(
                    [
                        as_item(self._complete(item(value, literal(i)), one, at, depth), one)
                        for i, one in enumerate(items)
                    ]
                )
            case t.UnionType(members):
                return self._union(value, members, at, depth)
            case (
                t.Scalar()
                | t.AnyType()
                | t.NeverType()
                | t.SetType()
                | t.LiteralType()
                | t.EnumType()
                | t.ErrorType()
            ):
                return call("fromMillis", call("toMillis", value))
            case _:
                assert_never(type_)

    def _record(
        self, value: Fragment, fields: tuple[ir.Field, ...], at: ir.Parameter, depth: int
    ) -> Fragment:
        """``$merge([defaults, the value, the fields that are completed themselves])``"""
        defaults: list[tuple[Fragment, Fragment]] = []
        inner: list[tuple[Fragment, Fragment]] = []
        optional: list[Fragment] = []
        for one in fields:
            key, given = literal(one.name), field(value, one.name)
            default = None
            if one.default is not None:
                default = self.formulas.fragment(one.default, Scope())
            if not self._is_open(one.type):
                defaults += [(key, default)] if default is not None else []
                continue
            complete = self._complete(given, one.type, at, depth)
            if default is not None:
                inner.append((key, conditional(call("exists", given), complete, default)))
            elif one.required:
                inner.append((key, complete))
            else:
                present = record([(key, complete)])
                optional.append(conditional(call("exists", given), present, _EMPTY))
        parts = [record(defaults)] if defaults else []
        parts.append(value)
        parts += [record(inner)] if inner else []
        return call("merge", array([*parts, *optional]))

    def _dict(self, value: Fragment, element: t.Type, at: ir.Parameter, depth: int) -> Fragment:
        content, key = _local("item", depth), _local("key", depth)
        inner = self._complete(variable(content), element, at, depth + 1)
        entry = record([(variable(key), inner)])
        each = call("each", value, function([content, key], entry))
        each = combine(f"{each.text}[]", (each,))
        return call("merge", call("append", array([_EMPTY]), each))

    def _union(
        self, value: Fragment, members: tuple[t.Type, ...], at: ir.Parameter, depth: int
    ) -> Fragment:
        """The one member that may be completed is told from the others by its JSON type."""
        (first, *more) = [one for one in members if self._is_open(one)]
        others = [one for one in members if one != first]
        complete = self._complete(value, first, at, depth)
        if others == [t.NONE]:
            return conditional(binary("=", value, literal(None)), literal(None), complete)
        kinds = {self._json_type(one) for one in others}
        if more or self._json_type(first) in kinds or "" in kinds:
            self._refuse(at, f"{t.UnionType(members)}")
            return value
        test = binary("=", call("type", value), literal(self._json_type(first)))
        return conditional(test, complete, value)

    def _json_type(self, type_: t.Type) -> str:
        """What ``$type`` says of its values; empty when that depends."""
        match type_:
            case t.Scalar(name):
                return _JSON_TYPES[name]
            case t.ListType() | t.TupleType():
                return "array"
            case t.DictType() | t.RecordType():
                return "object"
            case t.LiteralType():
                plain = t.widen(type_)
                return "" if isinstance(plain, t.UnionType) else self._json_type(plain)
            case t.EnumType(name):
                values = [value for _, value in self.formulas.kinds.enum(name).members]
                names = {"string" if isinstance(value, str) else "number" for value in values}
                return names.pop() if len(names) == 1 else ""
            case t.AnyType() | t.NeverType() | t.SetType() | t.UnionType() | t.ErrorType():
                return ""
            case _:
                assert_never(type_)


def _local(name: str, depth: int) -> str:
    return f"_{name}{depth or ''}"
