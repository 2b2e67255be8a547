"""Signatures of steps, workflows and helpers, and the steps themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import codes
from wfc.compiler.source.annotations import Annotations
from wfc.compiler.source.classes import ConstantReader, definition_source
from wfc.compiler.source.names import FunctionNode, ModuleScope
from wfc.compiler.source.policies import Options, read_options
from wfc.compiler.source.problems import Problems

Owner = Literal["step", "workflow", "function"]


class SignatureReader:
    """Reads the heads of functions; bodies of workflows and helpers are read later."""

    def __init__(
        self,
        scope: ModuleScope,
        problems: Problems,
        annotations: Annotations,
        constant: ConstantReader,
    ) -> None:
        self.scope = scope
        self.problems = problems
        self.annotations = annotations
        self.constant = constant

    def step(self, node: FunctionNode) -> ir.Step:
        """A ``@step`` or ``@transaction`` function."""
        options = read_options(node, self.scope, self.problems)
        parameters = self.parameters(node, "step")
        self._check_heartbeat(node.name, options, parameters)
        return ir.Step(
            name=node.name,
            span=self.problems.text.span(node),
            source=definition_source(self.problems.text, node),
            docstring=ast.get_docstring(node) or "",
            parameters=parameters,
            returns=self.annotations.read(node.returns),
            returns_annotation=self._written(node.returns),
            body=self.body_text(node),
            transaction=options.kind == "transaction",
            asynchronous=isinstance(node, ast.AsyncFunctionDef),
            retry=options.retry,
            timeout=options.timeout,
            heartbeat=options.heartbeat,
            label=options.name,
        )

    def _check_heartbeat(
        self, name: str, options: Options, parameters: tuple[ir.Parameter, ...]
    ) -> None:
        beats = any(parameter.injected == "Heartbeat" for parameter in parameters)
        if options.heartbeat is None or options.heartbeat_place is None or beats:
            return
        self.problems.add(
            codes.SILENT_HEARTBEAT,
            options.heartbeat_place,
            f"step '{name}' has a heartbeat but no Heartbeat parameter: it would time out",
            "take `beat: Heartbeat = injected` and call `beat()` while it works",
        )

    def workflow(self, node: FunctionNode) -> ir.Workflow:
        """A ``@workflow`` function without its body."""
        options = read_options(node, self.scope, self.problems)
        return ir.Workflow(
            name=node.name,
            span=self.problems.text.span(node),
            source=definition_source(self.problems.text, node),
            docstring=ast.get_docstring(node) or "",
            parameters=self.parameters(node, "workflow"),
            returns=self.annotations.read(node.returns),
            returns_annotation=self._written(node.returns),
            label=options.name,
            timeout=options.timeout,
            version=options.version,
            asynchronous=isinstance(node, ast.AsyncFunctionDef),
        )

    def helper(self, node: FunctionNode) -> ir.Helper:
        """A helper function without its body."""
        return ir.Helper(
            name=node.name,
            span=self.problems.text.span(node),
            source=definition_source(self.problems.text, node),
            docstring=ast.get_docstring(node) or "",
            parameters=self.parameters(node, "function"),
            returns=self.annotations.read(node.returns),
            returns_annotation=self._written(node.returns),
        )

    def _written(self, node: ast.expr | None) -> str:
        return "" if node is None else self.problems.text.segment(node)

    # --- Parameters ---

    def parameters(self, node: FunctionNode, owner: Owner) -> tuple[ir.Parameter, ...]:
        """The parameters in order; kinds without a counterpart are reported."""
        arguments = node.args
        for extra, stars in ((arguments.vararg, "*"), (arguments.kwarg, "**")):
            if extra is not None:
                self._refuse(
                    extra,
                    f"the parameter '{stars}{extra.arg}' of a {owner} cannot be supported",
                    "name the parameters, or take a list",
                )
        if arguments.posonlyargs:
            self._refuse(
                arguments.posonlyargs[0],
                f"positional-only parameters of a {owner} cannot be supported",
                "remove the '/'",
            )
        found: list[ir.Parameter] = []
        for argument, default, keyword_only in _arguments(arguments):
            found.append(self._parameter(argument, default, owner, keyword_only))
        return tuple(found)

    def _parameter(
        self, argument: ast.arg, default: ast.expr | None, owner: Owner, keyword_only: bool
    ) -> ir.Parameter:
        parameter = ir.Parameter(
            name=argument.arg,
            type=self.annotations.read(argument.annotation),
            annotation=self._written(argument.annotation),
            keyword_only=keyword_only,
            span=self.problems.text.span(argument),
        )
        if default is not None and self.scope.qualified(default) == "wfc.injected":
            return self._injected(argument, parameter, owner)
        if self.annotations.injected(argument.annotation) is not None:
            self._refuse(
                argument,
                f"the parameter '{argument.arg}' must have the default 'injected'",
                f"write {argument.arg}: {parameter.annotation} = injected",
            )
        if default is None:
            return parameter
        return replace(parameter, default=self._default(argument, default, owner))

    def _injected(self, argument: ast.arg, parameter: ir.Parameter, owner: Owner) -> ir.Parameter:
        kind = self.annotations.injected(argument.annotation)
        if owner != "step":
            self._refuse(
                argument,
                f"an injected parameter of a {owner} cannot be supported",
                "give it to a step",
            )
            return parameter
        if kind is None:
            self._refuse(
                argument,
                f"the injected parameter '{argument.arg}' needs an annotation that says what it is",
                "annotate it with IdempotencyKey, RunId, Connection, Heartbeat or CallbackToken",
            )
            return replace(parameter, injected="RunId")
        if kind == "CallbackToken":
            self.problems.add(
                codes.FEATURE_NOT_YET,
                argument,
                f"an injected parameter of type {kind} is not supported yet",
                "leave it out",
            )
        return replace(parameter, injected=kind)

    def _default(self, argument: ast.arg, default: ast.expr, owner: Owner) -> ir.Expr | None:
        value = self.constant(default)
        if value is None:
            self._refuse(
                default,
                f"the default of '{argument.arg}' is no constant, which cannot be supported",
                "use a constant, or None and a test in the function",
            )
            return ir.Constant(None, type=t.ANY)
        if isinstance(value, ir.ListDisplay | ir.DictDisplay | ir.SetDisplay):
            self._refuse(
                default,
                f"the mutable default of '{argument.arg}' cannot be supported: calls share it",
                "use None, and make the value in the function",
            )
        return value

    def _refuse(self, node: ast.AST, message: str, instead: str) -> None:
        self.problems.add(codes.SIGNATURE, node, message, instead)

    # --- Bodies as text ---

    def body_text(self, node: FunctionNode) -> str:
        """The body as written, docstring and comments included, without indentation."""
        text = self.problems.text
        first = node.body[0]
        if not text.starts_line(first):
            return "\n".join(text.segment(statement) for statement in node.body)
        start = _first_line(first)
        head = max(
            [node.lineno]
            + [a.end_lineno or 0 for a in ast.walk(node.args) if isinstance(a, ast.expr | ast.arg)]
            + ([node.returns.end_lineno or 0] if node.returns else [])
        )
        while start - 1 > head and (text.blank(start - 1) or text.alone(start - 1)):
            start -= 1
        while text.blank(start):
            start += 1
        column = text.column(first.lineno, first.col_offset) - 1
        return self._dedented(node, start, text.last_line(node), column)

    def _dedented(self, node: FunctionNode, start: int, end: int, column: int) -> str:
        """Without the indentation of the body; the inside of a string stays as it is."""
        text = self.problems.text
        inside = text.string_lines() if _has_long_string(node) else set()
        indent = text.lines[start - 1][:column]
        return "\n".join(
            line if number in inside else line.removeprefix(indent) if line.strip() else ""
            for number, line in enumerate(text.lines[start - 1 : end], start)
        )


def _has_long_string(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Constant | ast.JoinedStr) and part.end_lineno != part.lineno
        for part in ast.walk(node)
    )


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _arguments(
    arguments: ast.arguments,
) -> Iterator[tuple[ast.arg, ast.expr | None, bool]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    for argument, default in zip(positional, [*missing, *arguments.defaults], strict=True):
        yield argument, default, False
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield argument, default, True
