"""Backends are found by name: our own, and those that other packages announce."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wfc.backends import registry
from wfc.backends.base import Backend
from wfc.cli.group import cli

SOURCE = "from wfc import workflow\n\n\n@workflow\ndef flow() -> int:\n    return 1\n"


def wfc(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


@pytest.mark.parametrize("name", registry.OWN)
def test_our_own_satisfy_the_contract(name: str) -> None:
    backend = registry.load(name)
    assert isinstance(backend, Backend)
    assert backend.name == name
    assert backend.summary


def test_a_package_of_a_third_party_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("other", "wfc.backends.asl:backend", registry.GROUP)
    monkeypatch.setattr(registry, "_others", lambda: {"other": entry})
    assert registry.names() == ["asl", "dbos", "other", "temporal"]
    assert registry.exists("other")
    assert registry.load("other") is registry.load("asl")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("nowhere_at_all:backend", "cannot be loaded: ModuleNotFoundError: No module named"),
        ("wfc.backends.base:gone", "cannot be loaded: AttributeError"),
        ("wfc.backends.registry:OWN", "is no backend for this version of wfc"),
    ],
)
def test_a_backend_that_cannot_be_used_is_wrong_use_where_it_is_asked_for(
    value: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("flow.py").write_text(SOURCE)
    Path("cases.yaml").write_text("cases: [{input: {}}]")
    monkeypatch.setattr(
        registry, "_others", lambda: {"other": EntryPoint("other", value, registry.GROUP)}
    )
    with pytest.raises(registry.BackendBroken, match=reason):
        registry.load("other")
    for command in ("compile flow.py -o out", "verify flow.py --cases cases.yaml"):
        done = wfc(*command.split(), "--target", "other")
        assert done.exit_code == 2
        assert f"target 'other': {value} {reason}" in done.stderr
        assert "[WFC623]" in done.stderr
        fine = wfc(*command.split(), "--target", "asl")
        assert fine.exit_code == 0
    Path("pyproject.toml").write_text('[tool.wfc]\ntargets = ["other"]\n')
    for command in ("compile flow.py -o out", "lint --no-cache flow.py"):
        done = wfc(*command.split())
        assert done.exit_code == 2
        assert f"tool.wfc.targets: target 'other': {value} {reason}" in done.stderr


def test_an_unknown_name_is_a_key_error() -> None:
    assert not registry.exists("cobol")
    with pytest.raises(KeyError):
        registry.load("cobol")
