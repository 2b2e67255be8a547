"""Calls: what is called decides what the call means."""

from __future__ import annotations

import ast

from wfc.compiler.diagnostics.words import closest
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library import table as builtins
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import kinds
from wfc.compiler.source import anf, codes
from wfc.compiler.source.arguments import bind, read_given
from wfc.compiler.source.comprehensions import read_lambda
from wfc.compiler.source.expected import check_fits
from wfc.compiler.source.facts import operation_name
from wfc.compiler.source.frame import Frame
from wfc.compiler.source.mutation import read_mutation
from wfc.compiler.source.operations import read_operation


def read_call(frame: Frame, node: ast.Call) -> ir.Expr:
    """A call inside an expression: its value is wanted."""
    return read_called(frame, node, awaited=False, target=None, wanted=True)


def read_await(frame: Frame, node: ast.Await) -> ir.Expr:
    """``await`` before an operation."""
    return read_called(frame, node, awaited=True, target=None, wanted=True)


def read_called(
    frame: Frame, node: ast.expr, *, awaited: bool, target: str | None, wanted: bool
) -> ir.Expr:
    """A call with or without ``await``; see :func:`read_operation` for the arguments."""
    if isinstance(node, ast.Await):
        inner = node.value
        if not isinstance(inner, ast.Call) or _operation(frame, inner) is None:
            frame.refuse(
                codes.AWAIT,
                node,
                f"'await {frame.written(inner)}' awaits no operation",
                "await steps, child workflows and sleep only",
            )
            return frame.read(inner)
        return read_called(frame, inner, awaited=True, target=target, wanted=wanted)
    assert isinstance(node, ast.Call)
    name = _operation(frame, node)
    if name is not None:
        return read_operation(frame, node, name, awaited=awaited, target=target, wanted=wanted)
    return _pure_call(frame, node, target=target, wanted=wanted)


def read_operation_to(frame: Frame, node: ast.expr, target: str) -> ir.Expr:
    """An operation or changing method whose result a variable takes."""
    return read_called(frame, node, awaited=False, target=target, wanted=True)


def is_operation(frame: Frame, node: ast.expr) -> bool:
    """Whether an expression is nothing but an operation."""
    inner = node.value if isinstance(node, ast.Await) else node
    return isinstance(inner, ast.Call) and _operation(frame, inner) is not None


