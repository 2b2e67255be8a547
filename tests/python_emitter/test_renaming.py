"""Parameters of a step become fields of the activity's input, where that means the same."""

from __future__ import annotations

import textwrap
from types import SimpleNamespace
from typing import Any

import pytest

from wfc.backends.python.printing.text import indented
from wfc.backends.python.program.renaming import with_names_replaced

TEXTS = {"amount": "input.amount", "key": "input.key"}


def replaced(body: str) -> tuple[str, list[str]]:
    return with_names_replaced(textwrap.dedent(body).strip(), TEXTS, 4, asynchronous=False)


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return amount + 1", "return input.amount + 1"),
        ("print(f'{amount!r:>{key}}')", "print(f'{input.amount!r:>{input.key}}')"),
        ("x.amount = f(amount=amount)", "x.amount = f(amount=input.amount)"),
        ("return [amount for _ in range(3)]", "return [input.amount for _ in range(3)]"),
        ("return lambda x: amount", "return lambda x: input.amount"),
        ("'amount'  # amount", "'amount'  # amount"),
        ("from amount import key as k", "from amount import key as k"),
        ("return 5", "return 5"),
    ],
)
def test_names_are_replaced_where_they_are_the_parameter(body: str, changed: str) -> None:
    assert replaced(body) == (changed, [])


@pytest.mark.parametrize(
    "body",
    [
        "amount += 1\nreturn amount",
        "for amount in range(3): pass\nprint(amount)",
        "return [amount for amount in range(3)] + [amount]",
        "return (lambda amount: amount)(amount)",
        "def inner():\n    nonlocal amount\n    amount = 2\nreturn amount",
        "def inner(amount): return amount\nreturn inner(amount)",
        "del amount",
        "print(f'{amount = }')",
        "print(amount, locals())",
        "with open(amount) as amount: pass",
        "match x:\n    case [amount]: print(amount)",
    ],
)
def test_a_parameter_that_is_bound_again_stays(body: str) -> None:
    assert replaced(body) == (body, ["amount"])


def test_lines_that_would_get_too_long_keep_the_names() -> None:
    line = f"print({', '.join(['amount'] * 9)}, key)"
    assert replaced(line) == (line, ["amount", "key"])


@pytest.mark.parametrize(
    "body",
    [
        "return f'amount {amount} amount {amount} {key}'",
        'return f\'ä {amount}\' f\'{key!r:>{amount}}\' + """é""" + str(amount)',
        'return f"""\n  {amount}\n{key} {amount:{key}}\n"""',
        "x = ('a'\n     f'{amount}'\n     f'{key}')\nreturn x",
    ],
)
def test_text_in_strings_keeps_its_value(body: str) -> None:
    changed, kept = replaced(body)
    copies = "".join(f"{name} = input.{name}\n" for name in kept)
    namespace: dict[str, Any] = {}
    exec(body_of("step", "input", copies + changed), namespace)
    exec(body_of("plain", "amount, key", body), namespace)
    given = SimpleNamespace(amount=7, key=9)
    assert namespace["step"](given) == namespace["plain"](7, 9)


def body_of(name: str, parameters: str, body: str) -> str:
    return "\n".join([f"def {name}({parameters}):", *indented(body, 4)])
