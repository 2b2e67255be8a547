"""What one source file says about itself: its functions, what they use, its classes, its names.

Facts depend on the text of the file alone. They are plain data, so that a cache can keep them.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from wfc.compiler.checks.reading.terms import Term
from wfc.compiler.data.struct import MutableStruct, field

Place: TypeAlias = tuple[int, int, int, int]
"""Line, column, end line, end column, as in :class:`wfc.compiler.diagnostics.span.Span`."""

# Circumstances of a use; they are added up.
AWAITED: Final = 1
DISCARDED: Final = 2
"""The value of the call is thrown away: an expression statement."""
LOGGED: Final = 4
"""The value ends in log lines only."""
GUARDED: Final = 8
"""Stands in a block that the author took out of replay on purpose."""
ORDERED: Final = 32
"""The order of the set does not matter: it was found to have one element, or the rounds of the
loop may run in any order."""
IN_LOOP: Final = 128
IN_TRY: Final = 256
"""Stands in a try that has handlers."""
ON_PARAMETER: Final = 512
"""Changes what the caller passed in."""
COMPARED: Final = 1024
"""The value is only compared with others, or looked up among them: ``id(x) in seen``."""


class Use(MutableStruct):
    """Something a function does that a rule may care for.

    ``kind`` is ``call``, ``read`` (a name or attribute), ``pass`` (a function that is handed on;
    ``args`` holds the callee, and the place or keyword of the argument), ``forward`` (the same of a
    parameter, which ``written`` names), ``iterate`` (the term's order is observed), ``enter`` (a
    with statement), ``write`` (``term`` is what changes), ``raise`` or ``catch``. ``written`` is
    the text of the callee or name, cut short."""

    kind: str
    term: Term
    place: Place
    written: str
    args: tuple[Term, ...] = ()
    keywords: tuple[tuple[str, Term], ...] = ()
    flags: int = 0


class Decorator(MutableStruct):
    """``term`` is the decorator with its call, if it has one, left out; ``called`` says that it had
    one, with these keywords."""

    term: Term
    called: bool
    keywords: tuple[tuple[str, Term], ...]
    place: Place
    written: str


class Parameter(MutableStruct):
    """``replaceable`` says that its default may be called, unless the caller passes another."""

    name: str
    annotation: Term
    replaceable: bool = False


class Function(MutableStruct, eq=False):
    """``owner`` is the qualified name of the class whose method this is, empty otherwise. ``place``
    is the place of its name. ``defaults`` are the uses in its default arguments."""

    qualname: str
    place: Place
    owner: str = ""
    asynchronous: bool = False
    generator: bool = False
    parameters: tuple[Parameter, ...] = ()
    annotation: Term = None
    decorators: tuple[Decorator, ...] = ()
    defaults: list[Use] = field(factory=list)
    uses: list[Use] = field(factory=list)
    returns: tuple[Term, ...] = ()

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]


class Variable(MutableStruct, eq=False):
    """A name that an assignment binds, at module level or in a class. ``uses`` are those of its
    initial value; ``mutable`` says that the value is a container that can change."""

    term: Term
    place: Place
    uses: tuple[Use, ...] = ()
    mutable: bool = False


class Class(MutableStruct, eq=False):
    """``attributes`` are the class's own variables; ``fields`` what methods assign to ``self``."""

    qualname: str
    place: Place
    bases: tuple[Term, ...] = ()
    decorators: tuple[Decorator, ...] = ()
    methods: dict[str, str] = field(factory=dict)
    attributes: dict[str, Variable] = field(factory=dict)
    fields: dict[str, Term] = field(factory=dict)

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]


class Suppression(MutableStruct):
    """``# wfc: ignore[codes] reason``. ``line`` is 0 for a whole file; ``codes`` as written."""

    line: int
    codes: tuple[str, ...]
    place: Place


class Module(MutableStruct, eq=False):
    """``imports`` maps a name to the module or ``module:name`` it stands for; relative modules keep
    their dots. ``changed`` names the module's variables that its functions rebind or mutate, with
    the functions. ``passed_through`` are names imported past the checks that an engine makes."""

    functions: dict[str, Function] = field(factory=dict)
    classes: dict[str, Class] = field(factory=dict)
    imports: dict[str, str] = field(factory=dict)
    stars: tuple[str, ...] = ()
    variables: dict[str, Variable] = field(factory=dict)
    names: dict[str, str] = field(factory=dict)
    changed: dict[str, dict[str, None]] = field(factory=dict)
    exported: tuple[str, ...] | None = None
    passed_through: tuple[str, ...] = ()
    uses: list[Use] = field(factory=list)
    suppressions: tuple[Suppression, ...] = ()
