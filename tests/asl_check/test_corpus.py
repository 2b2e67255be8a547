"""The checker and the schema on machines that people deploy: no false alarm.

Nothing is collected here where there are no such machines; see :mod:`tests.asl_check.corpus`.
"""

from __future__ import annotations

from pathlib import Path

from tests.asl_check.corpus import CORPUS, entries, machine
from wfc.backends.asl.checker.machine import check_machine
from wfc.backends.asl.checker.schema import validate

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


# Templates whose tools are filled in later.
TEMPLATES = {"samples/6edef2126f44.asl.json", "samples/c8f1101d8963.asl.json"}

if CORPUS.is_dir():

    def test_the_schema_accepts_every_sample_that_is_complete() -> None:
        found = {entry["file"] for entry in entries("sample") if validate(machine(entry))}
        assert found == TEMPLATES

    def test_the_checker_finds_nothing_wrong_in_samples_that_is_right() -> None:
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
