"""The declaration of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from wfc.compiler.checks.engines.requests import FixRequest, Need
from wfc.compiler.data.struct import Struct, field

Kind: TypeAlias = Literal["", "workflow", "step", "transaction"]

NOTHING: Final[frozenset[str]] = frozenset()


class Note(Struct):
    """What an engine adds to the page of a general rule, in words that the rule puts into its own
    sentences: to why it matters, and to what the safe fixes and the others do. ``bad`` and ``good``
    are an example where the rule has none."""

    why: str = ""
    safe: str = ""
    unsafe: str = ""
    bad: str = ""
    good: str = ""


class LintEngine(Struct, kw_only=True, eq=False):
    """What the linter knows of one engine. The author API of wfc counts as one.

    Names are dotted, as a file that imports the SDK may resolve them.
    """

    name: str
    title: str
    """How sentences name it."""
    packages: tuple[str, ...]
    """The top packages of its SDK: never files of a project, and a file without any of these words
    defines no workflow."""
    rules: str = ""
    """The package with its own rules."""

    # --- What decorators make of functions -------------------------------------------------------

    workflows: frozenset[str] = NOTHING
    steps: frozenset[str] = NOTHING
    transactions: frozenset[str] = NOTHING
    read_only: frozenset[str] = NOTHING
    """Decorators of handlers that must not change the state of their workflow."""
    of_methods: Mapping[str, str] = field(factory=dict)
    """Decorators that a method makes, by the end of their text: they resolve to no name."""
    classes: Mapping[str, str] = field(factory=dict)
    """Decorators of classes whose methods are workflows, inherited ones too, with the decorator
    that their constructor counts as having."""

    # --- What becomes of functions that are handed on --------------------------------------------

    boundaries: tuple[str, ...] = ()
    """Callables that run what they are given outside the workflow, or only name it. A trailing dot
    stands for everything below."""
    inside: frozenset[str] = NOTHING
    """Those among them that run it as part of the workflow."""
    context_methods: frozenset[str] = NOTHING
    """Such callables by their last name: methods of a context, whose type may be unknown."""
    contexts: frozenset[str] = NOTHING
    """The names that people give the context of a handler."""
    handed: Mapping[str, Kind] = field(factory=dict)
    """What the engine makes of a function that is handed to a callable with this last name. An
    engine that has these has rules for such functions."""

    # --- What its SDK is -------------------------------------------------------------------------

    aliases: Mapping[str, str] = field(factory=dict)
    """Modules by the name under which everything in them is known."""
    star_members: Mapping[str, frozenset[str]] = field(factory=dict)
    """Names that ``from module import *`` brings in."""
    datasources: frozenset[str] = NOTHING
    """What runs transactions of the application's database; they are recorded."""
    operations: tuple[str, ...] = ()
    """What the names of its operations start with."""
    coroutines: frozenset[str] = NOTHING
    gathers: frozenset[str] = NOTHING
    """What runs several coroutines beside each other."""
    futures: frozenset[str] = NOTHING
    """Methods of its contexts that give a future."""
    promise_futures: frozenset[str] = NOTHING
    """Methods of a promise of its contexts that give a future."""
    modules: Mapping[str, str] = field(factory=dict)
    """Modules that belong to the table of a general rule, by its code."""
    pure: str = ""
    """What is deterministic in them."""

    # --- How its code looks ----------------------------------------------------------------------

    replaying: frozenset[str] = NOTHING
    """Functions that say whether a run is replayed, by their last names."""
    unreplayed: frozenset[str] = NOTHING
    """Words in a ``with`` whose block the author took out of replay."""
    passing: frozenset[str] = NOTHING
    """Words in a ``with`` whose imports the engine's own checks do not look into."""
    inside_only: frozenset[str] = NOTHING
    """Functions that fail where no workflow is running, by the end of their text."""
    mentions: frozenset[str] = NOTHING
    """Words whose presence in any file decides about a finding in another."""

    # --- What holds in its workflows -------------------------------------------------------------

    loop: Literal["", "replayed", "real"] = ""
    """Whether the event loop of a workflow keeps the order of tasks and the time of its run, or is
    any other; empty where workflows are no coroutines."""
    raises_to_stop: bool = False
    """It stops a workflow by an exception that ``except Exception`` does not catch."""
    numbers_steps: bool = False
    """It tells steps apart by the order in which they start."""
    separates_caught: bool = False
    """Its rules ask whether a caller may catch what a function raises."""

    # --- What its authors write ------------------------------------------------------------------

    instead: Mapping[str, str]
    """The advice by need; ``io`` is for every other."""
    fixes: Mapping[str, FixRequest] = field(factory=dict)
    """What comes in place of a nondeterministic call, by its name. That of
    ``datetime.datetime.now`` may depend on the zone: ``datetime.datetime.now()`` is for none,
    ``now(UTC)`` and ``now(ZoneInfo)`` for those."""
    logger: tuple[str, Need] | None = None
    """Its logger that is silent in a replay."""
    notes: Mapping[str, Note] = field(factory=dict)
    """What it adds to the pages of general rules, by code."""

    def runs_apart(self, name: str) -> bool:
        """Whether a function handed to this callable of the SDK does not run as part of the
        workflow."""
        if name in self.inside:
            return False
        return name.rpartition(".")[2] in self.context_methods or any(
            name.startswith(boundary) if boundary.endswith(".") else name == boundary
            for boundary in self.boundaries
        )

    def advice(self, need: str) -> str:
        """What its authors write instead."""
        return self.instead.get(need) or _EVERYWHERE.get(need) or self.instead["io"]


_EVERYWHERE: Final[Mapping[str, str]] = {
    "order": "sort it first: sorted(...); or keep a list or dict, which have an order",
    "zone": "name the zone: datetime.fromtimestamp(t, UTC), moment.astimezone(UTC)",
    "hash": "use hashlib or zlib.crc32, which give the same number everywhere",
}
