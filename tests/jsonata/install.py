"""Installs the reference implementation of JSONata below this folder (git-ignored)."""

from __future__ import annotations

import fcntl
import json
import subprocess
from pathlib import Path

from tests.npm import environment, tool

FOLDER = Path(__file__).parent
INSTALLED = FOLDER / "node_modules" / "jsonata" / "package.json"


def ensure() -> None:
    """Install the pinned version unless it is there.

    Raises:
        subprocess.CalledProcessError: npm cannot install it.
    """
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]["jsonata"]
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if INSTALLED.exists() and json.loads(INSTALLED.read_text())["version"] == wanted:
            return
        command = [tool("npm"), "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=FOLDER, env=environment(), check=True)
