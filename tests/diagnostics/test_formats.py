"""The output formats of diagnostics."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.conftest import DATA, Expected
from tests.diagnostics.examples import CLOCK, DIAGNOSTICS, SOURCES
from tests.npm import file_of
from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.diagnostics.render import FORMATS, Material, render
from wfc.compiler.diagnostics.span import Span

SUFFIX = {"json": "json", "sarif": "sarif.json", "gitlab": "gitlab.json", "junit": "xml"}


def text(format: str, diagnostics: list[Diagnostic] = DIAGNOSTICS) -> str:
    return render(diagnostics, format, Material(SOURCES, version="1.2.3"))


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_looks_as_committed(format: str, expected: Expected) -> None:
    expected(f"diagnostics/{format}.{SUFFIX.get(format, 'txt')}", text(format))


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_of_nothing_has_whole_lines(format: str) -> None:
    assert text(format, []).count("\n") == len(text(format, []).splitlines())


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no format 'xml'"):
        render([], "xml")


def test_colours_are_added_and_change_no_text() -> None:
    import re

    plain = render(DIAGNOSTICS, "full", Material(SOURCES))
    coloured = render(DIAGNOSTICS, "full", Material(SOURCES, colors=True))

    assert "\x1b[" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize("format", FORMATS)
def test_control_characters_of_the_source_never_come_through(format: str) -> None:
    shown = text(format)

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\r" not in shown


@pytest.mark.parametrize(
    ("line", "column", "end", "caret"),
    [
        ("x = now()", 5, 10, 4),
        ("\tnow()", 2, 7, 4),
        ("a\tnow()", 3, 8, 4),
        ("漢字 = now()", 6, 11, 7),
        ("e\u0301 = now()", 6, 11, 4),
        ("'\x00' + now()", 7, 12, 9),
    ],
)
def test_the_caret_stands_under_the_character(line: str, column: int, end: int, caret: int) -> None:
    diagnostic = CLOCK.at("a.py", Span(1, column, 1, end), "x")

    shown = render([diagnostic], "full", Material({"a.py": line})).splitlines()

    assert shown[3] == f"  | {' ' * caret}{'^' * 5}"


@pytest.mark.parametrize("span", [Span(9, 1, 9, 2), Span(1, 90, 1, 91), Span(1, 3, 1, 1)])
def test_a_place_outside_the_text_is_no_error(span: Span) -> None:
    assert "a.py" in render([CLOCK.at("a.py", span, "x")], "full", Material({"a.py": "x = 1\n"}))


def test_form_feeds_and_line_separators_do_not_shift_lines() -> None:
    source = "a = '\u2028'\x0c\r\nb = 1\rc = now()\n"

    shown = render([CLOCK.at("a.py", Span(3, 5, 3, 10), "x")], "full", Material({"a.py": source}))

    assert "3 | c = now()" in shown


def test_sarif_conforms_to_the_standard() -> None:
    """``sarif.schema.json`` states the parts of SARIF 2.1.0 that wfc writes, as the standard has
    them, and allows no other."""
    schema = json.loads((DATA / "diagnostics" / "sarif.schema.json").read_text(encoding="utf-8"))

    jsonschema.Draft202012Validator(schema).validate(json.loads(text("sarif")))
    jsonschema.Draft202012Validator(schema).validate(json.loads(text("sarif", [])))


def test_sarif_conforms_to_the_published_schema() -> None:
    """The schema of the standard, as Microsoft's multitool carries it."""
    member = "sarif-2.1.0.json"
    schema = json.loads(file_of("@microsoft/sarif-multitool-linux", "5.7.0", member))

    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(json.loads(text("sarif")))
    validator.validate(json.loads(text("sarif", [])))
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({"version": "2.1.0"})


def test_sarif_has_a_code_flow_for_a_chain() -> None:
    results: list[dict[str, Any]] = json.loads(text("sarif"))["runs"][0]["results"]

    (flow,) = [result["codeFlows"] for result in results if "codeFlows" in result]
    steps = flow[0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps][:2] == ["total", "stamp"]
    assert [step["nestingLevel"] for step in steps] == [0, 1, 2]


def test_fingerprints_survive_lines_that_are_added_above() -> None:
    def marks(sources: dict[str, str], line: int) -> list[str]:
        diagnostics = [CLOCK.at("a.py", Span(line, 1, line, 6), "x")] * 2
        report = json.loads(render(diagnostics, "gitlab", Material(sources)))
        return [entry["fingerprint"] for entry in report]

    before = marks({"a.py": "now()\n"}, 1)

    assert marks({"a.py": "# new\n\n    now()\n"}, 3) == before
    assert len(set(before)) == 2


def test_junit_is_xml_that_counts_its_failures() -> None:
    root = ElementTree.fromstring(text("junit"))
    notes = [diagnostic for diagnostic in DIAGNOSTICS if diagnostic.severity == "info"]

    assert root.attrib["tests"] == str(len(root.findall(".//testcase"))) == str(len(DIAGNOSTICS))
    assert root.attrib["failures"] == str(len(root.findall(".//failure")))
    assert len(root.findall(".//failure")) == len(DIAGNOSTICS) - len(notes)
    assert len(root.findall(".//system-out")) == len(notes) > 0
    assert {suite.attrib["name"] for suite in root} == {d.path for d in DIAGNOSTICS}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("pfad ü/a,b%.py", "pfad%20%C3%BC/a%2Cb%25.py"),
        ("caf\udce9.py", "caf%E9.py"),
        ("/srv/app/flow.py", "file:///srv/app/flow.py"),
    ],
)
def test_a_sarif_log_names_files_by_uris(path: str, uri: str) -> None:
    diagnostic = replace(DIAGNOSTICS[0], path=path)

    log = json.loads(text("sarif", [diagnostic]))

    (result,) = log["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_shows_a_file_whose_name_is_no_text(format: str) -> None:
    shown = text(format, [replace(DIAGNOSTICS[0], path="caf\udce9.py")])

    assert "caf" in shown
