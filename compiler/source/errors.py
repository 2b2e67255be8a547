"""``try`` and ``raise``."""

from __future__ import annotations

import ast

from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import hierarchy
from wfc.compiler.source import codes
from wfc.compiler.source.control import BlockReader, comment_else
from wfc.compiler.source.flow import Layer, Variable, join
from wfc.compiler.source.frame import Frame, TryScope

# These take more than a message (Python library reference, built-in exceptions).
_OWN_CONSTRUCTOR = {
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
    "ExceptionGroup",
    "BaseExceptionGroup",
    "JSONDecodeError",
}
# No future or coroutine can carry the first two (PEP 479); a group is nothing without its errors.
_SPECIAL = frozenset({"StopIteration", "StopAsyncIteration", "ExceptionGroup"})


# --- try --------------------------------------------------------------------------------------


def read_try(frame: Frame, node: ast.Try, read_block: BlockReader) -> None:
    """``try``/``except``/``else``."""
    if node.finalbody:
        first = node.finalbody[0]
        frame.refuse(
            codes.STATEMENT_NOT_YET,
            first,
            "finally is not supported yet",
            "repeat the statements after the try and in its handlers",
        )
    clauses = [_clause_errors(frame, handler) for handler in node.handlers]
    base = frame.layer
    scope = TryScope(tuple(name for clause in clauses for name in clause))
    body_layer = base.child()
    frame.tries.append(scope)
    with frame.branch(body_layer) as body:
        read_block(frame, node.body)
    frame.tries.pop()
    with frame.branch(body_layer) as orelse:
        read_block(frame, node.orelse)
        comment_else(frame, node, node.orelse)
    ends = [body_layer]
    handlers: list[ir.Handler] = []
    for handler, errors in zip(node.handlers, clauses, strict=True):
        layer = _handler_layer(base, scope)
        handlers.append(_handler(frame, handler, errors, layer, read_block))
        ends.append(layer)
    base.merge(ends)
    if node.finalbody:
        read_block(frame, node.finalbody)
    frame.emit(ir.Try(tuple(body), tuple(handlers), tuple(orelse), span=frame.span(node)))


def _handler_layer(base: Layer, scope: TryScope) -> Layer:
    """What is known where a handler starts: the body may have stopped after any assignment."""
    layer = base.child()
    for part in scope.forgotten:
        layer.set(part, Variable(t.ANY, bound=False))
    for name, type_ in scope.assigned.items():
        before = base.get(name)
        if before is None:
            layer.set(name, Variable(type_, bound=False))
        else:
            joined = join((before.type, type_), before.type)
            layer.set(name, Variable(joined, before.bound, before.declared))
    return layer


def _handler(
    frame: Frame,
    node: ast.ExceptHandler,
    errors: tuple[str, ...],
    layer: Layer,
    read_block: BlockReader,
) -> ir.Handler:
    frame.handlers.append(node.name)
    with frame.branch(layer) as body:
        if node.name:
            frame.layer.set(node.name, Variable(t.ErrorType(errors[0] if errors else "Exception")))
        read_block(frame, node.body)
        if node.name:
            frame.layer.set(node.name, Variable(t.NEVER, bound=False))
    frame.handlers.pop()
    text = frame.text
    column = text.column(node.lineno, node.col_offset) - 1
    return ir.Handler(
        errors,
        node.name,
        tuple(body),
        span=frame.span(node),
        comment=text.comments_above(node.lineno, column),
        trailing=text.comment_at(node.lineno),
    )


def _clause_errors(frame: Frame, node: ast.ExceptHandler) -> tuple[str, ...]:
    if node.type is None:
        header = frame.span(node)
        place = Span(header.line, header.column, header.line, header.column + len("except"))
        frame.refuse(
            codes.BARE_EXCEPT,
            place,
            "a bare except cannot be supported: it catches cancellation too",
            "write 'except Exception:'",
        )
        return ("Exception",)
    written = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    found = [_error_class(frame, part) for part in written]
    return tuple(dict.fromkeys(name for name in found if name))


def _error_class(frame: Frame, node: ast.expr) -> str | None:
    error = _known_class(frame, node)
    special = _SPECIAL.intersection(hierarchy.ancestors(frame.module, error) if error else ())
    if not special:
        return error
    name = error if error in special else min(special)
    frame.refuse(
        codes.ERROR_CLASS,
        node,
        f"'{error}' cannot be supported: Python gives {name} a meaning of its own",
        "use another class",
    )
    return None


