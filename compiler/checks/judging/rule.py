"""What a rule is. A rule is one class in one file of a folder of rules; being there registers it.

A rule carries its own tests and documentation: ``VALID`` and ``INVALID`` are files on which it must
stay silent or speak. In an invalid file the comment ``# WFC101`` stands at the end of each line
that the rule reports. ``FIXED`` shows an invalid file after its fix."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from wfc.compiler.checks.engines import DBOS, ENGINES, WFC
from wfc.compiler.checks.reading.facts import Place, Use
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Code, Safety, Severity

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.calls.symbols import Target
    from wfc.compiler.checks.judging.context import Context

WORKFLOW: Final = frozenset({"workflow"})
STEP: Final = frozenset({"step", "transaction"})


class NewStep(Struct):
    """A step of wfc that an expression of a workflow moves into.

    ``returns`` is its annotation, with ``{owner}`` for what the called function belongs to, and
    ``gives`` what it returns, with ``{}`` for the expression; ``absorbs`` is a function that does
    to the expression what ``gives`` does, as ``str``."""

    name: str
    returns: str
    gives: str = "{}"
    absorbs: str = ""


class FixRequest(Struct):
    """A fix that a rule offers at the place of its finding.

    ``action`` and ``text`` are those of :class:`~wfc.compiler.diagnostics.model.Rewrite`;
    ``in_coroutine`` is the text where ``await`` may stand, if it is another. ``needs`` is what the
    text relies on, as module and name; without it in the file it is imported. ``absorbs`` is a
    function that has nothing more to do around the text: ``list`` around ``sorted({})``. With a
    ``step`` the expression moves into it, and nothing else of these counts.

    A fix is ``safe`` when the workflow does what it did before, apart from what the rule is about;
    it is ``unsafe`` when a value, a type or the order of events may be another."""

    title: str
    safety: Safety
    action: Literal["callee", "expression"]
    text: str
    needs: tuple[str, str] | None = None
    in_coroutine: str = ""
    absorbs: str = ""
    step: NewStep | None = None


def moved(module: str, names: str, step: NewStep) -> dict[tuple[str, str], FixRequest]:
    """Fixes for wfc workflows that let a step do what functions of a module do, by engine and name.
    Unsafe, because a workflow that is under way gets one step more."""
    request = FixRequest(
        f"Move it into a @step, {step.name}()", "unsafe", "expression", "", step=step
    )
    return {(WFC, f"{module}.{name}"): request for name in names.split()}


def recorded(module: str, names: str) -> dict[tuple[str, str], FixRequest]:
    """Fixes for DBOS workflows that record what functions of a module give, by engine and name.
    Unsafe, because a workflow that is under way gets one step more."""
    request = FixRequest(
        "Record it as a step with DBOS.run_step()",
        "unsafe",
        "expression",
        "DBOS.run_step(None, {callee}, {args})",
        ("dbos", "DBOS"),
        in_coroutine="await DBOS.run_step_async(None, {callee}, {args})",
    )
    return {(DBOS, f"{module}.{name}"): request for name in names.split()}


class Finding(Struct):
    """One thing that a rule found at a use. ``message`` starts with what is written there and has
    no place in it; ``place`` is given when it is not the use's. ``whole`` says that the message is
    about a function or class as such, so that nobody asks which workflow runs the code."""

    message: str
    instead: str
    place: Place | None = None
    fix: FixRequest | None = None
    whole: bool = False


class Rule(ABC):
    """Base of all rules.

    ``kinds`` are the kinds of :class:`Use` that :meth:`check` gets; ``engines`` and ``where`` say
    in whose code; ``logged_is_fine`` leaves out values that only reach log lines. ``default`` is
    False for a rule that only ``--strict`` or ``select`` turns on. ``fixing`` says what its fixes
    do, the safe ones and the others.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    why: ClassVar[str]
    bad: ClassVar[str]
    good: ClassVar[str]
    fixing: ClassVar[str] = ""
    severity: ClassVar[Severity] = "error"
    since: ClassVar[str] = "0.1.0"
    default: ClassVar[bool] = True

    kinds: ClassVar[tuple[str, ...]] = ()
    engines: ClassVar[tuple[str, ...]] = ENGINES
    where: ClassVar[frozenset[str]] = WORKFLOW
    logged_is_fine: ClassVar[bool] = False

    VALID: ClassVar[tuple[str, ...]] = ()
    INVALID: ClassVar[tuple[str, ...]] = ()
    FIXED: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        """What is wrong with one use in a function that a workflow runs."""

    def check_function(self, visit: Visit, context: Context) -> Iterator[Finding]:
        """What is wrong with a function as a whole; its findings need a place."""
        return iter(())

    @classmethod
    def as_code(cls) -> Code:
        return Code(
            cls.code,
            cls.name,
            cls.summary,
            cls.why,
            cls.bad,
            cls.good,
            severity=cls.severity,
            since=cls.since,
            fixes=cls.fixing,
        )
