"""The expression half of :mod:`extract`: what an expression stands for, and what it uses."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Any, Final

from wfc.compiler.checks.reading import operators, terms
from wfc.compiler.checks.reading.annotations import Annotations
from wfc.compiler.checks.reading.facts import (
    AWAITED,
    COMPARED,
    GUARDED,
    IN_LOOP,
    IN_TRY,
    LOGGED,
    ON_PARAMETER,
    ORDERED,
    Module,
    Place,
    Use,
)
from wfc.compiler.checks.reading.iteration import bindings
from wfc.compiler.checks.reading.scope import Scope
from wfc.compiler.checks.reading.spelling import is_logging, is_view, reorders, written
from wfc.compiler.checks.reading.terms import SET, Term
from wfc.compiler.checks.wordsets import words
from wfc.compiler.source.text import SourceText

BUILTINS: Final = frozenset(dir(builtins))
MUTATORS: Final = words(
    "append extend insert remove pop clear sort reverse add discard update setdefault popitem "
    "appendleft popleft extendleft rotate intersection_update difference_update "
    "symmetric_difference_update"
)
# Methods whose first argument is only looked for among others, or kept to be looked for.
_LOOK_UPS: Final = words("add discard remove get pop setdefault __contains__")
_LOOKS_ONLY: Final = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)
# Builtins that look at what they are given and call nothing of it.
INSPECTING: Final = words("isinstance issubclass callable hasattr")
# Builtins whose result does not depend on the order of what they are given.
ORDERLESS: Final = words("sorted set frozenset sum min max any all len bool")
# Builtins and constructors that keep or reveal the order of what they are given.
REVEALING: Final = words(
    "list tuple iter enumerate zip map filter str repr deque OrderedDict dict next bytes bytearray "
    "batched chain islice accumulate cycle starmap pairwise zip_longest product permutations "
    "combinations groupby Counter"
)
_ORDERED_METHODS: Final = words("join extend fromkeys extendleft from_iterable format")
_APPLYING: Final = words("map filter sorted min max sort")
_ENTERING: Final = words("enter_context enter_async_context")
_MAY_BE_CALLED: Final = words("name attr def call default") | {"one of"}
"""Kinds of terms that may stand for a function."""
_CUT: Final = 60


class Expressions(Annotations):
    """Walks expressions of one file. ``scope`` is the function that is being walked."""

    facts: Module
    scope: Scope

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.ascii = source.text.isascii()
        self.logging = 0
        self.guarded = 0
        self.in_loop = 0
        self.in_try = 0
        self.comparing = 0
        self.unpacked: ast.expr | None = None
        self.dry = 0
        self.visitors: dict[type[ast.AST], Callable[[Any], Term]] = {
            ast.Name: self.visit_name,
            ast.Attribute: self.visit_attribute,
            ast.Call: self.visit_call,
            ast.Constant: self.visit_constant,
            ast.Await: self.visit_await,
            ast.BinOp: self.visit_binary,
            ast.BoolOp: self.visit_boolean,
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
        if self.in_loop:
            flags |= IN_LOOP
        if self.in_try:
            flags |= IN_TRY
        if self.comparing:
            flags |= COMPARED
        use = Use(kind, term, self.place(node), written[:_CUT], args, keywords, flags)
        self.scope.function.uses.append(use)
        if self.scope.feeding and kind in ("call", "read"):
            self.scope.fed.append((self.scope.feeding, use))

    def pass_on(
        self, node: ast.expr, term: Term, receiver: Term = None, position: Term = None
    ) -> None:
        """A value is handed on; if it is a function, whoever gets it may call it. ``position`` is
        the place or keyword of the argument."""
        if receiver is not None and isinstance(node, ast.Name) and self.is_parameter(node.id):
            self.use("forward", None, node, node.id, (receiver, position))
        if term is not None and term[0] in _MAY_BE_CALLED:
            self.use("pass", term, node, written(node), (receiver, position))

    def operate(self, term: Term, node: ast.AST, methods: str) -> None:
        """An operator or builtin calls one of these methods of a value."""
        if methods and operators.may_be_object(term):
            self.use("operate", term, node, methods)

    def test(self, node: ast.expr) -> Term:
        """An expression whose truth decides."""
        term = self.visit(node)
        self.operate(term, node, operators.TRUTH)
        return term

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
            self.scope.load(node.id, bool(self.logging), bool(self.comparing))
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
            term = self.visit_call(node.value, AWAITED)
        else:
            term = self.visit(node.value)
        self.operate(term, node, "__await__")
        return term

    def visit_call(self, node: ast.Call, flags: int = 0) -> Term:
        func = node.func
        callee = self.chain(func)
        text = written(func)
        name = func.attr if isinstance(func, ast.Attribute) else text
        logs = is_logging(node)
        self.logging += logs
        to = ("constant", text) if callee is None else callee
        args = tuple(self.argument(node, index, to, name) for index in range(len(node.args)))
        keywords = tuple(self.keyword(keyword, to) for keyword in node.keywords)
        self.logging -= logs
        if logs:  # of the logger too, a log line is all that it decides
            flags |= LOGGED
        if name in MUTATORS and self.on_parameter(func):
            flags |= ON_PARAMETER
        if isinstance(func, ast.Attribute) and self.is_single(func.value):
            flags |= ORDERED
        applied = self.applied(callee, args[:1], node)
        if applied is not None:
            return applied
        if name in _APPLYING:
            self.apply_to_elements(node, callee, args, dict(keywords))
        self.use("call", callee, node, text, args, keywords, flags)
        if isinstance(func, ast.Name) and name in operators.OF_BUILTINS and args:
            self.operate(args[0], node.args[0], operators.OF_BUILTINS[name])
        if name in _ENTERING and args:
            self.use("enter", args[0], node.args[0], written(node.args[0]))
        return self.result(node, callee, name, args)

    def apply_to_elements(
        self,
        node: ast.Call,
        callee: Term,
        args: tuple[Term, ...],
        keywords: dict[str, Term],
    ) -> None:
        """``map(methodcaller("total"), orders)``, ``sorted(orders, key=attrgetter("total"))``."""
        match callee, args:
            case ("name", "map" | "filter"), (function, elements, *_):
                self.applied(function, (terms.item(elements),), node)
            case ("name", "sorted" | "min" | "max"), (elements, *_):
                self.applied(keywords.get("key"), (terms.item(elements),), node)
            case ("attr", elements, "sort"), ():
                self.applied(keywords.get("key"), (terms.item(elements),), node)

    def applied(self, callee: Term, args: tuple[Term, ...], node: ast.Call) -> Term:
        """``methodcaller("total")(order)`` and ``attrgetter("total")(order)``: what they name on
        what they are given. Unknown of any other call."""
        match callee:
            case ("call", ("attr" | "name", *_, str() as maker), (("constant", str() as name), *_)):
                if maker not in ("methodcaller", "attrgetter") or not args:
                    return None
                found = args[0]
                for part in name.split("."):
                    found = terms.attr(found, part)
                if maker == "attrgetter":
                    self.use("read", found, node, name)
                    return found
                self.use("call", found, node, name)
                return terms.call(found, ())
        return None

    def argument(self, call: ast.Call, index: int, callee: Term, name: str) -> Term:
        node = call.args[index]
        if name in ORDERLESS and isinstance(node, (ast.GeneratorExp, ast.ListComp, ast.SetComp)):
            self.visit_comprehension(node, ordered=False)
            return None
        if name in ORDERLESS and reorders(node):
            assert isinstance(node, ast.Call)
            return self.quiet_iteration(node)
        inspected = name in INSPECTING and isinstance(call.func, ast.Name)
        looked_up = index == 0 and name in _LOOK_UPS and isinstance(call.func, ast.Attribute)
        term = self.compared(node) if looked_up else self.visit(node)
        if inspected:
            return term
        spread = any(isinstance(before, ast.Starred) for before in call.args[: index + 1])
        self.pass_on(node, term, callee, None if spread else ("constant", index))
        ordered = name in REVEALING or name in _ORDERED_METHODS
        again = name == "next" and isinstance(node, ast.Call)  # next(iter(s)): iter reports it
        if self.is_single(node):
            return term
        if ordered and not again and terms.alternatives(term) != (None,) and _iterable(term):
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
                if kind == "constant":
                    return terms.attr(args[0], rest[0])
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
        of_left, of_right = operators.BINARY[type(node.op)]
        self.operate(left, node, of_left)
        self.operate(right, node, of_right)
        if isinstance(node.op, ast.Mod) and left is not None and left[0] == "constant":
            self.observed(node.right, right)
        either = terms.may_be_set(left) or terms.may_be_set(right)
        views = is_view(node.left) or is_view(node.right)
        if isinstance(node.op, (ast.BitOr, ast.BitAnd, ast.BitXor)) and (either or views):
            return SET
        if isinstance(node.op, ast.Sub) and (terms.may_be_set(left) or is_view(node.left)):
            return SET
        if isinstance(node.op, ast.BitOr) and _may_be_type(left) and _may_be_type(right):
            return terms.one_of([left, right])
        # pathlib.Path("a") / "b"
        return left if isinstance(node.op, ast.Div) and left and left[0] != "constant" else None

    def observed(self, node: ast.expr, term: Term) -> None:
        """``"%s" % tags`` and ``"%s %s" % (name, tags)``."""
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        for part in parts:
            shown = term if part is node else self.quietly(part)
            if terms.may_be_set(shown):
                self.use("iterate", shown, part, written(part))

    def quietly(self, node: ast.expr | None) -> Term:
        """The term of an expression whose uses are noted already."""
        if node is None:
            return None
        self.dry += 1
        term = self.visit(node)
        self.dry -= 1
        return term

    def visit_compare(self, node: ast.Compare) -> Term:
        match node:
            case ast.Compare(
                left=ast.Call(func=ast.Name(id="len"), args=[counted]),
                comparators=[ast.Constant(value=1 | 2)],
            ):
                self.scope.single.add(written(counted))
        look = self.compared if isinstance(node.ops[0], _LOOKS_ONLY) else self.visit
        left = look(node.left)
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = look(comparator)
            of_left, of_right = operators.COMPARED.get(type(operator), ("", ""))
            self.operate(left, node, of_left)
            self.operate(right, node, of_right)
            left = right
        return None

    def compared(self, node: ast.expr) -> Term:
        """Walk what is only compared with other values, or looked for among them."""
        if not isinstance(node, (ast.Name, ast.Call)):
            return self.visit(node)
        self.comparing += 1
        term = self.visit(node)
        self.comparing -= 1
        return term

    def is_single(self, node: ast.expr) -> bool:
        """Whether the function compares the size of a collection with one: its order is not what
        ``next(iter(s))`` takes then."""
        return bool(self.scope.single) and written(node) in self.scope.single

    def visit_unary(self, node: ast.UnaryOp) -> Term:
        self.operate(self.visit(node.operand), node, operators.UNARY[type(node.op)])
        return None

    def visit_boolean(self, node: ast.BoolOp) -> Term:
        return terms.one_of([self.test(value) for value in node.values])

    def visit_text(self, node: ast.JoinedStr) -> Term:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit_formatted(part)
        return None

    def visit_conditional(self, node: ast.IfExp) -> Term:
        self.test(node.test)
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
            self.compared(element.value if isinstance(element, ast.Starred) else element)
        return SET

    def visit_dict(self, node: ast.Dict) -> Term:
        items = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.compared(key)
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
            self.bind_iteration(generator.target, generator.iter, iterable)
            for condition in generator.ifs:
                self.test(condition)
        if isinstance(node, ast.DictComp):
            self.compared(node.key)
            element = self.visit(node.value)
        else:
            only_found = isinstance(node, ast.SetComp)
            element = self.compared(node.elt) if only_found else self.visit(node.elt)
        self.scope.now = saved
        return SET if isinstance(node, ast.SetComp) else terms.display([element])

    def visit_subscript(self, node: ast.Subscript) -> Term:
        base = self.visit(node.value)
        index = self.compared(node.slice)
        if index is not None and index[0] == "constant":
            named = self.namespace_entry(node.value, base, str(index[1]))
            if named is not None:
                return named
        self.operate(base, node, "__getitem__")
        return None if isinstance(node.slice, ast.Slice) and base is None else terms.item(base)

    def namespace_entry(self, node: ast.expr, base: Term, name: str) -> Term:
        """``sys.modules["time"]``, ``vars(time)["time"]``, ``time.__dict__["time"]``."""
        match base:
            case ("attr", ("name", "sys"), "modules"):
                return ("module", name)
            case ("attr", tuple() as owner, "__dict__") | ("call", ("name", "vars"), (owner,)):
                return terms.attr(owner, name)
            case ("call", ("name", "globals"), ()):
                return ("name", name)
        return None

    def bind_iteration(self, target: ast.expr, iterable: ast.expr, term: Term) -> None:
        for part, value in bindings(target, iterable, term):
            self.bind_target(part, value)

    def visit_formatted(self, node: ast.FormattedValue) -> Term:
        term = self.visit(node.value)
        if terms.may_be_set(term):
            self.use("iterate", term, node.value, f"text of {written(node.value)}")
        self.operate(term, node.value, operators.TEXT)
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
        term = self.visit(node.value)
        if term is not None and _iterable(term):
            self.use("iterate", term, node.value, written(node.value))
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


def _may_be_type(term: Term) -> bool:
    """``Order | None`` under a name of its own."""
    return term == ("constant", None) or (term is not None and term[0] in ("name", "attr"))


def _iterable(term: Term) -> bool:
    """Whether the term may turn out to be a set; what is known to be none needs no use."""
    return term is not None and term[0] not in ("constant", "display", "def", "module")
