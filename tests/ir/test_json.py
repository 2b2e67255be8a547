"""The JSON form of the IR, its schema, and the hash of what a workflow means."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as n
from wfc.compiler.language.form.content import part
from wfc.compiler.language.form.json import IrFormatError, content_hash, from_json, to_json
from wfc.compiler.language.form.schema import ir_schema
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.text.parse import from_text
from wfc.compiler.language.text.printer import to_text
from wfc.compiler.language.verify.module import verify
from wfc.compiler.pipeline import read_file

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "compiler" / "language" / "form" / "ir.schema.json"
SAMPLES = sorted((ROOT / "samples").glob("*.py"))
EVERYTHING = (ROOT / "tests" / "data" / "ir" / "everything.ir").read_text(encoding="utf-8")


def sample(path: Path) -> n.Module:
    module = read_file(str(path)).module
    assert module is not None
    return module


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_schema_file_is_what_the_classes_say(request: pytest.FixtureRequest) -> None:
    text = json.dumps(ir_schema(), indent=2) + "\n"
    if request.config.getoption("--update"):
        SCHEMA.write_text(text, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == text
    Draft202012Validator.check_schema(ir_schema())


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_survives_with_spans_comments_and_sources(
    path: Path, validator: Draft202012Validator
) -> None:
    module = sample(path)
    assert verify(module) == []
    data = to_json(module)
    validator.validate(data)
    again = from_json(json.loads(json.dumps(data)))
    assert again == module
    assert to_json(again) == data
    assert again.workflows[0].span == module.workflows[0].span
    assert again.workflows[0].source == module.workflows[0].source


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_survives_as_text(path: Path) -> None:
    module = sample(path)
    assert from_text(to_text(module)) == module


def test_every_kind_of_node_is_in_the_schema(validator: Draft202012Validator) -> None:
    data = to_json(from_text(EVERYTHING))
    validator.validate(data)
    assert from_json(data) == from_text(EVERYTHING)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(colour=1), "'colour' was unexpected"),
        (lambda data: data.update(name=1), "1 is not of type 'string'"),
        (lambda data: data.pop("name"), "'name' is a required property"),
        (lambda data: data["workflows"][0].update(span=[1, 2]), "is too short"),
        (lambda data: data["workflows"][0]["body"].append({"node": "Wait"}), "is not one of"),
        (lambda data: data["workflows"][0]["returns"].update(node="Text"), "is not one of"),
    ],
)
def test_the_schema_refuses_what_is_no_module(
    change: Any, message: str, validator: Draft202012Validator
) -> None:
    data = to_json(sample(SAMPLES[0]))
    change(data)
    assert any(message in error.message for error in validator.iter_errors(data))


ONE = {"node": "Constant", "value": 1}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"node": "Pass"}, "a module is expected, not Pass"),
        ({"node": "Modul"}, "unknown node 'Modul'"),
        ({"node": "Module"}, "Module needs a field 'name'"),
        ({"node": "Module", "name": "m", "colour": 1}, "Module has no field 'colour'"),
        ({"name": "m"}, "does not say its node"),
        ({"node": "Module", "name": "m", "span": [1]}, "a span has four numbers"),
        ({"node": "Module", "name": "m", "span": [1, 2, 3, "4"]}, "a span has four numbers"),
        ({"node": "Stmt"}, "unknown node 'Stmt'"),
        ({"node": "Module", "name": 1}, "Module has something else in 'name'"),
        ({"node": "Module", "name": "m", "steps": {"node": "Pass"}}, "Module .* in 'steps'"),
        ({"node": "Module", "name": "m", "steps": [{"node": "Pass"}]}, "Module .* in 'steps'"),
        ({"node": "Unary", "operator": "+", "operand": None}, "Unary .* in 'operand'"),
        ({"node": "Unary", "operator": "*", "operand": ONE}, "Unary .* in 'operator'"),
        ({"node": "Compare", "left": ONE, "rest": [["<", ONE], ["<"]]}, "Compare .* in 'rest'"),
        ({"node": "Constant", "value": [1]}, "Constant .* in 'value'"),
        ({"node": "If", "test": ONE, "then": [ONE]}, "If .* in 'then'"),
        ({"node": "If", "test": ONE, "then": [], "orelse": ONE}, "If .* in 'orelse'"),
    ],
)
def test_other_data_is_refused(data: Any, message: str) -> None:
    with pytest.raises(IrFormatError, match=message):
        from_json(data)


def test_a_long_chain_does_not_exhaust_the_stack() -> None:
    chain: n.Block = (n.Pass(),)
    for _ in range(300):
        chain = (n.If(n.Constant(True, type=t.BOOL), (n.Pass(),), chain),)
    workflow = n.Workflow(name="w", parameters=(), returns=t.NONE, body=(*chain, n.Pass()) * 30)
    module = n.Module(name="m", workflows=(workflow,))
    assert to_text(from_json(to_json(module))) == to_text(module)
    assert len(content_hash(module, "w")) == 64


# --- The content hash --------------------------------------------------------------------------

TEXT = """module shop

error ShopError(Exception)
error Declined(ShopError)
error Expired(Declined)
error Unrelated(Exception)

