"""``wfc lsp``, from the editor's side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import pytest
from lsprotocol import types

from tests.lsp.editor import Editor
from wfc.lsp.analysis import Analyser
from wfc.lsp.documents import Document

IMPORTS = "import time\n\nfrom wfc import step, workflow\n\n\n"
CLOCK = f"{IMPORTS}@workflow\ndef flow() -> float:\n    return time.time()\n"
SLEEP = f"{IMPORTS}@workflow\ndef flow() -> None:\n    time.sleep(3)  # for long\n"
CLEAN = f"{IMPORTS}@workflow\ndef flow() -> int:\n    return 1\n"
FOUND = [(8, "WFC101")]
"""What is found in CLOCK."""

STAMPED = (
    "from temporalio import workflow\n\nfrom helpers import stamp\n\n\n"
    "@workflow.defn\nclass Flow:\n    @workflow.run\n    async def run(self) -> float:\n"
    "        return stamp()\n"
)
PURE = "def stamp() -> float:\n    return 1.0\n"
IMPURE = "import time\n\n\ndef stamp() -> float:\n    return time.time()\n"

LIMITED = (
    "from temporalio import workflow\n\nimport state\n\n\n@workflow.defn\nclass Flow:\n"
    "    @workflow.run\n    async def run(self) -> object:\n        return state.LIMIT\n"
)
CONSTANT = "LIMIT = 1\n"
CHANGING = "import os\n\nLIMIT = os.environ['LIMIT']\n"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def running(workspace: Path) -> Iterator[Editor]:
    """One server for all tests, each of which has its own project in it."""
    editor = Editor(workspace)
    yield editor
    assert editor.quit() == 0


@pytest.fixture
def editor(
    running: Editor, tmp_path_factory: pytest.TempPathFactory, workspace: Path
) -> Iterator[Editor]:
    running.root = workspace / tmp_path_factory.mktemp("project").name
    running.root.mkdir()
    configure(running, "[tool.wfc]\n")
    running.messages.clear()
    yield running
    assert [text for text in running.messages if "internal error" in text] == []


def configure(editor: Editor, text: str) -> None:
    (editor.root / "pyproject.toml").write_text(text)


# --- Diagnostics ---------------------------------------------------------------------------------


def test_a_problem_is_shown_when_a_document_is_opened(editor: Editor) -> None:
    editor.open("flow.py", CLOCK)

    (found,) = editor.diagnostics("flow.py")
    assert (found.code, found.source) == ("WFC101", "wfc")
    assert found.severity == types.DiagnosticSeverity.Error
    assert found.message.startswith("`time.time()` reads the clock in workflow `flow`")
    assert "Instead: read the clock in a @step" in found.message
    assert editor.marked("flow.py", found) == "time.time()"


def test_the_code_leads_to_the_page_of_the_rule(editor: Editor) -> None:
    editor.open("flow.py", CLOCK)

    (found,) = editor.diagnostics("flow.py")
    assert found.code_description is not None
    page = Path(urlparse(found.code_description.href).path).read_text()
    assert page.startswith("## WFC101 clock")


def test_unsaved_changes_count_and_name_the_version_they_are_about(editor: Editor) -> None:
    editor.open("flow.py", CLOCK)
    editor.retype("flow.py", CLEAN)

    published = editor.published[editor.uri("flow.py")]
    assert (list(published.diagnostics), published.version) == ([], 2)


def test_fast_typing_ends_with_the_last_text(editor: Editor) -> None:
    editor.open("flow.py", CLEAN)
    for number in range(30):
        editor.type("flow.py", f"{CLEAN}\n# {number}\n")
    editor.retype("flow.py", CLOCK)

    assert editor.codes("flow.py") == FOUND
    assert editor.published[editor.uri("flow.py")].version == 32


def test_a_module_of_wfc_is_checked_as_the_compiler_does(editor: Editor) -> None:
    editor.open("flow.py", CLEAN.replace("return 1", "return (lambda: 1)()"))

    (found,) = editor.diagnostics("flow.py")
    assert str(found.code).startswith("WFC0")


def test_what_the_targets_of_the_project_refuse_is_shown(editor: Editor) -> None:
    ordered = (
        "from wfc import workflow\n\n@workflow\ndef flow(x: dict[str, int]) -> str:\n"
        '    last = ""\n    for key in x:\n        last = key\n    return last\n'
    )
    configure(editor, '[tool.wfc]\ntargets = ["dbos"]\n')
    editor.open("flow.py", ordered)
    assert editor.codes("flow.py") == []

    configure(editor, '[tool.wfc]\ntargets = ["asl"]\n')
    editor.retype("flow.py", f"{ordered}\n")
    assert editor.codes("flow.py") == [(6, "WFC317")]


def test_a_module_with_steps_only_has_no_problem(editor: Editor) -> None:
    editor.open("steps.py", f"{IMPORTS}@step\ndef one() -> float:\n    return time.time()\n")

    assert editor.codes("steps.py") == []


def test_files_without_workflows_are_nobodys_business(editor: Editor) -> None:
    editor.open("plain.py", "import time\ntime.time(\n")

    assert editor.codes("plain.py") == []


def test_an_unused_suppression_is_greyed(editor: Editor) -> None:
    editor.open("flow.py", CLEAN.replace("return 1", "return 1  # wfc: ignore[WFC101] old"))

    (found,) = editor.diagnostics("flow.py")
    assert found.code == "WFC190"
    assert list(found.tags or []) == [types.DiagnosticTag.Unnecessary]


def test_a_closed_document_shows_nothing(editor: Editor) -> None:
    editor.open("flow.py", CLOCK)
    editor.open("other.py", CLEAN)
    editor.close("flow.py", settled="other.py")

    assert editor.codes("flow.py") == []


def test_a_document_that_was_never_saved(editor: Editor) -> None:
    editor.open("untitled:Untitled-1", CLOCK)

    assert editor.codes("untitled:Untitled-1") == FOUND


# --- Calls across files --------------------------------------------------------------------------


def test_a_helper_is_reported_with_the_way_from_the_workflow(editor: Editor) -> None:
    (editor.root / "flow.py").write_text(STAMPED)
    editor.open("helpers.py", IMPURE)

    (found,) = editor.diagnostics("helpers.py")
    assert found.code == "WFC101"
    assert [
        (Path(urlparse(step.location.uri).path).name, step.location.range.start.line, step.message)
        for step in found.related_information or []
    ] == [("flow.py", 8, "starts in Flow.run"), ("flow.py", 9, "calls stamp")]


def test_a_helper_changed_in_another_document_is_followed_unsaved(editor: Editor) -> None:
    (editor.root / "helpers.py").write_text(PURE)
    editor.open("flow.py", STAMPED)
    editor.open("helpers.py", PURE)
    assert editor.codes("helpers.py") == []

    editor.retype("helpers.py", IMPURE)

    assert editor.codes("helpers.py") == [(5, "WFC101")]


def test_a_workflow_changed_in_another_document_changes_its_helpers(editor: Editor) -> None:
    editor.open("helpers.py", IMPURE)
    editor.open("flow.py", STAMPED)
    assert editor.codes("helpers.py") == [(5, "WFC101")]

    editor.retype("flow.py", STAMPED.replace("return stamp()", "return 1.0"))

    assert editor.codes("helpers.py") == []


def test_a_module_that_is_closed_counts_as_it_is_on_disk(editor: Editor) -> None:
    (editor.root / "state.py").write_text(CONSTANT)
    editor.open("flow.py", LIMITED)
    assert editor.codes("flow.py") == []
    editor.open("state.py", CHANGING)
    assert [line for line, _ in editor.codes("flow.py")] == [10]

    editor.close("state.py", settled="flow.py")

    assert editor.codes("flow.py") == []


def test_files_that_change_outside_the_editor(editor: Editor) -> None:
    editor.open("helpers.py", IMPURE)
    assert editor.codes("helpers.py") == []
    (editor.root / "flow.py").write_text(STAMPED)

    editor.files_changed("helpers.py")

    assert editor.codes("helpers.py") == [(5, "WFC101")]


# --- Half-typed text -----------------------------------------------------------------------------


def test_a_syntax_error_is_the_only_problem_while_it_lasts(editor: Editor) -> None:
    editor.open("flow.py", CLOCK)
    editor.retype("flow.py", CLOCK + "def (:\n")

    (found,) = editor.diagnostics("flow.py")
    assert found.message.startswith("not valid Python")
    assert found.range.start.line == 8

    editor.retype("flow.py", CLOCK)
    assert editor.codes("flow.py") == FOUND


def test_a_syntax_error_can_be_ignored(editor: Editor) -> None:
    configure(editor, "[tool.wfc.lint]\nignore = ['syntax-error']\n")
    editor.open("flow.py", CLOCK + "def (:\n")

    assert editor.codes("flow.py") == []


def test_other_files_see_a_half_typed_module_as_it_was(editor: Editor) -> None:
    editor.open("state.py", CHANGING)
    editor.open("flow.py", LIMITED)
    before = editor.codes("flow.py")

    editor.retype("state.py", CHANGING + "x = (\n")

    assert editor.codes("flow.py") == before != []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00wfc",
        "from wfc import workflow\n@workflow\n",
        "from wfc import workflow\n@workflow\ndef flow() -> None:\n    return\nreturn 1\n",
        "# -*- coding: latin-1 -*-\nfrom wfc import workflow\nx = 'é😀'\n",
        "# -*- coding: klingon -*-\nfrom wfc import workflow\n",
        "from wfc import workflow\nx = " + "(" * 1000 + ")" * 1000 + "\n",
        "from wfc import workflow\nx = " + "-" * 20_000 + "1\n",
        f"{CLOCK}\n" + "# long\n" * 500_000,
    ],
    ids=[
        "empty",
        "null",
        "decorator",
        "return outside",
        "latin-1",
        "unknown coding",
        "parentheses",
        "deep",
        "large",
    ],
)
def test_the_server_survives(editor: Editor, text: str) -> None:
    editor.open("flow.py", text)
    editor.retype("flow.py", CLOCK)

    assert editor.codes("flow.py") == FOUND


# --- Places --------------------------------------------------------------------------------------


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_columns_count_utf16_units(editor: Editor, line_end: str) -> None:
    text = CLOCK.replace("return time", "name = '😀é'; return time").replace("\n", line_end)
    editor.open("flow.py", text)

    (found,) = [d for d in editor.diagnostics("flow.py") if d.code == "WFC101"]
    assert editor.marked("flow.py", found) == "time.time()"
    assert found.range.start.character == len("    name = '😀é'; return ") + 1


def test_lines_end_where_the_protocol_says(editor: Editor) -> None:
    editor.open("flow.py", CLOCK.replace("import time\n", "import time\n# a\x0cb\u2028c\x85d\n"))

    assert editor.codes("flow.py") == [(9, "WFC101")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_positions_in_the_encoding_that_was_agreed_on(workspace: Path, encoding: str) -> None:
    kinds = [types.PositionEncodingKind(encoding)]
    general = types.GeneralClientCapabilities(position_encodings=kinds)
    editor = Editor(workspace, types.ClientCapabilities(general=general))
    editor.open("flow.py", CLOCK.replace("return time", "name = '😀é'; return time"))

    before = "    name = '😀é'; return "
    size = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    expected = len(before.encode(f"{encoding}-le" if size > 1 else encoding)) // size
    (found,) = [d for d in editor.diagnostics("flow.py") if d.code == "WFC101"]
    assert editor.server.capabilities.position_encoding == encoding
    assert found.range.start.character == expected
    editor.quit()


# --- Hover and actions ---------------------------------------------------------------------------


def test_hover_shows_the_problem_and_the_page_of_its_rule(editor: Editor) -> None:
    editor.open("flow.py", CLOCK)

    shown = editor.hover("flow.py", 7, 13)

    assert shown is not None
    assert shown.startswith("`time.time()` reads the clock in workflow `flow`")
    assert "## WFC101 clock" in shown
    assert "### Use instead\n\n```python" in shown
    assert editor.hover("flow.py", 0, 0) is None


def test_a_safe_fix_is_the_preferred_action(editor: Editor) -> None:
    editor.open("flow.py", SLEEP)

    action = editor.action("flow.py", 8, "Use sleep() of wfc")

    assert (action.kind, action.is_preferred) == (types.CodeActionKind.QuickFix, True)
    assert [d.code for d in action.diagnostics or []] == ["WFC109"]
    assert editor.applied("flow.py", action) == SLEEP.replace(
        "import time\n\nfrom wfc import step, workflow", "from wfc import sleep, step, workflow"
    ).replace("time.sleep(3)  #", "sleep(3)  #")


def test_a_fix_keeps_the_line_ends_and_counts_emoji(editor: Editor) -> None:
    text = SLEEP.replace("time.sleep", "name = '😀'; time.sleep").replace("\n", "\r\n")
    editor.open("flow.py", text)

    after = editor.applied("flow.py", editor.action("flow.py", 8, "Use sleep() of wfc"))

    assert "    name = '😀'; sleep(3)  # for long\r\n" in after
    assert after.count("\n") == after.count("\r\n")


def test_an_unsafe_fix_says_so(editor: Editor) -> None:
    helper = (
        "import time\n\nfrom temporalio import workflow\n\n\n@workflow.defn\nclass Flow:\n"
        "    @workflow.run\n    async def run(self) -> float:\n        return now()\n\n\n"
        "def now() -> float:\n    return time.time()\n"
    )
    editor.open("flow.py", helper)

    (action,) = [found for found in editor.actions("flow.py", 14) if "unsafe" in found.title]

    assert action.is_preferred is False
    assert "workflow.time()" in editor.applied("flow.py", action)
    assert editor.actions("flow.py", 14, "source.fixAll") == []


def test_suppressing_a_problem(editor: Editor) -> None:
    editor.open("flow.py", SLEEP)

    after = editor.applied("flow.py", editor.action("flow.py", 8, "Suppress WFC109"))

    assert after.endswith("    time.sleep(3)  # for long  # wfc: ignore[WFC109]\n")
    editor.retype("flow.py", after)
    assert "WFC109" not in dict(map(reversed, editor.codes("flow.py")))


def test_suppressing_a_second_problem_on_a_line(editor: Editor) -> None:
    text = SLEEP.replace("time.sleep(3)  # for long", "time.sleep(time.time())")
    editor.open("flow.py", text)
    once = editor.applied("flow.py", editor.action("flow.py", 8, "Suppress WFC109"))
    editor.retype("flow.py", once)

    twice = editor.applied("flow.py", editor.action("flow.py", 8, "Suppress WFC101"))

    assert twice.endswith("time.sleep(time.time())  # wfc: ignore[WFC109, WFC101]\n")


def test_a_suppression_never_lands_inside_a_string(editor: Editor) -> None:
    editor.open("flow.py", CLOCK.replace("time.time()", 'str(time.time()) + """\n    """'))

    titles = [action.title for action in editor.actions("flow.py", 8)]

    assert FOUND[0] in editor.codes("flow.py")
    assert [title for title in titles if title.startswith("Suppress WFC101")] == []


def test_all_safe_fixes_at_once(editor: Editor) -> None:
    text = SLEEP + "    time.sleep(4)\n    time.sleep(time.time())\n"
    editor.open("flow.py", text)

    (action,) = editor.actions("flow.py", 1, "source.fixAll")

    assert action.kind == "source.fixAll.wfc"
    assert editor.applied("flow.py", action) == text.replace(
        "import step, workflow", "import sleep, step, workflow"
    ).replace("time.sleep", "sleep")


def test_only_asked_kinds_are_offered(editor: Editor) -> None:
    editor.open("flow.py", SLEEP)

    kinds = {action.kind for action in editor.actions("flow.py", 8, "quickfix")}

    assert kinds == {types.CodeActionKind.QuickFix}
    assert editor.actions("flow.py", 8, "refactor") == []


def test_edits_name_the_version_where_the_client_can_tell(workspace: Path) -> None:
    edits = types.WorkspaceEditClientCapabilities(document_changes=True)
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    capabilities = types.ClientCapabilities(
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=edits, did_change_watched_files=watching
        )
    )
    editor = Editor(workspace, capabilities)
    editor.open("flow.py", SLEEP)

    action = editor.action("flow.py", 8, "Use sleep() of wfc")

    assert action.edit is not None
    assert action.edit.document_changes
    assert "    sleep(3)" in editor.applied("flow.py", action)
    assert [found.method for found in editor.registered] == ["workspace/didChangeWatchedFiles"]
    editor.quit()


# --- Configuration -------------------------------------------------------------------------------


def test_settings_of_the_project_count_and_are_read_again(editor: Editor) -> None:
    configure(editor, "[tool.wfc.lint]\nignore = ['clock']\n")
    editor.open("flow.py", CLOCK)
    assert FOUND[0] not in editor.codes("flow.py")

    configure(editor, "[tool.wfc]\n")
    editor.files_changed("flow.py")

    assert editor.codes("flow.py") == FOUND


def test_excluded_files_show_nothing(editor: Editor) -> None:
    configure(editor, "[tool.wfc.lint]\nexclude = ['generated']\n")
    editor.open("generated/flow.py", CLOCK)

    assert editor.codes("generated/flow.py") == []


def test_the_baseline_counts(editor: Editor) -> None:
    (editor.root / "known.json").write_text(
        '{"version": 1, "findings": [{"code": "WFC101", "path": "flow.py",'
        ' "line": "return time.time()", "count": 1}]}'
    )
    configure(editor, "[tool.wfc.lint]\nbaseline = 'known.json'\n")
    editor.open("flow.py", CLOCK)

    assert editor.codes("flow.py") == []


def test_an_unknown_target_is_said_once_and_does_not_count(editor: Editor) -> None:
    configure(editor, '[tool.wfc]\ntargets = ["asl", "tempral"]\n')

    editor.open("flow.py", CLOCK.replace("    return", "    print(1)\n    return"))
    editor.open("other.py", CLEAN)

    assert editor.codes("flow.py") == [(8, "WFC041"), (9, "WFC101")]
    assert editor.codes("other.py") == []
    (message,) = [text for text in editor.messages if "tempral" in text]
    assert "pyproject.toml: tool.wfc.targets: unknown target 'tempral'" in message
    assert "Did you mean 'temporal'?" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.wfc\n", "not valid TOML"),
        ("[tool.wfc.lint]\nselct = ['clock']\n", "unknown setting 'selct'"),
        ("[tool.wfc.lint]\nignore = ['clok']\n", "no rule 'clok'. Did you mean 'clock'?"),
        ("[tool.wfc.lint]\nbaseline = 'gone.json'\n", "the baseline cannot be read"),
    ],
    ids=["no toml", "unknown setting", "unknown rule", "no baseline"],
)
def test_a_wrong_configuration_is_said_once_and_does_not_count(
    editor: Editor, text: str, said: str
) -> None:
    configure(editor, text)
    editor.open("flow.py", CLOCK)
    editor.retype("flow.py", f"{CLOCK}\n")

    assert [said in message for message in editor.messages] == [True]
    assert editor.codes("flow.py") == FOUND


# --- Memory --------------------------------------------------------------------------------------


def test_nothing_is_kept_of_the_texts_that_typing_leaves_behind(tmp_path: Path) -> None:
    path = tmp_path / "flow.py"
    analyser = Analyser()
    for version in range(20):
        document = Document(path.as_uri(), str(path), f"{CLOCK}# {version}\n", version)
        analyser.check([document])

    assert len(analyser.cache.entries) == 1
