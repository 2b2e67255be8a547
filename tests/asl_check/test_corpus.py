"""The checker on machines that people deploy: no false alarm.

The machines are public samples in a folder beside the checkout. They are not part of this
repository: without the folder there is nothing to collect here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wfc.backends.asl.check import check_machine

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "asl"

# Every finding among the samples, looked at one by one and true. Three files are templates whose
# tools are filled in later; two use names of errors that are reserved, which is a warning.
TRUE_FINDINGS = {
    "samples/29d706b6bdc2.asl.json": {("ASL-R53", "warning")},
    "samples/40272dcc83a9.asl.json": {("ASL-R7", "error")},
    "samples/611ec40cd5c7.asl.json": {("ASL-R53", "warning")},
    "samples/6edef2126f44.asl.json": {("ASL-VALUE", "error")},
    "samples/c8f1101d8963.asl.json": {("ASL-MISSING", "error")},
}

# Fixtures of public validators that are wrong in a way that is gone once the text is JSON data
# (duplicate keys) or that Step Functions accepts: white space inside {% %}, arguments of MathAdd.
NOT_FOUND = {
    "invalid-cfn-definition-substitutions",
    "invalid-dupe-fields",
    "invalid-duplicate-fields",
    "invalid-duplicate-fields-nested",
    "invalid-json-surround-syntax-extra-spaces",
    "invalid-jsonata-surround-syntax-no-spaces",
    "invalid-math-add",
}


def entries(group: str) -> list[dict[str, Any]]:
    lines = (CORPUS / "MANIFEST.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry for entry in map(json.loads, lines) if entry["group"] == group]


def machine(entry: dict[str, Any]) -> Any:
    return json.loads((CORPUS / entry["file"]).read_text(encoding="utf-8"))


if CORPUS.is_dir():

    def test_samples_pass() -> None:
        found = {}
        for entry in entries("sample"):
            problems = check_machine(machine(entry))
            if problems:
                found[entry["file"]] = {(item.rule, item.severity) for item in problems}
        assert found == TRUE_FINDINGS

    def test_fixtures_that_are_invalid_on_purpose_are_found() -> None:
        missed = set()
        for entry in entries("test-fixture"):
            name = Path(entry["path"]).name.partition(".")[0]
            if name.startswith("invalid-") and not check_machine(machine(entry)):
                missed.add(name)
        assert missed == NOT_FOUND

    def test_no_fixture_breaks_the_checker() -> None:
        for entry in entries("test-fixture"):
            check_machine(machine(entry))
