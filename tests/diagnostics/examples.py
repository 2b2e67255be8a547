"""Diagnostics of every shape, for the formats' tests."""

from __future__ import annotations

from wfc.compiler.diagnostics.model import Code, Diagnostic, Edit, Fix, Link
from wfc.compiler.diagnostics.span import NOWHERE, Span

CLOCK = Code(
    "WFC101", "clock", "A workflow reads the clock.", "A replay reads another time.", "now()", "x"
)
LATER = Code("WFC020", "set-display", "Sets.", refusal="not supported yet")
NOTE = Code("WFC117", "print", "A workflow prints.", severity="info")
WARNING = Code("WFC190", "unused", "Nothing is suppressed.", severity="warning")

SOURCES = {
    "app/flow.py": (
        "import time\n"
        "\tname = 'Zürich 漢字'; now = time.time()\n"
        "total = call(\n    1,\n)\n"
        "e\u0301 = '\u202e' + open('\x1b[31m')\n"
        f"long = [{'1, ' * 100}time.time(), {'2, ' * 100}]\n"
    ),
    "app/helpers.py": "def stamp():\n    return time.time()\n",
}
_FIX = Fix(
    "Use workflow.time()", "safe", (Edit("app/flow.py", Span(2, 28, 2, 39), "workflow.time()"),)
)

DIAGNOSTICS: list[Diagnostic] = [
    CLOCK.at("app/broken.py", NOWHERE, "the whole file is wrong"),
    CLOCK.at(
        "app/flow.py",
        Span(2, 28, 2, 39),
        "`time.time()` reads the clock",
        instead="read it in a @step",
        fix=_FIX,
    ),
    LATER.at("app/flow.py", Span(3, 9, 5, 2), "a call over several lines"),
    NOTE.at("app/flow.py", Span(6, 12, 6, 27), "`open(\x1b[31m)` with control characters"),
    WARNING.at("app/flow.py", Span(7, 309, 7, 320), "far to the right"),
    CLOCK.at(
        "app/helpers.py",
        Span(2, 12, 2, 23),
        "`time.time()` reads the clock: 100%, a\nb",
        instead="read it in a @step",
        chain=(Link("app/flow.py", 3, 1, "total"), Link("app/flow.py", 3, 9, "stamp")),
    ),
]
