"""Cases files: their form, and every problem with its code and place."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from wfc.backends import registry
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.language.nodes import Module
from wfc.compiler.pipeline import read
from wfc.testing.cases import Answer, Case, Expectation, Group, read_cases, schema_text
from wfc.testing.data_file import YamlMissing, read_data_file

SOURCE = """
from dataclasses import dataclass

from wfc import IdempotencyKey, injected, step, workflow


@dataclass
class Quote:
    price: int
    note: str | None = None


@step
def quote(kind: str, key: IdempotencyKey = injected) -> Quote:
    return Quote(1)


@step
def book(price: int) -> None:
    print(price)


@workflow
def travel(kind: str, budget: int = 100) -> int:
    book(quote(kind).price)
    return budget


@workflow
def stay(nights: int) -> int:
    return nights
"""


@pytest.fixture(scope="module")
def module() -> Module:
    found = read("travel.py", SOURCE).module
    assert found is not None
    return found


def cases_of(folder: Path, text: str, module: Module, *targets: str) -> list[Case]:
    file = folder / ("cases.json" if text.lstrip().startswith("{") else "cases.yaml")
    file.write_text(text, encoding="utf-8")
    return read_cases(file, module, registry.limits(targets))


def problems(folder: Path, text: str, module: Module, *targets: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        cases_of(folder, text, module, *targets)
    return [
        f"{d.span.line}:{d.span.column} {d.code.code} {d.message}"
        + (f"; {d.instead}" if d.instead else "")
        for d in refused.value.diagnostics
    ]


FULL = """
workflow: travel
cases:
  - name: hotel
    input: {kind: hotel}
    steps:
      quote:
        - {when: {kind: hotel}, raises: OSError, message: busy}
        - {returns: {price: 10}}
        - {when: {kind: hotel}, returns: {price: 90, note: 2026-01-31}}
      book: {returns: null}
    expect: {result: 100}
  - input: {kind: train, budget: 5}
    steps: {quote: {raises: TimeoutError}}
    expect: {error: TimeoutError}
  - workflow: stay
    name: night
    input: {nights: 1}
"""


def test_cases_are_read_with_their_groups(module: Module, tmp_path: Path) -> None:
    hotel, train, night = cases_of(tmp_path, FULL, module)
    assert hotel == Case(
        name="hotel",
        workflow="travel",
        input={"kind": "hotel"},
        steps={
            "quote": (
                Group(
                    {"kind": "hotel"},
                    (
                        Answer(raises="OSError", message="busy"),
                        Answer(returns={"price": 90, "note": "2026-01-31"}),
                    ),
                ),
                Group({}, (Answer(returns={"price": 10}),)),
            ),
            "book": (Group({}, (Answer(),)),),
        },
        expect=Expectation(result=100),
    )
    assert train.name == "case 2"
    assert train.steps["quote"][0].answers == (
        Answer(raises="TimeoutError", message="quote timed out"),
    )
    assert train.expect == Expectation(error="TimeoutError")
    assert (night.workflow, night.expect) == ("stay", None)


def test_json_reads_as_yaml_does(module: Module, tmp_path: Path) -> None:
    import yaml

    text = json.dumps(yaml.load(FULL.replace("2026-01-31", '"2026-01-31"'), yaml.SafeLoader))
    assert cases_of(tmp_path, text, module) == cases_of(tmp_path, FULL, module)


def test_only_what_json_has_is_read_from_yaml(module: Module, tmp_path: Path) -> None:
    text = """
cases:
  - workflow: travel
    input: {kind: no}
    steps:
      quote: {returns: {price: 0, note: 0o17}}
      book: [{when: {price: 1e3}, returns: ~}]
"""
    (case,) = cases_of(tmp_path, text, module)
    assert case.input == {"kind": "no"}
    assert case.steps["quote"][0].answers[0].returns == {"price": 0, "note": "0o17"}
    assert case.steps["book"][0].when == {"price": 1000.0}


def test_anchors_and_merge_keys_work(module: Module, tmp_path: Path) -> None:
    text = """
workflow: travel
cases:
  - input: &input {kind: a}
    steps: &steps {quote: {returns: {price: 1}}, book: {returns: null}}
  - input: {<<: *input, budget: 1}
    steps: {<<: *steps, book: {raises: ValueError}}
