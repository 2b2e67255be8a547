"""What a fix comes to, wherever it is offered: the words to write, and what they need."""

from __future__ import annotations

from typing import Literal

from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Safety


class NewStep(Struct):
    """A step of wfc that an expression of a workflow moves into.

    ``returns`` is its annotation, with ``{owner}`` for what the called function belongs to, and
    ``gives`` what it returns, with ``{}`` for the expression; ``absorbs`` is a function that does
    to the expression what ``gives`` does, as ``str``."""

    name: str
    returns: str
    gives: str = "{}"
    absorbs: str = ""


class Need(Struct):
    """A name that a text relies on; without it in the file it is imported. ``submodule`` says that
    it is a module, which is there only when somebody imports it."""

    module: str
    name: str
    submodule: bool = False


class FixRequest(Struct):
    """A fix that a rule offers at the place of its finding.

    ``action`` and ``text`` are those of :class:`~wfc.compiler.diagnostics.model.Rewrite`;
    ``in_coroutine`` is the text where ``await`` may stand, if it is another. ``absorbs`` is a
    function that has nothing more to do around the text: ``list`` around ``sorted({})``. With a
    ``step`` the expression moves into it, and nothing else of these counts.

    A fix is ``safe`` when the workflow does what it did before, apart from what the rule is about;
    it is ``unsafe`` when a value, a type or the order of events may be another."""

    title: str
    safety: Safety
    action: Literal["callee", "expression"]
    text: str
    needs: Need | None = None
    in_coroutine: str = ""
    absorbs: str = ""
    step: NewStep | None = None