def is_mutation(node: ast.expr) -> bool:
    """Whether an expression is nothing but a method that changes its object."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and builtins.mutates(node.func.attr)
    )


def _operation(frame: Frame, node: ast.Call) -> str | None:
    return operation_name(node, frame.scope, frame.facts.locals)


def _pure_call(frame: Frame, node: ast.Call, *, target: str | None, wanted: bool) -> ir.Expr:
    function = node.func
    if isinstance(function, ast.Name):
        return _called_name(frame, node, function)
    if isinstance(function, ast.Attribute):
        name = frame.scope.qualified(function)
        if name is not None and not frame.starts_local(function):
            return _library(frame, node, name)
        if builtins.mutates(function.attr):
            return read_mutation(frame, node, function, target=target, wanted=wanted)
        return _method(frame, node, function)
    frame.refuse(
        codes.EXPRESSION_NEVER,
        node,
        f"a call of '{frame.written(function)}' cannot be supported",
        "call a step, a workflow, a helper or a builtin by its name",
    )
    return frame.nothing(node)


# --- Names ------------------------------------------------------------------------------------


def _called_name(frame: Frame, node: ast.Call, function: ast.Name) -> ir.Expr:
    name, scope = function.id, frame.scope
    if frame.is_local(name):
        frame.refuse(
            codes.EXPRESSION_NEVER,
            node,
            f"'{name}' is a variable here; calling it cannot be supported",
            "give the variable another name than the function",
        )
        return frame.nothing(node)
    if name in scope.functions:
        if frame.kind == "constant":
            return frame.refuse(codes.CALL_OF_SUPPORT, node, "a call of a function is no constant")
        return _helper(frame, node, name)
    if name in scope.records:
        return _construct(frame, node, scope.records[name])
    if name in scope.enums:
        return frame.refuse(
            codes.EXPRESSION_NOT_YET,
            node,
            f"making a member of the enum '{name}' from its value is not supported yet",
            "annotate the step that returns it with the enum",
        )
    if scope.error_known(name):
        return frame.refuse(
            codes.ERROR_VALUE,
            node,
            f"the error '{name}' as a value is not supported yet",
            f"raise {name}(...)",
        )
    if name in scope.deferred:
        frame.problems.replay(scope.deferred[name])
        read_given(frame, node)
        return frame.nothing(node)
    if name in scope.support or name in scope.constants or name in scope.policies:
        return frame.refuse(
            codes.CALL_OF_SUPPORT,
            node,
            f"calling '{name}' in a workflow cannot be supported: it is no function that wfc can "
            "read",
            "make it a step or a pure helper function",
        )
    qualified = scope.qualified(function)
    if qualified is not None:
        return _library(frame, node, qualified)
    close = closest(name, scope.known_names())
    instead = f"did you mean '{close}'?" if close else "define it, or import it"
    frame.refuse(codes.UNKNOWN_NAME, function, f"the name '{name}' is not defined", instead)
    read_given(frame, node)
    return frame.nothing(node)


def _helper(frame: Frame, node: ast.Call, name: str) -> ir.Expr:
    helper = frame.helper(name, node)
    if helper is None:
        read_given(frame, node)
        return frame.nothing(node)
    what = f"function '{name}'"
    arguments = bind(frame, node, what, helper.parameters, imply_defaults=False)
    if arguments is None:
        return ir.Constant(None, type=helper.returns, span=frame.span(node))
    call = ir.HelperCall(name, arguments, type=helper.returns, span=frame.span(node))
    raises = frame.helper_raises.get(name, frozenset())
    frame.note_errors(call, raises, [argument.value for argument in arguments])
    return call


def _construct(frame: Frame, node: ast.Call, record: ir.Record) -> ir.Expr:
    keyword_only = frame.scope.keyword_only.get(record.name, frozenset())
    typed = record.kind == "typeddict"
    parameters = [
        ir.Parameter(
            name=field.name,
            type=field.type,
            default=field.default if field.required else ir.Constant(None, type=t.NONE),
            keyword_only=typed or field.name in keyword_only,
        )
        for field in record.fields
    ]
    what = f"record '{record.name}'"
    arguments = bind(frame, node, what, parameters, imply_defaults=False)
    if arguments is None:
        return ir.Constant(None, type=t.RecordType(record.name), span=frame.span(node))
    construct = ir.Construct(
        record.name,
        tuple((argument.name, argument.value) for argument in arguments),
        sum(argument.positional for argument in arguments),
        span=frame.span(node),
    )
    return frame.typed(construct, [argument.value for argument in arguments])


# --- Builtins and libraries -------------------------------------------------------------------


def _library(frame: Frame, node: ast.Call, name: str) -> ir.Expr:
    rows = builtins.function(name)
    if not rows:
        return _unknown_function(frame, node, name)
    text = rows[0].text
    if text == "str" and len(node.args) == 1 and not node.keywords:
        message = _error_message(frame, node, node.args[0])
        if message is not None:
            return message
    if builtins.demands(rows, "class") and len(node.args) == 2 and not node.keywords:
        return _isinstance(frame, node, name)
    keyed = builtins.demands(rows, "lambda")
    keys = [one for one in node.keywords if one.arg in keyed]
    if keys and isinstance(keys[0].value, ast.Lambda):
        return _keyed(frame, node, name, keys[0])
    if keys and isinstance(keys[0].value, ast.Name | ast.Attribute):
        function = frame.written(keys[0].value)
        return frame.refuse(
            codes.EXPRESSION_NOT_YET,
            keys[0].value,
            f"the function '{function}' as the key of {name}() is not supported yet",
            f"write key=lambda item: {_applied(function)}",
        )
    given = read_given(frame, node)
    if given is None:
        return frame.nothing(node)
    args = tuple(item.value for item in given if item.name is None)
    keywords = tuple((item.name, item.value) for item in given if item.name is not None)
    if builtins.demands(rows, "fields") and args:
        keywords = _new_fields(frame, args[0].type, keywords)
    call = ir.Call(name, args, keywords, span=frame.span(node))
    if text and args:
        check_enum_text(frame, node, args[0].type, formatted=text == "str")
    return frame.typed(call, [item.value for item in given])


def _new_fields(
    frame: Frame, type_: t.Type, given: tuple[tuple[str, ir.Expr], ...]
) -> tuple[tuple[str, ir.Expr], ...]:
    """The fields that a record is copied with, read as the record promises them."""
    record = frame.scope.records.get(type_.name) if isinstance(type_, t.RecordType) else None
    types = {field.name: field.type for field in record.fields} if record is not None else {}
    return tuple(
        (name, check_fits(frame, value, types.get(name, t.ANY), f"the field '{name}'"))
        for name, value in given
    )


def check_enum_text(frame: Frame, node: ast.expr, type_: t.Type, *, formatted: bool) -> None:
    """Refuse the text of an enum's member, such as ``str(color)``: it depends on the kind of enum,
    and wfc keeps the member's value and name only.

    Args:
        type_: what becomes a text.
        formatted: whether members of StrEnum and IntEnum become their value here.
    """
    fine = frame.scope.formatted_enums if formatted else ()
    for member in t.members(type_):
        if isinstance(member, t.EnumType) and member.name not in fine:
            frame.refuse(
                codes.EXPRESSION_NOT_YET,
                node,
                f"a member of the enum '{member.name}' as text is not supported yet",
                "write .value or .name",
            )


def _error_message(frame: Frame, node: ast.Call, argument: ast.expr) -> ir.Expr | None:
    """``str(error)`` of a caught error."""
    if not isinstance(argument, ast.Name) or not frame.is_caught(argument.id):
        return None
    return ir.ErrorMessage(argument.id, type=t.STR, span=frame.span(node))


def _isinstance(frame: Frame, node: ast.Call, name: str) -> ir.Expr:
    value = frame.read(node.args[0])
    classes = _class_of(frame, node.args[1])
    if classes is None:
        return ir.Constant(False, type=t.BOOL, span=frame.span(node))
    call = ir.Call(name, (value, classes), span=frame.span(node))
    return frame.typed(call, [value])


def _class_of(frame: Frame, node: ast.expr) -> ir.Expr | None:
    if isinstance(node, ast.Tuple):
        found = [_class_of(frame, element) for element in node.elts]
        items = tuple(item for item in found if item is not None)
        return ir.TupleDisplay(items, span=frame.span(node)) if len(items) == len(found) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        pair = ast.copy_location(ast.Tuple([node.left, node.right], ast.Load()), node)
        frame.keep(pair)
        return _class_of(frame, pair)
    if isinstance(node, ast.Constant) and node.value is None:
        return ir.GlobalName("types.NoneType", span=frame.span(node))
    name = node.id if isinstance(node, ast.Name) else ""
    if name and (name in frame.scope.records or name in frame.scope.enums):
        if kinds.is_mapping(frame.module, t.RecordType(name)):
            frame.refuse(
                codes.TYPE_ERROR, node, f"isinstance cannot test for the TypedDict '{name}'"
            )
            return None
        return ir.GlobalName(name, span=frame.span(node))
    if name in frame.scope.deferred:
        frame.problems.replay(frame.scope.deferred[name])
        return None
    qualified = frame.scope.qualified(node)
    if qualified in builtins.CLASSES:
        return ir.GlobalName(qualified, span=frame.span(node))
    frame.refuse(
        codes.EXPRESSION_NOT_YET,
        node,
        f"isinstance with '{frame.written(node)}' is not supported yet",
        f"test for {', '.join(sorted(c for c in builtins.CLASSES if '.' not in c))}, or a "
        "dataclass or enum of this file",
    )
    return None


def _applied(function: str) -> str:
    """The call of a function that was written as a value: a method of str is one of the item, and
    every item of a dict is in it."""
    owner, _, method = function.rpartition(".")
    if method == "get":
        return f"{owner}[item]"
    return f"item.{method}()" if owner == "str" else f"{function}(item)"


def _keyed(frame: Frame, node: ast.Call, name: str, key: ast.keyword) -> ir.Expr:
    """``sorted(items, key=lambda item: ...)``: the lambda's parameter is an element."""
    others = [keyword for keyword in node.keywords if keyword is not key]
    rest = ast.copy_location(ast.Call(node.func, node.args, others), node)
    frame.keep(rest)
    given = read_given(frame, rest)
    if given is None:
        return frame.nothing(node)
    args = tuple(item.value for item in given if item.name is None)
    if len(args) == 1:
        element = kinds.elements(frame.module, args[0].type)
    else:
        element = t.union(*(arg.type for arg in args)) if args else t.ANY
    assert isinstance(key.value, ast.Lambda)
    function = read_lambda(frame, key.value, [element])
    keywords = [(item.name, item.value) for item in given if item.name is not None]
    call = ir.Call(name, args, (("key", function), *keywords), span=frame.span(node))
    return frame.typed(call, [*args, function, *(value for _, value in keywords)])


