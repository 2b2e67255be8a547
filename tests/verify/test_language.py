"""Small workflows, one for each construct, mean the same plainly and on every engine.

They stand in ``tests/data/verify``, each module with its cases.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from wfc.testing.verify import Column, verify_file

DATA = Path(__file__).parents[1] / "data" / "verify"
COLUMNS = (
    Column("asl"),
    Column("asl", "ministack", optional=True),
    Column("temporal"),
    Column("dbos"),
)

# Workflows that a target refuses, with the code of the reason.
NOT_ON: dict[str, dict[str, str]] = {"asl": {}, "temporal": {}, "dbos": {}}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.label)
@pytest.mark.parametrize("name", ["control", "errors", "values"])
def test_every_engine_agrees_with_the_plain_run(name: str, column: Column) -> None:
    verdicts = verify_file(DATA / f"{name}.py", DATA / f"{name}.cases.yaml", [column])
    refused = NOT_ON[column.target]
    wrong = []
    for verdict in verdicts:
        if verdict.target != "plain" and verdict.workflow in refused:
            codes = {diagnostic.code.code for diagnostic in verdict.diagnostics}
            if refused[verdict.workflow] not in codes:
                wrong.append(f"{verdict.case}: {verdict.workflow} is no longer refused")
        elif verdict.agrees is False:
            wrong.append(f"{verdict.case} ({verdict.target}): " + "; ".join(verdict.difference))
    assert not wrong, "\n".join(wrong)
