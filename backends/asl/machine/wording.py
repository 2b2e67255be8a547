"""Python text for the names of states and for messages."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.diagnostics.span import NOWHERE
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import blocks, own_expressions
from wfc.compiler.language.walk import expressions, statements, used_names


def python_text(expr: ir.Expr) -> str:
    """An expression as Python, on one line."""
    return Wording(ir.Module(name="")).text(expr)


class Wording:
    """Prints expressions as the source has them: a call whose result is used in place stands in
    that place again, and so do the parts of an expression that is evaluated in several states."""

    def __init__(self, module: ir.Module, workflow: ir.Workflow | None = None) -> None:
        from wfc.backends.python.printing.expressions import Level, PlainExpressions
        from wfc.backends.python.printing.imports import Imports
        from wfc.backends.python.printing.layout import flat

        self._flat = flat
        self._level = Level.ATOM
        self._printer = PlainExpressions(module, Imports())
        self._names: set[str] = set()
        # What the source has in place of a variable that only the compiled workflow has.
        self._places: dict[str, ir.Expr] = {}
        if workflow is None:
            return
        own = {*workflow.temporaries, *_hidden(workflow.body)}
        self._names = used_names(workflow.body) - own
        self._names |= {parameter.name for parameter in workflow.parameters}
        self._note(workflow.body, own)

    def text(self, expr: ir.Expr) -> str:
        """The expression on one line, texts in single quotes where that is the same."""
        while isinstance(expr, ir.Name) and expr.id in self._places:
            expr = self._places[expr.id]
        text = self._flat(self._printer.expression(expr))
        return text if "'" in text else text.replace('"', "'")

    def known(self, name: str) -> bool:
        """Whether the source has a variable of this name."""
        return name in self._names

    def stands_for_text(self, name: str) -> bool:
        """Whether the source has an expression where the workflow has this variable."""
        return name in self._places

    def _note(self, block: ir.Block, own: set[str]) -> None:
        for statement in block:
            for inner in blocks(statement):
                self._note(inner, own)
            found = self._value(statement)
            if found is not None and found[0] in own:
                name, value = found
                self._places[name] = value
                self._printer.inlined[name] = (
                    self._printer.expression(value, self._level),
                    self._level,
                )

    def _value(self, statement: ir.Statement) -> tuple[str, ir.Expr] | None:
        """The variable that a statement gives a value, and the value."""
        # partial: no other statement gives one variable a value
        match statement:
            case (
                ir.StepCall(step=name, args=args, target=str(target))
                | ir.WorkflowCall(workflow=name, args=args, target=str(target))
            ):
                # No variable has a name like this.
                call = f"{name}({'...' if args else ''})"
                self._printer.inlined[call] = (call, self._level)
                return target, ir.Name(call)
            case ir.Assign(target, value):
                return target, value
            case ir.If(test, (*_, then), (*_, orelse)):
                left, right = self._value(then), self._value(orelse)
                if left is not None and right is not None and left[0] == right[0]:
                    return left[0], _joined(test, left[1], right[1])
        return None


def _joined(test: ir.Expr, then: ir.Expr, orelse: ir.Expr) -> ir.Expr:
    """The expression whose branches these are."""
    if (isinstance(then, ir.Constant) and then.value is True) or _same(test, then):
        return ir.Boolean("or", (test, orelse))
    if (isinstance(orelse, ir.Constant) and orelse.value is False) or _same(test, orelse):
        return ir.Boolean("and", (test, then))
    return ir.Conditional(test, then, orelse)


def _same(left: ir.Expr, right: ir.Expr) -> bool:
    return isinstance(left, ir.Name) and isinstance(right, ir.Name) and left.id == right.id


def _hidden(body: ir.Block) -> Iterator[str]:
    """The variables that stand for an expression: it is longer than their names."""
    for statement in statements(body):
        for expr in expressions(*own_expressions(statement)):
            match expr:
                case ir.Name(name, span=span) if span != NOWHERE:
                    if span.line != span.end_line or span.end_column - span.column != len(name):
                        yield name
