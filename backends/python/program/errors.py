"""What engines have in common that keep the classes of errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wfc.backends.python.printing.expressions import OwnErrors
from wfc.backends.python.printing.layout import INDENT, Bracket, Doc, call, lay_out
from wfc.backends.python.printing.statements import Statements, trailing
from wfc.backends.python.printing.text import comment_lines
from wfc.backends.python.program.plan import Plan
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.typing.hierarchy import subclasses
from wfc.compiler.language.walk import statements


class OwnErrorClasses(OwnErrors, Statements, partial=True):
    """Errors are raised and caught as instances of the classes that the source names."""

    def raise_(self, node: ir.Raise, indent: int) -> list[str]:
        if node.error is None:
            return lay_out("raise", f" {node.again}" if node.again else "", indent=indent)
        message = [] if node.message is None else [self.item(node.message)]
        error = call(self._error_class(node.error), message)
        cause = f" from {node.cause}" if node.cause else ""
        return lay_out("raise ", error, " from None" if node.suppress else cause, indent)

    def handlers(self, node: ir.Try, indent: int) -> list[str]:
        lines: list[str] = []
        for handler in node.handlers:
            classes = [self._error_class(name) for name in handler.errors]
            caught: Doc = classes[0] if len(classes) == 1 else Bracket("(", tuple(classes), ")")
            name = f" as {handler.name}" if handler.name else ""
            lines += comment_lines(handler.comment, indent)
            lines += trailing(lay_out("except ", caught, f"{name}:", indent), handler.trailing)
            lines += self.block(handler.body, indent + INDENT)
        return lines

    def _error_class(self, name: str) -> str:
        """An exception class of the user's module, a builtin one, or json's."""
        if any(error.name == name for error in self.module.errors):
            self.used.add(name)
        elif name == "JSONDecodeError":
            self.imports.member("json", name)
        return name


# New in Python 3.13; a generated module runs on 3.11.
_NEWER: Final = "PythonFinalizationError"


def told_apart(plan: Plan) -> tuple[str, ...]:
    """The classes that a handler or a retry policy tells from other errors, with their subclasses;
    without Exception, which is every error's base."""
    module = plan.module
    named: dict[str, None] = {}
    for step in plan.steps:
        if step.retry is not None:
            named.update(dict.fromkeys(step.retry.errors))
    for workflow in plan.workflows:
        named.update(dict.fromkeys(_caught(workflow.body)))
    found: dict[str, None] = {}
    for name in named:
        if name not in ("Exception", "BaseException"):
            found.update(dict.fromkeys(subclasses(module, name)))
    return tuple(name for name in found if name != _NEWER)


def _caught(block: ir.Block) -> Iterable[str]:
    for statement in statements(block):
        if isinstance(statement, ir.Try):
            for handler in statement.handlers:
                yield from handler.errors
