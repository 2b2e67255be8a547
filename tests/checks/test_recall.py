"""The seeded suite: every marked site is found, and nothing else is reported, neither by the linter
nor by the command, which adds what the compiler refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.checks.linting import cache_at, marked, sites
from wfc.backends.lint import engines
from wfc.cli.lint import command
from wfc.compiler.checks.linting.run import lint
from wfc.compiler.checks.linting.settings import Settings

DATA = Path(__file__).parents[1] / "data" / "lint"


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def test_every_seeded_site_is_found_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DATA / "seeded"
    monkeypatch.chdir(folder)

    report = lint(["."], Settings(), ".", cache_at(), engines)

    expected = marked(texts(folder))
    found = sites(report.diagnostics)
    assert sorted(expected - found) == [], "missed"
    assert sorted(found - expected) == [], "false"
    assert len(expected) >= 150


def test_clean_counterparts_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DATA / "clean"
    monkeypatch.chdir(folder)

    report = lint(["."], Settings(), ".", cache_at(), engines)

    assert report.files >= 8
    assert sorted(sites(report.diagnostics)) == []


def test_the_command_reports_the_seeded_sites_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = DATA / "seeded"
    monkeypatch.chdir(folder)

    result = CliRunner().invoke(command, ["--no-cache", "--format", "json"])

    found = {(one["path"], one["line"], one["code"]) for one in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert found == marked(texts(folder))


def test_the_command_finds_nothing_in_the_clean_counterparts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(DATA / "clean")

    result = CliRunner().invoke(command, ["--no-cache"])

    assert (result.exit_code, result.stdout) == (0, "No problems found\n")
