"""What the reader knows while it reads one function body."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal, TypeVar

from wfc.compiler.data.struct import MutableStruct, field, replace
from wfc.compiler.diagnostics.model import Code
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.rules import judge
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import hierarchy
from wfc.compiler.source import codes
from wfc.compiler.source.annotations import Annotations
from wfc.compiler.source.facts import FunctionFacts
from wfc.compiler.source.flow import Layer, Variable, assigned, join, merged
from wfc.compiler.source.names import BUILTIN_NAMES, ModuleScope, root_of
from wfc.compiler.source.problems import Problems
from wfc.compiler.source.text import SourceText

Kind = Literal["workflow", "helper", "constant"]
E = TypeVar(
    "E",
    ir.Attribute,
    ir.Subscript,
    ir.Slice,
    ir.Unary,
    ir.Binary,
    ir.Compare,
    ir.Boolean,
    ir.Conditional,
    ir.FString,
    ir.ListDisplay,
    ir.TupleDisplay,
    ir.SetDisplay,
    ir.DictDisplay,
    ir.Lambda,
    ir.Call,
    ir.Method,
    ir.Construct,
    ir.Comprehension,
)

# Errors of wrong types: a program whose types are right does not raise them.
_TYPING_ERRORS: Final = {"TypeError", "AttributeError"}


class LoopScope(MutableStruct, eq=False):
    """The ends of a loop's body that a ``break`` or ``continue`` makes."""

    breaks: list[Layer] = field(factory=list)
    continues: list[Layer] = field(factory=list)


class TryScope(MutableStruct, eq=False):
    """A try whose body is being read: what its handlers catch, and what the body assigned."""

    catches: tuple[str, ...]
    assigned: dict[str, t.Type] = field(factory=dict)
    forgotten: set[str] = field(factory=set)


