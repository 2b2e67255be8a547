"""The seeded suite: every marked site is found, and nothing else is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.linting import marked, sites
from wfc.compiler.checks.cache import FileCache
from wfc.compiler.checks.run import lint
from wfc.compiler.checks.settings import Settings

DATA = Path(__file__).parents[1] / "data" / "lint"


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def test_every_seeded_site_is_found_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DATA / "seeded"
    monkeypatch.chdir(folder)

    report = lint(["."], Settings(), ".", FileCache(""))

    expected = marked(texts(folder))
    found = sites(report.diagnostics)
    assert sorted(expected - found) == [], "missed"
    assert sorted(found - expected) == [], "false"
    assert len(expected) >= 150


def test_clean_counterparts_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DATA / "clean"
    monkeypatch.chdir(folder)

    report = lint(["."], Settings(), ".", FileCache(""))

    assert report.files >= 8
    assert sorted(sites(report.diagnostics)) == []
