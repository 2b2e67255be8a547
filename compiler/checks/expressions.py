"""The expression half of :mod:`extract`: what an expression stands for, and what it uses."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Any, Final

from wfc.compiler.checks import terms
from wfc.compiler.checks.facts import (
    AWAITED,
    GUARDED,
    IN_GATHER,
    IN_LOOP,
    IN_TRY,
    LOGGED,
    ON_PARAMETER,
    Module,
    Place,
    Use,
)
from wfc.compiler.checks.scope import Scope
from wfc.compiler.checks.terms import SET, Term, words
from wfc.compiler.source.text import SourceText

BUILTINS: Final = frozenset(dir(builtins))
LOG_METHODS: Final = words(
    "debug info warning warn error exception critical fatal log trace success"
)
MUTATORS: Final = words(
    "append extend insert remove pop clear sort reverse add discard update setdefault popitem "
    "appendleft popleft extendleft rotate intersection_update difference_update "
    "symmetric_difference_update"
)
# Builtins whose result does not depend on the order of what they are given.
_UNORDERED: Final = words("sorted set frozenset sum min max any all len bool")
# Builtins and constructors that keep or reveal the order of what they are given.
_ORDERED: Final = words(
    "list tuple iter enumerate zip map filter str repr deque OrderedDict dict next bytes bytearray "
    "batched chain islice"
)
_ORDERED_METHODS: Final = words("join extend fromkeys extendleft from_iterable")
_SET_ANNOTATIONS: Final = words("set frozenset Set FrozenSet AbstractSet MutableSet")
_MAPPINGS: Final = words("dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict")
_TRANSPARENT: Final = words("Optional Annotated Final ClassVar Required NotRequired")
_CUT: Final = 60


class Expressions:
    """Walks expressions of one file. ``scope`` is the function that is being walked."""

    facts: Module
    scope: Scope

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.ascii = source.text.isascii()
        self.logging = 0
        self.guarded = 0
        self.in_gather = 0
        self.in_loop = 0
        self.in_try = 0
        self.unpacked: ast.expr | None = None
        self.dry = 0
        self.visitors: dict[type[ast.AST], Callable[[Any], Term]] = {
            ast.Name: self.visit_name,
            ast.Attribute: self.visit_attribute,
            ast.Call: self.visit_call,
            ast.Constant: self.visit_constant,
            ast.Await: self.visit_await,
            ast.BinOp: self.visit_binary,
            ast.BoolOp: lambda node: terms.one_of([self.visit(value) for value in node.values]),
            ast.IfExp: self.visit_conditional,
            ast.NamedExpr: self.visit_named,
            ast.Lambda: self.visit_lambda,
            ast.List: self.visit_sequence,
            ast.Tuple: self.visit_sequence,
            ast.Set: self.visit_set,
            ast.Dict: self.visit_dict,
            ast.ListComp: self.visit_comprehension,
            ast.SetComp: self.visit_comprehension,
            ast.DictComp: self.visit_comprehension,
            ast.GeneratorExp: self.visit_comprehension,
            ast.Subscript: self.visit_subscript,
            ast.Compare: self.visit_compare,
            ast.UnaryOp: self.visit_unary,
            ast.JoinedStr: self.visit_text,
            ast.FormattedValue: self.visit_formatted,
            ast.Starred: self.visit_starred,
            ast.Yield: self.visit_yield,
            ast.YieldFrom: self.visit_yield_from,
        }

    def visit(self, node: ast.expr) -> Term:
        visitor = self.visitors.get(type(node))
        if visitor is not None:
            return visitor(node)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.visit(child)
        return None

    # --- Places and uses -------------------------------------------------------------------------

    def place(self, node: ast.AST) -> Place:
        line: int = node.lineno  # type: ignore[attr-defined]
        end_line: int = node.end_lineno  # type: ignore[attr-defined]
        start: int = node.col_offset  # type: ignore[attr-defined]
        end: int = node.end_col_offset  # type: ignore[attr-defined]
        if self.ascii:
            return line, start + 1, end_line, end + 1
        column = self.source.column
        return line, column(line, start), end_line, column(end_line, end)

    def use(
        self,
        kind: str,
        term: Term,
        node: ast.AST,
        written: str,
        args: tuple[Term, ...] = (),
        keywords: tuple[tuple[str, Term], ...] = (),
        flags: int = 0,
    ) -> None:
        if self.dry:
            return
        if self.logging:
            flags |= LOGGED
        if self.guarded:
            flags |= GUARDED
        if self.in_gather:
            flags |= IN_GATHER
        if self.in_loop:
            flags |= IN_LOOP
        if self.in_try:
            flags |= IN_TRY
        use = Use(kind, term, self.place(node), written[:_CUT], args, keywords, flags)
        self.scope.function.uses.append(use)
        if self.scope.feeding and kind in ("call", "read"):
            self.scope.fed.append((self.scope.feeding, use))

    def pass_on(
        self, node: ast.expr, term: Term, receiver: Term = None, position: Term = None
    ) -> None:
        """A value is handed on; if it is a function, whoever gets it may call it. ``position`` is
        the place or keyword of the argument."""
        if term is None and receiver is not None and isinstance(node, ast.Name):
            if self.is_parameter(node.id):
                self.use("forward", None, node, node.id, (receiver, position))
        elif term is not None and term[0] in ("name", "attr", "def", "one of", "call"):
            self.use("pass", term, node, written(node), (receiver, position))

    def callee(self, term: Term, text: str) -> Term:
        """Who gets a passed value: by its text where nothing else is known."""
        return ("constant", text) if term is None else term

    # --- Names -----------------------------------------------------------------------------------

    def lookup(self, name: str) -> tuple[Term, bool]:
        """What a name stands for here, and whether it is local to some function."""
        scope: Scope | None = self.scope
        if name in self.scope.now:
            return self.scope.now[name], True
        while scope is not None and scope.parent is not None:
            if name in scope.names:
                if scope is self.scope:
                    return None, True
                scope.loads.setdefault(name, set()).add("use")
                return terms.one_of(scope.ever.get(name, ())), True
            if name in scope.shared:
                break
            scope = scope.parent
        return ("name", name), False

    def name(self, node: ast.Name) -> tuple[Term, bool]:
        term, local = self.lookup(node.id)
        if local:
            self.scope.load(node.id, bool(self.logging))
        return term, local

    def on_parameter(self, node: ast.expr) -> bool:
        """Whether an attribute or item belongs to what the caller passed in."""
        inner = node
        while isinstance(inner, (ast.Attribute, ast.Subscript)):
            inner = inner.value
        return inner is not node and isinstance(inner, ast.Name) and inner.id in self.scope.given

    def is_parameter(self, name: str) -> bool:
        """Whether a name is what the caller passed in, to this function or to one around it."""
        if name in self.scope.names:
            return name in self.scope.given
        scope = self.scope.parent
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope is not None and any(p.name == name for p in scope.function.parameters)

    def visit_name(self, node: ast.Name) -> Term:
        term, local = self.name(node)
        if not local and node.id not in BUILTINS:
            self.use("read", term, node, node.id)
        return term

    def chain(self, node: ast.expr) -> Term:
        """A name or attribute that is about to be called or looked into: no use by itself."""
        match node:
            case ast.Name():
                return self.name(node)[0]
            case ast.Attribute(value=value, attr=attr):
                return terms.attr(self.chain(value), attr)
        return self.visit(node)

    def visit_attribute(self, node: ast.Attribute) -> Term:
        term = self.chain(node)
        if term is not None:
            self.use("read", term, node, written(node))
        return term

    def visit_constant(self, node: ast.Constant) -> Term:
        value = node.value
        if value is None or isinstance(value, (bool, int, float)):
            return ("constant", value)
        return ("constant", value) if isinstance(value, str) and len(value) <= 100 else None

    # --- Calls -----------------------------------------------------------------------------------

    def visit_await(self, node: ast.Await) -> Term:
        if isinstance(node.value, ast.Call):
            return self.visit_call(node.value, AWAITED)
        return self.visit(node.value)

    def visit_call(self, node: ast.Call, flags: int = 0) -> Term:
        func = node.func
        callee = self.chain(func)
        text = written(func)
        name = func.attr if isinstance(func, ast.Attribute) else text
        logs = is_logging(func)
        gathers = name == "gather"
        self.logging += logs
        self.in_gather += gathers
        to = self.callee(callee, text)
        args = tuple(self.argument(node, index, to, name) for index in range(len(node.args)))
        keywords = tuple(self.keyword(keyword, to) for keyword in node.keywords)
        self.logging -= logs
        self.in_gather -= gathers
        if name in MUTATORS and self.on_parameter(func):
            flags |= ON_PARAMETER
        self.use("call", callee, node, text, args, keywords, flags)
        return self.result(node, callee, name, args)

    def argument(self, call: ast.Call, index: int, callee: Term, name: str) -> Term:
        node = call.args[index]
        if name in _UNORDERED and isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.SetComp)):
            self.visit_comprehension(node, ordered=False)
            return None
        if name in _UNORDERED and _reorders(node):
            assert isinstance(node, ast.Call)
            return self.quiet_iteration(node)
        term = self.visit(node)
        spread = any(isinstance(before, ast.Starred) for before in call.args[: index + 1])
        self.pass_on(node, term, callee, None if spread else ("constant", index))
        ordered = name in _ORDERED or name in _ORDERED_METHODS
        if ordered and terms.alternatives(term) != (None,) and _iterable(term):
            self.use("iterate", term, node, f"{name}({written(node)})")
        return term

    def quiet_iteration(self, node: ast.Call) -> Term:
        """``list(s)`` in ``sorted(list(s))``: the order is not observed."""
        for argument in node.args:
            self.pass_on(argument, self.visit(argument))
        return None

    def keyword(self, node: ast.keyword, callee: Term) -> tuple[str, Term]:
        term = self.visit(node.value)
        self.pass_on(node.value, term, callee, ("constant", node.arg) if node.arg else None)
        return node.arg or "**", term

    def result(self, node: ast.Call, callee: Term, name: str, args: tuple[Term, ...]) -> Term:
        match callee:
            case ("name", "set" | "frozenset"):
                return SET
            case ("name", "super") if self.scope.owner:
                return ("super", self.scope.owner)
            case ("name", "getattr") if len(args) > 1 and args[1] is not None:
                kind, *rest = args[1]
                return terms.attr(args[0], rest[0]) if kind == "constant" else None
            case ("name", "__import__") if args and args[0] is not None:
                kind, *rest = args[0]
                return ("module", str(rest[0]).partition(".")[0]) if kind == "constant" else None
            case ("attr", base, "union" | "intersection" | "difference" | "copy") if base == SET:
                return SET
            case ("attr", base, "symmetric_difference") if base == SET:
                return SET
        if not isinstance(node.func, (ast.Name, ast.Attribute)) and callee is None:
            return None
        return terms.call(callee, args)

    # --- Operators and displays ------------------------------------------------------------------

    def visit_binary(self, node: ast.BinOp) -> Term:
        left = self.visit(node.left)
        right = self.visit(node.right)
        either = terms.may_be_set(left) or terms.may_be_set(right)
        views = is_view(node.left) or is_view(node.right)
        if isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.BitXor)) and (either or views):
            return SET
        if isinstance(node.op, ast.Sub) and (terms.may_be_set(left) or is_view(node.left)):
            return SET
        # pathlib.Path("a") / "b"
        return left if isinstance(node.op, ast.Div) and left and left[0] != "constant" else None

    def visit_compare(self, node: ast.Compare) -> Term:
        self.visit(node.left)
        for right in node.comparators:
            self.visit(right)
        return None

    def visit_unary(self, node: ast.UnaryOp) -> Term:
        self.visit(node.operand)
        return None

    def visit_text(self, node: ast.JoinedStr) -> Term:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit_formatted(part)
        return None

    def visit_conditional(self, node: ast.IfExp) -> Term:
        self.visit(node.test)
        return terms.one_of([self.visit(node.body), self.visit(node.orelse)])

    def visit_named(self, node: ast.NamedExpr) -> Term:
        term = self.visit(node.value)
        self.scope.bind(node.target.id, term)
        return term

    def visit_sequence(self, node: ast.List | ast.Tuple) -> Term:
        items = []
        for element in node.elts:
            term = self.visit(element)
            if node is not self.unpacked:
                self.pass_on(element, term)
            items.append(term)
        return terms.display(items)

    def visit_set(self, node: ast.Set) -> Term:
        for element in node.elts:
            self.visit(element.value if isinstance(element, ast.Starred) else element)
        return SET

    def visit_dict(self, node: ast.Dict) -> Term:
        items = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.visit(key)
            term = self.visit(value)
            self.pass_on(value, term)
            items.append(term)
        keys = [k.value for k in node.keys if isinstance(k, ast.Constant)]
        return terms.display(items, [key for key in keys if isinstance(key, str)])

    def visit_comprehension(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        ordered: bool = True,
    ) -> Term:
        saved = self.scope.now
        self.scope.now = dict(saved)
        observed = ordered and not isinstance(node, ast.SetComp)
        for generator in node.generators:
            iterable = self.visit(generator.iter)
            if observed and iterable is not None and _iterable(iterable):
                self.use("iterate", iterable, generator.iter, written(generator.iter))
            self.bind_target(generator.target, terms.item(iterable))
            for condition in generator.ifs:
                self.visit(condition)
        if isinstance(node, ast.DictComp):
            self.visit(node.key)
            element = self.visit(node.value)
        else:
            element = self.visit(node.elt)
        self.scope.now = saved
        return SET if isinstance(node, ast.SetComp) else terms.display([element])

    def visit_subscript(self, node: ast.Subscript) -> Term:
        base = self.visit(node.value)
        index = self.visit(node.slice)
        if written(node.value).endswith("sys.modules") and index and index[0] == "constant":
            return ("module", str(index[1]))
        return None if isinstance(node.slice, ast.Slice) and base is None else terms.item(base)

    def visit_formatted(self, node: ast.FormattedValue) -> Term:
        term = self.visit(node.value)
        if terms.may_be_set(term):
            self.use("iterate", term, node.value, f"text of {written(node.value)}")
        if node.format_spec is not None:
            self.visit(node.format_spec)
        return None

    def visit_starred(self, node: ast.Starred) -> Term:
        term = self.visit(node.value)
        if term is not None and _iterable(term):
            self.use("iterate", term, node.value, f"*{written(node.value)}")
        return terms.item(term)

    def visit_yield(self, node: ast.Yield) -> Term:
        self.scope.function.generator = True
        if node.value is not None:
            self.returned(self.visit(node.value))
        return None

    def visit_yield_from(self, node: ast.YieldFrom) -> Term:
        self.scope.function.generator = True
        self.visit(node.value)
        return None

    def returned(self, term: Term) -> None:
        returns = self.scope.function.returns
        if term is not None and term[0] != "constant" and term not in returns:
            self.scope.function.returns = (*returns, term)[: terms.WIDTH]

    # --- What extract.py adds --------------------------------------------------------------------

    def visit_lambda(self, node: ast.Lambda) -> Term:
        raise NotImplementedError

    def bind_target(self, target: ast.expr, term: Term) -> None:
        raise NotImplementedError

    # --- Annotations -----------------------------------------------------------------------------

    def annotation(self, node: ast.expr | None) -> Term:
        """A value of an annotated type; unknown where the type says nothing."""
        if node is None:
            return None
        return terms.one_of(self._annotated(node))

    def _annotated(self, node: ast.expr) -> list[Term]:
        match node:
            case ast.Constant(value=str() as text):
                try:
                    return self._annotated(ast.parse(text, mode="eval").body)
                except (SyntaxError, ValueError, RecursionError):
                    return [None]
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return [*self._annotated(left), *self._annotated(right)]
            case ast.Subscript(value=base, slice=index):
                return self._generic(base, index)
            case ast.Name() | ast.Attribute():
                name = node.id if isinstance(node, ast.Name) else node.attr
                if name in _SET_ANNOTATIONS:
                    return [SET]
                return [("instance", self._type(node))]
        return [None]

    def _generic(self, base: ast.expr, index: ast.expr) -> list[Term]:
        name = written(base).rpartition(".")[2]
        if name in _SET_ANNOTATIONS:
            return [SET]
        arguments = index.elts if isinstance(index, ast.Tuple) else [index]
        if name == "Union":
            return [term for argument in arguments for term in self._annotated(argument)]
        if name in _TRANSPARENT:
            return self._annotated(arguments[0])
        if name in ("Callable", "Literal"):
            return [None]
        if name in ("type", "Type"):
            return [self._type(arguments[0])]
        elements = arguments[-1:] if name in _MAPPINGS else arguments
        inner = [term for argument in elements for term in self._annotated(argument)]
        return [("generic", self._type(base), tuple(inner))]

    def _type(self, node: ast.expr) -> Term:
        match node:
            case ast.Name(id=name):
                return self.lookup(name)[0]
            case ast.Attribute(value=value, attr=attr):
                return terms.attr(self._type(value), attr)
        return None


def written(node: ast.expr, depth: int = 0) -> str:
    """A short form of an expression, for messages: arguments and indexes are left out."""
    if depth > 20:
        return "..."
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr):
            return f"{written(value, depth + 1)}.{attr}"
        case ast.Call(func=func):
            empty = not node.args and not node.keywords
            return f"{written(func, depth + 1)}({'' if empty else '...'})"
        case ast.Subscript(value=value, slice=ast.Constant(value=index)):
            return f"{written(value, depth + 1)}[{index!r:.20}]"
        case ast.Subscript(value=value):
            return f"{written(value, depth + 1)}[...]"
        case ast.Constant(value=value):
            return f"{value!r:.20}"
        case ast.Await(value=value):
            return written(value, depth + 1)
        case ast.Set():
            return "{...}"
        case ast.Lambda():
            return "lambda"
    return "..."


def is_logging(func: ast.expr) -> bool:
    """``logger.info``, ``logging.warning``, ``self.log.debug``, ``workflow.logger.error``, ..."""
    if not isinstance(func, ast.Attribute) or func.attr not in LOG_METHODS:
        return False
    owner = written(func.value).rpartition(".")[2].lower()
    return owner.rstrip("()").endswith(("log", "logger", "logging")) or "getlogger" in owner


def is_view(node: ast.expr) -> bool:
    """``d.keys()`` or ``d.items()``, whose set operators give a set."""
    match node:
        case ast.Call(func=ast.Attribute(attr="keys" | "items"), args=[], keywords=[]):
            return True
    return False


def _reorders(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="list" | "tuple" | "iter" | "map" | "filter")):
            return True
    return False


def _iterable(term: Term) -> bool:
    """Whether the term may turn out to be a set; what is known to be none needs no use."""
    return term is not None and term[0] not in ("constant", "display", "def", "module")
