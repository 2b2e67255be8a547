"""Writes what wfc generates into a folder without ever losing a file of somebody else.

The folder keeps a small manifest, ``.wfc-manifest.json``, with the digest of every file that wfc
wrote there. A file that exists and is not in it, or was edited since, is left alone and reported.
All files of one call are staged first and renamed into place at the end.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.diagnostics.span import NOWHERE
from wfc.tool import codes
from wfc.tool.files import stage

MANIFEST = ".wfc-manifest.json"


def write_files(folder: Path, files: Mapping[str, str], *, force: bool = False) -> list[Path]:
    """Write text files below a folder, all or none.

    Args:
        folder: created when it is missing.
        files: path relative to the folder, with forward slashes -> text.
        force: also replace files that wfc did not write or that were edited since.

    Returns:
        The paths that were written or already had that content, in the order of ``files``.

    Raises:
        Refused: a file would be lost, or the folder cannot be written. Nothing was changed.
    """
    if not force:
        refuse_foreign(folder, files)
    digests = {**_read_manifest(folder), **{name: _digest(text) for name, text in files.items()}}
    manifest = json.dumps({"version": 1, "files": dict(sorted(digests.items()))}, indent=2) + "\n"
    try:
        _replace_all(folder, {**files, MANIFEST: manifest})
    except OSError as error:
        raise unwritable(folder, error) from error
    return [folder / name for name in files]


def refuse_foreign(folder: Path, files: Mapping[str, str]) -> None:
    """Raise what :func:`write_files` raises about files in the way; arguments as there.

    Raises:
        Refused: a file would be lost.
    """
    known = _read_manifest(folder)
    message = "the file was not written by wfc, or was edited since"
    instead = "move it, choose another place, or overwrite it with --force"
    blockers = [name for name in files if _foreign(folder, name, files, known)]
    if blockers:
        raise Refused(
            codes.OUTPUT_FOREIGN.at(str(folder / name), NOWHERE, message, instead=instead)
            for name in blockers
        )


def unwritable(place: Path, error: OSError) -> Refused:
    """What to raise when the operating system refuses to write."""
    message = f"cannot be written: {error.strerror or error}"
    return Refused([codes.OUTPUT_UNWRITABLE.at(str(place), NOWHERE, message)])


def _foreign(folder: Path, name: str, files: Mapping[str, str], known: Mapping[str, str]) -> bool:
    path = folder / name
    try:
        present = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return False
    except IsADirectoryError:
        return True
    except OSError as error:
        raise unwritable(path, error) from error
    return present not in (_digest(files[name]), known.get(name))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read_manifest(folder: Path) -> dict[str, str]:
    """The digests of an earlier run; a missing or broken manifest knows nothing."""
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in document["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _replace_all(folder: Path, files: Mapping[str, str]) -> None:
    staged: list[tuple[Path, Path]] = []
    try:
        for name, text in files.items():
            staged.append((stage(folder / name, text), folder / name))
        for temporary, target in staged:
            os.replace(temporary, target)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