def _known_class(frame: Frame, node: ast.expr) -> str | None:
    node = frame.scope.unaliased(node)
    name = node.id if isinstance(node, ast.Name) else ""
    qualified = frame.scope.qualified(node)
    if name in frame.scope.errors:
        return name
    if qualified in hierarchy.BUILTIN_ERRORS:
        if "Exception" in hierarchy.ancestors(frame.module, qualified):
            return hierarchy.canonical(qualified)
        frame.refuse(
            codes.ERROR_CLASS,
            node,
            f"'{name}' cannot be supported: it ends a process, and a workflow outlives processes",
            "use Exception, or a class derived from it",
        )
        return None
    if qualified == "json.JSONDecodeError":
        return "JSONDecodeError"
    if name in frame.scope.deferred:
        frame.problems.replay(frame.scope.deferred[name])
        return None
    if name and not frame.scope.defined(name) and qualified is None:
        frame.refuse(codes.UNKNOWN_NAME, node, f"the name '{name}' is not defined")
        return None
    frame.refuse(
        codes.ERROR_CLASS,
        node,
        f"'{frame.written(node)}' is not an exception class of this file or a builtin one",
        "define a class for it in this file, and raise that in the step",
    )
    return None


# --- raise ------------------------------------------------------------------------------------


def read_raise(frame: Frame, node: ast.Raise) -> None:
    """``raise``, ``raise X``, ``raise X(message)``, ``raise e``, each with ``from``."""
    statement = _raise(frame, node)
    frame.layer.live = False
    if statement is not None:
        if statement.error is not None:
            frame.raised.add(statement.error)
        frame.emit(statement)


def _raise(frame: Frame, node: ast.Raise) -> ir.Raise | None:
    span = frame.span(node)
    if node.exc is None:
        if not frame.handlers:
            frame.refuse(
                codes.RAISE_FORM,
                node,
                "a bare raise outside a handler has nothing to raise",
                "name the error class",
            )
            return None
        return ir.Raise(None, span=span)
    if isinstance(node.exc, ast.Name) and frame.is_caught(node.exc.id):
        if node.cause is not None:
            frame.refuse(
                codes.RAISE_FORM,
                node.cause,
                "'from' when an error is raised once more is not supported yet",
                "leave it out",
            )
        return ir.Raise(None, again=node.exc.id, span=span)
    return _raise_new(frame, node, node.exc)


def _raise_new(frame: Frame, node: ast.Raise, exc: ast.expr) -> ir.Raise | None:
    function = exc.func if isinstance(exc, ast.Call) else exc
    if isinstance(function, ast.Name) and frame.is_local(function.id):
        mark = frame.problems.mark()
        frame.read(function)
        if frame.problems.mark() == mark:
            frame.refuse(
                codes.RAISE_FORM,
                node,
                f"raising the variable '{function.id}' is not supported yet",
                "raise a class with a message, or an error in the handler that caught it",
            )
        return None
    error = _error_class(frame, function)
    message = _message(frame, exc, error) if isinstance(exc, ast.Call) else None
    if error is None:
        return None
    own = frame.scope.errors.get(error)
    if (own is not None and not _plain(frame, error)) or error in _OWN_CONSTRUCTOR:
        frame.refuse(
            codes.RAISE_FORM,
            exc,
            f"raising '{error}', which has a body or constructor of its own, is not supported yet",
            "raise a class whose body is only a docstring, with the message written out",
        )
    cause, suppress = _cause(frame, node)
    return ir.Raise(error, message, cause=cause, suppress=suppress, span=frame.span(node))


def _plain(frame: Frame, error: str) -> bool:
    """Whether the class and all its bases take their message as the one argument."""
    above = hierarchy.ancestors(frame.module, error)
    own = frame.scope.errors
    return all(own[one].plain if one in own else one not in _OWN_CONSTRUCTOR for one in above)


def _message(frame: Frame, call: ast.Call, error: str | None) -> ir.Expr | None:
    simple = not call.keywords and not any(isinstance(a, ast.Starred) for a in call.args)
    if not simple or len(call.args) > 1:
        frame.refuse(
            codes.RAISE_FORM,
            call,
            f"'{frame.written(call)}' is not supported yet: an error has one message",
            "write one argument, the message",
        )
        return None
    if not call.args:
        return None
    value = frame.read(call.args[0])
    if value.type == t.STR or t.widen(value.type) == t.STR:
        return value
    if error == "KeyError":
        frame.refuse(
            codes.RAISE_FORM,
            call.args[0],
            "a KeyError with another argument than text is not supported yet",
            "pass the key as text",
        )
        return value
    text = ir.Call("str", (value,), span=value.span)
    return frame.typed(text, [value])


def _cause(frame: Frame, node: ast.Raise) -> tuple[str | None, bool]:
    match node.cause:
        case None:
            return None, False
        case ast.Constant(value=None):
            return None, True
        case ast.Name(id=name) if frame.is_caught(name):
            return name, False
    frame.refuse(
        codes.RAISE_FORM,
        node.cause,
        f"'from {frame.written(node.cause)}' is not supported yet",
        "name the error that a handler caught, or None",
    )
    return None, False
