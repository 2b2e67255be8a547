"""Which exception class catches which: the module's hierarchy on top of Python's.

Classes are compared by name. A name that neither the module nor Python defines stands for a class
that only a step knows; such an error is an ``Exception`` and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from wfc.compiler.language import nodes as ir

# Base -> its direct subclasses: the exception hierarchy of the Python library reference, as of
# Python 3.14 (PythonFinalizationError is new in 3.13, all else is in 3.11 too), without warnings,
# and json's one exception. The warnings stand below `Warning` in one line: all are its direct
# subclasses.
_SUBCLASSES: Final = {
    "BaseException": "Exception BaseExceptionGroup GeneratorExit KeyboardInterrupt SystemExit",
    "BaseExceptionGroup": "ExceptionGroup",
    "Exception": (
        "ArithmeticError AssertionError AttributeError BufferError EOFError ExceptionGroup"
        " ImportError LookupError MemoryError NameError OSError ReferenceError RuntimeError"
        " StopAsyncIteration StopIteration SyntaxError SystemError TypeError ValueError Warning"
    ),
    "ArithmeticError": "FloatingPointError OverflowError ZeroDivisionError",
    "ImportError": "ModuleNotFoundError",
    "LookupError": "IndexError KeyError",
    "NameError": "UnboundLocalError",
    "OSError": (
        "BlockingIOError ChildProcessError ConnectionError FileExistsError FileNotFoundError"
        " InterruptedError IsADirectoryError NotADirectoryError PermissionError ProcessLookupError"
        " TimeoutError"
    ),
    "ConnectionError": (
        "BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError"
    ),
    "RuntimeError": "NotImplementedError PythonFinalizationError RecursionError",
    "SyntaxError": "IndentationError",
    "IndentationError": "TabError",
    "ValueError": "JSONDecodeError UnicodeError",
    "UnicodeError": "UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError",
    "Warning": (
        "BytesWarning DeprecationWarning EncodingWarning FutureWarning ImportWarning"
        " PendingDeprecationWarning ResourceWarning RuntimeWarning SyntaxWarning UnicodeWarning"
        " UserWarning"
    ),
}

# Other names of OSError (Python library reference, built-in exceptions).
_ALIASES: Final = {"EnvironmentError": "OSError", "IOError": "OSError"}

# ExceptionGroup has two bases; the order is that of its method resolution.
_BASES: Final[dict[str, tuple[str, ...]]] = {
    "BaseException": (),
    **{
        name: (base,)
        for base, names in _SUBCLASSES.items()
        for name in names.split()
        if name != "ExceptionGroup"
    },
    "ExceptionGroup": ("BaseExceptionGroup", "Exception"),
}

BUILTIN_ERRORS: Final = frozenset(_BASES) | frozenset(_ALIASES)


def canonical(error: str) -> str:
    """The name under which Python knows a class: ``IOError`` is ``OSError``."""
    return _ALIASES.get(error, error)


def defined(module: ir.Module, error: str) -> bool:
    """Whether the module or Python defines an exception class of that name."""
    return error in BUILTIN_ERRORS or any(own.name == error for own in module.errors)


def ancestors(module: ir.Module, error: str) -> tuple[str, ...]:
    """The class itself, then every class that it is a subclass of, nearest first.

    A class of the module hides Python's class of the same name. An unknown name is an
    ``Exception``.
    """
    own = {definition.name: definition.bases for definition in module.errors}
    return tuple(_linear(error, own, frozenset()))


def _linear(error: str, own: Mapping[str, tuple[str, ...]], below: frozenset[str]) -> list[str]:
    """Python's method resolution order (C3), of names. Where classes derive from themselves, which
    Python refuses, the order ends."""
    if error not in own:
        return list(_builtin_ancestors(canonical(error)))
    below |= {error}
    bases = [base for base in own[error] if base not in below]
    rows = [*(_linear(base, own, below) for base in bases), [*map(canonical, bases)]]
    found = [error]
    while rows := [row for row in rows if row]:
        heads = [row[0] for row in rows]
        # Bases in an order that Python refuses have no linear order: the first comes first.
        head = next((one for one in heads if all(one not in row[1:] for row in rows)), heads[0])
        found.append(head)
        rows = [[one for one in row if one != head] for row in rows]
    return found


def subclasses(module: ir.Module, error: str) -> tuple[str, ...]:
    """The class itself, then every class of the module below it in source order, then Python's in
    alphabetical order."""
    name = error if any(own.name == error for own in module.errors) else canonical(error)
    below = [own.name for own in module.errors if name in ancestors(module, own.name)]
    hidden = {own.name for own in module.errors}
    builtin = [
        other
        for other in sorted(_BASES)
        if other not in hidden and name in _builtin_ancestors(other) and name not in hidden
    ]
    return tuple(dict.fromkeys([name, *below, *builtin]))


def catches(module: ir.Module, handler_error: str, raised_error: str) -> bool:
    """Whether ``except handler_error`` catches an error of class ``raised_error``."""
    above = ancestors(module, raised_error)
    return handler_error in above or canonical(handler_error) in above


def caught_by(module: ir.Module, handlers: Iterable[str], raised_error: str) -> str | None:
    """The first of the handlers' classes that catches the error, if any does."""
    return next((name for name in handlers if catches(module, name, raised_error)), None)


def _builtin_ancestors(name: str) -> tuple[str, ...]:
    if name not in _BASES:
        return (name, "Exception", "BaseException")
    found = [name]
    for above in found:
        found += [base for base in _BASES[above] if base not in found]
    return tuple(found)
