"""What a function's names stand for while its body is walked from top to bottom."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from wfc.compiler.checks.facts import LOGGED, Function, Use
from wfc.compiler.checks.terms import Term, one_of

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_OWN_SCOPE = (*FUNCTIONS, ast.ClassDef)


@dataclass(slots=True)
class Scope:
    """The walk of one function (or of the module's top level, which has no ``parent``).

    ``names`` are the local variables; ``now`` what each stands for at this point, ``ever`` anywhere
    in the body (for functions inside). ``feeding`` is the variable that the current statement
    assigns; ``loads`` says for each variable where its value went: ``"log"``, another variable, or
    ``"use"``.
    """

    function: Function
    parent: Scope | None = None
    owner: str = ""
    names: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    now: dict[str, Term] = field(default_factory=dict)
    ever: dict[str, list[Term]] = field(default_factory=dict)
    feeding: str = ""
    loads: dict[str, set[str]] = field(default_factory=dict)
    fed: list[tuple[str, Use]] = field(default_factory=list)
    receiver: str = ""

    def bind(self, name: str, term: Term) -> None:
        self.now[name] = term
        terms = self.ever.setdefault(name, [])
        if term not in terms:
            terms.append(term)

    def branch(self) -> dict[str, Term]:
        return dict(self.now)

    def merge(self, branches: Iterable[dict[str, Term]]) -> None:
        """Continue with what any of the branches may have bound."""
        branches = list(branches)
        keys = dict.fromkeys(name for branch in branches for name in branch)
        self.now = {
            name: one_of(branch[name] for branch in branches if name in branch) for name in keys
        }

    def load(self, name: str, logged: bool) -> None:
        target = "log" if logged else f"={self.feeding}" if self.feeding else "use"
        self.loads.setdefault(name, set()).add(target)

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


def bound_names(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> set[str]:
    """The local variables of a function, parameters included, ``global`` names not."""
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = {argument.arg for argument in every}
    names.update(extra.arg for extra in (arguments.vararg, arguments.kwarg) if extra)
    if isinstance(node, ast.Lambda):
        return names
    foreign: set[str] = set()
    for inner in _own_nodes(node.body):
        match inner:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update(alias.asname or alias.name.partition(".")[0] for alias in aliases)
            case ast.ExceptHandler(name=str() as name):
                names.add(name)
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                names.add(name)
            case ast.Global(names=listed) | ast.Nonlocal(names=listed):
                foreign.update(listed)
    return names - foreign


def _own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a body without those of functions and classes inside."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, _OWN_SCOPE):
            continue
        stack.extend(ast.iter_child_nodes(node))
