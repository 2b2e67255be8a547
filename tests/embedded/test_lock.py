"""The lock of a run: one process has it, and it ends with that process alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wfc.embedded.lock import Lock, acquire, is_held

TRY = "import sys; from pathlib import Path; from wfc.embedded.lock import acquire\n"


def taken(path: Path) -> Lock:
    lock = acquire(path)
    assert lock is not None
    return lock


def free_for_others(path: Path) -> bool:
    """Whether another process gets the lock."""
    code = f"{TRY}sys.exit(acquire(Path(sys.argv[1])) is None)"
    return subprocess.run([sys.executable, "-c", code, str(path)]).returncode == 0


def test_one_process_has_it(tmp_path: Path) -> None:
    path = tmp_path / "r-1"
    lock = taken(path)
    assert is_held(path)
    assert path.read_text() == str(os.getpid())
    assert not free_for_others(path)
    lock.release()
    assert not is_held(path)
    assert not path.exists()
    assert free_for_others(path)


def test_a_second_descriptor_of_the_file_does_not_give_it_up(tmp_path: Path) -> None:
    path = tmp_path / "r-1"
    lock = taken(path)
    path.read_text()
    assert is_held(path)
    assert not free_for_others(path)
    lock.release()


def test_a_forked_child_that_lives_on_does_not_keep_it(tmp_path: Path) -> None:
    path = tmp_path / "r-1"
    code = (
        f"{TRY}import os, time\n"
        "lock = acquire(Path(sys.argv[1]))\n"
        "if not os.fork(): time.sleep(60)\n"
        "os._exit(0)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], start_new_session=True) as dead:
        pass
    try:
        taken(path).release()
    finally:
        os.killpg(dead.pid, 9)


def test_whoever_waits_is_told_once_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "r-1"
    lock = taken(path)
    told: list[int | None] = []

    def wait(pid: int | None) -> None:
        told.append(pid)
        lock.release()

    next_lock = acquire(path, wait)
    assert next_lock is not None
    assert told == [os.getpid()]
    next_lock.release()


@pytest.mark.parametrize(
    "content", [b"", b"\0\xff", b'{"pid": 99999999999999999999}', b"-" * 100, b"9" * 100]
)
def test_what_stands_in_it_does_not_matter(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "r-1"
    path.write_bytes(content)
    assert not is_held(path)
    taken(path).release()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "circle").symlink_to("circle")
    for name in ("pipe", "folder", "circle"):
        assert not is_held(tmp_path / name)
        with pytest.raises(OSError, match=r"ordinary|directory|symbolic"):
            acquire(tmp_path / name)
