"""How diagnostics reach the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.diagnostics.examples import CLOCK
from wfc.cli.report import show, write
from wfc.compiler.diagnostics.span import Span
from wfc.tool.terminal import wants_colors


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_colours_only_on_a_terminal() -> None:
    assert wants_colors(Terminal())
    assert not wants_colors(io.StringIO())


@pytest.mark.parametrize(
    ("variables", "terminal", "colors"),
    [
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_wishes_of_the_environment(
    variables: dict[str, str], terminal: bool, colors: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert wants_colors(Terminal() if terminal else io.StringIO()) is colors


def test_nothing_is_shown_when_nothing_is_wrong() -> None:
    stream = io.StringIO()

    show([], stream=stream)

    assert stream.getvalue() == ""


def test_the_source_is_read_from_disk_when_it_is_not_given(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    path.write_text("# coding: latin-1\nname = 'Zürich'\n", encoding="latin-1")
    stream = io.StringIO()

    show([CLOCK.at(str(path), Span(2, 1, 2, 5), "x")], stream=stream)

    assert "2 | name = 'Zürich'" in stream.getvalue()


def test_a_source_that_cannot_be_read_is_left_out() -> None:
    stream = io.StringIO()

    show([CLOCK.at("missing.py", Span(2, 1, 2, 5), "x")], sources={}, stream=stream)

    assert stream.getvalue() == "missing.py:2:1: error[WFC101] x\n\nFound 1 problem (1 error)\n"


def test_diagnostics_are_shown_once_and_in_source_order() -> None:
    late = CLOCK.at("a.py", Span(9, 1, 9, 2), "late")
    early = CLOCK.at("a.py", Span(1, 1, 1, 2), "early")
    stream = io.StringIO()

    show([late, early, late], format="concise", stream=stream)

    assert stream.getvalue().splitlines() == [
        "a.py:1:1: error[WFC101] early",
        "a.py:9:1: error[WFC101] late",
        "Found 2 problems (2 errors)",
    ]


def test_characters_that_the_terminal_lacks_are_spelled_out() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="")

    write("Zürich → 漢\n", stream)

    stream.flush()
    assert raw.getvalue() == b"Z\\xfcrich \\u2192 \\u6f22\n"
