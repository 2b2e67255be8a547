"""Reads the facts out of one file: walks its statements once, in the order in which they run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from wfc.compiler.checks.engines.known import LintEngines
from wfc.compiler.checks.reading import terms
from wfc.compiler.checks.reading.comments import suppressions
from wfc.compiler.checks.reading.definitions import Definitions
from wfc.compiler.checks.reading.expressions import MUTATORS
from wfc.compiler.checks.reading.facts import (
    DISCARDED,
    ON_PARAMETER,
    ORDERED,
    Decorator,
    Function,
    Module,
    Use,
    Variable,
)
from wfc.compiler.checks.reading.operators import augmented
from wfc.compiler.checks.reading.patterns import (
    asks_for_workflow,
    calls,
    commutes,
    is_container,
    is_main_guard,
    is_only,
    is_type_checking,
    leaves,
    leaves_replay,
    raises_again,
    tries_workflow,
)
from wfc.compiler.checks.reading.scope import Scope
from wfc.compiler.checks.reading.spelling import written
from wfc.compiler.checks.reading.terms import Term
from wfc.compiler.source.text import SourceText

MODULE = "<module>"
_LOOPS_WALKED_TWICE = 3
"""Deeper loops are walked once: what their end binds is not seen at their start."""


def extract(text: str, tree: ast.Module, engines: LintEngines) -> Module:
    """The facts of a file.

    Raises:
        RecursionError: an expression is nested too deeply.
    """
    extractor = Extractor(SourceText(text), engines)
    extractor.module(tree)
    extractor.facts.suppressions = suppressions(text)
    return extractor.facts


class Extractor(Definitions):
    """Walks statements. Functions are walked after the module's top level, so that every name of
    the module is known by then."""

    def __init__(self, source: SourceText, engines: LintEngines) -> None:
        super().__init__(source)
        self.engines = engines
        self.facts = Module()
        self.scope = Scope(Function(MODULE, (1, 1, 1, 1)))
        self.owner = ""
        self.prefix = ""
        self.waiting: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, Scope]] = []
        self.loop_depth = 0
        self.conditions = 0
        self.walrus = ":=" in source.text
        self.replays = any(word in source.text for word in engines.replaying)
        self.asks = "in_" in source.text and "workflow" in source.text
        self.handlers = {
            ast.Expr: self.expression,
            ast.Assign: self.assign,
            ast.AnnAssign: self.annotated_assign,
            ast.AugAssign: self.augmented_assign,
            ast.Return: self.return_value,
            ast.If: self.condition,
            ast.For: self.loop,
            ast.AsyncFor: self.loop,
            ast.While: self.while_loop,
            ast.Try: self.try_statement,
            ast.TryStar: self.try_statement,
            ast.With: self.with_statement,
            ast.AsyncWith: self.with_statement,
            ast.Raise: self.raise_statement,
            ast.FunctionDef: self.function,
            ast.AsyncFunctionDef: self.function,
            ast.ClassDef: self.class_statement,
            ast.Import: self.import_names,
            ast.ImportFrom: self.import_from,
            ast.Match: self.match_statement,
            ast.Delete: self.delete,
        }

    def module(self, tree: ast.Module) -> None:
        self.block(tree.body)
        while self.waiting:
            node, scope = self.waiting.pop()
            self.walk_function(node, scope)
        self.facts.uses = self.scope.function.uses

    def block(self, body: Sequence[ast.stmt]) -> None:
        guarded = self.guarded
        for statement in body:
            self.statement(statement)
            if self.leaves_workflow(statement):
                self.guarded += 1
        self.guarded = guarded

    def leaves_workflow(self, node: ast.stmt) -> bool:
        """Whether what follows a statement does not run in a replay, or outside workflows only."""
        if not isinstance(node, ast.If):
            return False
        if self.replays and leaves_replay(node, self.engines.replaying):
            return True
        return self.asks and leaves(node.body) and asks_for_workflow(node.test)[1]

    def statement(self, node: ast.stmt) -> None:
        handler = self.handlers.get(type(node))
        if handler is not None:
            handler(node)  # type: ignore[operator]
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.visit(child)

    # --- Simple statements -----------------------------------------------------------------------

    def expression(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.visit_call(node.value, DISCARDED)
        else:
            self.visit(node.value)

    def assign(self, node: ast.Assign) -> None:
        single = len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        start = len(self.scope.function.uses)
        outer, self.scope.feeding = self.scope.feeding, ""
        if single and isinstance(node.targets[0], ast.Name):
            self.scope.feeding = node.targets[0].id
        if isinstance(node.targets[0], (ast.Tuple, ast.List)):
            self.unpacked = node.value
        term = self.visit(node.value)
        self.scope.feeding = outer
        for target in node.targets:
            self.store(target, term, node.value, start)

    def annotated_assign(self, node: ast.AnnAssign) -> None:
        start = len(self.scope.function.uses)
        term = None if node.value is None else self.visit(node.value)
        declared = self.annotation(node.annotation)
        in_class = self.owner != "" and not self.in_function
        if in_class or term is None or term[0] in ("constant", "display"):
            term = terms.one_of([declared, term])
        self.store(node.target, term, node.value, start)

    def augmented_assign(self, node: ast.AugAssign) -> None:
        term = self.visit(node.value)
        match node.target:
            case ast.Name(id=name) as target:
                before = self.name(target)[0]
                self.operate(before, node, augmented(node.op))
                if isinstance(node.op, ast.Add) and terms.may_be_set(term):
                    self.use("iterate", term, node.value, written(node.value))
                kept = before if terms.may_be_set(before) else None
                if name in self.scope.shared or not self.in_function:
                    self.rebind(target)
                else:
                    self.scope.bind(name, kept)
            case ast.Attribute() | ast.Subscript():
                self.store(node.target, None, None, len(self.scope.function.uses))

    def store(self, target: ast.expr, term: Term, value: ast.expr | None, start: int) -> None:
        """Bind a target; ``start`` is where the uses of the value begin."""
        match target:
            case ast.Name(id=name) if self.in_function and name not in self.scope.shared:
                self.scope.bind(name, term)
            case ast.Name(id=name) if self.in_function:
                self.rebind(target)
            case ast.Name(id=name):
                uses = tuple(self.scope.function.uses[start:])
                self.variable(name, term, value, target, uses)
            case ast.Attribute(value=base, attr=attr):
                holder = self.chain(base)
                self.written_to(terms.attr(holder, attr), target, written(target))
                match holder:
                    case ("self", owner) if term is not None:
                        fields = self.facts.classes[owner].fields
                        kept = terms.supplied(term, frozenset(self.scope.defaults))
                        fields[attr] = terms.one_of([fields.get(attr), kept])
            case ast.Subscript(value=base, slice=index):
                container = self.chain(base)
                self.written_to(container, target, written(target))
                self.operate(container, target, "__setitem__")
                self.compared(index)
            case ast.Tuple() | ast.List() | ast.Starred():
                self.bind_target(target, None, value)
                several = not isinstance(value, (ast.Tuple, ast.List)) and not is_only(target)
                if value is not None and several:
                    self.unpacks(term, value)

    def unpacks(self, term: Term, value: ast.expr) -> None:
        """``first, second = value``: the order of its elements is observed."""
        if term is not None and term[0] in ("set", "call", "name", "attr", "instance", "one of"):
            self.use("iterate", term, value, written(value))

    def bind_target(self, target: ast.expr, term: Term, value: ast.expr | None = None) -> None:
        match target:
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                parts: Sequence[ast.expr | None] = [None] * len(targets)
                if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(targets):
                    parts = value.elts
                for inner, part in zip(targets, parts, strict=True):
                    self.bind_target(inner, self.quietly(part), part)
            case ast.Starred(value=inner):
                self.bind_target(inner, None)
            case _:
                self.store(target, term, value, len(self.scope.function.uses))

    def variable(
        self,
        name: str,
        term: Term,
        value: ast.expr | None,
        target: ast.expr,
        uses: tuple[Use, ...],
    ) -> None:
        """A name bound at module level or in a class body."""
        found = Variable(term, self.place(target), uses, is_container(value))
        where = self.facts.classes[self.owner].attributes if self.owner else self.facts.variables
        before = where.get(name)
        if before is not None:
            found.term = terms.one_of([before.term, term])
            found.uses = (*before.uses, *uses)
            found.mutable = before.mutable or found.mutable
        where[name] = found
        if self.owner:
            self.scope.now[name] = term
            self.property_of(name, term)
        elif name == "__all__" and isinstance(value, (ast.List, ast.Tuple)):
            self.facts.exported = tuple(
                item.value
                for item in value.elts
                if isinstance(item, ast.Constant) and isinstance(item.value, str)
            )

    def property_of(self, name: str, term: Term) -> None:
        """``total = property(get_total)`` in a class: its getter is a property of this name."""
        match term:
            case ("call", ("name", "property") as made_by, (("def", str() as getter), *_)) if (
                getter in self.facts.functions  # a loop is walked once without noting anything
            ):
                mark = Decorator(made_by, True, (), (1, 1, 1, 1), "property")
                function = self.facts.functions[getter]
                function.decorators = (*function.decorators, mark)
                self.facts.classes[self.owner].methods[name] = getter
                del self.facts.classes[self.owner].attributes[name]

    def rebind(self, target: ast.Name) -> None:
        """``global name; name = ...``"""
        if self.in_function:
            self.written_to(("name", target.id), target, target.id)

    def written_to(self, term: Term, node: ast.expr, text: str) -> None:
        flags = ON_PARAMETER if self.on_parameter(node) else 0
        if term is None and not flags:
            return
        self.use("write", term, node, text, flags=flags)
        self.changes(term)

    def changes(self, term: Term) -> None:
        """Note that a function of this file changes a variable of the module."""
        match term:
            case ("name", name) | ("attr", ("name", name), _) if self.in_function:
                self.facts.changed.setdefault(name, {})[self.scope.function.qualname] = None

    def visit_call(self, node: ast.Call, flags: int = 0) -> Term:
        term = super().visit_call(node, flags)
        match node.func:
            case ast.Attribute(value=base, attr=method) if method in MUTATORS and self.in_function:
                self.changes(self.quietly(base))
        return term

    def delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            match target:
                case ast.Attribute() | ast.Subscript():
                    self.store(target, None, None, len(self.scope.function.uses))

    def return_value(self, node: ast.Return) -> None:
        if node.value is None:
            return
        # A function that is returned runs where its caller calls it.
        self.returned(self.visit(node.value))

    def raise_statement(self, node: ast.Raise) -> None:
        if node.exc is not None:
            error = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            self.visit(node.exc)
            self.use("raise", self.quietly(error), node, written(error))
        if node.cause is not None:
            self.visit(node.cause)

    # --- Blocks ----------------------------------------------------------------------------------

    def condition(self, node: ast.If) -> None:
        if is_type_checking(node.test):
            self.imports_only(node.body)
            self.block(node.orelse)
            return
        if not self.in_function and is_main_guard(node.test):
            return
        self.test(node.test)
        guarded = self.replays and not self.engines.replaying.isdisjoint(calls(node.test))
        outside, otherwise = asks_for_workflow(node.test) if self.asks else (False, False)
        before = self.scope.branch()
        self.conditions += 1
        self.guarded += guarded or outside
        self.block(node.body)
        self.guarded += (guarded or otherwise) - (guarded or outside)
        after = self.scope.branch()
        self.scope.now = before
        self.block(node.orelse)
        self.guarded -= guarded or otherwise
        self.conditions -= 1
        # A branch that always leaves the block binds nothing for what follows.
        branches = [after] if not leaves(node.body) else []
        branches += [self.scope.now] if not leaves(node.orelse) else []
        if branches:
            self.scope.merge(branches)

    def imports_only(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self.statement(statement)

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        iterable = self.visit(node.iter)
        if iterable is not None and iterable[0] not in ("constant", "display"):
            flags = ORDERED if commutes(node.body) and not node.orelse else 0
            self.use("iterate", iterable, node.iter, written(node.iter), flags=flags)
        self.bind_iteration(node.target, node.iter, iterable)
        self.repeated(node.body)
        self.block(node.orelse)

    def while_loop(self, node: ast.While) -> None:
        self.in_loop += 1
        self.test(node.test)
        self.in_loop -= 1
        self.repeated(node.body)
        self.block(node.orelse)

    def repeated(self, body: Sequence[ast.stmt]) -> None:
        """A loop's body. What its end binds may be seen at its start in the next round, hence a
        first walk that only binds."""
        before = self.scope.branch()
        self.in_loop += 1
        self.loop_depth += 1
        if self.in_function and self.loop_depth <= _LOOPS_WALKED_TWICE:
            loads = {name: set(where) for name, where in self.scope.loads.items()}
            self.dry += 1
            self.block(body)
            self.dry -= 1
            self.scope.loads = loads
            self.scope.merge([before, self.scope.now])
        self.block(body)
        self.loop_depth -= 1
        self.in_loop -= 1
        self.scope.merge([before, self.scope.now])

    def try_statement(self, node: ast.Try | ast.TryStar) -> None:
        before = self.scope.branch()
        self.conditions += bool(node.handlers)
        self.in_try += bool(node.handlers)
        self.block(node.body)
        self.in_try -= bool(node.handlers)
        self.block(node.orelse)
        branches = [before, self.scope.now]
        start = self.scope.branch()
        outside = tries_workflow(node.body, self.engines.inside_only)
        self.guarded += outside
        for handler in node.handlers:
            self.scope.merge([before, start])
            self.handler(handler)
            branches.append(self.scope.now)
        self.guarded -= outside
        self.conditions -= bool(node.handlers)
        self.scope.merge(branches)
        self.block(node.finalbody)

    def handler(self, node: ast.ExceptHandler) -> None:
        types: list[ast.expr | None] = [node.type]
        if isinstance(node.type, ast.Tuple):
            types = list(node.type.elts)
        for type_ in types:
            term = ("name", "BaseException") if type_ is None else self.chain(type_)
            text = "except" if type_ is None else f"except {written(type_)}"
            again = raises_again(node)
            self.use("catch", term, node if type_ is None else type_, text, (("constant", again),))
        if node.name:
            self.scope.bind(node.name, None)
        self.block(node.body)

    def with_statement(self, node: ast.With | ast.AsyncWith) -> None:
        guarded, passing = 0, False
        for item in node.items:
            term = self.visit(item.context_expr)
            text = written(item.context_expr)
            self.use("enter", term, item.context_expr, text)
            guarded += any(word in text for word in self.engines.unreplayed)
            passing = passing or any(word in text for word in self.engines.passing)
            if item.optional_vars is not None:
                self.bind_target(item.optional_vars, term)
        if passing:
            self.passed_through(node.body)
        self.guarded += guarded
        self.block(node.body)
        self.guarded -= guarded

    def passed_through(self, body: Iterable[ast.stmt]) -> None:
        names = [
            alias.asname or alias.name.partition(".")[0]
            for statement in body
            if isinstance(statement, (ast.Import, ast.ImportFrom))
            for alias in statement.names
        ]
        self.facts.passed_through += tuple(names)

    def match_statement(self, node: ast.Match) -> None:
        self.visit(node.subject)
        before = self.scope.branch()
        branches = [before]
        for case in node.cases:
            self.scope.now = dict(before)
            for inner in ast.walk(case.pattern):
                match inner:
                    case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                        self.scope.bind(name, None)
            if case.guard is not None:
                self.visit(case.guard)
            self.block(case.body)
            branches.append(self.scope.now)
        self.scope.merge(branches)

    # --- Imports ---------------------------------------------------------------------------------

    def import_names(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            module = alias.name if alias.asname else name
            if self.in_function:
                self.scope.bind(name, ("module", module))
            else:
                self.facts.imports[name] = module
                # `import a.b` also makes `a.b` known; the module `a` finds it by its file.

    def import_from(self, node: ast.ImportFrom) -> None:
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            name = alias.asname or alias.name
            if alias.name == "*":
                self.facts.stars += (module,)
            elif self.in_function:
                self.scope.bind(name, ("attr", ("module", module), alias.name))
            else:
                self.facts.imports[name] = f"{module}:{alias.name}"
