"""Generated files never cost anybody a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from wfc.compiler.diagnostics.model import Refused
from wfc.tool.files import write_atomically
from wfc.tool.output import MANIFEST, write_files


def test_writes_new_files_and_a_manifest(tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = write_files(out, {"a.py": "A = 1\n", "sub/b.json": "{}\n"})
    assert written == [out / "a.py", out / "sub/b.json"]
    assert (out / "a.py").read_text() == "A = 1\n"
    assert set(json.loads((out / MANIFEST).read_text())["files"]) == {"a.py", "sub/b.json"}


def test_replaces_what_it_wrote_itself(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "old\n"})
    write_files(tmp_path, {"a.py": "new\n"})
    assert (tmp_path / "a.py").read_text() == "new\n"


def test_leaves_a_foreign_file_alone_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("mine\n")
    with pytest.raises(Refused) as refused:
        write_files(tmp_path, {"a.py": "A\n", "b.py": "B\n"})
    assert [found.path for found in refused.value.diagnostics] == [str(tmp_path / "b.py")]
    assert (tmp_path / "b.py").read_text() == "mine\n"
    assert not (tmp_path / "a.py").exists()


def test_leaves_a_file_alone_that_was_edited_since(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "old\n"})
    (tmp_path / "a.py").write_text("edited\n")
    with pytest.raises(Refused, match="edited since"):
        write_files(tmp_path, {"a.py": "new\n"})
    assert (tmp_path / "a.py").read_text() == "edited\n"


def test_force_overwrites(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine\n")
    write_files(tmp_path, {"a.py": "new\n"}, force=True)
    assert (tmp_path / "a.py").read_text() == "new\n"


def test_a_foreign_file_of_the_same_content_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("same\n")
    write_files(tmp_path, {"a.py": "same\n"})


def test_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine\n")
    write_files(tmp_path, {"a.py": "A\n"})
    assert (tmp_path / "notes.txt").read_text() == "mine\n"


def test_a_folder_in_the_place_of_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.py").mkdir()
    with pytest.raises(Refused, match="WFC620"):
        write_files(tmp_path, {"a.py": "A\n"})


def test_a_file_in_the_place_of_the_folder_is_a_problem(tmp_path: Path) -> None:
    blocked = tmp_path / "out"
    blocked.write_text("mine\n")
    with pytest.raises(Refused, match="cannot"):
        write_files(blocked, {"a.py": "A\n"})
    assert blocked.read_text() == "mine\n"


def test_a_broken_manifest_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{nonsense")
    write_files(tmp_path, {"a.py": "A\n"})
    assert (tmp_path / "a.py").read_text() == "A\n"


def test_a_failed_write_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr("wfc.tool.output.os.replace", refuse)
    with pytest.raises(Refused, match="No space left"):
        write_files(tmp_path, {"a.py": "A\n"})
    assert list(tmp_path.iterdir()) == []


def test_a_device_and_a_link_stay_what_they_are(tmp_path: Path) -> None:
    write_atomically(Path(os.devnull), "lost\n")
    assert not Path(os.devnull).is_file()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_atomically(tmp_path / "link", "text\n")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "text\n"
