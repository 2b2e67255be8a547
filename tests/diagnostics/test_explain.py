"""``wfc explain`` and the catalogue of codes behind it."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner, Result

from wfc.cli.explain import command
from wfc.compiler.diagnostics.model import Code
from wfc.tool.catalogue import catalogue, find


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_codes_and_names_are_unique() -> None:
    codes = catalogue()  # raises where two share one

    assert len({code.code for code in codes}) == len({code.name for code in codes}) == len(codes)


@pytest.mark.parametrize("code", catalogue(), ids=lambda code: code.code)
def test_a_code_is_documented(code: Code) -> None:
    assert re.fullmatch(r"WFC\d{3}", code.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
    assert code.summary.endswith(".")
    assert code.why
    assert code.bad or code.name == "empty-file"
    assert code.good


def test_the_catalogue_holds_every_code_object_of_the_program() -> None:
    import importlib
    import pkgutil

    import wfc.backends
    import wfc.compiler

    known = {code.code for code in catalogue()}
    for package in (wfc.backends, wfc.compiler):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.rpartition(".")[2] != "codes":
                continue
            values = vars(importlib.import_module(module.name)).values()
            assert {value.code for value in values if isinstance(value, Code)} <= known


def test_a_page_by_code_and_by_name() -> None:
    by_code = explain("WFC113")

    assert by_code.exit_code == 0
    assert by_code.stdout.startswith("WFC113 set-order (error, since 0.1.0)\n\n    A workflow")
    assert "\nWhy\n" in by_code.stdout
    assert "\nExample\n    @workflow\n" in by_code.stdout
    assert "\nUse instead\n    @workflow\n" in by_code.stdout
    assert explain("set-order").stdout == explain("wfc113").stdout == by_code.stdout


def test_a_page_as_json_and_as_markdown() -> None:
    page = json.loads(explain("clock", "--format", "json").stdout)

    assert set(page) == {
        "code", "name", "summary", "why", "bad", "good", "severity", "refusal", "since", "fixes"
    }  # fmt: skip
    assert page["code"] == "WFC101"
    assert explain("clock", "--format", "markdown").stdout.startswith("## WFC101 clock\n")


def test_every_page_at_once() -> None:
    pages = json.loads(explain("--all", "--format", "json").stdout)

    assert [page["code"] for page in pages] == [code.code for code in catalogue()]
    assert explain("--all").stdout.count("\nUse instead\n") >= len(pages) - 3


@pytest.mark.parametrize(
    ("word", "near"), [("set-ordr", "set-order"), ("WFC1O1", "WFC101"), ("Clok", "clock")]
)
def test_an_unknown_code_is_wrong_use_and_the_nearest_is_named(word: str, near: str) -> None:
    result = explain(word)

    assert result.exit_code == 2
    assert f"no code '{word}'. Did you mean '{near}'?" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["clock", "--all"]])
def test_one_code_or_all(arguments: list[str]) -> None:
    assert explain(*arguments).exit_code == 2


def test_find_knows_codes_and_names_in_any_case() -> None:
    codes = catalogue()

    assert find(codes, "wfc101") is find(codes, "CLOCK") is find(codes, "WFC101")
    assert find(codes, "nothing") is None
