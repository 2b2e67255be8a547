"""Machines that people deploy: a folder that the environment variable ``ASL_CORPUS`` names.

They are public samples and fixtures, and no part of this repository. The folder has a
``MANIFEST.jsonl``, a line for each machine with its ``file``, its ``path`` in the repository that
it comes from, and its ``group``: ``sample`` or ``test-fixture``.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

CORPUS = Path(os.environ.get("ASL_CORPUS") or "no corpus")


def entries(group: str) -> list[dict[str, Any]]:
    """The lines of the manifest that belong to a group."""
    lines = (CORPUS / "MANIFEST.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry for entry in map(json.loads, lines) if entry["group"] == group]


def machine(entry: dict[str, Any]) -> Any:
    """The machine that a line of the manifest is about."""
    return json.loads((CORPUS / entry["file"]).read_text(encoding="utf-8"))
