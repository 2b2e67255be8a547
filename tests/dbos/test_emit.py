"""Sources and the DBOS modules they become; rewrite the expected ones with ``pytest --update``.

What the samples become is compared in tests/samples.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FEATURES = sorted(path.stem for path in (ROOT / "tests/data/dbos/sources").glob("*.py"))


@pytest.mark.parametrize("name", FEATURES)
def test_a_module_becomes_the_committed_one(name: str, generate: Any, expected: Any) -> None:
    source = (ROOT / "tests/data/dbos/sources" / f"{name}.py").read_text(encoding="utf-8")
    (file,) = generate(source, name).files
    expected(f"dbos/{file.path}", file.text)


EXPECTED = sorted(
    [
        *(ROOT / "tests/data/dbos").glob("*_dbos.py"),
        *(ROOT / "tests/data/samples/dbos").glob("*/*_dbos.py"),
    ]
)


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_what_is_expected_is_good_python(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ast.parse(text)
    assert "wfc" not in text
    assert max(map(len, text.splitlines())) <= 100


def test_what_is_expected_is_formatted_and_lints() -> None:
    files = list(map(str, EXPECTED))
    ruff = [sys.executable, "-m", "ruff"]
    for command in (
        ["check", "--isolated", "--select", "F,E9,I,B,UP", "--ignore", "UP042"],
        ["format", "--isolated", "--check", "--line-length", "88"],
    ):
        done = subprocess.run([*ruff, *command, *files], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_what_is_expected_passes_a_strict_type_checker() -> None:
    """What a step returns has come as JSON data, whose type is Any."""
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-warn-return-any"]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache" / "generated")]
    done = subprocess.run(
        [*mypy, *cache, *map(str, EXPECTED)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_same_source_gives_the_same_bytes(generate: Any) -> None:
    source = (ROOT / "samples/payout.py").read_text(encoding="utf-8")
    assert generate(source, "payout") == generate(source, "payout")


def test_origins_lead_from_step_names_to_the_source(generate: Any) -> None:
    source = (ROOT / "samples/payout.py").read_text(encoding="utf-8")
    emission = generate(source, "payout")
    lines = source.splitlines()
    for origin in emission.origins:
        assert (origin.artefact, origin.kind) == ("payout_dbos.py", "step")
        assert f"{origin.name}(" in lines[origin.line - 1]
        assert f'"name": "{origin.name}"' in emission.files[0].text
    assert len(emission.origins) == 6


def test_the_version_changes_with_the_workflow_only(generate: Any) -> None:
    def version(source: str) -> str:
        text = generate(source, "payout").files[0].text
        return next(line for line in text.splitlines() if '"application_version"' in line)

    source = (ROOT / "samples/payout.py").read_text(encoding="utf-8")
    assert version(source) == version(source.replace("total=100_000", "total=5"))
    assert version(source) != version(source.replace("amount > KYC", "amount >= KYC"))


@pytest.mark.parametrize(
    ("module", "app"),
    [
        ("payout", "payout"),
        ("Weird Näme", "weird-n-me"),
        ("ab", "ab-app"),
        ("__init__", "__init__"),
    ],
)
def test_the_app_name_is_one_that_dbos_takes(generate: Any, module: str, app: str) -> None:
    source = "from wfc import workflow\n\n\n@workflow\ndef hello() -> str:\n    return 'hello'\n"
    text = generate(source, module).files[0].text
    assert f'"name": "{app}",' in text


def test_a_step_goes_by_the_name_it_was_given(generate: Any) -> None:
    source = (
        "from wfc import step, workflow\n\n\n"
        '@step(name="Charge the card!")\ndef one(n: int) -> int:\n    return n\n\n\n'
        '@step(name="été")\ndef two(n: int) -> int:\n    return n\n\n\n'
        "@workflow\ndef pay(n: int) -> int:\n    a = one(n)\n    b = one(a)\n    return two(b)\n"
    )
    (file,) = generate(source).files
    for name in ("charge_the_card", "charge_the_card_2", "two"):
        assert f'"name": "{name}"' in file.text
