"""The verifier's rules of statements: what is bound where, loops, handlers, operations."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import assert_never

from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import bound
from wfc.compiler.language.inference.rules import unpacking
from wfc.compiler.language.library.table import methods
from wfc.compiler.language.verify.expressions import (
    arguments,
    expression,
    iterated,
    looped,
    target,
)
from wfc.compiler.language.verify.report import Report
from wfc.compiler.language.walk import arms, operations, statements


def function(report: Report, definition: ir.Helper | ir.Workflow) -> None:
    """The rules of the body of a helper or workflow."""
    report.definition = definition.name
    flow = _Flow(report, isinstance(definition, ir.Workflow))
    flow.bind(one.name for one in definition.parameters)
    flow.block(definition.body)
    if isinstance(definition, ir.Workflow):
        sites = [operation.site for operation in operations(definition.body)]
        report.unique("site", sites, definition)
        _temporaries(report, definition)
        if definition.timeout is not None and not definition.timeout > 0:
            report.add("the timeout is no positive number", definition)
    report.definition = ""


def _temporaries(report: Report, workflow: ir.Workflow) -> None:
    """A temporary is bound in one place, and by that place alone."""
    parameters = {one.name for one in workflow.parameters}
    places = dict.fromkeys(workflow.temporaries, 0)
    for statement in statements(workflow.body):
        for name in bound(statement):
            if name not in places:
                continue
            places[name] += 1
            if not isinstance(statement, ir.Assign | ir.StepCall | ir.WorkflowCall | ir.Mutate):
                report.add(f"temporary '{name}' is not bound alone", statement)
    for name, count in sorted(places.items()):
        if count != 1 or name in parameters:
            report.add(f"temporary '{name}' is bound in {count} places", workflow)


class _Loop(MutableStruct):
    """``start`` is the length of the trail in front of the loop, ``exits`` what each ``break`` has
    bound since."""

    start: int
    exits: list[set[str]] = field(factory=list)


class _Flow(MutableStruct):
    """Follows the paths through a function: which variables are bound on all of them.

    ``trail`` lists the bound variables in the order in which they were, so that a branch can be
    left without copying what was bound before it. Code that no path reaches binds and reads
    freely.
    """

    report: Report
    operations: bool
    bound: set[str] = field(factory=set)
    trail: list[str] = field(factory=list)
    reached: bool = True
    errors: list[str] = field(factory=list)
    handlers: int = 0
    loops: list[_Loop] = field(factory=list)

    # --- Paths ---

    def bind(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.bound:
                self.bound.add(name)
                self.trail.append(name)

    def leave(self, mark: int) -> set[str] | None:
        """Forget what was bound since the mark and say what; None when no path leads out."""
        names = set(self.trail[mark:])
        del self.trail[mark:]
        self.bound -= names
        return names if self.reached else None

    def join(self, paths: Iterable[set[str] | None]) -> None:
        """Go on behind paths that meet: what each of them has bound is bound."""
        open_ = [path for path in paths if path is not None]
        self.reached = bool(open_)
        if open_:
            self.bind(sorted(set.intersection(*open_)))

    def branch(self, block: ir.Block) -> set[str] | None:
        """Follow a block and come back to its start."""
        mark, reached = len(self.trail), self.reached
        self.block(block)
        path = self.leave(mark)
        self.reached = reached
        return path

    # --- Checks ---

    def value(self, expr: ir.Expr) -> None:
        if isinstance(expr, ir.Lambda):
            self.report.add("a lambda is no key here", expr)
        if self.reached:
            expression(self.report, expr, self.bound, set(self.errors))

    def variable(self, name: str, node: ir.Statement) -> None:
        if self.reached and name not in self.bound:
            self.report.add(f"variable '{name}' is not bound here", node)

    def filled(self, block: ir.Block, what: str, node: ir.Node) -> None:
        if not block:
            self.report.add(f"the {what} is empty", node)

    def block(self, block: ir.Block) -> None:
        for statement in block:
            self.statement(statement)

    def statement(self, statement: ir.Statement) -> None:
        match statement:
            case (
                ir.Assign()
                | ir.AugmentedAssign()
                | ir.Unpack()
                | ir.Mutate()
                | ir.Store()
                | ir.Delete()
            ):
                self.change(statement)
            case ir.StepCall() | ir.WorkflowCall() | ir.Sleep():
                self.operation(statement)
            case ir.If():
                self.conditional(statement)
            case ir.While() | ir.For():
                self.loop(statement)
            case ir.Break() | ir.Continue():
                self.jump(statement)
            case ir.Try():
                self.attempt(statement)
            case ir.Raise():
                self.raising(statement)
            case ir.Return(value, bare):
                self.value(value)
                if bare and value != ir.Constant(None, type=value.type):
                    self.report.add("a bare return has a value", statement)
                self.reached = False
            case ir.Pass():
                pass
            case _:
                assert_never(statement)

    def change(
        self,
        statement: ir.Assign | ir.AugmentedAssign | ir.Unpack | ir.Mutate | ir.Store | ir.Delete,
    ) -> None:
        report = self.report
        match statement:
            case ir.Assign(_, value):
                self.value(value)
            case ir.AugmentedAssign(name, _, value):
                self.variable(name, statement)
                self.value(value)
            case ir.Unpack(names, value):
                self.value(value)
                self.unpack(statement, names)
            case ir.Store(name, path, value):
                self.place(name, path, statement)
                self.value(value)
            case ir.Delete(name, path):
                self.place(name, path, statement)
            case ir.Mutate(name, path, method, args):
                self.variable(name, statement)
                self.path(path)
                for arg in args:
                    self.value(arg)
                rows = [row for overloads in methods(method).values() for row in overloads]
                if not any(row.mutates for row in rows):
                    report.add(f"method '{method}' changes no object", statement)
            case _:
                assert_never(statement)
        self.bind(bound(statement))

    def unpack(self, statement: ir.Unpack, names: tuple[str, ...]) -> None:
        self.report.unique("name of a target", names, statement)
        if len(names) != len(statement.types):
            self.report.add("a target has not one type for each name", statement)
        problem = unpacking(self.report.module, statement.value.type, len(names)).problem
        if problem:
            self.report.add(problem, statement)

    def place(self, name: str, path: tuple[ir.FieldKey | ir.Expr, ...], node: ir.Statement) -> None:
        self.variable(name, node)
        self.path(path)
        if not path:
            self.report.add(f"the path behind '{name}' is empty", node)

    def path(self, path: tuple[ir.FieldKey | ir.Expr, ...]) -> None:
        for key in path:
            if not isinstance(key, ir.FieldKey):
                self.value(key)

    # --- Operations ---

    def operation(self, statement: ir.StepCall | ir.WorkflowCall | ir.Sleep) -> None:
        report = self.report
        if not self.operations:
            report.add("a helper starts an operation", statement)
        if not statement.site:
            report.add("an operation has no site", statement)
        match statement:
            case ir.Sleep(_, seconds):
                self.value(seconds)
                known = seconds.value if isinstance(seconds, ir.Constant) else 0
                if not isinstance(known, int | float) or not math.isfinite(known) or known < 0:
                    report.add("a sleep has no number of seconds", statement)
            case ir.StepCall(_, name, args):
                step = report.steps.get(name)
                if step is None:
                    report.add(f"unknown step '{name}'", statement)
                else:
                    arguments(report, name, step.parameters, args, statement, in_order=True)
                self.call(statement, args)
            case ir.WorkflowCall(_, name, args):
                child = report.workflows.get(name)
                if child is None:
                    report.add(f"unknown workflow '{name}'", statement)
                else:
                    arguments(report, name, child.parameters, args, statement, in_order=True)
                self.call(statement, args)
            case _:
                assert_never(statement)

    def call(self, statement: ir.StepCall | ir.WorkflowCall, args: tuple[ir.Argument, ...]) -> None:
        for arg in args:
            self.value(arg.value)
        if statement.target is not None:
            self.bind((statement.target,))

    # --- Branches and loops ---

    def conditional(self, statement: ir.If) -> None:
        chain, orelse = arms(statement)
        paths: list[set[str] | None] = []
        always = False
        for arm in chain:
            self.value(arm.test)
            self.filled(arm.then, "branch", arm)
            taken = self.branch(arm.then)
            never = isinstance(arm.test, ir.Constant) and not arm.test.value
            paths.append(None if never or always else taken)
            always = always or (isinstance(arm.test, ir.Constant) and not never)
        last = self.branch(orelse)
        paths.append(None if always else last)
        self.join(paths)

    def loop(self, statement: ir.While | ir.For) -> None:
        self.filled(statement.body, "body of a loop", statement)
        forever = False
        exits = _Loop(len(self.trail))
        if isinstance(statement, ir.While):
            self.block(statement.prelude)
            self.value(statement.test)
            forever = isinstance(statement.test, ir.Constant) and bool(statement.test.value)
            mark = len(self.trail)
        else:
            if self.reached:
                iterated(self.report, statement.iterable, self.bound, set(self.errors))
            target(self.report, statement.target, statement)
            looped(self.report, statement.iterable, statement.target, statement)
            mark = len(self.trail)
            self.bind(statement.target.names)
        reached = self.reached
        self.loops.append(exits)
        self.block(statement.body)
        self.loops.pop()
        self.leave(mark)
        self.reached = reached and not forever
        self.block(statement.orelse)
        self.join([self.leave(exits.start), *exits.exits])

    def jump(self, statement: ir.Break | ir.Continue) -> None:
        if not self.loops:
            word = "break" if isinstance(statement, ir.Break) else "continue"
            self.report.add(f"{word} outside of a loop", statement)
        elif isinstance(statement, ir.Break) and self.reached:
            self.loops[-1].exits.append(set(self.trail[self.loops[-1].start :]))
        self.reached = False

    # --- Errors ---

    def attempt(self, statement: ir.Try) -> None:
        self.filled(statement.body, "body of a try", statement)
        if not statement.handlers and not statement.finalbody:
            self.report.add("a try has neither handler nor finally", statement)
        if statement.orelse and not statement.handlers:
            self.report.add("a try has an else but no handler", statement)
        reached = self.reached
        mark = len(self.trail)
        self.block(statement.body)
        self.block(statement.orelse)
        paths = [self.leave(mark)]
        for handler in statement.handlers:
            self.reached = reached
            paths.append(self.handler(handler))
        self.reached = reached
        final = self.branch(statement.finalbody)
        self.join(paths)
        if final is None:
            self.reached = False
        else:
            self.bind(sorted(final))

    def handler(self, handler: ir.Handler) -> set[str] | None:
        if not handler.errors:
            self.report.add("a handler names no error", handler)
        for name in handler.errors:
            self.report.error(name, handler)
        self.filled(handler.body, "body of a handler", handler)
        if handler.name is not None:
            self.errors.append(handler.name)
        self.handlers += 1
        path = self.branch(handler.body)
        self.handlers -= 1
        if handler.name is not None:
            self.errors.pop()
        return path

    def raising(self, statement: ir.Raise) -> None:
        report = self.report
        if statement.error is None:
            if statement.message is not None or statement.cause is not None:
                report.add("an error that is raised again has a message or cause", statement)
            if not self.handlers:
                report.add("nothing to raise again outside of a handler", statement)
        else:
            report.error(statement.error, statement)
            if statement.again is not None:
                report.add("an error is both new and raised again", statement)
        if statement.cause is not None and statement.suppress:
            report.add("a cause is both given and suppressed", statement)
        for name in (statement.again, statement.cause):
            if name is not None and name not in self.errors:
                report.add(f"no error is bound to '{name}' here", statement)
        if statement.message is not None:
            self.value(statement.message)
        self.reached = False
