"""The structured IR: what a workflow module means, as frozen data.

Conventions:

* Expressions are pure and typed. Operations (step calls, sleeps, child workflows) are statements;
  the reader puts the program into A-normal form so that Python's evaluation order is kept.
* ``span`` and ``comment`` say where a node comes from; they take no part in equality.
* No subclass of a concrete node; a ``match`` on the class is the way to look at one.
* Sequences are tuples, so that a node can be shared and hashed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final, Literal, TypeAlias

from wfc.compiler.ir.types import ANY, Type


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source file. Lines and columns count from 1, columns in characters; the end
    column is the one after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE: Final = Span(0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Node:
    """Equality and representation are written out here once, for all nodes: generated for every
    class, they would double the time that importing this module takes."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _compared(type(self)))

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, name) for name in _compared(type(self)))))

    def __repr__(self) -> str:
        shown = (field.name for field in fields(self) if field.repr)
        pairs = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__name__}({pairs})"


_COMPARED: Final[dict[type[Node], tuple[str, ...]]] = {}


def _compared(cls: type[Node]) -> tuple[str, ...]:
    """The fields that make two nodes of a class the same."""
    names = _COMPARED.get(cls)
    if names is None:
        names = tuple(field.name for field in fields(cls) if field.compare)
        _COMPARED[cls] = names
    return names