def _unknown_function(frame: Frame, node: ast.Call, name: str) -> ir.Expr:
    if name.startswith("wfc."):
        own = name.removeprefix("wfc.")
        result = frame.refuse(
            codes.FEATURE_NOT_YET,
            node,
            f"'{own}' is not supported yet",
            "see the README for the operations of this version",
        )
    else:
        result = frame.refuse(
            codes.CALL_OF_LIBRARY,
            node,
            f"calling '{frame.written(node.func)}' in a workflow cannot be supported",
            "move the call into a step",
        )
    mark = frame.problems.mark()
    read_given(frame, node)
    # The arguments of a call that is refused anyway are read for unknown names only.
    kept = [d for d in frame.problems.found[mark:] if d.code is codes.UNKNOWN_NAME]
    frame.problems.roll_back(mark)
    frame.problems.found.extend(kept)
    return result


# --- Methods ----------------------------------------------------------------------------------


def _method(frame: Frame, node: ast.Call, function: ast.Attribute) -> ir.Expr:
    written = [function.value, *node.args, *(keyword.value for keyword in node.keywords)]
    if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
        keyword.arg is None for keyword in node.keywords
    ):
        read_given(frame, node)
        return frame.nothing(node)
    receiver, *values = anf.operands(frame, written)
    if not builtins.methods(function.attr):
        return _refuse_method(frame, node, function, receiver)
    args = tuple(values[: len(node.args)])
    keywords = tuple(
        (keyword.arg or "", value)
        for keyword, value in zip(node.keywords, values[len(node.args) :], strict=True)
    )
    method = ir.Method(receiver, function.attr, args, keywords, span=frame.span(node))
    return frame.typed(method, [receiver, *values])


def _refuse_method(
    frame: Frame, node: ast.Call, function: ast.Attribute, receiver: ir.Expr
) -> ir.Expr:
    if isinstance(receiver.type, t.NeverType):
        return frame.nothing(node)
    owner = f" of {receiver.type}" if receiver.type != t.ANY else ""
    return frame.refuse(
        codes.METHOD,
        node,
        f"the method '{function.attr}'{owner} cannot be supported in a workflow",
        "compute it in a step or a helper function",
    )
