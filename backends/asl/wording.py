"""Python text for the names of states and for messages."""

from __future__ import annotations

from wfc.compiler.ir.nodes import Expr, Module, StepCall, Workflow, WorkflowCall
from wfc.compiler.ir.walk import operations, used_names


def python_text(expr: Expr) -> str:
    """An expression as Python, on one line."""
    return Wording(Module(name="")).text(expr)


class Wording:
    """Prints expressions as the source has them: a call whose result is used in place stands in
    that place again."""

    def __init__(self, module: Module, workflow: Workflow | None = None) -> None:
        from wfc.backends.python.expressions import Expressions, Level
        from wfc.backends.python.imports import Imports
        from wfc.backends.python.layout import flat

        self._flat = flat
        self._printer = Expressions(module, Imports())
        self._names: set[str] = set()
        if workflow is None:
            return
        self._names = used_names(workflow.body) - workflow.temporaries
        self._names |= {parameter.name for parameter in workflow.parameters}
        for operation in operations(workflow.body):
            match operation:
                case (
                    StepCall(step=name, args=args, target=str(target))
                    | WorkflowCall(workflow=name, args=args, target=str(target))
                ) if target in workflow.temporaries:
                    shown = "..." if args else ""
                    self._printer.inlined[target] = (f"{name}({shown})", Level.ATOM)

    def text(self, expr: Expr) -> str:
        """The expression on one line, texts in single quotes where that is the same."""
        text = self._flat(self._printer.expression(expr))
        return text if "'" in text else text.replace('"', "'")

    def known(self, name: str) -> bool:
        """Whether the source has a variable of this name."""
        return name in self._names
