"""What a generated module takes over from the user's file."""

from __future__ import annotations

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.program.definitions import (
    add_imports,
    blocks,
    join_blocks,
    reachable,
    step_names,
)
from wfc.backends.python.program.steps import plain_step
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes.types import ANY, FLOAT, INT, NONE, STR

BANK = ir.Support(
    name="bank",
    names=("bank",),
    source="def bank(url: str) -> Client:\n    return Client(url, RATE)",
)
CLIENT = ir.Support(name="Client", names=("Client",), source="class Client:\n    ...")
RATE = ir.ConstantDefinition(
    name="RATE", source="# In percent.\nRATE = 0.25", value=ir.Constant(0.25), type=FLOAT
)
OTHER = ir.ConstantDefinition(name="OTHER", source="OTHER = 1", value=ir.Constant(1), type=INT)
MODULE = ir.Module(
    name="m",
    imports=(
        ir.Import(source="import os, json as j", names=(("os", "os"), ("j", "json"))),
        ir.Import(source="from wfc import step", names=(("step", "wfc.step"),)),
        ir.Import(
            source="from requests import get, post",
            names=(("get", "requests.get"), ("post", "requests.post")),
        ),
    ),
    constants=(RATE, OTHER),
    support=(BANK, CLIENT),
)


def parameter(name: str, annotation: str, **options: object) -> ir.Parameter:
    return ir.Parameter(name=name, type=STR, annotation=annotation, **options)  # type: ignore[arg-type]


def charge(*parameters: ir.Parameter, body: str = "return None", **options: object) -> ir.Step:
    return ir.Step(
        name="charge",
        parameters=parameters,
        returns=NONE,
        returns_annotation="None",
        body=body,
        **options,  # type: ignore[arg-type]
    )


def test_only_what_a_step_leads_to_is_taken() -> None:
    step = charge(body="bank(j.dumps({})).pay(post)")
    selection = reachable(MODULE, step_names(step))
    assert [item.name for item in selection.definitions] == ["RATE", "bank", "Client"]
    imports = Imports()
    add_imports(MODULE, selection.names, imports)
    assert imports.lines() == ["import json as j", "", "from requests import post"]


def test_quoted_annotations_count() -> None:
    step = charge(parameter("client", '"Client"'))
    assert [item.name for item in reachable(MODULE, step_names(step)).definitions] == ["Client"]


def test_a_name_that_is_only_given_a_value_is_not_taken() -> None:
    fields = charge(body="class Answer:\n    OTHER: int\n    RATE = 1\nreturn Answer")
    assert reachable(MODULE, step_names(fields)).definitions == ()


def test_a_global_that_a_step_changes_is_taken() -> None:
    counting = charge(body="global OTHER\nOTHER = 2")
    assert [item.name for item in reachable(MODULE, step_names(counting)).definitions] == ["OTHER"]


def test_blocks_of_a_module_are_separated_as_black_does() -> None:
    assert join_blocks(blocks((RATE, OTHER, BANK))) == [
        "# In percent.",
        "RATE = 0.25",
        "OTHER = 1",
        "",
        "",
        "def bank(url: str) -> Client:",
        "    return Client(url, RATE)",
    ]


def test_injected_parameters_become_plain_ones() -> None:
    imports = Imports()
    step = charge(
        parameter("account", "str"),
        parameter("key", "IdempotencyKey", injected="IdempotencyKey"),
        parameter("amount", "int", default=ir.Constant(5)),
        parameter("db", "Connection", injected="Connection"),
        parameter("beat", "Heartbeat", injected="Heartbeat"),
        asynchronous=True,
    )
    assert plain_step(step, imports) == [
        "async def charge(",
        "    account: str,",
        "    key: str,",
        "    amount: int = 5,",
        "    *,",
        "    db: Connection,",
        "    beat: Callable[..., None],",
        ") -> None:",
        "    return None",
    ]
    assert imports.lines() == [
        "from collections.abc import Callable",
        "",
        "from sqlalchemy import Connection",
    ]


def test_text_over_several_lines_keeps_its_value() -> None:
    body = 'text = """\n  two blanks\n"""\nreturn f"""{text}\nend"""'
    lines = plain_step(charge(body=body, asynchronous=False), Imports())
    assert lines[1:] == ['    text = """', "  two blanks", '"""', '    return f"""{text}', 'end"""']


def test_imports_are_sorted_into_sections() -> None:
    imports = Imports(local=("shared",))
    imports.member("shared", "order")
    imports.member("shared", "Order")
    imports.member("shared", "LIMIT")
    imports.module("requests")
    imports.member("datetime", "timedelta")
    imports.module("os")
    imports.member("__future__", "annotations")
    assert imports.lines() == [
        "from __future__ import annotations",
        "",
        "import os",
        "from datetime import timedelta",
        "",
        "import requests",
        "",
        "from shared import LIMIT, Order, order",
    ]


def test_a_default_without_annotation_has_no_blanks() -> None:
    step = ir.Step(
        name="f",
        parameters=(ir.Parameter(name="x", type=ANY, default=ir.Constant(1)),),
        returns=ANY,
        body="pass",
    )
    assert plain_step(step, Imports()) == ["def f(x=1):", "    pass"]
