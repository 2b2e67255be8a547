"""What a function's names stand for while its body is walked from top to bottom."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from wfc.compiler.checks.reading.facts import COMPARED, LOGGED, Function, Use
from wfc.compiler.checks.reading.terms import WIDTH, Term, one_of
from wfc.compiler.data.struct import MutableStruct, field


class Scope(MutableStruct):
    """The walk of one function (or of the module's top level, which has no ``parent``).

    ``names`` are the local variables, ``shared`` the ``global`` ones; ``now`` what each stands for
    at this point, ``ever`` anywhere in the body (for functions inside). ``feeding`` is the variable
    that the current statement assigns; ``given`` are the parameters that still hold what the caller
    passed, ``defaults`` what they hold when it passed nothing; ``loads`` says for each variable
    where its value went: ``"log"``, ``"compare"``, another variable, or ``"use"``; ``single`` are
    the collections whose size is compared with one."""

    function: Function
    parent: Scope | None = None
    owner: str = ""
    names: set[str] = field(factory=set)
    shared: set[str] = field(factory=set)
    now: dict[str, Term] = field(factory=dict)
    ever: dict[str, dict[Term, None]] = field(factory=dict)
    feeding: str = ""
    loads: dict[str, set[str]] = field(factory=dict)
    fed: list[tuple[str, Use]] = field(factory=list)
    given: set[str] = field(factory=set)
    single: set[str] = field(factory=set)
    defaults: dict[str, Term] = field(factory=dict)

    def bind(self, name: str, term: Term) -> None:
        self.given.discard(name)
        self.now[name] = term
        terms = self.ever.setdefault(name, {})
        # No more alternatives than these are ever followed.
        if len(terms) < 4 * WIDTH:
            terms[term] = None

    def branch(self) -> dict[str, Term]:
        return dict(self.now)

    def merge(self, branches: Iterable[dict[str, Term]]) -> None:
        """Continue with what any of the branches may have bound."""
        first, *others = branches
        merged = dict(first)
        for other in others:
            for name, term in other.items():
                known = merged.setdefault(name, term)
                if known is not term and known != term:
                    merged[name] = one_of((known, term))
        self.now = merged

    def load(self, name: str, logged: bool, compared: bool) -> None:
        to = f"={self.feeding}" if self.feeding else "use"
        to = "log" if logged else "compare" if compared else to
        self.loads.setdefault(name, set()).add(to)

    def mark_logged(self) -> None:
        """Mark the uses whose value only ever reaches log lines."""
        if not self.fed:
            return
        only_logged = {name for name, where in self.loads.items() if "use" not in where}
        while True:
            kept = {
                name
                for name in only_logged
                if all(to == "log" or to[1:] in only_logged for to in self.loads[name])
            }
            if kept == only_logged:
                break
            only_logged = kept
        for name, use in self.fed:
            if name in only_logged:
                use.flags |= LOGGED

    def mark_compared(self) -> None:
        """Mark the uses whose value is only ever compared with others."""
        for name, use in self.fed:
            if self.loads.get(name) == {"compare"}:
                use.flags |= COMPARED


def bound_names(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, walrus: bool
) -> tuple[set[str], dict[str, type[ast.stmt]]]:
    """The local variables of a function, parameters included, and the names that belong elsewhere,
    with the statement that says so: ``global`` or ``nonlocal``. ``walrus`` says whether the file
    has ``:=`` at all."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = {argument.arg for argument in every}
    names.update(extra.arg for extra in (arguments.vararg, arguments.kwarg) if extra)
    foreign: dict[str, type[ast.stmt]] = {}
    if isinstance(node, ast.Lambda):
        return names, foreign
    _bind_block(node.body, names, foreign)
    if walrus:
        for inner in ast.walk(node):
            if isinstance(inner, ast.NamedExpr):
                names.add(inner.target.id)
    return names - foreign.keys(), foreign


def _bind_block(
    body: Iterable[ast.stmt], names: set[str], foreign: dict[str, type[ast.stmt]]
) -> None:
    """Add what statements bind; functions and classes inside bind only their name."""
    for node in body:
        match node:
            case ast.Expr(value=ast.Call(args=[], keywords=[])) | ast.Return(value=None):
                continue
            case ast.Assign(targets=targets):
                for target in targets:
                    _bind_target(target, names)
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                _bind_target(target, names)
            case ast.For(target=target) | ast.AsyncFor(target=target):
                _bind_target(target, names)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        _bind_target(item.optional_vars, names)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
                continue
            case ast.ClassDef(name=name):
                names.add(name)
                continue
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update(alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.Global(names=listed) | ast.Nonlocal(names=listed):
                foreign.update(dict.fromkeys(listed, type(node)))
            case ast.Match(cases=cases):
                for case in cases:
                    _bind_expressions(case.pattern, names)
                    _bind_block(case.body, names, foreign)
            case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
                for handler in handlers:
                    names.update([handler.name] if handler.name else [])
                    _bind_block(handler.body, names, foreign)
        for part in ("body", "orelse", "finalbody"):
            inner = getattr(node, part, None)
            if inner:
                _bind_block(inner, names, foreign)


def _bind_target(target: ast.expr, names: set[str]) -> None:
    match target:
        case ast.Name(id=name):
            names.add(name)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for inner in targets:
                _bind_target(inner, names)
        case ast.Starred(value=inner):
            _bind_target(inner, names)


def _bind_expressions(node: ast.AST, names: set[str]) -> None:
    for inner in ast.walk(node):
        match inner:
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                names.add(name)
            case ast.MatchMapping(rest=str() as name):
                names.add(name)