# --- Expressions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Typed(Node):
    type: Type = ANY


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Constant(Typed):
    """A literal. Text, numbers, True, False and None."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Name(Typed):
    """A local variable or parameter of the function. ``type`` is its type here, after narrowing."""

    id: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GlobalName(Typed):
    """A module constant, by name (see ``Module.constants``)."""

    id: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EnumMember(Typed):
    """``Color.RED``; ``type`` is the enum. Its value stands in ``Module.enums``."""

    enum: str
    member: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Attribute(Typed):
    """A field of a dataclass record, ``.value``/``.name`` of an enum, ``.total_seconds()`` has its
    own :class:`Method`."""

    value: Expr
    name: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Subscript(Typed):
    """``value[index]``: a list, tuple or str by int, a dict or TypedDict record by str."""

    value: Expr
    index: Expr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Slice(Typed):
    """``value[lower:upper:step]`` of a list or str."""

    value: Expr
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


UnaryOperator: TypeAlias = Literal["-", "+", "~", "not"]
BinaryOperator: TypeAlias = Literal["+", "-", "*", "/", "//", "%", "**", "|", "&", "^", "<<", ">>"]
ComparisonOperator: TypeAlias = Literal[
    "==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"
]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Unary(Typed):
    operator: UnaryOperator
    operand: Expr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Binary(Typed):
    operator: BinaryOperator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Compare(Typed):
    """``left op1 right1 op2 right2 ...``: each operand is evaluated once, left to right."""

    left: Expr
    rest: tuple[tuple[ComparisonOperator, Expr], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Boolean(Typed):
    """``a and b and c``, with Python's values and short circuit."""

    operator: Literal["and", "or"]
    operands: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Conditional(Typed):
    """``then if test else orelse``"""

    test: Expr
    then: Expr
    orelse: Expr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Formatted(Node):
    """``{value!conversion:spec}`` of an f-string; the spec is constant text."""

    value: Expr
    conversion: Literal["", "s", "r", "a"] = ""
    spec: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FString(Typed):
    parts: tuple[str | Formatted, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Starred(Node):
    """``*value`` in a list, tuple or set display."""

    value: Expr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ListDisplay(Typed):
    items: tuple[Expr | Starred, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TupleDisplay(Typed):
    items: tuple[Expr | Starred, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SetDisplay(Typed):
    items: tuple[Expr | Starred, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DictDisplay(Typed):
    """Entries in order; a key of None spreads the value (``**value``)."""

    entries: tuple[tuple[Expr | None, Expr], ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lambda(Typed):
    """``lambda p: body``, only as ``key=`` of sorted/min/max. ``type`` is the body's type."""

    parameters: tuple[str, ...]
    body: Expr


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Call(Typed):
    """A builtin or a portable library function, by its full name: ``len``, ``str``, ``sorted``,
    ``math.floor``, ``json.loads``, ``datetime.timedelta``. See ``compiler.ir.builtins``."""

    function: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Method(Typed):
    """A method of a str, list, dict, ... that returns a value and changes nothing."""

    value: Expr
    name: str
    args: tuple[Expr, ...]
    keywords: tuple[tuple[str, Expr], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HelperCall(Typed):
    """A call of a pure helper function of the module (see ``Module.helpers``). Arguments are bound
    to parameters, in the order of the call; a parameter that is left out keeps its default."""

    helper: str
    args: tuple[Argument, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Construct(Typed):
    """``Record(a, b=c)``; every given field by name, in the order of the call. ``type`` is the
    record; ``positional`` says how many were written without their name."""

    record: str
    fields: tuple[tuple[str, Expr], ...]
    positional: int = 0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Target(Node):
    """The variables that a loop or comprehension binds: one name, or a flat tuple of names."""

    names: tuple[str, ...]
    types: tuple[Type, ...]
    unpack: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Clause(Node):
    """``for target in iterable if c1 if c2``"""

    target: Target
    iterable: Expr
    conditions: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comprehension(Typed):
    """``kind`` is list, set, dict or generator; ``key`` is given for a dict only."""

    kind: Literal["list", "set", "dict", "generator"]
    key: Expr | None
    element: Expr
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ErrorMessage(Typed):
    """``str(error)``, ``f"{error}"`` or ``error.args[0]`` of a caught error: its message."""

    name: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ErrorName(Typed):
    """``type(error).__name__`` of a caught error: the name of its class."""

    name: str


Expr: TypeAlias = (
    Constant
    | Name
    | GlobalName
    | EnumMember
    | Attribute
    | Subscript
    | Slice
    | Unary
    | Binary
    | Compare
    | Boolean
    | Conditional
    | FString
    | ListDisplay
    | TupleDisplay
    | SetDisplay
    | DictDisplay
    | Lambda
    | Call
    | Method
    | HelperCall
    | Construct
    | Comprehension
    | ErrorMessage
    | ErrorName
)


# --- Statements ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Stmt(Node):
    """``comment`` holds the comment lines above the statement, ``trailing`` the comment at its end,
    both without ``#`` and the following blank; ``# wfc:`` comments are not kept."""

    comment: str = field(default="", compare=False, repr=False)
    trailing: str = field(default="", compare=False, repr=False)


Block: TypeAlias = "tuple[Statement, ...]"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Assign(Stmt):
    """``target = value``. ``type`` is the variable's type; ``annotation`` is its text where the
    author wrote one."""

    target: str
    value: Expr
    type: Type
    annotation: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AugmentedAssign(Stmt):
    """``target op= value`` on a variable. On a list ``+=`` extends it in place."""

    target: str
    operator: BinaryOperator
    value: Expr
    type: Type


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Unpack(Stmt):
    """``a, b = value``: flat, no star. The value is evaluated before any name is bound, so
    ``a, b = b, a`` swaps."""

    targets: tuple[str, ...]
    value: Expr
    types: tuple[Type, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Store(Stmt):
    """``name.path = value`` or, with an operator, ``name.path op= value``. The path is made of
    field names (``FieldKey``) and subscripts (expressions)."""

    name: str
    path: tuple[FieldKey | Expr, ...]
    value: Expr
    operator: BinaryOperator | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FieldKey(Node):
    """An attribute in the path of a :class:`Store`, :class:`Mutate` or :class:`Delete`."""

    name: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Delete(Stmt):
    """``del name.path``; the path is not empty."""

    name: str
    path: tuple[FieldKey | Expr, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mutate(Stmt):
    """A method that changes its object: ``name.path.method(args)``. ``target`` gets its result
    (``x = xs.pop()``), if anyone wants it."""

    name: str
    path: tuple[FieldKey | Expr, ...]
    method: str
    args: tuple[Expr, ...]
    target: str | None = None
    type: Type = ANY


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Argument(Node):
    """A value bound to a parameter. ``implied`` values are the parameter's default, filled in by
    the reader so that every engine sends the same payload; ``positional`` ones had no name in the
    source."""

    name: str
    value: Expr
    implied: bool = field(default=False, compare=False)
    positional: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StepCall(Stmt):
    """``target = step(args)``. ``site`` is the unique, stable name of this place. Arguments stand
    in the order of the step's parameters, injected ones left out."""

    site: str
    step: str
    args: tuple[Argument, ...]
    target: str | None
    type: Type


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WorkflowCall(Stmt):
    """``target = workflow(args)``: a child workflow, run to its end."""

    site: str
    workflow: str
    args: tuple[Argument, ...]
    target: str | None
    type: Type


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sleep(Stmt):
    """A durable timer. ``seconds`` is a number; a duration text is turned into one by the reader
    and kept in ``text``. A timedelta expression is read as its ``total_seconds()``."""

    site: str
    seconds: Expr
    text: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class If(Stmt):
    """``elif`` is an If alone in ``orelse``."""

    test: Expr
    then: Block
    orelse: Block = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class While(Stmt):
    """``prelude`` runs before each test: the operations that the source has inside the
    condition."""

    test: Expr
    body: Block
    orelse: Block = ()
    prelude: Block = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class For(Stmt):
    """``for target in iterable``. ``iterable`` is a list, tuple or str, or a :class:`Call` of
    ``range``, ``enumerate``, ``zip``, ``reversed`` or ``sorted``, or a dict view."""

    target: Target
    iterable: Expr
    body: Block
    orelse: Block = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Break(Stmt):
    pass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Continue(Stmt):
    pass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Handler(Stmt):
    """``except errors as name``. ``errors`` are class names as declared; subclasses are implied."""

    errors: tuple[str, ...]
    name: str | None
    body: Block


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Try(Stmt):
    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block = ()
    finalbody: Block = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Raise(Stmt):
    """``raise error(message)``. Without ``error`` it raises the error bound to ``again`` once more
    (bare ``raise``, or ``raise name`` in its handler). ``cause`` is the name after ``from``;
    ``suppress`` is ``from None``."""

    error: str | None
    message: Expr | None = None
    again: str | None = None
    cause: str | None = None
    suppress: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Return(Stmt):
    """``return value``; without a value in the source it is ``Constant(None)`` with ``bare``."""

    value: Expr
    bare: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pass(Stmt):
    pass


Operation: TypeAlias = StepCall | WorkflowCall | Sleep
Statement: TypeAlias = (
    Assign
    | AugmentedAssign
    | Unpack
    | Store
    | Delete
    | Mutate
    | StepCall
    | WorkflowCall
    | Sleep
    | If
    | While
    | For
    | Break
    | Continue
    | Try
    | Raise
    | Return
    | Pass
)


# --- Module level -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Definition(Node):
    """Something the module defines by name. ``source`` is its text as written, decorators and the
    comments above it included, without the indentation of its place; ``docstring`` is cleaned."""

    name: str
    source: str = field(default="", compare=False, repr=False)
    docstring: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Import(Node):
    """One import statement. ``names`` are the names it binds, with what each stands for: ``np`` ->
    ``numpy``, ``sqrt`` -> ``math.sqrt``."""

    source: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Field(Node):
    """A field of a record. ``required`` is False for NotRequired keys; ``default`` is a constant
    expression, or None when there is none; ``annotation`` is the text of its type."""

    name: str
    type: Type
    annotation: str = ""
    required: bool = True
    default: Expr | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Record(Definition):
    kind: Literal["dataclass", "typeddict"]
    fields: tuple[Field, ...]
    frozen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Enum(Definition):
    """``members`` are (name, value) in order; ``mixin`` is ``str``, ``int`` or empty."""

    members: tuple[tuple[str, str | int], ...]
    mixin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ErrorClass(Definition):
    """An exception class of the module. ``base`` is another one's name or a builtin's; ``plain``
    says that it takes its message as the one argument and adds no fields."""

    base: str
    plain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ConstantDefinition(Definition):
    """``NAME = value`` at module level, where the value is a constant expression."""

    value: Expr
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Support(Definition):
    """Module-level code that only steps use: a function, a class, an assignment. Kept as text;
    ``names`` are what it binds."""

    names: tuple[str, ...]


InjectedKind: TypeAlias = Literal[
    "IdempotencyKey", "CallbackToken", "Connection", "Heartbeat", "RunId"
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Parameter(Node):
    """``default`` is a constant expression; ``injected`` parameters are filled by the engine."""

    name: str
    type: Type
    annotation: str = ""
    default: Expr | None = None
    injected: InjectedKind | None = None
    keyword_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RetryPolicy(Node):
    """``errors`` are class names as declared, subclasses implied; none means every Exception.
    ``attempts`` counts the first try; delays are seconds; the delay before try n+1 is
    ``first_delay * backoff ** (n - 1)``, at most ``max_delay``."""

    errors: tuple[str, ...] = ()
    attempts: int = 3
    first_delay: float = 1.0
    backoff: float = 2.0
    max_delay: float | None = None
    jitter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Step(Definition):
    """A ``@step`` or ``@transaction`` function. ``body`` is its text, docstring included, without
    indentation; ``asynchronous`` is True for ``async def``. ``timeout`` and ``heartbeat`` are
    seconds. ``label`` is the name given with ``name=``, else the function's."""

    parameters: tuple[Parameter, ...]
    returns: Type
    returns_annotation: str = ""
    body: str = field(default="", compare=False, repr=False)
    transaction: bool = False
    asynchronous: bool = False
    retry: RetryPolicy | None = None
    timeout: float | None = None
    heartbeat: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Function(Definition):
    """What a helper and a workflow share."""

    parameters: tuple[Parameter, ...]
    returns: Type
    returns_annotation: str = ""
    body: Block = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Helper(Function):
    """A pure function that workflows call; no operations inside."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Workflow(Function):
    """A ``@workflow`` function. ``label`` is the name given with ``name=``, else the function's.
    ``temporaries`` are variables that the reader made; an emitter of code may put their value back
    into the place where it is used. ``asynchronous`` says that the source is ``async def``."""

    label: str = ""
    timeout: float | None = None
    version: str = ""
    temporaries: frozenset[str] = frozenset()
    asynchronous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Module(Node):
    """One source file. Definitions stand in the order of the source; ``path`` is as the user gave
    it, ``name`` is the file's stem."""

    name: str
    path: str = field(default="", compare=False)
    docstring: str = field(default="", compare=False, repr=False)
    imports: tuple[Import, ...] = ()
    records: tuple[Record, ...] = ()
    enums: tuple[Enum, ...] = ()
    errors: tuple[ErrorClass, ...] = ()
    constants: tuple[ConstantDefinition, ...] = ()
    support: tuple[Support, ...] = ()
    helpers: tuple[Helper, ...] = ()
    steps: tuple[Step, ...] = ()
    workflows: tuple[Workflow, ...] = ()
