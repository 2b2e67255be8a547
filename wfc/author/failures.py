"""Errors as data: what crosses a boundary of one is the name of its class and its message."""

from __future__ import annotations

import builtins
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from wfc.author.boundary import check_text


def as_data(error: Exception | SystemExit, scope: Mapping[str, Any]) -> Exception:
    """The error as it looks on the other side of a boundary; see :func:`named_error`. A step that
    exits has failed: no engine ends a worker for it.

    Raises:
        BoundaryError: its message is no Unicode text.
    """
    name, message = type(error).__name__, str(error)
    check_text(message, f"the message of {name}")
    return named_error(name, message, scope)


def named_error(name: str, message: str, scope: Mapping[str, Any]) -> Exception:
    """An error of that class name with that message, which is all that crosses a boundary.

    Args:
        name: the name of the class.
        message: what ``str(error)`` gives.
        scope: the globals of the workflow's module. Classes defined there and builtin ones keep
            their place in the hierarchy; any other is an ``Exception`` of its name. So is
            ``StopIteration``, of which Python makes a ``RuntimeError`` when it leaves a coroutine.
    """
    cls = _declared(name, scope) or type(name, (Exception,), {})
    return _with_message(cls, message)


def _declared(name: str, scope: Mapping[str, Any]) -> type[Exception] | None:
    own = scope.get(name)
    if isinstance(own, type) and own.__module__ == scope.get("__name__"):
        return own if _crosses(own) else None
    builtin = getattr(builtins, name, None)
    if isinstance(builtin, type) and _crosses(builtin):
        return builtin
    return json.JSONDecodeError if name == "JSONDecodeError" else None


def _crosses(cls: type) -> TypeGuard[type[Exception]]:
    ends = (StopIteration, StopAsyncIteration)
    return issubclass(cls, Exception) and not issubclass(cls, ends)


def _with_message(cls: type[Exception], message: str) -> Exception:
    """An instance of the class whose text is the message, whatever its constructor takes."""
    error = _bare(cls, message)
    if _text_of(error) == message:
        return error
    members = {"__str__": lambda self: message, "__module__": cls.__module__}
    return _bare(type(cls.__name__, (cls,), members), message)


def _bare(cls: type[Exception], message: str) -> Exception:
    # An exception group cannot be made without its members, which do not cross.
    members = (message, [Exception()]) if issubclass(cls, ExceptionGroup) else ()
    error: Exception = cls.__new__(cls, *members)
    error.args = (message,)
    return error


def _text_of(error: Exception) -> str | None:
    try:
        return str(error)
    except Exception:
        return None
