"""WFC138: pure functions that the Temporal sandbox refuses."""

from __future__ import annotations

from wfc.backends.temporal.lint import ENGINE, RUN
from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.judging.tables import NameRule


class OsPath(NameRule):
    code = "WFC138"
    name = "refused-by-sandbox"
    summary = "A Temporal workflow calls a pure function that the sandbox refuses."
    why = (
        "The sandbox restricts the whole module os, the pure functions of os.path included: the "
        "call is deterministic, and still raises RestrictedWorkflowAccessError when the "
        "workflow runs."
    )
    bad = 'path = os.path.join("invoices", f"{order}.pdf")'
    good = 'path = str(PurePosixPath("invoices") / f"{order}.pdf")'
    only = ENGINE
    says = "is refused by the sandbox, although it is deterministic"
    need = "path"
    calls = """
        os.path.join os.path.basename os.path.dirname os.path.split os.path.splitext
        os.path.splitdrive os.path.splitroot os.path.normpath os.path.normcase os.path.isabs
        os.path.commonpath os.path.commonprefix os.fspath os.fsencode os.fsdecode os.strerror
    """
    modules = "getopt"

    VALID = (
        "import os\nfrom dbos import DBOS\n\n@DBOS.workflow()\ndef f(name: str) -> str:\n"
        "    return os.path.join('a', name)\n",
        f"from pathlib import PurePosixPath\n{RUN}(self, name: str) -> str:\n"
        "        return str(PurePosixPath('a') / name)\n",
    )
    INVALID = (
        f"from os import path\n{RUN}(self, name: str) -> str:\n"
        "        return path.join('a', name)  # WFC138\n",
    )

    def advice(self, engine: LintEngine, name: str) -> str:
        return "use pathlib.PurePosixPath, or do it in an activity"