class Frame(MutableStruct, eq=False):
    """One function while it is read. ``out`` takes the statements; ``layer`` is what is known about
    the variables at this place."""

    module: ir.Module
    scope: ModuleScope
    problems: Problems
    annotations: Annotations
    kind: Kind
    facts: FunctionFacts
    sites: dict[int, str]
    expression: Callable[[Frame, ast.expr], ir.Expr]
    operation: Callable[[Frame, ast.expr, str], ir.Expr]
    helper: Callable[[str, ast.AST], ir.Helper | None]
    helper_raises: dict[str, frozenset[str]]
    asynchronous: bool = False
    returns: t.Type = t.ANY
    layer: Layer = field(factory=Layer)
    out: list[ir.Statement] = field(factory=list)
    temporaries: set[str] = field(factory=set)
    taken: set[str] = field(factory=set)
    loops: list[LoopScope] = field(factory=list)
    tries: list[TryScope] = field(factory=list)
    handlers: list[str | None] = field(factory=list)
    loop_heads: dict[int, dict[str, t.Type]] = field(factory=dict)
    raised: set[str] = field(factory=set)
    returned: list[t.Type] = field(factory=list)
    parameters: set[str] = field(factory=set)
    module_aliases: dict[str, str] = field(factory=dict)
    bound_names: list[dict[str, t.Type]] = field(factory=list)
    searched: set[int] = field(factory=set)
    """Nodes on the right of ``in``, by ``id``."""
    paths: dict[str, set[str]] = field(factory=dict)
    depth: int = 0
    _fresh: dict[tuple[int, str], str] = field(factory=dict)
    _raises: dict[int, tuple[object, frozenset[str]]] = field(factory=dict)
    _too_deep: bool = False
    _kept: list[ast.AST] = field(factory=list)

    # --- Text and problems ---

    @property
    def text(self) -> SourceText:
        return self.problems.text

    def span(self, node: ast.AST) -> Span:
        return self.problems.text.span(node)

    def written(self, node: ast.AST) -> str:
        """A node as written, shortened to fit a message."""
        text = " ".join(self.text.segment(node).split())
        return text if len(text) <= 60 else text[:57] + "..."

    def refuse(self, code: Code, place: ast.AST | Span, message: str, instead: str = "") -> ir.Expr:
        """Report a problem; the result stands for the expression so that reading can go on.

        Its type is ``Never``, which fits everywhere: one mistake is reported once.
        """
        span = place if isinstance(place, Span) else self.span(place)
        self.problems.add(code, span, message, instead)
        return self.nothing(span)

    def nothing(self, place: ast.AST | Span) -> ir.Expr:
        """Stands for an expression whose problem has been reported."""
        span = place if isinstance(place, Span) else self.span(place)
        return ir.Constant(None, type=t.NEVER, span=span)

    def keep(self, node: ast.AST) -> None:
        """Keep a node made by the reader alive, since nodes are known by their id."""
        self._kept.append(node)

    # --- Expressions ---

    def read(self, node: ast.expr) -> ir.Expr:
        """Read an expression; its operations become statements of ``out``."""
        deepest = self.scope.limits.depth
        if self.depth >= deepest:
            if self._too_deep:
                return self.nothing(node)
            self._too_deep = True
            return self.refuse(
                codes.TOO_DEEP,
                node,
                f"an expression nested more than {deepest} levels deep cannot be supported",
                "assign parts of it to variables",
            )
        self.depth += 1
        try:
            return self.expression(self, node)
        finally:
            self.depth -= 1

    def typed(self, expr: E, children: Sequence[ir.Expr] = ()) -> E:
        """The expression with its type; what is surely wrong with it is reported."""
        judgement = judge(expr, self.module)
        if judgement.problem:
            self.problems.add(codes.TYPE_ERROR, expr.span, judgement.problem)
            return replace(expr, type=t.NEVER)
        type_ = judgement.type
        typed = replace(expr, type=merged(type_) if isinstance(type_, t.UnionType) else type_)
        self.note_errors(typed, judgement.raises, children)
        return typed

    def note_errors(
        self, expr: ir.Expr, raises: frozenset[str], children: Sequence[ir.Expr] = ()
    ) -> None:
        """Remember which errors an expression may raise, and refuse it where they are caught."""
        if raises:
            self.raised |= raises
            self._check_caught(expr, raises)
        for child in children:
            raises |= self.raises(child)
        if raises:
            self._raises[id(expr)] = (expr, raises)

    def raises(self, expr: ir.Expr) -> frozenset[str]:
        """The errors that evaluating an expression may raise."""
        return self._raises.get(id(expr), (None, frozenset()))[1]

    def _check_caught(self, expr: ir.Expr, raises: frozenset[str]) -> None:
        for scope in reversed(self.tries):
            for error in sorted(raises - _TYPING_ERRORS):
                if any(hierarchy.catches(self.module, name, error) for name in scope.catches):
                    self.problems.add(
                        codes.MAY_RAISE,
                        expr.span,
                        f"this may raise {error}, which the try around it would catch; that cannot "
                        "be supported",
                        "compute it before the try",
                    )
                    return

    def end_statement(self) -> None:
        """Forget what was needed for one statement only."""
        self._raises.clear()
        self._too_deep = False

    def effectful(self, node: ast.AST) -> bool:
        """Whether an expression contains an operation or a changing method."""
        return id(node) in self.facts.effectful

    # --- Variables ---

    def lookup(self, name: str) -> Variable | None:
        for names in reversed(self.bound_names):
            if name in names:
                return Variable(names[name])
        return self.layer.get(name)

    def is_local(self, name: str) -> bool:
        return name in self.facts.locals or any(name in names for names in self.bound_names)

    def starts_local(self, node: ast.expr) -> bool:
        """Whether a dotted name starts at a variable."""
        root = root_of(node)
        return isinstance(root, ast.Name) and self.is_local(root.id)

    def is_caught(self, name: str) -> bool:
        """Whether a name stands for a caught error here."""
        variable = self.lookup(name) if self.is_local(name) else None
        return variable is not None and variable.bound and isinstance(variable.type, t.ErrorType)

    def assign(self, name: str, type_: t.Type, declared: t.Type | None = None) -> t.Type:
        """A variable gets a value here. The result is its type from here on."""
        before = self.layer.get(name)
        if declared is None and before is not None and self._keeps(type_, before.declared):
            declared = before.declared
        now = assigned(type_, declared)
        self.forget_paths(name)
        self.layer.set(name, Variable(now, True, declared))
        for scope in self.tries:
            earlier = scope.assigned.get(name, t.NEVER)
            scope.assigned[name] = join((earlier, now))
        return declared or now

    def give_up(self, name: str) -> None:
        """A variable gets its value from something that has been refused: nothing more is said
        about it."""
        layer: Layer | None = self.layer
        while layer is not None:
            layer.set(name, Variable(t.NEVER))
            layer = layer.parent

    def remember_alias(self, name: str, source: ir.Expr, type_: t.Type) -> None:
        """A variable that stands for a list, dict or record of the module must not change it.

        Args:
            source: what the variable is, or is a part of.
        """
        while isinstance(source, ir.Attribute | ir.Subscript):
            source = source.value
        fixed = all(isinstance(member, t.Scalar | t.EnumType) for member in t.members(type_))
        if isinstance(source, ir.GlobalName) and not fixed:
            self.module_aliases[name] = source.id
        else:
            self.module_aliases.pop(name, None)

    def _keeps(self, type_: t.Type, declared: t.Type | None) -> bool:
        """Whether a variable keeps its annotated type when it is assigned."""
        if declared is None or isinstance(type_, t.NeverType):
            return True
        alternatives = t.members(declared)
        number = t.FLOAT in alternatives and set(t.members(type_)) <= {t.INT, t.FLOAT}
        return number or all(member in alternatives for member in t.members(type_))

    def declare(self, name: str, declared: t.Type) -> None:
        """A variable is annotated; it has no value yet."""
        before = self.layer.get(name)
        bound = before is not None and before.bound
        type_ = before.type if before is not None and bound else declared
        self.layer.set(name, Variable(type_, bound, declared))

    def forget_paths(self, name: str) -> None:
        """What was known about parts of a variable's value holds no more."""
        for key in self.paths.get(name, ()):
            if self.layer.get(key) is not None:
                self.layer.set(key, Variable(t.ANY, bound=False))
            for scope in self.tries:
                scope.forgotten.add(key)

    def fresh(self, node: ast.AST, base: str) -> str:
        """An unused variable name; the same for the same node when a loop is read again."""
        key = (id(node), base)
        if key not in self._fresh:
            self._fresh[key] = self._unused(base)
        return self._fresh[key]

    def _unused(self, base: str) -> str:
        if keyword.iskeyword(base):
            base += "_"
        name, number = base, 1
        while name in self.taken or name in BUILTIN_NAMES or self.scope.defined(name):
            number += 1
            name = f"{base}_{number}"
        self.taken.add(name)
        return name

    def temporary(self, node: ast.AST, base: str) -> str:
        """A name for a variable that is assigned once and used once."""
        name = self.fresh(node, base)
        self.temporaries.add(name)
        return name

    def bind_temporary(self, node: ast.AST, base: str, value: ir.Expr) -> ir.Name:
        """Evaluate an expression now, and use its value later."""
        name = self.temporary(node, base)
        self.emit(ir.Assign(name, value, value.type, span=value.span))
        self.assign(name, value.type)
        return ir.Name(name, type=value.type, span=value.span)

    # --- Statements ---

    def emit(self, statement: ir.Statement) -> None:
        self.out.append(statement)

    @contextmanager
    def branch(self, layer: Layer) -> Iterator[list[ir.Statement]]:
        """Read into a block of its own, with its own knowledge about the variables."""
        out, before = self.out, self.layer
        self.out, self.layer = [], layer
        try:
            yield self.out
        finally:
            self.out, self.layer = out, before

    def checkpoint(self) -> tuple[int, int]:
        return self.problems.mark(), len(self.out)

    def roll_back(self, mark: tuple[int, int]) -> None:
        self.problems.roll_back(mark[0])
        del self.out[mark[1] :]
