"""What a rule is. A rule is one class in one file of a folder of rules; being there registers it.

A rule carries its own tests and documentation. An engine has cases of general rules in its own
words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.engines.known import LintEngines, sentences
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.reading.facts import Place
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Code, Severity

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.judging.context import Context
    from wfc.compiler.checks.judging.sighting import Sighting

WORKFLOW: Final = frozenset({"workflow"})
STEP: Final = frozenset({"step", "transaction"})


class Finding(Struct):
    """One thing that a rule found at a use. ``message`` starts with what is written there and has
    no place in it; ``place`` is given when it is not the use's. ``whole`` says that the message is
    about a function or class as such, so that nobody asks which workflow runs the code."""

    message: str
    instead: str
    place: Place | None = None
    fix: FixRequest | None = None
    whole: bool = False


class Cases:
    """``VALID`` and ``INVALID`` are files on which the rule of that code must stay silent or speak.
    In an invalid file the comment ``# WFC101`` stands at the end of each line that the rule
    reports. ``FIXED`` shows an invalid file after its fix."""

    code: ClassVar[str]
    VALID: ClassVar[tuple[str, ...]] = ()
    INVALID: ClassVar[tuple[str, ...]] = ()
    FIXED: ClassVar[tuple[str, ...]] = ()


class Rule(Cases):
    """Base of all rules.

    ``kinds`` are the kinds of :class:`Use` that :meth:`check` gets; ``only`` and ``where`` say in
    whose code; ``logged_is_fine`` leaves out values that only reach log lines. ``default`` is False
    for a rule that only ``--strict`` or ``select`` turns on. ``fixing`` says what its fixes do, the
    safe ones and the others.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    why: ClassVar[str] = ""
    bad: ClassVar[str] = ""
    good: ClassVar[str] = ""
    fixing: ClassVar[str] = ""
    severity: ClassVar[Severity] = "error"
    since: ClassVar[str] = "0.1.0"
    default: ClassVar[bool] = True

    kinds: ClassVar[tuple[str, ...]] = ()
    only: ClassVar[LintEngine | None] = None
    where: ClassVar[frozenset[str]] = WORKFLOW
    logged_is_fine: ClassVar[bool] = False

    def check(self, at: Sighting) -> Iterator[Finding]:
        """What is wrong with one use."""
        return iter(())

    def check_function(self, visit: Visit, context: Context) -> Iterator[Finding]:
        """What is wrong with a function as a whole; its findings need a place."""
        return iter(())

    @classmethod
    def holds_for(cls, engine: LintEngine) -> bool:
        """Whether the rule is about workflows of an engine."""
        return cls.only in (None, engine)

    @classmethod
    def why_among(cls, engines: LintEngines) -> str:
        """Why it matters. What engines add stands in place of ``{notes}``, or makes sentences."""
        notes = [note.why for note in engines.notes(cls.code) if note.why]
        if "{notes}" in cls.why:
            return cls.why.replace("{notes}", (notes and f": {'; '.join(notes)}") or "")
        return sentences([cls.why.removesuffix("."), *notes]) + "."

    @classmethod
    def fixing_among(cls, engines: LintEngines) -> str:
        """What its fixes do, with those of engines."""
        return cls.fixing

    @classmethod
    def as_code(cls, engines: LintEngines) -> Code:
        """Its page."""
        example = next((note for note in engines.notes(cls.code) if note.bad), cls)
        return Code(
            cls.code,
            cls.name,
            cls.summary,
            cls.why_among(engines),
            example.bad,
            example.good,
            severity=cls.severity,
            since=cls.since,
            fixes=cls.fixing_among(engines),
        )
