"""Input that breaks lesser tools: every problem is reported, the rest is still checked."""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest

from tests.checks.linting import cache_at, sites
from wfc.backends.lint import ENGINES, engines
from wfc.compiler.checks.linting.cache import FileCache
from wfc.compiler.checks.linting.run import Report, lint
from wfc.compiler.checks.linting.settings import Settings
from wfc.compiler.diagnostics.model import in_source_order
from wfc.compiler.pipeline import read_file
from wfc.tool.refusals import own_code

FLOW = "import time\nfrom wfc import workflow\n\n@workflow\ndef flow():\n    return time.time()\n"
FOUND = ("flow.py", 6, "WFC101")


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "flow.py").write_text(FLOW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(cache: FileCache | None = None) -> Report:
    return lint(["."], Settings(), ".", cache or cache_at(), engines)


@pytest.mark.parametrize("text", ["def f(:\n", "from wfc import workflow\ndef f(:\n"])
def test_a_syntax_error_is_a_finding_with_a_place(tree: Path, text: str) -> None:
    (tree / "broken.py").write_text(text)

    assert sites(check().diagnostics) == {("broken.py", text.count("\n"), "WFC006"), FOUND}


@pytest.mark.parametrize("callee", ["0", "None", "'ctx.run'", "b''", "1.5"])
def test_a_constant_that_is_called(tree: Path, callee: str) -> None:
    (tree / "flow.py").write_text(FLOW.replace("return", f"{callee}(time.sleep)\n    return"))

    assert ("flow.py", 7, "WFC101") in sites(check().diagnostics)


def test_a_module_with_a_syntax_error_that_a_workflow_imports(tree: Path) -> None:
    (tree / "broken.py").write_text("def f(:\n")
    (tree / "flow.py").write_text("from broken import f\n" + FLOW)

    assert sites(check().diagnostics) == {("broken.py", 1, "WFC006"), ("flow.py", 7, "WFC101")}


@pytest.mark.parametrize(
    "content",
    [
        FLOW.encode("utf-8-sig"),
        ("# -*- coding: latin-1 -*-\nname = 'Zürich'\n" + FLOW).encode("latin-1"),
        ("# coding: utf-8\nname = 'Zürich 漢字'\n" + FLOW).encode(),
        FLOW.replace("\n", "\r\n").encode(),
    ],
)
def test_other_encodings_are_read(tree: Path, content: bytes) -> None:
    (tree / "flow.py").write_bytes(content)

    (found,) = check().diagnostics
    assert found.code.code == "WFC101"
    assert found.span.column == 12


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"# coding: no-such\nimport wfc\n", 1, "WFC006"),
        (b"import wfc\nname = 'Z\xfcrich'\n", 2, "WFC004"),
        (b"import wfc\n\n\nname = 'Z\xfcrich'\n", 4, "WFC004"),
        (b"name = 'Z\xfcrich'\n", 1, "WFC004"),
        (b"\n\n\nname = 'Z\xfcrich'\n", 4, "WFC004"),
        (b"\xef\xbb\xbfname = 'Z\xfcrich'\n", 1, "WFC004"),
        (b"# coding: ascii\nname = 'Z\xfcrich'\n", 2, "WFC004"),
    ],
)
def test_what_is_no_text_is_a_finding(tree: Path, content: bytes, line: int, code: str) -> None:
    (tree / "other.py").write_bytes(content)

    assert sites(check().diagnostics) == {("other.py", line, code), FOUND}


def test_null_bytes_are_a_finding(tree: Path) -> None:
    (tree / "other.py").write_bytes(b"import wfc\x00\n")

    found = {(path, code) for path, _, code in sites(check().diagnostics)}
    assert ("other.py", "WFC006") in found


def test_a_file_in_another_encoding_is_refused_as_the_compiler_does(tree: Path) -> None:
    (tree / "flow.py").write_bytes(f"# Z\xfcrich\n{FLOW}".encode("latin-1"))

    assert check().diagnostics == list(read_file("flow.py").diagnostics)


