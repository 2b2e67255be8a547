"""What a module defines by name, and the module itself."""

from __future__ import annotations

from math import inf
from typing import Literal, TypeAlias

from wfc.compiler.language.nodes.base import Node, aside, block, derived, operand, uses, wording
from wfc.compiler.language.nodes.expressions import Expr
from wfc.compiler.language.nodes.statements import Block
from wfc.compiler.language.nodes.types import Type


class Definition(Node, kw_only=True):
    """Something the module defines by name. ``source`` is its text as written, decorators and the
    comments above it included, without the indentation of its place; ``docstring`` is cleaned."""

    name: str
    source: str = aside(default="")
    docstring: str = aside(default="")


class Import(Node, kw_only=True):
    """One import statement. ``names`` are the names it binds, with what each stands for: ``np`` ->
    ``numpy``, ``sqrt`` -> ``math.sqrt``."""

    source: str
    names: tuple[tuple[str, str], ...]


class Field(Node, kw_only=True):
    """A field of a record. ``required`` is False for NotRequired keys; ``default`` is a constant
    expression, or None when there is none; ``annotation`` is the text of its type."""

    name: str
    type: Type
    annotation: str = wording(default="")
    required: bool = True
    default: Expr | None = operand(default=None)


class Record(Definition, kw_only=True):
    """A dataclass or TypedDict. ``frozen`` says that the fields of a dataclass cannot be
    assigned."""

    kind: Literal["dataclass", "typeddict"]
    fields: tuple[Field, ...]
    frozen: bool = False


class Enum(Definition, kw_only=True):
    """``members`` are (name, value) in order; ``mixin`` is ``str``, ``int`` or empty."""

    members: tuple[tuple[str, str | int], ...]
    mixin: str = ""


class ErrorClass(Definition, kw_only=True):
    """An exception class of the module. ``bases`` are names of others or of builtin ones, those
    that are no exceptions left out; ``plain`` says that it takes its message as the one argument
    and adds no fields."""

    bases: tuple[str, ...] = uses()
    plain: bool = True


class ConstantDefinition(Definition, kw_only=True):
    """``NAME = value`` at module level, where the value is a constant expression."""

    value: Expr = operand()
    type: Type


class Support(Definition, kw_only=True):
    """Module-level code that only steps use: a function, a class, an assignment. Kept as text;
    ``names`` are what it binds."""

    names: tuple[str, ...]


InjectedKind: TypeAlias = Literal[
    "IdempotencyKey", "CallbackToken", "Connection", "Heartbeat", "RunId"
]


class Parameter(Node, kw_only=True):
    """``default`` is a constant expression; ``injected`` parameters are filled by the engine."""

    name: str
    type: Type
    annotation: str = wording(default="")
    default: Expr | None = operand(default=None)
    injected: InjectedKind | None = None
    keyword_only: bool = False


class RetryPolicy(Node, kw_only=True):
    """``errors`` are class names as declared, subclasses implied; none means every Exception.
    ``attempts`` counts the first try; delays are seconds; the delay before try n+1 is
    ``first_delay * backoff ** (n - 1)``, at most ``max_delay``. ``name`` is the constant of the
    source that is the policy, empty for one written out in its step."""

    errors: tuple[str, ...] = uses(default=())
    attempts: int = 3
    first_delay: float = 1.0
    backoff: float = 2.0
    max_delay: float | None = None
    jitter: bool = False
    name: str = wording(default="")

    @property
    def longest_delay(self) -> float:
        """The delay before the last attempt if there were no ``max_delay``; infinite beyond what a
        float can hold."""
        try:
            return self.first_delay * self.backoff ** max(self.attempts - 2, 0)
        except OverflowError:
            return inf


class Step(Definition, kw_only=True):
    """A ``@step`` or ``@transaction`` function. ``body`` is its text, docstring included, without
    indentation; ``asynchronous`` is True for ``async def``. ``timeout`` and ``heartbeat`` are
    seconds. ``label`` is the name given with ``name=``, else the function's."""

    parameters: tuple[Parameter, ...]
    returns: Type
    returns_annotation: str = wording(default="")
    body: str = aside(default="")
    transaction: bool = False
    asynchronous: bool = wording(default=False)
    retry: RetryPolicy | None = None
    timeout: float | None = None
    heartbeat: float | None = None
    label: str = ""


class Function(Definition, kw_only=True):
    """What a helper and a workflow share."""

    parameters: tuple[Parameter, ...]
    returns: Type
    returns_annotation: str = wording(default="")
    body: Block = block(default=())


class Helper(Function, kw_only=True):
    """A pure function that workflows call; no operations inside."""


class Workflow(Function, kw_only=True):
    """A ``@workflow`` function. ``label`` is the name given with ``name=``, else the function's.
    ``temporaries`` are variables that the reader made; an emitter of code may put their value back
    into the place where it is used. ``asynchronous`` says that the source is ``async def``."""

    label: str = ""
    timeout: float | None = None
    version: str = ""
    temporaries: frozenset[str] = derived(default=frozenset())
    asynchronous: bool = wording(default=False)


class Module(Node, kw_only=True):
    """One source file. Definitions stand in the order of the source; ``path`` is as the user gave
    it, ``name`` is the file's stem."""

    name: str
    path: str = aside(default="", repr=True)
    docstring: str = aside(default="")
    imports: tuple[Import, ...] = ()
    records: tuple[Record, ...] = ()
    enums: tuple[Enum, ...] = ()
    errors: tuple[ErrorClass, ...] = ()
    constants: tuple[ConstantDefinition, ...] = ()
    support: tuple[Support, ...] = ()
    helpers: tuple[Helper, ...] = ()
    steps: tuple[Step, ...] = ()
    workflows: tuple[Workflow, ...] = ()
