"""Which error catches which: the module's classes on top of Python's."""

from __future__ import annotations

import builtins
import json

import pytest

from wfc.compiler.language.nodes import ErrorClass, Module
from wfc.compiler.language.typing.hierarchy import (
    BUILTIN_ERRORS,
    ancestors,
    canonical,
    catches,
    caught_by,
    defined,
    subclasses,
)

PYTHON = {
    name: value
    for name, value in {**vars(builtins), "JSONDecodeError": json.JSONDecodeError}.items()
    if isinstance(value, type) and issubclass(value, BaseException) and not name.startswith("_")
}
MODULE = Module(
    name="m",
    errors=(
        ErrorClass(name="PaymentError", bases=("Exception",)),
        ErrorClass(name="InsufficientFunds", bases=("PaymentError",)),
        ErrorClass(name="BankTimeout", bases=("TimeoutError",)),
        ErrorClass(name="ConnectionError", bases=("PaymentError",)),
    ),
)
EMPTY = Module(name="empty")


@pytest.mark.parametrize("name", sorted(PYTHON))
def test_the_table_is_pythons(name: str) -> None:
    order = tuple(one.__name__ for one in PYTHON[name].__mro__ if one is not object)
    assert ancestors(EMPTY, name) == order


def test_the_table_has_nothing_that_python_lacks() -> None:
    # New in Python 3.13.
    assert BUILTIN_ERRORS - set(PYTHON) <= {"PythonFinalizationError"}


def test_ancestors_go_through_the_module_into_python() -> None:
    assert ancestors(MODULE, "InsufficientFunds") == (
        "InsufficientFunds",
        "PaymentError",
        "Exception",
        "BaseException",
    )
    assert ancestors(MODULE, "BankTimeout")[:3] == ("BankTimeout", "TimeoutError", "OSError")


def test_an_unknown_class_is_an_exception_and_nothing_more() -> None:
    assert ancestors(MODULE, "Stripe") == ("Stripe", "Exception", "BaseException")
    assert not defined(MODULE, "Stripe")
    assert defined(MODULE, "PaymentError")
    assert defined(MODULE, "IOError")


@pytest.mark.parametrize(
    ("handler", "raised", "expected"),
    [
        ("PaymentError", "InsufficientFunds", True),
        ("InsufficientFunds", "PaymentError", False),
        ("OSError", "BankTimeout", True),
        ("IOError", "BankTimeout", True),
        ("OSError", "IOError", True),
        ("TimeoutError", "OSError", False),
        ("Exception", "Stripe", True),
        ("PaymentError", "Stripe", False),
        ("Exception", "KeyboardInterrupt", False),
        ("BaseException", "KeyboardInterrupt", True),
        ("LookupError", "KeyError", True),
        ("ValueError", "JSONDecodeError", True),
        # The module's own class hides Python's of the same name.
        ("PaymentError", "ConnectionError", True),
        ("OSError", "ConnectionError", False),
    ],
)
def test_a_handler_catches_a_class_and_those_below_it(
    handler: str, raised: str, expected: bool
) -> None:
    assert catches(MODULE, handler, raised) is expected


def test_the_first_class_that_catches() -> None:
    assert caught_by(MODULE, ("KeyError", "PaymentError", "Exception"), "InsufficientFunds") == (
        "PaymentError"
    )
    assert caught_by(MODULE, ("KeyError",), "ValueError") is None


def test_subclasses_are_the_modules_then_pythons() -> None:
    assert subclasses(MODULE, "PaymentError") == (
        "PaymentError",
        "InsufficientFunds",
        "ConnectionError",
    )
    assert subclasses(MODULE, "TimeoutError") == ("TimeoutError", "BankTimeout")
    assert subclasses(EMPTY, "LookupError") == ("LookupError", "IndexError", "KeyError")
    assert subclasses(EMPTY, "IOError")[:2] == ("OSError", "BlockingIOError")
    assert "ConnectionError" in subclasses(EMPTY, "OSError")
    # Python's ConnectionError has no name in this module.
    assert "ConnectionError" not in subclasses(MODULE, "OSError")


def test_a_circle_ends() -> None:
    module = Module(
        name="m", errors=(ErrorClass(name="A", bases=("B",)), ErrorClass(name="B", bases=("A",)))
    )
    assert ancestors(module, "A")[:2] == ("A", "B")
    assert canonical("EnvironmentError") == "OSError"