@pytest.mark.parametrize(
    "content",
    [
        f"# coding: latin-1\n# Z\xfcrich\n{FLOW}".encode("latin-1"),
        f"# coding: latin-1\n# Z\xfcrich\n{FLOW}".encode(),
        f"# coding: ascii\n# Z\xfcrich\n{FLOW}".encode("latin-1"),
        f"# coding: no-such\n{FLOW}".encode(),
        f"\ufeff# coding: latin-1\n{FLOW}".encode(),
    ],
    ids=["declared", "declared and utf-8 too", "not as declared", "unknown", "two declared"],
)
def test_the_linter_reads_a_file_in_the_encoding_that_the_compiler_reads(
    tree: Path, content: bytes
) -> None:
    (tree / "flow.py").write_bytes(content)

    refused = {(d.code.code, d.span.line) for d in read_file("flow.py").diagnostics}

    found = {(d.code.code, d.span.line) for d in check().diagnostics}
    assert {(code, line) for code, line in found if code.startswith("WFC0")} == {
        (code, line) for code, line in refused if code in ("WFC004", "WFC006")
    }


def test_a_file_that_cannot_be_read(tree: Path) -> None:
    (tree / "gone.py").symlink_to(tree / "nowhere.py")

    assert sites(check().diagnostics) == {("gone.py", 0, "WFC003"), FOUND}


def test_a_circle_of_links_ends(tree: Path) -> None:
    (tree / "inner").mkdir()
    (tree / "inner" / "outer").symlink_to(tree, target_is_directory=True)

    assert sites(check().diagnostics) == {FOUND}


def test_a_pipe_and_a_folder_with_names_of_modules_are_left_alone(tree: Path) -> None:
    os.mkfifo(tree / "pipe.py")
    (tree / "folder.py").mkdir()
    (tree / "link.py").symlink_to(tree / "folder.py", target_is_directory=True)
    (tree / "other.py").symlink_to(tree / "pipe.py")

    assert sites(check().diagnostics) == {FOUND}


def test_the_same_file_under_two_names_is_checked_once(tree: Path) -> None:
    (tree / "copy.py").symlink_to(tree / "flow.py")

    assert len(check().diagnostics) == 1


def test_virtual_environments_and_hidden_folders_are_skipped(tree: Path) -> None:
    for folder in ("env", ".hidden", "node_modules", "__pycache__"):
        (tree / folder).mkdir()
        (tree / folder / "flow.py").write_text(FLOW)
    (tree / "env" / "pyvenv.cfg").write_text("")

    assert sites(check().diagnostics) == {FOUND}


def test_a_deeply_nested_expression_is_a_finding(tree: Path) -> None:
    (tree / "deep.py").write_text("import wfc\nx = " + "(" * 150 + "1" + ")" * 150 + "\n")
    (tree / "long.py").write_text("import wfc\nx = " + "-" * 50_000 + "1\n")

    found = {(path, code) for path, _, code in sites(check().diagnostics)}
    assert ("long.py", "WFC007") in found
    assert ("flow.py", "WFC101") in found