constant LIMIT: int = 5
constant UNUSED: int = 6

dataclass Order {
  id: str
  lines: list[Line]
}

dataclass Line {
  price: int = 0
}

dataclass Parcel {
  weight: int
}

enum Color {
  RED = "red"
}

helper fee(amount: int) -> int {
  return amount + LIMIT
}

helper unused(amount: int) -> int {
  return amount
}

step charge(order: Order, amount: int = 1) -> str {
  timeout 30.0
  retry(Declined, attempts=3, first_delay=1.0, backoff=2.0)
}

step pack(parcel: Parcel) -> None

workflow main(order: Order) -> str {
  receipt: str = step charge(order, amount=fee(2)) @charge
  workflow child(1) @child
  return receipt
}

workflow child(count: int) -> None {
  sleep 60 "1 min" @sleep
}

workflow other(parcel: Parcel) -> None {
  step pack(parcel) @pack
}
"""


def changed(old: str, new: str) -> n.Module:
    assert old in TEXT
    return from_text(TEXT.replace(old, new, 1))


MAIN = content_hash(from_text(TEXT), "main")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return receipt\n", 'return receipt + "!"\n'),
        ("@charge", "@charge_card"),
        ("step charge(order: Order", "step charge(purchase: Order"),
        ("amount: int = 1) -> str", "amount: int = 2) -> str"),
        ("-> str {\n  timeout", "-> Any {\n  timeout"),
        ("timeout 30.0", "timeout 31.0"),
        ("attempts=3", "attempts=4"),
        ("step charge(order: O", "transaction charge(order: O"),
        ("amount + LIMIT", "amount - LIMIT"),
        ("LIMIT: int = 5", "LIMIT: int = 7"),
        ("price: int = 0", "price: int = 1"),
        ("sleep 60", "sleep 61"),
        ("workflow child(count: int)", "workflow child(count: float)"),
        ("error Declined(ShopError)", "error Declined(OSError)"),
        ("error Expired(Declined)", "error Expired(ShopError)"),
        ("workflow main(order: Order)", "workflow main(order: Order | None)"),
        ("-> str {\n  receipt", '-> str version "2" {\n  receipt'),
    ],
)
def test_the_hash_changes_with_what_a_run_may_depend_on(old: str, new: str) -> None:
    assert content_hash(changed(old, new), "main") != MAIN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("UNUSED: int = 6", "UNUSED: int = 7"),
        ("error Unrelated(Exception)\n", ""),
        ("weight: int", "weight: float"),
        ('RED = "red"', 'RED = "rot"'),
        ("helper unused(amount: int)", "helper unused(amount: float)"),
        ("step pack(parcel", "async step pack(parcel"),
        ("workflow other(parcel: Parcel)", "workflow another(parcel: Parcel)"),
        ("step charge(order: O", "async step charge(order: O"),
        ('sleep 60 "1 min"', 'sleep 60 "60 s"'),
        ("charge(order, amount=fee(2))", "charge(order=order, amount=fee(amount=2))"),
        ("receipt: str = step", "receipt: Any = step"),
        ("receipt: str = step", "let receipt: str = step"),
        ("workflow main(order: Order)", 'workflow main(order: Order as "shop.Order")'),
    ],
)
def test_the_hash_stays_with_what_no_run_depends_on(old: str, new: str) -> None:
    assert content_hash(changed(old, new), "main") == MAIN


def test_the_hash_leaves_out_bodies_of_steps_docstrings_comments_and_places() -> None:
    module = from_text(TEXT)
    steps = tuple(
        replace(one, body="return 1", docstring="Pay.", source="def ...") for one in module.steps
    )
    main, *others = module.workflows
    body = tuple(replace(one, span=Span(9, 9, 9, 9), comment="why") for one in main.body)
    main = replace(main, body=body, docstring="Sell.", span=Span(1, 1, 2, 2))
    again = replace(module, steps=steps, workflows=(main, *others), docstring="A shop.", path="x")
    assert content_hash(again, "main") == MAIN


def test_the_hash_is_of_all_workflows_when_none_is_named() -> None:
    module = from_text(TEXT)
    assert content_hash(module) != MAIN
    assert content_hash(module) == content_hash(module, "other", "main", "child")
    assert content_hash(changed("weight: int", "weight: float")) != content_hash(module)


def test_the_hash_knows_numbers_apart() -> None:
    assert content_hash(changed("LIMIT: int = 5", "LIMIT: int = 5.0"), "main") != MAIN


@pytest.mark.parametrize("name", ["missing", "charge"])
def test_only_a_workflow_has_a_hash(name: str) -> None:
    with pytest.raises(KeyError):
        content_hash(from_text(TEXT), name)


def test_a_part_of_a_module_is_what_a_workflow_reaches() -> None:
    found = part(from_text(TEXT), "other")
    assert [one.name for one in (*found.records, *found.steps, *found.workflows)] == [
        "Parcel",
        "pack",
        "other",
    ]
    assert found.errors == found.constants == found.helpers == found.enums == ()
    assert verify(part(from_text(TEXT), "main")) == []
