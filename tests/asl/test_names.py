"""Names of states, variables and placeholders."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wfc.backends.asl import backend
from wfc.backends.asl.fit.check import fitted
from wfc.backends.asl.machine.flow import Edge, Flow, Relay, Vertex, verify
from wfc.backends.asl.machine.names import StateNames, VariableNames, placeholder, words
from wfc.backends.base import Options
from wfc.compiler.pipeline import read, read_file

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("debit_platform", "Debit platform"),
        ("PayoutFailed", "Payout failed"),
        ("HTTPError", "HTTP error"),
        ("look_up_2", "Look up 2"),
    ],
)
def test_a_name_becomes_words(name: str, wanted: str) -> None:
    assert words(name) == wanted


def test_a_placeholder_is_named_after_the_step() -> None:
    assert placeholder("pull_settlement") == "PullSettlement"


def test_state_names_are_short_and_unique() -> None:
    names = StateNames()
    found = [names.new("x" * 100), names.new("x" * 100), names.new("x" * 101), names.new("a\nb")]
    assert len(set(found)) == 4
    assert all(len(name) <= 80 for name in found)
    assert found[3] == "a b"


def test_variables_hide_no_function() -> None:
    names = VariableNames(["count", "count_", "states", "_x", "__", "py_map", "_1", "é", "a" * 90])
    found = {name: names(name) for name in ["count", "count_", "states", "_x", "__", "_1"]}
    assert found["count_"] == "count_"
    assert found["count"] == "count__"
    assert found["states"] == "states_"
    assert found["_x"] == "x"
    assert len(set(found.values())) == len(found)
    assert len(names("a" * 90)) <= 80
    assert not names("py_map").startswith("py_")


def test_arns_from_the_settings() -> None:
    module = read_file(str(ROOT / "samples" / "payout.py")).module
    assert module is not None
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:pull"
    options = Options(settings={"functions": {"pull_settlement": arn}})
    states = fitted(module, module.workflows[0], options).definition["States"]
    assert states["Pull settlement"]["Arguments"]["FunctionName"] == arn
    assert states["Debit platform"]["Arguments"]["FunctionName"] == "${DebitPlatform}"


def test_comments_and_origins_lead_to_the_source() -> None:
    module = read_file(str(ROOT / "samples" / "payout.py")).module
    assert module is not None
    lines = (ROOT / "samples" / "payout.py").read_text().splitlines()
    options = Options(source_locations=True)
    emission = backend.emit(module, module.workflows, options)
    states = json.loads(emission.files[0].text)["States"]
    assert {origin.name for origin in emission.origins} == set(states)
    for origin in emission.origins:
        assert f"samples/payout.py:{origin.line}" in states[origin.name]["Comment"]
        assert origin.artefact == "payout.asl.json"
        assert origin.kind == "state"
        assert lines[origin.line - 1].strip()


def test_payout_has_no_state_that_a_person_would_not_write() -> None:
    module = read_file(str(ROOT / "samples" / "payout.py")).module
    assert module is not None
    states = fitted(module, module.workflows[0], Options()).definition["States"]
    by_hand = json.loads((ROOT / "bench" / "peers" / "payout.asl.json").read_text())["States"]
    assert len(states) <= len(by_hand)
    assert list(states) == [
        "Pull settlement",
        "If amount > KYC_THRESHOLD",
        "Verify identity",
        "Debit platform",
        "Payout failed",
        "Credit merchant",
        "Reverse debit",
        "Credit merchant failed",
        "Write audit",
    ]


def test_long_workflows_do_not_exhaust_the_stack() -> None:
    body = "".join(f"    x = x + {i}\n" for i in range(3000))
    body += "".join(f"    x = s(x + {i})\n" for i in range(1000))
    source = (
        "from wfc import step, workflow\n\n\n@step\ndef s(x: int) -> int: ...\n\n\n"
        f"@workflow\ndef f(x: int) -> int:\n{body}    return x\n"
    )
    reading = read("flow.py", source)
    assert reading.module is not None, reading.diagnostics
    module = reading.module
    machine = fitted(module, module.workflows[0], Options()).definition
    tasks = [state for state in machine["States"].values() if state["Type"] == "Task"]
    assert len(tasks) == 1000


@pytest.mark.parametrize(
    ("functions", "code", "message"),
    [
        ({"pull": "arn:aws:lambda:x"}, "", ""),
        ({"pull": " "}, "WFC329", "gives the step 'pull' the ARN ' '"),
        ({"pul": "arn:aws:lambda:x"}, "WFC309", "names 'pul', which is no step of this module;"),
        ({"pull": "arn:aws:lambda:x", "pul": "arn:aws:lambda:y"}, "", ""),
        ({"charge": "arn:aws:lambda:x"}, "", ""),
    ],
)
def test_settings_that_cannot_be_meant(functions: dict[str, str], code: str, message: str) -> None:
    text = (
        "from wfc import step, workflow\n\n\n@step\ndef pull(x: int) -> int: ...\n\n\n"
        "@workflow\ndef flow(x: int) -> int:\n    return pull(x)\n"
    )
    module = read("flow.py", text).module
    assert module is not None
    emission = backend.emit(module, module.workflows, Options(settings={"functions": functions}))
    assert [found.code.code for found in emission.diagnostics] == ([code] if code else [])
    assert all(message in found.message for found in emission.diagnostics)


def test_a_variable_has_its_own_name_unless_the_machine_calls_a_function_of_it() -> None:
    source = (
        "from wfc import step, workflow\n\n\n@step\ndef s(x: int) -> int: ...\n\n\n"
        "@workflow\ndef f(xs: list[int]) -> str:\n    length = s(1)\n    count = s(2)\n"
        "    last = s(length)\n"
        '    return f"$length_ $count_ {length} {count} {len(xs)} {last}"\n'
    )
    reading = read("flow.py", source)
    assert reading.module is not None, reading.diagnostics
    states = fitted(reading.module, reading.module.workflows[0], Options()).definition["States"]
    assert states["S"]["Assign"]["length"] == "{% $states.result.Payload %}"
    assert states["S 2"]["Assign"] == {"count_": "{% $states.result.Payload %}"}
    assert states["S 3"]["Arguments"]["Payload"] == {"x": "{% $length %}"}
    assert "'$length_ $count_ '" in states["S 3"]["Output"]
    assert "$formatBase($length)" in states["S 3"]["Output"]
    assert "$formatBase($count_)" in states["S 3"]["Output"]
    assert "$count($xs)" in states["S 3"]["Output"]


def test_a_flow_that_a_pass_has_broken_is_a_defect() -> None:
    vertex = Vertex((3, 0, 0))
    with pytest.raises(AssertionError, match="line 3 leads nowhere"):
        verify(Flow(Edge(None, vertex), [vertex], {}))
    vertex.exit = Relay(Edge(vertex, vertex))
    with pytest.raises(AssertionError, match="a way from line 3 is lost"):
        verify(Flow(Edge(None, vertex), [vertex], {}))
