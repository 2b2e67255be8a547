"""What Python refuses to import is refused, each with a code of its own."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from wfc.compiler.pipeline import read

HEAD = """from __future__ import annotations
from dataclasses import KW_ONLY, dataclass, field
from enum import Enum
from wfc import Retry, step, workflow
"""
TAIL = """
@step
def show(n: int) -> int: ...
@workflow
def main(n: {0}) -> int:
    return show(1)
"""
REFUSED = [
    ("@dataclass\nclass A:\n    x: int = 1\n    y: int", "A", "WFC026"),
    ("@dataclass\nclass A:\n    x: list[int] = []", "A", "WFC028"),
    ("@dataclass\nclass A:\n    x: dict[str, int] = field(default={})", "A", "WFC028"),
    ("D = [1]\n@dataclass\nclass A:\n    x: list[int] = D", "A", "WFC028"),
    ("@dataclass\nclass B:\n    x: int = 1\n@dataclass\nclass A:\n    b: B = B()", "A", "WFC028"),
    ("A = B + 1\nB = 2", "int", "WFC027"),
    ("class A(B): ...\nclass B(Exception): ...", "int", "WFC027"),
    ("@dataclass\nclass A(B):\n    x: int\n@dataclass\nclass B:\n    y: int", "A", "WFC027"),
    ("@dataclass\nclass A:\n    x: int = LIMIT\nLIMIT = 3", "A", "WFC027"),
    ("@step\ndef t(n: int = LIMIT) -> int: ...\nLIMIT = 3", "int", "WFC027"),
    ("@step(retry=QUICK)\ndef t(n: int) -> int: ...\nQUICK = Retry()", "int", "WFC027"),
    ("R = Retry(Late)\nclass Late(Exception): ...", "int", "WFC027"),
]
TAKEN = [
    (
        "@dataclass(frozen=True)\nclass B:\n    x: int = 1\n@dataclass\nclass A:\n    b: B = B()",
        "A",
    ),
    ("@dataclass\nclass A:\n    x: list[int] = field(default_factory=list)", "A"),
    ("@dataclass\nclass A:\n    x: int = 1\n    _: KW_ONLY\n    y: int", "A"),
    ("@dataclass\nclass A:\n    b: B | None = None\n@dataclass\nclass B:\n    x: int", "A"),
    ("def helper(x: int) -> int:\n    return x + LIMIT\nLIMIT = 3", "int"),
    ("LIMIT = 3\nTWICE = [LIMIT for _ in (1, 2)]", "int"),
    ("len = len", "int"),
]


def execute(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a module as importing it does."""
    module = ModuleType("flow")
    monkeypatch.setitem(sys.modules, "flow", module)
    exec(source, vars(module))


@pytest.mark.parametrize(("text", "type_", "code"), REFUSED)
def test_what_python_does_not_import_is_refused(
    text: str, type_: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = f"{HEAD}{text}\n{TAIL.format(type_)}"
    with pytest.raises((TypeError, ValueError, NameError)):
        execute(source, monkeypatch)
    found = read("flow.py", source)
    assert found.module is None
    assert code in {one.code.code for one in found.diagnostics}


@pytest.mark.parametrize(("text", "type_"), TAKEN)
def test_what_python_imports_is_taken(
    text: str, type_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = f"{HEAD}{text}\n{TAIL.format(type_)}"
    execute(source, monkeypatch)
    assert read("flow.py", source).diagnostics == ()