def test_ten_megabytes_of_generated_code(tree: Path) -> None:
    row = "TABLE.append({'name': 'x', 'value': 12345, 'kind': None})\n"
    (tree / "generated.py").write_text("TABLE = []\n" + row * (10_000_000 // len(row)))
    program = (
        "import resource\nfrom wfc.compiler.checks.linting.run import lint\n"
        "from wfc.backends.lint import engines\n"
        "from wfc.compiler.checks.linting.cache import FileCache\n"
        "from wfc.compiler.checks.linting.settings import Settings\n"
        "print(len(lint(['.'], Settings(), '.', FileCache('', ''), engines).diagnostics))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    started = time.monotonic()

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    found, kilobytes = result.stdout.split()
    assert found == "1"
    assert int(kilobytes) < 300_000
    assert time.monotonic() - started < 20


def test_a_workflow_in_a_file_that_is_too_large_is_not_checked_and_said_so(tree: Path) -> None:
    (tree / "generated.py").write_text(FLOW + "x = 1\n" * 600_000)
    (tree / "caller.py").write_text(FLOW + "    from generated import flow as other\n    other()\n")

    assert sites(check().diagnostics) == {
        ("generated.py", 0, "WFC192"),
        ("caller.py", 6, "WFC101"),
        FOUND,
    }


def test_a_corrupt_cache_is_rebuilt_silently(tree: Path) -> None:
    path = tree / ".wfc" / "cache" / "lint"
    first = cache_at(path)
    check(first)
    first.save()
    whole = path.read_bytes()
    for damaged in (b"", b"garbage", whole[: len(whole) // 2], whole[:-20] + b"x" * 20):
        path.write_bytes(damaged)
        cache = cache_at(path)

        assert sites(check(cache).diagnostics) == {FOUND}
        cache.save()
        assert cache_at(path).entries


def test_a_cache_file_runs_no_code(tree: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(tree / "evil"),)

    path = tree / "cache"
    good = cache_at(path)
    path.write_bytes(pickle.dumps((good.salt, {b"k": Evil()})))
    entries = {good._key(FLOW.encode()): pickle.dumps(Evil())}
    assert sites(check(cache_at(path)).diagnostics) == {FOUND}
    path.write_bytes(pickle.dumps((good.salt, entries)))
    assert sites(check(cache_at(path)).diagnostics) == {FOUND}
    assert not (tree / "evil").exists()


def test_a_warm_cache_gives_the_same_result(tree: Path) -> None:
    (tree / "other.py").write_text("x = 1\n")
    (tree / "broken.py").write_text("def f(:\n")
    path = str(tree / "cache")
    cold = cache_at(path)
    before = check(cold).diagnostics
    cold.save()
    warm = cache_at(path)

    after = check(warm).diagnostics

    assert after == before
    assert len(after) == 2
    assert not warm.changed


def test_a_changed_file_is_read_again(tree: Path) -> None:
    path = str(tree / "cache")
    cache = cache_at(path)
    check(cache)
    cache.save()
    (tree / "flow.py").write_text(FLOW.replace("time.time()", "1"))

    assert check(cache_at(path)).diagnostics == []


def test_a_result_is_forgotten_when_a_file_outside_the_paths_changes(tree: Path) -> None:
    app = tree / "app"
    app.mkdir()
    (app / "flow.py").write_text(
        "from helpers import stamp\nfrom wfc import workflow\n\n"
        "@workflow\ndef flow():\n    return stamp()\n"
    )

    def found() -> list[str]:
        cache = cache_at(tree / "cache")
        report = lint(["app"], Settings(), ".", cache, engines)
        cache.save()
        return [diagnostic.path for diagnostic in report.diagnostics]

    assert found() == []
    (tree / "helpers.py").write_text("import time\n\ndef stamp():\n    return time.time()\n")
    assert found() == ["helpers.py"]
    assert found() == ["helpers.py"]
    (tree / "helpers.py").write_text("def stamp():\n    return 1\n")
    assert found() == []


def test_a_cache_is_forgotten_when_the_code_that_decides_changes(tree: Path) -> None:
    path = str(tree / "cache")
    first = FileCache(path, "one")
    check(first)
    first.save()

    assert FileCache(path, "one").entries
    assert not FileCache(path, "another").entries


def test_what_is_known_of_engines_decides_too() -> None:
    for name in ENGINES:
        package = import_module(f"wfc.backends.{name}.lint")
        assert package.__file__ is not None
        status = os.stat(package.__file__)
        assert f"__init__.py {status.st_mtime_ns} {status.st_size}" in own_code()


def test_two_runs_at_once_on_one_cache(tree: Path) -> None:
    for number in range(40):
        (tree / f"flow{number}.py").write_text(FLOW)
    command = [sys.executable, "-m", "wfc", "lint", "--format", "concise"]
    (tree / "pyproject.toml").write_text("[tool.wfc]\n")

    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    outputs = {run.communicate()[0] for run in runs}

    assert len(outputs) == 1
    assert {run.returncode for run in runs} == {1}
    assert sorted(os.listdir(tree / ".wfc" / "cache")) == [".gitignore", "lint"]


def test_many_files_are_checked_in_child_processes_with_the_same_result(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wfc.compiler.checks.linting import parallel

    for number in range(9):
        (tree / f"plain{number}.py").write_text("x = 1\n" if number % 3 else "x = (\n")
    alone = check().diagnostics
    monkeypatch.setattr(parallel, "WORTH_IT", 0)
    monkeypatch.setattr(parallel, "processors", lambda: 2)
    for number in range(5):
        (tree / f"flow{number}.py").write_text(FLOW.replace("def flow", f"def flow{number}"))
    flows = [f"flow{number}.py" for number in range(5)]
    alone += lint(flows, Settings(), ".", cache_at(), engines).diagnostics

    assert check().diagnostics == in_source_order(alone)
    assert len(alone) == 9


def test_a_child_process_that_dies_loses_nothing(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wfc.compiler.checks.linting import parallel

    parent = os.getpid()

    def work(item: int) -> int:
        if os.getpid() != parent and item == 3:
            os._exit(9)
        return item * 2

    monkeypatch.setattr(parallel, "processors", lambda: 2)
    background = parallel.Background(work, range(6), parallel.WORTH_IT)

    assert background.results() == [0, 2, 4, 6, 8, 10]


@pytest.fixture(autouse=True)
def no_core_dumps() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
