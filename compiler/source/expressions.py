"""Expressions of a workflow, helper or constant, except calls."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.words import closest
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library import table as builtins
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import anf, codes
from wfc.compiler.source.calls import check_enum_text, read_await, read_call
from wfc.compiler.source.comprehensions import read_comprehension
from wfc.compiler.source.flow import Variable
from wfc.compiler.source.frame import Frame
from wfc.compiler.source.narrowing import facts_of, path_of

UNARY: Final[dict[type[ast.unaryop], ir.UnaryOperator]] = {
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
    ast.Not: "not",
}
BINARY: Final[dict[type[ast.operator], ir.BinaryOperator]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
COMPARISONS: Final[dict[type[ast.cmpop], ir.ComparisonOperator]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
}


def read_expression(frame: Frame, node: ast.expr) -> ir.Expr:
    """Read one expression; what cannot be read is reported and replaced by a placeholder."""
    reader = _READERS.get(type(node))
    if reader is not None:
        return reader(frame, node)
    code, what, instead = _REFUSED.get(
        type(node), (codes.EXPRESSION_NEVER, f"a {type(node).__name__} expression", "")
    )
    verb = "is not supported yet" if code is codes.EXPRESSION_NOT_YET else "cannot be supported"
    return frame.refuse(code, node, f"{what} {verb}", instead)


# --- Literals and names -----------------------------------------------------------------------


def _constant(frame: Frame, node: ast.Constant) -> ir.Expr:
    value = node.value
    if isinstance(value, str) and not _is_unicode(value):
        return frame.refuse(
            codes.EXPRESSION_NEVER,
            node,
            "a text with a lone surrogate cannot be supported: it has no JSON form",
            "write the character itself",
        )
    if value is None or isinstance(value, str | int | bool):
        return ir.Constant(value, type=t.of_constant(value), span=frame.span(node))
    if isinstance(value, float) and value not in (float("inf"), float("-inf")):
        return ir.Constant(value, type=t.FLOAT, span=frame.span(node))
    infinite = isinstance(value, float)
    kind = "an infinite number" if infinite else f"a literal of type {type(value).__name__}"
    return frame.refuse(
        codes.EXPRESSION_NEVER,
        node,
        f"{kind} cannot be supported: it has no JSON form",
        "use text, numbers, True, False or None",
    )


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _name(frame: Frame, node: ast.Name) -> ir.Expr:
    name = node.id
    if frame.is_local(name):
        return _variable(frame, node)
    if name in frame.scope.constants:
        type_ = frame.scope.constants[name].type
        if name in frame.scope.frozensets and id(node) not in frame.searched:
            return frame.refuse(
                codes.EXPRESSION_NOT_YET,
                node,
                f"the frozenset '{name}' outside the right of 'in' is not supported yet",
                "make it a set",
            )
        return ir.GlobalName(name, type=type_, span=frame.span(node))
    return _refuse_name(frame, node)


def _variable(frame: Frame, node: ast.Name) -> ir.Expr:
    variable = frame.lookup(node.id)
    if variable is None or not variable.bound:
        way = "has no value here" if variable is None else "may have no value here"
        frame.problems.add(
            codes.UNBOUND,
            node,
            f"the variable '{node.id}' {way}",
            "assign it on every way that leads here",
        )
        type_ = variable.type if variable else t.ANY
        frame.layer.set(node.id, Variable(type_))
        return frame.nothing(node)
    if isinstance(variable.type, t.ErrorType):
        return frame.refuse(
            codes.ERROR_VALUE,
            node,
            f"the caught error '{node.id}' as a value is not supported yet",
            f"use str({node.id}) for its message, or type({node.id}).__name__ for its class",
        )
    return ir.Name(node.id, type=variable.type, span=frame.span(node))


def _refuse_name(frame: Frame, node: ast.Name) -> ir.Expr:
    name, scope = node.id, frame.scope
    if name in scope.deferred:
        frame.problems.replay(scope.deferred[name])
        return frame.nothing(node)
    imported = scope.imports.get(name, "")
    if imported in builtins.CONSTANTS:
        return _library_constant(frame, node, imported)
    if name in scope.support:
        return frame.refuse(
            codes.CALL_OF_SUPPORT,
            node,
            f"using '{name}' in a workflow cannot be supported: it is no readable constant",
            "use it in a step, or make it a constant expression",
        )
    if name in scope.policies:
        return frame.refuse(
            codes.EXPRESSION_NEVER,
            node,
            f"the retry policy '{name}' as a value cannot be supported",
            f"give it to a step: @step(retry={name})",
        )
    if scope.defined(name) or frame.scope.qualified(node) is not None:
        return frame.refuse(
            codes.EXPRESSION_NEVER,
            node,
            f"'{name}' as a value cannot be supported: values of a workflow are JSON data",
            "call it",
        )
    close = closest(name, [*frame.facts.locals, *scope.known_names()])
    instead = f"did you mean '{close}'?" if close else "define it, or pass it as a parameter"
    return frame.refuse(codes.UNKNOWN_NAME, node, f"the name '{name}' is not defined", instead)


def _f_string(frame: Frame, node: ast.JoinedStr) -> ir.Expr:
    formatted = [part for part in node.values if isinstance(part, ast.FormattedValue)]
    if any(id(part) in frame.facts.mutating for part in node.values):
        return frame.refuse(
            codes.EXPRESSION_NOT_YET,
            node,
            "a method that changes its object inside an f-string is not supported yet",
            "call it first and assign its result",
        )
    values = iter(anf.operands(frame, [_formatted_operand(frame, part) for part in formatted]))
    parts: list[str | ir.Formatted] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            parts.append(_formatted(frame, part, next(values)))
        elif isinstance(part, ast.Constant):
            text = _constant(frame, part)
            parts.append(str(text.value) if isinstance(text, ir.Constant) else "")
    children = [part.value for part in parts if isinstance(part, ir.Formatted)]
    return frame.typed(ir.FString(tuple(parts), span=frame.span(node)), children)


def _formatted_operand(frame: Frame, part: ast.FormattedValue) -> ast.expr:
    """``{error}`` is ``str(error)``."""
    value = part.value
    if not isinstance(value, ast.Name) or frame.scope.defined("str"):
        return value
    if not frame.is_caught(value.id) or part.conversion not in (-1, ord("s")):
        return value
    call = ast.Call(
        func=ast.copy_location(ast.Name("str", ast.Load()), value), args=[value], keywords=[]
    )
    frame.keep(call)
    return ast.copy_location(call, value)


def _formatted(frame: Frame, part: ast.FormattedValue, value: ir.Expr) -> ir.Formatted:
    spec = ""
    if isinstance(part.format_spec, ast.JoinedStr):
        for piece in part.format_spec.values:
            if isinstance(piece, ast.Constant):
                spec += str(piece.value)
            else:
                frame.refuse(
                    codes.EXPRESSION_NOT_YET,
                    piece,
                    "a computed format specification is not supported yet",
                    "write the specification as constant text",
                )
    check_enum_text(frame, part.value, value.type, formatted=True)
    conversion = "" if part.conversion == -1 else chr(part.conversion)
    return ir.Formatted(value, conversion, spec, span=frame.span(part.value))  # type: ignore[arg-type]


# --- Operators --------------------------------------------------------------------------------


def _unary(frame: Frame, node: ast.UnaryOp) -> ir.Expr:
    operand = frame.read(node.operand)
    unary = ir.Unary(UNARY[type(node.op)], operand, span=frame.span(node))
    return frame.typed(unary, [operand])


def _binary(frame: Frame, node: ast.BinOp) -> ir.Expr:
    if type(node.op) not in BINARY:
        return frame.refuse(
            codes.EXPRESSION_NEVER, node, "matrix multiplication cannot be supported"
        )
    left, right = anf.operands(frame, [node.left, node.right])
    binary = ir.Binary(BINARY[type(node.op)], left, right, span=frame.span(node))
    return frame.typed(binary, [left, right])


def _compare(frame: Frame, node: ast.Compare) -> ir.Expr:
    if any(map(frame.effectful, node.comparators[1:])):
        return frame.refuse(
            codes.OPERATION_PLACE,
            node,
            "an operation in a chained comparison is not supported yet",
            "join two comparisons with 'and'",
        )
    tests = zip(node.ops, node.comparators, strict=True)
    frame.searched |= {id(items) for test, items in tests if isinstance(test, ast.In | ast.NotIn)}
    left, *others = anf.operands(frame, [node.left, *node.comparators])
    operators = [COMPARISONS[type(operator)] for operator in node.ops]
    compare = ir.Compare(left, tuple(zip(operators, others, strict=True)), span=frame.span(node))
    for before, (operator, after) in zip([left, *others], compare.rest, strict=False):
        if operator in ("is", "is not") and not (_single(before) or _single(after)):
            return frame.refuse(
                codes.EXPRESSION_NEVER,
                node,
                f"'{operator}' between values cannot be supported: data that has crossed a boundary"
                " is another object",
                "compare with == or !=",
            )
    return frame.typed(compare, [left, *others])


def _single(value: ir.Expr) -> bool:
    """Whether there is one object for each value of its type."""
    return all(
        member in (t.NONE, t.BOOL, t.NEVER)
        or isinstance(member, t.EnumType)
        or (isinstance(member, t.LiteralType) and t.widen(member) == t.BOOL)
        for member in t.members(value.type)
    )


def _boolean(frame: Frame, node: ast.BoolOp) -> ir.Expr:
    if any(map(frame.effectful, node.values[1:])):
        return anf.value_in_branches(frame, node)
    conjunction = isinstance(node.op, ast.And)
    base = frame.layer
    operands: list[ir.Expr] = []
    for value in node.values:
        operand = frame.read(value)
        operands.append(operand)
        frame.layer = frame.layer.child(facts_of(frame, operand, conjunction))
    frame.layer = base
    boolean = ir.Boolean("and" if conjunction else "or", tuple(operands), span=frame.span(node))
    return frame.typed(boolean, operands)


def _conditional(frame: Frame, node: ast.IfExp) -> ir.Expr:
    if frame.effectful(node.body) or frame.effectful(node.orelse):
        return anf.value_in_branches(frame, node)
    test = frame.read(node.test)
    base = frame.layer
    frame.layer = base.child(facts_of(frame, test, True))
    then = frame.read(node.body)
    frame.layer = base.child(facts_of(frame, test, False))
    orelse = frame.read(node.orelse)
    frame.layer = base
    conditional = ir.Conditional(test, then, orelse, span=frame.span(node))
    return frame.typed(conditional, [test, then, orelse])


# --- Parts of values --------------------------------------------------------------------------


def _subscript(frame: Frame, node: ast.Subscript) -> ir.Expr:
    if isinstance(node.slice, ast.Slice):
        return _slice(frame, node, node.slice)
    value, index = anf.operands(frame, [node.value, node.slice])
    subscript = ir.Subscript(value, index, span=frame.span(node))
    return _narrowed(frame, frame.typed(subscript, [value, index]))


def _narrowed(frame: Frame, expr: ir.Attribute | ir.Subscript) -> ir.Expr:
    """The part of a variable with the type that a test before has established."""
    if frame.paths:
        path = path_of(expr)
        known = frame.layer.get(path) if path else None
        if known is not None and known.bound:
            narrowed = replace(expr, type=known.type)
            frame.note_errors(narrowed, frame.raises(expr))
            return narrowed
    return expr


def _slice(frame: Frame, node: ast.Subscript, part: ast.Slice) -> ir.Expr:
    bounds = [bound for bound in (part.lower, part.upper, part.step) if bound is not None]
    value, *read = anf.operands(frame, [node.value, *bounds])
    rest = iter(read)
    lower, upper, step = (
        next(rest) if bound is not None else None for bound in (part.lower, part.upper, part.step)
    )
    return frame.typed(ir.Slice(value, lower, upper, step, span=frame.span(node)), [value, *read])


def _attribute(frame: Frame, node: ast.Attribute) -> ir.Expr:
    special = _error_class_name(frame, node) or _enum_member(frame, node)
    if special is not None:
        return special
    name = frame.scope.qualified(node)
    if name is not None and not frame.starts_local(node):
        if name in builtins.CONSTANTS:
            return _library_constant(frame, node, name)
        return frame.refuse(
            codes.CALL_OF_LIBRARY,
            node,
            f"'{frame.written(node)}' cannot be supported in a workflow",
            "read it in a step, or write the value as a constant",
        )
    value = frame.read(node.value)
    return _field(frame, node, value)


def _library_constant(frame: Frame, node: ast.expr, name: str) -> ir.Expr:
    return ir.GlobalName(name, type=builtins.CONSTANTS[name], span=frame.span(node))


def _field(frame: Frame, node: ast.Attribute, value: ir.Expr) -> ir.Expr:
    expr = ir.Attribute(value, node.attr, span=frame.span(node))
    if isinstance(value.type, t.AnyType):
        return frame.refuse(
            codes.TYPE_NEEDED,
            node,
            f"the type of '{frame.written(node.value)}' is not known, so '.{node.attr}' has no "
            "meaning",
            "annotate it with a record, or the step that returns it; a field of plain JSON data is "
            f"written [{node.attr!r}]",
        )
    return _narrowed(frame, frame.typed(expr, [value]))


def _error_class_name(frame: Frame, node: ast.Attribute) -> ir.Expr | None:
    """``type(error).__name__`` and ``error.__class__.__name__``."""
    if node.attr != "__name__":
        return None
    match node.value:
        case ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=name)], keywords=[]):
            pass
        case ast.Attribute(attr="__class__", value=ast.Name(id=name)):
            pass
        case _:
            return None
    if not frame.is_caught(name):
        return None
    return ir.ErrorName(name, type=t.STR, span=frame.span(node))


def _enum_member(frame: Frame, node: ast.Attribute) -> ir.Expr | None:
    if not isinstance(node.value, ast.Name) or frame.is_local(node.value.id):
        return None
    enum = frame.scope.enums.get(node.value.id)
    if enum is None:
        return None
    values = dict(enum.members)
    if node.attr not in values:
        close = closest(node.attr, values)
        return frame.refuse(
            codes.UNKNOWN_FIELD,
            node,
            f"the enum '{enum.name}' has no member '{node.attr}'",
            f"did you mean '{close}'?" if close else f"it has {', '.join(values)}",
        )
    # A later member with an equal value is an alias of the first (Python's enum documentation).
    first = next(name for name, value in enum.members if value == values[node.attr])
    return ir.EnumMember(enum.name, first, type=t.EnumType(enum.name), span=frame.span(node))


# --- Displays ---------------------------------------------------------------------------------


def _items(
    frame: Frame, elements: list[ast.expr]
) -> tuple[tuple[ir.Expr | ir.Starred, ...], list[ir.Expr]]:
    inner = [element.value if isinstance(element, ast.Starred) else element for element in elements]
    values = anf.operands(frame, inner)
    items = tuple(
        ir.Starred(value, span=frame.span(element)) if isinstance(element, ast.Starred) else value
        for element, value in zip(elements, values, strict=True)
    )
    return items, values


def _list(frame: Frame, node: ast.List) -> ir.Expr:
    items, values = _items(frame, node.elts)
    return frame.typed(ir.ListDisplay(items, span=frame.span(node)), values)


def _tuple(frame: Frame, node: ast.Tuple) -> ir.Expr:
    items, values = _items(frame, node.elts)
    return frame.typed(ir.TupleDisplay(items, span=frame.span(node)), values)


def _set(frame: Frame, node: ast.Set) -> ir.Expr:
    items, values = _items(frame, node.elts)
    return frame.typed(ir.SetDisplay(items, span=frame.span(node)), values)


def _dict(frame: Frame, node: ast.Dict) -> ir.Expr:
    written: list[ast.expr] = []
    for key, value in zip(node.keys, node.values, strict=True):
        written += [value] if key is None else [key, value]
    read = anf.operands(frame, written)
    rest = iter(read)
    entries = tuple((None if key is None else next(rest), next(rest)) for key in node.keys)
    return frame.typed(ir.DictDisplay(entries, span=frame.span(node)), read)


def _assignment(frame: Frame, node: ast.NamedExpr) -> ir.Expr:
    frame.give_up(node.target.id)
    return frame.refuse(
        codes.EXPRESSION_NOT_YET,
        node,
        "the assignment expression ':=' is not supported yet",
        "assign in a statement of its own",
    )


Reader = Callable[[Frame, Any], ir.Expr]

_READERS: Final[dict[type[ast.expr], Reader]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.JoinedStr: _f_string,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.IfExp: _conditional,
    ast.Subscript: _subscript,
    ast.Attribute: _attribute,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.Call: read_call,
    ast.Await: read_await,
    ast.ListComp: read_comprehension,
    ast.SetComp: read_comprehension,
    ast.DictComp: read_comprehension,
    ast.GeneratorExp: read_comprehension,
    ast.NamedExpr: _assignment,
}

_REFUSED: Final = {
    ast.Lambda: (
        codes.EXPRESSION_NEVER,
        "a lambda outside key= of sorted, min and max",
        "write a helper function",
    ),
    ast.Yield: (codes.EXPRESSION_NEVER, "yield", "build a list and return it"),
    ast.YieldFrom: (codes.EXPRESSION_NEVER, "yield from", "build a list and return it"),
    ast.Starred: (codes.EXPRESSION_NOT_YET, "a starred expression", "write the items out"),
}
