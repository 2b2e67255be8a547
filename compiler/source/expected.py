"""Values where a type is expected: arguments, results, annotated variables, fields."""

from __future__ import annotations

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.words import a
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.table import lazy
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import kinds
from wfc.compiler.source import codes
from wfc.compiler.source.frame import Frame


def check_fits(frame: Frame, value: ir.Expr, expected: t.Type, what: str) -> ir.Expr:
    """The value, read as the expected type: a dict display where a TypedDict is expected is that
    record, an empty list has the expected elements. A value that may be of a type that does not fit
    is reported: Python would run on with it, or stop at the next boundary, where engines differ.

    Args:
        what: the place in a message, such as ``the argument 'amount' of step 'charge'``.
    """
    value = _as_expected(frame, value, expected, what)
    check_value(frame, value, what)
    if _is_tuple(value) and not any(_takes_tuples(one) for one in t.members(expected)):
        message = f"{what} must be {expected}, not a tuple"
        frame.problems.add(codes.TYPE_ERROR, value.span, message)
    elif not _may_fit(frame, value.type, expected):
        message = f"{what} must be {expected}, not {value.type}"
        instead = _conversion(frame, value.type, expected)
        frame.problems.add(codes.TYPE_ERROR, value.span, message, instead)
    return value


def _is_tuple(value: ir.Expr) -> bool:
    """Whether it is a tuple of unknown length, for which there is no type."""
    return isinstance(value, ir.Call) and value.function == "tuple"


def _takes_tuples(expected: t.Type) -> bool:
    return isinstance(expected, t.TupleType | t.AnyType | t.NeverType)


def _conversion(frame: Frame, given: t.Type, expected: t.Type) -> str:
    """What makes a value fit, where that is one of the usual ways."""
    misfits = [one for one in t.members(given) if not _may_fit(frame, one, expected)]
    numbers = [str(one) for one in t.members(expected) if one in (t.INT, t.FLOAT)]
    if misfits == [t.NONE] and given != t.NONE:
        return "test it for None first"
    if numbers and set(misfits) <= {t.BOOL, t.INT, t.FLOAT}:
        return f"convert it with {numbers[0]}(...)"
    return ""


def check_value(frame: Frame, value: ir.Expr, what: str) -> None:
    """Refuse what has no place outside an expression: sets, iterators, views."""
    kind = lazy(value)
    if kind:
        frame.refuse(
            codes.EXPRESSION_NOT_YET,
            value.span,
            f"{a(kind)} as {what} is not supported yet: it can only be iterated over",
            "make a list of it with list(...)",
        )
    elif any(isinstance(member, t.SetType) for member in t.members(value.type)):
        frame.refuse(
            codes.EXPRESSION_NOT_YET,
            value.span,
            f"a set as {what} is not supported yet",
            "make a list of it with sorted(...)",
        )


def _as_expected(frame: Frame, value: ir.Expr, expected: t.Type, what: str) -> ir.Expr:
    if isinstance(expected, t.UnionType) and isinstance(value, ir.DictDisplay | ir.ListDisplay):
        fitting = [one for one in expected.members if _may_fit(frame, value.type, one)]
        return _as_expected(frame, value, fitting[0], what) if len(fitting) == 1 else value
    # partial: only displays take the type that is expected of them
    match value, expected:
        case ir.DictDisplay(entries=entries), t.RecordType(name=name):
            record = frame.scope.records.get(name)
            if record is not None and record.kind == "typeddict":
                return _typed_dict(frame, value, entries, record)
        case ir.DictDisplay(entries=entries), t.DictType(value=inner):
            read = tuple(
                (key, check_fits(frame, item, inner, f"a value in {what}"))
                if key
                else (key, check_fits(frame, item, expected, f"what is merged into {what}"))
                for key, item in entries
            )
            return _keep(frame, value, replace(value, entries=read, type=expected))
        case ir.ListDisplay(items=items), t.ListType(element=element):
            shown = tuple(
                _check_items(frame, item, element, f"an item of {what}")
                if isinstance(item, ir.Starred)
                else check_fits(frame, item, element, f"an item of {what}")
                for item in items
            )
            return _keep(frame, value, replace(value, items=shown, type=expected))
    return value


