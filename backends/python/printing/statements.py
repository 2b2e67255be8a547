"""IR statements as lines of Python: comments and blank lines as in the source."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal, TypeAlias, assert_never

from wfc.backends.python.printing import inline
from wfc.backends.python.printing.expressions import Expressions, Level
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import (
    INDENT,
    Bracket,
    Doc,
    arguments,
    join,
    lay_out,
)
from wfc.backends.python.printing.references import used_names
from wfc.backends.python.printing.text import comment_lines, fresh
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import blocks
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import arms
from wfc.compiler.language.walk import used_names as used_variables

Placement: TypeAlias = Literal["whole", "anywhere"]


class Statements(Expressions, partial=True):
    """Prints the body of one function; made anew for each.

    What an engine says in its own way, its subclasses answer.

    Args:
        placement: where an operation may stand: ``whole`` puts it only where it is all of a
            statement's value, ``anywhere`` puts it into larger expressions too.
        level: how strongly the text of an operation binds.
    """

    def __init__(
        self,
        module: ir.Module,
        imports: Imports,
        function: ir.Function,
        *,
        placement: Placement,
        level: Level,
    ) -> None:
        super().__init__(module, imports)
        self.function = function
        self.placement = placement
        self.operation_level = level
        self.temporaries = (
            inline.used_once(function) if isinstance(function, ir.Workflow) else frozenset()
        )

    @abstractmethod
    def step_call(self, node: ir.StepCall) -> Doc:
        """The call that runs a step."""

    @abstractmethod
    def workflow_call(self, node: ir.WorkflowCall) -> Doc:
        """The call that runs a child workflow."""

    @abstractmethod
    def sleep(self, node: ir.Sleep) -> Doc:
        """The call that waits."""

    @abstractmethod
    def raise_(self, node: ir.Raise, indent: int) -> list[str]:
        """``raise Error(message) from cause``, or the caught error once more."""

    @abstractmethod
    def handlers(self, node: ir.Try, indent: int) -> list[str]:
        """The ``except`` clauses of a ``try``."""

    @abstractmethod
    def return_value(self, value: ir.Expr) -> Doc:
        """What stands behind ``return``."""

    @abstractmethod
    def prologue(self, indent: int) -> list[str]:
        """What stands before the first statement of the function."""

    # --- Printing --------------------------------------------------------------------------------

    def body(self, indent: int) -> list[str]:
        """The lines of the function's body, without its docstring."""
        return [*self.prologue(indent), *self.block(self.function.body, indent)]

    def block(self, block: ir.Block, indent: int) -> list[str]:
        """The lines of a block, with the blank lines between its groups that the source has."""
        lines: list[str] = []
        previous: ir.Statement | None = None
        for operations, statement in inline.groups(block, self.temporaries):
            if previous is not None and _gap(previous, (*operations, statement)):
                lines.append("")
            lines += self._group(operations, statement, indent)
            previous = statement
        return lines or [" " * indent + "pass"]

    def _group(
        self, operations: Sequence[ir.Statement], statement: ir.Statement, indent: int
    ) -> list[str]:
        """A statement behind those of its operations that do not fit into it. The comment above the
        statement stands above all of them."""
        place = inline.anywhere if self.placement == "anywhere" else inline.whole
        inlined = place(operations, statement)
        comment = [*(operation.comment for operation in operations), statement.comment]
        lines = comment_lines("\n".join(filter(None, comment)), indent)
        for operation in operations:
            assert isinstance(operation, inline.OperationCall)
            if operation.target in inlined:
                self.inlined[operation.target] = self.operation(operation), self.operation_level
            else:
                lines += self._statement(operation, indent)
        lines += self._statement(statement, indent)
        return lines

    def operation(self, node: ir.StepCall | ir.WorkflowCall) -> Doc:
        """The call that runs a step or a child workflow."""
        return self.step_call(node) if isinstance(node, ir.StepCall) else self.workflow_call(node)

    def _statement(self, node: ir.Statement, indent: int) -> list[str]:
        """The lines of a statement without the comment above it."""
        if isinstance(node, ir.Compound):
            return self._compound(node, indent)
        return trailing(self._simple(node, indent), node.trailing)

    def _simple(self, node: ir.Simple, indent: int) -> list[str]:
        match node:
            case ir.Assign(target=target, value=value, annotation=annotation):
                hint = f": {self.annotation(annotation)}" if annotation else ""
                return lay_out(f"{target}{hint} = ", self.bare(value), indent=indent)
            case ir.AugmentedAssign(target=target, operator=operator, value=value):
                return lay_out(f"{target} {operator}= ", self.bare(value), indent=indent)
            case ir.Unpack(targets=targets, value=value):
                names = ", ".join(targets) + ("," if len(targets) == 1 else "")
                return lay_out(f"{names} = ", self.bare(value), indent=indent)
            case ir.Store(name=name, path=path, value=value, operator=operator):
                place = self._place(name, path)
                return lay_out(
                    "", join(place, f" {operator or ''}= ", self.bare(value)), indent=indent
                )
            case ir.Delete(name=name, path=path):
                return lay_out("del ", self._place(name, path), indent=indent)
            case ir.Mutate():
                return self._mutate(node, indent)
            case ir.StepCall(target=target) | ir.WorkflowCall(target=target):
                return lay_out(
                    f"{target} = " if target else "", self.operation(node), indent=indent
                )
            case ir.Sleep():
                return lay_out("", self.sleep(node), indent=indent)
            case ir.Raise():
                return self.raise_(node, indent)
            case ir.Return(bare=True):
                return [" " * indent + "return"]
            case ir.Return(value=value):
                return lay_out("return ", self.return_value(value), indent=indent)
            case ir.Break():
                return [" " * indent + "break"]
            case ir.Continue():
                return [" " * indent + "continue"]
            case ir.Pass():
                return [" " * indent + "pass"]
            case _:
                assert_never(node)

    def bare(self, value: ir.Expr) -> Doc:
        """A value where a tuple needs no parentheses."""
        if isinstance(value, ir.TupleDisplay) and len(value.items) > 1:
            return Bracket("(", tuple(map(self.item, value.items)), ")", bare=True)
        return self.expression(value)

    def annotation(self, text: str) -> str:
        """The type that the author wrote for a variable."""
        self.used |= used_names(text)
        return text

    def _place(self, name: str, path: Sequence[ir.FieldKey | ir.Expr]) -> Doc:
        parts: list[Doc] = [self.variable(name)]
        for key in path:
            if isinstance(key, ir.FieldKey):
                parts.append(f".{key.name}")
            else:
                parts.append(Bracket("[", (self.expression(key),), "]", comma=False))
        return join(*parts)

    def _mutate(self, node: ir.Mutate, indent: int) -> list[str]:
        target = f"{node.target} = " if node.target else ""
        given = arguments([self.item(argument) for argument in node.args])
        change = join(self._place(node.name, node.path), f".{node.method}", given)
        return lay_out(target, change, indent=indent)

    def _compound(self, node: ir.Compound, indent: int) -> list[str]:
        match node:
            case ir.If():
                return self._if(node, indent)
            case ir.While():
                return self._while(node, indent)
            case ir.For(target=target, iterable=iterable):
                header = lay_out(f"for {self.target(target)} in ", self.bare(iterable), ":", indent)
                return [*trailing(header, node.trailing), *self._loop(node, indent)]
            case ir.Try():
                return self._try(node, indent)
            case _:
                assert_never(node)

    def _if(self, node: ir.If, indent: int) -> list[str]:
        lines: list[str] = []
        branches, otherwise = arms(node)
        for branch in branches:
            keyword = "elif " if lines else "if "
            if lines:
                lines += comment_lines(branch.comment, indent)
            test, then = branch.test, branch.then
            if self.placement == "anywhere" and not branch.orelse:
                test, then = self._conjunction(branch)
            header = lay_out(keyword, self.expression(test), ":", indent)
            lines += trailing(header, branch.trailing)
            lines += self.block(then, indent + INDENT)
        return [*lines, *self._else(otherwise, indent)]

    def _conjunction(self, node: ir.If) -> tuple[ir.Expr, ir.Block]:
        """The test and the block of ``if a and step(): ...``, which the reader has taken apart."""
        operands, then = inline.conjuncts(node.test), node.then
        while (found := inline.second_test(then, self.temporaries)) is not None:
            operations, inner = found
            for operation in operations:
                assert operation.target is not None
                self.inlined[operation.target] = self.operation(operation), self.operation_level
            operands += inline.conjuncts(inner.test)
            then = inner.then
        if len(operands) == 1:
            return node.test, then
        return ir.Boolean("and", operands, type=t.BOOL, span=node.test.span), then

    def _while(self, node: ir.While, indent: int) -> list[str]:
        """Operations inside the condition run before each test, so they move into the loop."""
        inlined = self._prelude(node)
        if inlined is not None:
            header = lay_out("while ", inlined, ":", indent)
            return [*trailing(header, node.trailing), *self._loop(node, indent)]
        inner = indent + INDENT
        leave = [" " * (inner + INDENT) + "break"]
        before: list[str] = []
        behind: list[str] = []
        if _leaves_loop(node.orelse):
            # Its break or continue is that of a loop around this one.
            flag = fresh("exhausted", used_variables(self.function.body))
            before = [" " * indent + f"{flag} = False"]
            leave = [" " * (inner + INDENT) + f"{flag} = True", *leave]
            behind = [" " * indent + f"if {flag}:", *self.block(node.orelse, inner)]
        elif node.orelse:
            leave = self.block(node.orelse, inner + INDENT) + leave
        return [
            *before,
            *trailing([" " * indent + "while True:"], node.trailing),
            *self.block(node.prelude, inner),
            *lay_out("if ", self.expression(_negated(node.test)), ":", inner),
            *leave,
            *self.block(node.body, inner),
            *behind,
        ]

    def _prelude(self, node: ir.While) -> Doc | None:
        """The condition of a loop, if it can hold all of its operations."""
        if node.prelude:
            if not all(isinstance(operation, inline.OperationCall) for operation in node.prelude):
                return None
            probe = ir.If(node.test, ())
            wanted = inline.anywhere(node.prelude, probe) if self.placement == "anywhere" else ()
            if len(wanted) < len(node.prelude):
                return None
            for operation in node.prelude:
                assert isinstance(operation, inline.OperationCall)
                assert operation.target is not None
                self.inlined[operation.target] = self.operation(operation), self.operation_level
        return self.expression(node.test)

    def _loop(self, node: ir.While | ir.For, indent: int) -> list[str]:
        return [*self.block(node.body, indent + INDENT), *self._else(node.orelse, indent)]

    def _else(self, block: ir.Block, indent: int) -> list[str]:
        return [" " * indent + "else:", *self.block(block, indent + INDENT)] if block else []

    def _try(self, node: ir.Try, indent: int) -> list[str]:
        lines = trailing([" " * indent + "try:"], node.trailing)
        lines += self.block(node.body, indent + INDENT)
        lines += self.handlers(node, indent)
        lines += self._else(node.orelse, indent)
        if node.finalbody:
            lines += [" " * indent + "finally:", *self.block(node.finalbody, indent + INDENT)]
        return lines


def _negated(test: ir.Expr) -> ir.Expr:
    if isinstance(test, ir.Unary) and test.operator == "not":
        return test.operand
    return ir.Unary("not", test)


def _leaves_loop(block: ir.Block) -> bool:
    """Whether a break or continue in the block is that of a loop around it."""
    for statement in block:
        # partial: blocks() is total
        match statement:
            case ir.Break() | ir.Continue():
                return True
            case ir.While(orelse=orelse) | ir.For(orelse=orelse):
                if _leaves_loop(orelse):
                    return True
            case _:
                if any(map(_leaves_loop, blocks(statement))):
                    return True
    return False


def trailing(lines: list[str], comment: str) -> list[str]:
    """The lines with a comment at the end of the last one."""
    if not comment:
        return lines
    *most, last = lines
    return [*most, f"{last}  # {comment}"]


def _gap(previous: ir.Statement, group: Sequence[ir.Statement]) -> bool:
    """Whether the source has an empty line between two statements."""
    end, start = previous.span.end_line, group[-1].span.line
    if not end or not start:
        return False
    above = sum(len(statement.comment.splitlines()) for statement in group)
    return start - above - end > 1
