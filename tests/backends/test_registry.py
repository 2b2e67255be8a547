"""Backends are found by name: our own, and those that other packages announce."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from wfc.backends import registry
from wfc.backends.base import Backend


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


def test_an_unknown_name_is_a_key_error() -> None:
    assert not registry.exists("cobol")
    with pytest.raises(KeyError):
        registry.load("cobol")