def _check_items(frame: Frame, starred: ir.Starred, expected: t.Type, what: str) -> ir.Starred:
    found = kinds.elements(frame.module, starred.value.type)
    if not _may_fit(frame, found, expected):
        message = f"{what} must be {expected}, not {found}"
        instead = _conversion(frame, found, expected)
        frame.problems.add(codes.TYPE_ERROR, starred.span, message, instead)
    return starred


def _keep(frame: Frame, before: ir.Expr, after: ir.Expr) -> ir.Expr:
    frame.note_errors(after, frame.raises(before))
    return after


def _typed_dict(
    frame: Frame,
    value: ir.DictDisplay,
    entries: tuple[tuple[ir.Expr | None, ir.Expr], ...],
    record: ir.Record,
) -> ir.Expr:
    fields = {field.name: field for field in record.fields}
    given: set[str] = set()
    read: list[tuple[ir.Expr | None, ir.Expr]] = []
    for key, item in entries:
        if not (isinstance(key, ir.Constant) and isinstance(key.value, str)):
            return value
        field = fields.get(key.value)
        if field is None:
            frame.problems.add(
                codes.UNKNOWN_FIELD,
                key.span,
                f"the record '{record.name}' has no field '{key.value}'",
                f"it has {', '.join(fields)}",
            )
            continue
        given.add(key.value)
        what = f"the field '{field.name}' of '{record.name}'"
        read.append((key, check_fits(frame, item, field.type, what)))
    missing = [field.name for field in record.fields if field.required and field.name not in given]
    if missing:
        frame.problems.add(
            codes.UNKNOWN_FIELD,
            value.span,
            f"the record '{record.name}' needs {', '.join(repr(name) for name in missing)}",
        )
    typed = replace(value, entries=tuple(read), type=t.RecordType(record.name))
    return _keep(frame, value, typed)


def _may_fit(frame: Frame, given: t.Type, expected: t.Type) -> bool:
    """Whether values of the given type are of the expected type, as far as the types tell."""
    return all(
        any(_one_may_fit(frame, one, other) for other in t.members(expected))
        for one in t.members(given)
    )


def _one_may_fit(frame: Frame, given: t.Type, expected: t.Type) -> bool:
    # partial: other pairs fit when they are equal
    match given, expected:
        case (t.AnyType() | t.NeverType(), _) | (_, t.AnyType() | t.NeverType()):
            return True
        case t.LiteralType(values=values), t.LiteralType(values=allowed):
            return bool(set(values) & set(allowed))
        case t.LiteralType(), _:
            return _may_fit(frame, t.widen(given), expected)
        case _, t.LiteralType():
            return _may_fit(frame, given, t.widen(expected))
        case t.ListType(element=one), t.ListType(element=other):
            return _may_fit(frame, one, other)
        case t.ListType(), t.TupleType():
            return False
        case t.TupleType(items=ones), t.TupleType(items=others):
            return len(ones) == len(others) and all(
                _may_fit(frame, one, other) for one, other in zip(ones, others, strict=True)
            )
        case t.TupleType(), t.ListType():
            return False
        case t.DictType(value=one), t.DictType(value=other):
            return _may_fit(frame, one, other)
        case t.SetType(), t.SetType():
            return True
        case t.DictType(), t.RecordType():
            return kinds.is_mapping(frame.module, expected)
        case t.RecordType(), t.DictType():
            return kinds.is_mapping(frame.module, given)
        case t.EnumType(), t.Scalar():
            return bool(
                set(kinds.plain(frame.module, given)) & set(kinds.plain(frame.module, expected))
            )
    if expected == t.FLOAT:
        return given in (t.INT, t.FLOAT)
    return given == expected
