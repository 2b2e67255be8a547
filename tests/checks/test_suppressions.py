"""Comments that suppress, per-path settings, trusted functions, and selection of rules."""

from __future__ import annotations

import pytest

from tests.checks.linting import lint, sites
from wfc.compiler.checks.linting.settings import (
    Settings,
    SettingsError,
    check_selectors,
    from_table,
    matches_path,
)

FLOW = "import time, random\nfrom wfc import workflow\n\n@workflow\ndef flow() -> float:\n"


def codes(source: str, settings: Settings | None = None) -> list[str]:
    return [diagnostic.code.code for diagnostic in lint(source, settings)]


@pytest.mark.parametrize(
    "comment",
    [
        "# wfc: ignore[WFC101] measured on purpose",
        "# wfc: ignore[clock]",
        "# wfc: ignore[WFC10]",
        "# noqa  # wfc: ignore[WFC102, WFC101] both",
    ],
)
def test_a_comment_on_the_line_suppresses(comment: str) -> None:
    assert codes(f"{FLOW}    return time.time() + random.random() * 0  {comment}\n") in (
        [],
        ["WFC102"],
    )


def test_a_comment_on_any_line_of_the_finding_suppresses() -> None:
    call = "random.uniform(\n        1,  # wfc: ignore[WFC102] why\n        2,\n    )"
    source = f"{FLOW}    return {call}\n"

    assert codes(source) == []


def test_a_comment_for_another_code_does_not_suppress_and_is_unused() -> None:
    assert codes(f"{FLOW}    return time.time()  # wfc: ignore[WFC102]\n") == ["WFC101", "WFC190"]


def test_a_file_level_comment_suppresses_everywhere_in_its_file() -> None:
    source = "# wfc: ignore-file[clock] a benchmark\n" + FLOW + "    return time.time()\n"

    assert codes(source) == []


def test_a_comment_at_the_call_suppresses_what_the_call_leads_to() -> None:
    helper = "\n\ndef stamp() -> float:\n    return time.time()\n"
    trusted = f"{FLOW}    return stamp()  # wfc: ignore[WFC101] fixed in tests{helper}"
    other = "\n\n@workflow\ndef other() -> float:\n    return stamp()\n"

    assert codes(trusted) == []
    found = lint(trusted + other)
    assert [[link.name for link in d.chain] for d in found] == [["other", "stamp"]]


def test_an_unused_comment_is_a_finding_but_not_for_a_rule_that_is_off() -> None:
    source = f"{FLOW}    return 1.0  # wfc: ignore[WFC101]\n"

    assert codes(source) == ["WFC190"]
    assert codes(source, Settings(ignore=("clock",))) == []
    assert codes(source, Settings(ignore=("unused-suppression",))) == []


def test_a_comment_without_codes_or_with_an_unknown_one_is_a_finding() -> None:
    (bare,) = lint(f"{FLOW}    return 1.0  # wfc: ignore\n")
    (unknown,) = lint(f"{FLOW}    return 1.0  # wfc: ignore[clcok]\n")

    assert bare.code.code == "WFC191"
    assert unknown.code.code == "WFC191"
    assert unknown.message == "there is no rule `clcok`. Did you mean 'clock'?"


def test_text_that_looks_like_a_comment_is_none() -> None:
    assert codes(f'{FLOW}    return len("# wfc: ignore[WFC101]") + time.time()\n') == ["WFC101"]


def test_rules_are_chosen_by_code_by_name_and_by_beginning() -> None:
    source = f"{FLOW}    return time.time() + random.random()\n"

    assert codes(source, Settings(select=("WFC101",))) == ["WFC101"]
    assert codes(source, Settings(select=("random",))) == ["WFC102"]
    assert codes(source, Settings(select=("WFC1",))) == ["WFC101", "WFC102"]
    assert codes(source, Settings(ignore=("clock",))) == ["WFC102"]
    assert codes(source, Settings(select=("ALL",), ignore=("ALL",))) == []


def test_rules_that_are_off_by_default_run_when_asked_for() -> None:
    source = "import zzz\n" + FLOW + "    return zzz.convert()\n"

    assert codes(source) == []
    assert codes(source, Settings(extend_select=("unknown-call",))) == ["WFC121"]
    assert codes(source, Settings(strict=True)) == ["WFC121"]
    assert codes(source, Settings(strict=True, trusted=("zzz.*",))) == []


def test_trusted_functions_are_not_followed() -> None:
    source = f"{FLOW}    return stamp()\n\ndef stamp() -> float:\n    return time.time()\n"

    assert codes(source, Settings(trusted=("flow.stamp",))) == []
    assert codes(source, Settings(trusted=("time.time",))) == []
    assert codes(source, Settings(trusted=("other.*",))) == ["WFC101"]


def test_rules_can_be_ignored_below_a_path() -> None:
    files = {f"{folder}/flow.py": f"{FLOW}    return time.time()\n" for folder in ("old", "new")}
    settings = Settings(per_path=(("old/*", ("WFC101",)),))

    assert sites(lint(files, settings)) == {("new/flow.py", 6, "WFC101")}


@pytest.mark.parametrize(
    ("path", "pattern", "matches"),
    [
        ("app/old/flow.py", "old", True),
        ("app/old/flow.py", "app/old", True),
        ("app/old/flow.py", "*.py", True),
        ("app/old/flow.py", "flow.py", True),
        ("./app/flow.py", "app/", True),
        ("app/older/flow.py", "old", False),
        ("app/flow.py", "test_*.py", False),
    ],
)
def test_path_patterns(path: str, pattern: str, matches: bool) -> None:
    assert matches_path(path, pattern) is matches


def test_settings_come_from_a_table() -> None:
    settings = from_table(
        {
            "select": ["WFC1"],
            "extend-select": ["WFC121"],
            "ignore": ["clock"],
            "extend-ignore": ["uuid"],
            "exclude": ["vendor"],
            "per-path-ignores": {"tests": ["WFC105"]},
            "trusted": ["app.pure.*"],
            "strict": True,
            "baseline": "lint-baseline.json",
        }
    )

    assert settings == Settings(
        select=("WFC1",),
        extend_select=("WFC121",),
        ignore=("clock", "uuid"),
        exclude=("vendor",),
        per_path=(("tests", ("WFC105",)),),
        trusted=("app.pure.*",),
        strict=True,
        baseline="lint-baseline.json",
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"selct": []}, "unknown setting 'selct'. Did you mean 'select'?"),
        ({"select": "WFC101"}, "'select' must be a list of texts"),
        ({"ignore": [1]}, "'ignore' must be a list of texts"),
        ({"per-path-ignores": []}, "'per-path-ignores' must be a table of file patterns"),
        ({"strict": "yes"}, "'strict' must be true or false"),
        ({"baseline": 3}, "'baseline' must be the path of a file"),
    ],
)
def test_wrong_settings_are_named(table: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        from_table(table)

    assert str(raised.value) == message


def test_a_selector_without_a_rule_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(SettingsError, match=r"no rule 'clokc'\. Did you mean 'clock'\?"):
        check_selectors(["clokc"], {"WFC101": "clock"})
