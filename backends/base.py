"""The contract of a backend: what it can express, what it writes, and how its output is run.

A backend is an object that satisfies :class:`Backend`: one of our own is named ``backend`` in a
folder under ``backends/`` that ``backends.registry`` lists, one of another package is named under
the entry-point group ``wfc.backends``. Importing that object must stay cheap: emitters are imported
when they are needed, engines only by :meth:`Backend.engine`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language.limits import Limits

if TYPE_CHECKING:
    from wfc.compiler.language import nodes as ir


class Options(Struct):
    """How to emit. ``source_locations`` puts file and line of operations where the target has a
    place for a text about them; ``settings`` is ``[tool.wfc.<target>]`` of pyproject.toml."""

    source_locations: bool = False
    settings: Mapping[str, Any] = field(factory=dict)


class File(Struct):
    """A generated file; ``path`` is relative to the output folder, with forward slashes. The main
    file is the one that goes to stdout when it is alone."""

    path: str
    text: str
    main: bool = True


class Origin(Struct):
    """Leads from a name in the artefact (a state, a step, an activity summary) to the source. Such
    a name is unique in its workflow; another workflow in the same artefact may have it, too."""

    artefact: str
    workflow: str
    name: str
    kind: str
    line: int
    column: int


class Emission(Struct):
    """What ``compile`` writes. With errors among the diagnostics the files are not written."""

    files: tuple[File, ...] = ()
    origins: tuple[Origin, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class Call(Struct):
    """One attempt of a step, as an engine made it: the step's function name and its arguments by
    name, as JSON data, injected ones left out."""

    step: str
    arguments: Mapping[str, Any]


class Outcome(Struct):
    """How a run ended. ``error`` is the class name, empty when it succeeded. ``exact`` is False
    when an expression failed and the engine has its own words for that: the message then means
    nothing."""

    result: Any = None
    error: str = ""
    message: str = ""
    calls: tuple[Call, ...] = ()
    exact: bool = True


class StepFailure(Exception):
    """A scripted step fails with an error of this class name and message."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(error, message)
        self.error = error
        self.message = message


class Script(Protocol):
    """Answers the steps of one case."""

    def answer(self, step: str, arguments: Mapping[str, Any]) -> Any:
        """The JSON value that this attempt of the step returns.

        Raises:
            StepFailure: this attempt fails.
        """


class Engine(Protocol):
    """A real engine (or interpreter) with the compiled workflows of one module loaded.

    Delays are skipped or virtual. ``run`` may be called many times; ``close`` ends what the engine
    started.
    """

    name: str

    def supports(self, workflow: ir.Workflow) -> str:
        """Empty when this engine can run the workflow, else the reason."""

    def run(self, workflow: str, arguments: Mapping[str, Any], script: Script) -> Outcome:
        """Run one workflow with its arguments by name, steps answered by the script."""

    def close(self) -> None:
        """End what the engine started; it cannot run anything any more."""


SettingKind = Literal["any", "name", "texts"]
"""What a setting holds: a value that the backend checks itself, a name (3 to 256 of
``a-z 0-9 - _``), or a table of texts."""


class Variant(Struct):
    """An engine of a target beside or in place of its first one, for ``wfc verify``.

    ``option`` and ``help`` are those of the command line; with a ``choice`` the option takes that
    word and the engine replaces the first one, without it is a flag and the engine joins the first
    one. One that is ``eager`` joins wherever it supports the workflow; its flag demands it."""

    name: str
    option: str
    help: str
    choice: str = ""
    eager: bool = False


@runtime_checkable
class Backend(Protocol):
    """``settings`` are the keys that ``[tool.wfc.<name>]`` may have; others are refused.
    ``limits`` is what the target can hold; ``variants`` are its further engines.
    ``provides`` are the packages, by the names they are imported under, that are there wherever
    the output is deployed: what its requirements install."""

    name: str
    summary: str
    settings: Mapping[str, SettingKind]
    provides: frozenset[str]
    limits: Limits
    variants: tuple[Variant, ...]

    def check(
        self, module: ir.Module, workflow: ir.Workflow, options: Options
    ) -> Sequence[Diagnostic]:
        """Why this workflow does not fit the target, in source order; empty when it fits."""

    def emit(
        self, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
    ) -> Emission:
        """The artefacts for workflows of a module. Deterministic, byte for byte."""

    def validate(self, emission: Emission) -> str:
        """What the published schema of the target's format has against the files, beyond what
        every emission is checked for; empty when nothing, or when there is none."""

    def engine(self, module: ir.Module, options: Options, variant: str = "") -> Engine:
        """Start the engine of the given variant (the default one when empty) for a module.

        Raises:
            EngineMissing: what it needs is not installed.
        """


class EngineMissing(Exception):
    """An engine cannot start here; the message says what to install."""