"""
    _, second = cases_of(tmp_path, text, module)
    assert second.input == {"kind": "a", "budget": 1}
    assert second.steps["book"][0].answers == (Answer(raises="ValueError"),)
    assert second.steps["quote"][0].answers[0].returns == {"price": 1}


TRAVEL = "workflow: travel\ncases:\n  - input: {kind: a}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["0:0 WFC632 the cases file: the file must be an object with workflow, cases"]),
        ("- a", ["1:1 WFC632 the cases file: the file must be an object with workflow, cases"]),
        ("cases: []", ["1:1 WFC632 the cases file: cases must be a list of cases"]),
        (
            "case: []",
            [
                "1:1 WFC632 the cases file: the file lacks 'cases'",
                "1:1 WFC632 the cases file: there is no field 'case'; did you mean 'cases'?",
            ],
        ),
        (
            "workflow: travle\ncases:\n  - {name: x, workflow: sty, input: {}}\n  - input: {}\n",
            [
                "1:1 WFC633 the cases file: there is no workflow 'travle'; did you mean 'travel'?",
                "3:15 WFC633 case 'x': there is no workflow 'sty'; did you mean 'stay'?",
            ],
        ),
        ("cases:\n  - input: {}\n", ["2:5 WFC632 case 1: say which workflow: travel, stay"]),
        (
            "workflow: travel\ncases:\n  - {input: {knd: a, budget: x}, nme: b}\n  - 5\n",
            [
                "3:6 WFC602 case 1: kind is missing: expected text",
                "3:6 WFC603 case 1: knd is no field here; did you mean 'kind'?",
                '3:6 WFC604 case 1: budget must be a whole number, not "x"',
                "3:34 WFC632 case 1: there is no field 'nme'; did you mean 'name'?",
                "4:5 WFC632 case 2: cases[1] must be an object with name, workflow, input, steps, "
                "expect",
            ],
        ),
        (
            TRAVEL
            + "    steps:\n      quot: {returns: 1}\n      book: {when: {prize: 1}, returns: 2}\n",
            [
                "5:7 WFC633 case 1: there is no step 'quot'; did you mean 'quote'?",
                "6:21 WFC633 case 1: there is no argument of book 'prize'; did you mean 'price'?",
                "6:32 WFC634 case 1: book returns: value must be null, not 2",
            ],
        ),
        (
            TRAVEL
            + "    steps:\n      quote: [{returns: {price: a}}, {returns: {nte: b, price: 1}}]\n",
            [
                '5:16 WFC634 case 1: quote returns: value.price must be a whole number, not "a"',
                "5:39 WFC634 case 1: quote returns: value.nte is no field here; "
                "did you mean 'note'?",
            ],
        ),
        (
            TRAVEL + "    steps:\n      quote: []\n      book: {returns: null, raises: A}\n",
            [
                "5:7 WFC632 case 1: step quote has an empty list of answers",
                "6:7 WFC632 case 1: step book: give either `returns` or `raises`",
            ],
        ),
        (
            TRAVEL + "    steps: {quote: {raises: a b}, book: {raises: SystemExit}}\n",
            [
                "4:21 WFC632 case 1: an error is the name of a class, not 'a b'",
                "4:42 WFC632 case 1: SystemExit is no kind of Exception",
            ],
        ),
        (
            TRAVEL
            + "    steps: {quote: {raises: A, message: 5}, book: {returns: null, message: a}}\n",
            [
                "4:32 WFC632 case 1: message must be a text, beside `raises`",
                "4:67 WFC632 case 1: message must be a text, beside `raises`",
            ],
        ),
        (
            TRAVEL + '    steps: {book: {raises: A, message: "\\ud800"}}\n',
            [
                "4:31 WFC632 case 1: cases[0].steps.book.message has a lone surrogate, "
                "which is no Unicode character"
            ],
        ),
        (
            TRAVEL + "    expect: {result: 1, error: A}\n  - {input: {kind: b}, expect: {}}\n",
            [
                "4:5 WFC632 case 1: expect either a `result` or an `error`",
                "5:24 WFC632 case 2: expect either a `result` or an `error`",
            ],
        ),
        (
            "workflow: stay\ncases:\n  - {name: a, input: {nights: 1}}\n"
            "  - {name: a, input: {nights: 2}}",
            ["4:6 WFC632 case 'a': a case before this one has the same name"],
        ),
        (
            "cases: [",
            ["1:9 WFC631 this is no YAML: expected the node content, but found '<stream end>'"],
        ),
        ("cases: {a: 1, a: 2}", ["1:15 WFC631 this is no YAML: the key 'a' is given twice"]),
        ("cases: {1: 2}", ["1:9 WFC631 this is no YAML: the key 1 must be a text in quotes"]),
        *(
            (
                f"cases:\n  - input: {{nights: {tag} {value}}}",
                [f"2:21 WFC631 this is no YAML: JSON has no {tag}"],
            )
            for tag, value in (
                ("!!python/object:os.system", "x"),
                ("!!set", "{a}"),
                ("!!binary", "aGk="),
                ("!!timestamp", "2020-01-01"),
                ("!!omap", "[a: 1]"),
                ("!own", "x"),
            )
        ),
        *(
            (
                f"workflow: {value}\ncases:\n  - input: {{nights: 1}}",
                ["1:1 WFC632 the cases file: workflow must be the name of one"],
            )
            for value in ("{a: 1}", "[1]", "5")
        ),
        ('{"cases": [}', ["1:12 WFC631 this is no JSON: Expecting value"]),
        ('{"cases": NaN}', ["0:0 WFC631 NaN is no JSON number"]),
        ('{"cases": 1, "cases": 2}', ["0:0 WFC631 the key 'cases' is given twice"]),
        ('{"cases": ' + "[" * 50_000, ["0:0 WFC631 the file is nested too deeply"]),
    ],
)
def test_every_problem_is_reported_at_its_place(
    text: str, expected: list[str], module: Module, tmp_path: Path
) -> None:
    assert problems(tmp_path, text, module) == expected


def test_large_integers_are_refused_for_step_functions(module: Module, tmp_path: Path) -> None:
    text = TRAVEL + "    steps: {quote: {returns: {price: 9007199254740993}}}\n"
    assert cases_of(tmp_path, text, module, "dbos")
    (problem,) = problems(tmp_path, text, module, "asl")
    assert (
        "WFC634 case 1: quote returns: value.price is 9007199254740993, and the project" in problem
    )


def test_a_file_that_cannot_be_read(module: Module, tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "no.yaml", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(Refused, match=f"WFC630 cannot read the cases: {reason}"):
            read_cases(path, module)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: \xe9")
    with pytest.raises(Refused, match="WFC630 the file is not UTF-8: byte 3 is wrong"):
        read_cases(latin, module)


def test_yaml_without_a_reader_says_what_to_install(
    module: Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    monkeypatch.setitem(sys.modules, "yaml_ft", None)
    with pytest.raises(YamlMissing, match="pip install 'wfc-compiler"):
        cases_of(tmp_path, FULL, module)
    text = '{"workflow": "stay", "cases": [{"input": {"nights": 1}}]}'
    assert len(cases_of(tmp_path, text, module)) == 1


def test_the_schema_describes_the_same_form() -> None:
    import yaml

    schema: dict[str, Any] = json.loads(schema_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid(yaml.load(FULL.replace("2026-01-31", "x"), yaml.SafeLoader))
    folder = Path(__file__).parents[2] / "samples"
    files = [*folder.glob("*.cases.yaml"), *(folder.parent / "tests/data/verify").glob("*.yaml")]
    assert len(files) >= 7
    for file in files:
        data = read_data_file(file).data
        assert not list(validator.iter_errors(data)), file
    for wrong in (
        {"cases": []},
        {"cases": [{"inputs": {}}]},
        {"cases": [{"steps": {"a": {"returns": 1, "raises": "A"}}}]},
        {"cases": [{"steps": {"a": []}}]},
        {"cases": [{"steps": {"a": {"raises": "a b"}}}]},
        {"cases": [{"expect": {"result": 1, "error": "A"}}]},
    ):
        assert not validator.is_valid(wrong), wrong


def test_no_coroutine_raises_stop_iteration(tmp_path: Path) -> None:
    source = "from wfc import step, workflow\n\n\n@step\nasync def ask() -> None: ...\n\n\n"
    source += "@workflow\nasync def flow() -> None:\n    await ask()\n"
    module = read("flow.py", source).module
    assert module is not None
    with pytest.raises(Refused) as refused:
        cases_of(tmp_path, "cases:\n  - steps: {ask: {raises: StopIteration}}\n", module)
    (problem,) = refused.value.diagnostics
    assert problem.message == (
        "case 1: ask is an async def, where Python makes a RuntimeError of StopIteration"
    )
