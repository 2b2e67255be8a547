"""Reads the text form of the IR (see ``text.printer`` and ``grammar/ir.lark``)."""

from __future__ import annotations

from typing import Any, Final, cast

from wfc.compiler.data.struct import MutableStruct, field, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.text.expressions import Scope, type_text
from wfc.compiler.language.text.parse_expressions import ExpressionReader
from wfc.compiler.language.text.parse_statements import BlockReader
from wfc.compiler.language.text.parse_types import (
    Branch,
    IrSyntaxError,
    misplaced,
    name_of,
    number_of,
    trees,
    type_of,
)
from wfc.compiler.language.text.parse_types import text_of as string
from wfc.compiler.language.typing.judgement import number_of as constant_number
from wfc.compiler.language.typing.judgement import text_of as constant_text
from wfc.grammar.loader import load

__all__ = ["IrSyntaxError", "from_text"]

_NO_VALUE: Final = ir.Constant(None, type=t.NONE)


def from_text(text: str) -> ir.Module:
    """The module that a text stands for; it has no spans, comments or sources.

    Raises:
        IrSyntaxError: the text is not in the text form.
    """
    from lark.exceptions import UnexpectedInput

    try:
        tree = load("ir").parse(text if text.endswith("\n") else text + "\n")
    except UnexpectedInput as error:
        found = getattr(error, "token", None) or getattr(error, "char", "")
        what = "the end" if not str(found).strip() else f"'{found}'"
        raise IrSyntaxError(f"{what} is not expected here", error.line, error.column) from None
    return _ModuleReader(cast(Any, tree)).module()


class _ModuleReader(MutableStruct):
    """Reads the signatures first: a body means what the definitions around it say."""

    tree: Branch
    groups: dict[str, list[Branch]] = field(factory=dict)
    enums: frozenset[str] = frozenset()
    shell: ir.Module = field(init=False)

    def module(self) -> ir.Module:
        head, *definitions = cast("list[Any]", self.tree.children)
        for one in definitions:
            self.groups.setdefault(one.data, []).append(one)
        enums = tuple(map(self.enum, self.of("enum")))
        self.enums = frozenset(one.name for one in enums)
        self.shell = ir.Module(name=name_of(head), enums=enums)
        self.shell = replace(
            self.shell,
            records=tuple(self.record(one, defaults=False) for one in self.of("record")),
            constants=tuple(self.constant(one, value=False) for one in self.of("constant")),
            helpers=tuple(self.helper(one, defaults=False) for one in self.of("helper")),
        )
        self.shell = replace(
            self.shell,
            imports=tuple(map(self.import_, self.of("import"))),
            records=tuple(map(self.record, self.of("record"))),
            errors=tuple(map(self.error, self.of("error"))),
            constants=tuple(map(self.constant, self.of("constant"))),
            support=tuple(map(self.support, self.of("support"))),
            helpers=tuple(map(self.helper, self.of("helper"))),
            steps=tuple(map(self.step, self.of("step"))),
            workflows=tuple(map(self.workflow, self.of("workflow"))),
        )
        steps = {one.name: one for one in self.shell.steps}
        workflows = {one.name: one for one in self.shell.workflows}
        helpers = [
            replace(one, body=self.reader(one, steps, workflows).block(tree.children[-1]))
            for one, tree in zip(self.shell.helpers, self.of("helper"), strict=True)
        ]
        bodies: list[ir.Workflow] = []
        for one, tree in zip(self.shell.workflows, self.of("workflow"), strict=True):
            reader = self.reader(one, steps, workflows)
            body = reader.block(tree.children[-1])
            bodies.append(replace(one, body=body, temporaries=frozenset(reader.temporaries)))
        return replace(self.shell, helpers=tuple(helpers), workflows=tuple(bodies))

    def of(self, kind: str) -> list[Branch]:
        return self.groups.get(kind, [])

    def reader(
        self,
        one: ir.Helper | ir.Workflow,
        steps: dict[str, ir.Step],
        workflows: dict[str, ir.Workflow],
    ) -> BlockReader:
        scope = Scope(self.shell, {each.name: each.type for each in one.parameters})
        return BlockReader(scope, steps, workflows)

    def type(self, branch: Branch) -> t.Type:
        return type_of(branch, self.enums)

    def value(self, branch: Branch) -> ir.Expr:
        return ExpressionReader(Scope(self.shell)).read(branch)

    # --- Definitions ---

    def import_(self, branch: Branch) -> ir.Import:
        source, *aliases = trees(branch)
        names = tuple((name_of(one.children[0]), _target(one.children[1])) for one in aliases)
        return ir.Import(source=string(source), names=names)

    def record(self, branch: Branch, defaults: bool = True) -> ir.Record:
        kind, name, frozen, *fields = cast("list[Any]", branch.children)
        return ir.Record(
            name=name_of(name),
            kind=cast(Any, str(kind)),
            frozen=frozen is not None,
            fields=tuple(self.field(one, defaults) for one in fields if one is not None),
        )

    def field(self, branch: Branch, defaults: bool) -> ir.Field:
        name, optional, type_, written, default = cast("list[Any]", branch.children)
        found = self.type(type_)
        return ir.Field(
            name=name_of(name),
            type=found,
            annotation=_written(written, found),
            required=optional is None,
            default=self.value(default) if default is not None and defaults else None,
        )

    def enum(self, branch: Branch) -> ir.Enum:
        name, mixin, *members = cast("list[Any]", branch.children)
        return ir.Enum(
            name=name_of(name),
            mixin="" if mixin is None else name_of(mixin),
            members=tuple(_member(one) for one in members if one is not None),
        )

    def error(self, branch: Branch) -> ir.ErrorClass:
        name, *bases, fields = cast("list[Any]", branch.children)
        return ir.ErrorClass(
            name=name_of(name), bases=tuple(map(name_of, bases)), plain=fields is None
        )

    def constant(self, branch: Branch, value: bool = True) -> ir.ConstantDefinition:
        name, type_, expr = trees(branch)
        # Only the types of constants matter to the expressions that are read first.
        found = self.value(expr) if value else _NO_VALUE
        return ir.ConstantDefinition(name=name_of(name), type=self.type(type_), value=found)

    def support(self, branch: Branch) -> ir.Support:
        token, names = cast("list[Any]", branch.children)
        name = string(token) if token.type == "STRING" else name_of(token)
        own_alone = (name,) if name else ()
        bound = own_alone if names is None else tuple(map(name_of, names.children))
        return ir.Support(name=name, names=bound)

    def signature(
        self, branch: Branch, defaults: bool = True
    ) -> tuple[tuple[ir.Parameter, ...], t.Type, str]:
        *found, type_, written = cast("list[Any]", branch.children)
        parameters: list[ir.Parameter] = []
        keyword_only = False
        for one in found:
            if one is None:
                continue
            if one.data == "keyword_only":
                keyword_only = True
            else:
                parameters.append(self.parameter(one, keyword_only, defaults))
        returns = self.type(type_)
        return tuple(parameters), returns, _written(written, returns)

    def parameter(self, branch: Branch, keyword_only: bool, defaults: bool) -> ir.Parameter:
        name, type_, written, default = cast("list[Any]", branch.children)
        found = self.type(type_)
        injected = default is not None and default.data == "injected"
        value = default if default is not None and not injected and defaults else None
        return ir.Parameter(
            name=name_of(name),
            type=found,
            annotation=_written(written, found),
            default=None if value is None else self.value(value),
            injected=cast(ir.InjectedKind, name_of(default.children[0])) if injected else None,
            keyword_only=keyword_only,
        )

    def helper(self, branch: Branch, defaults: bool = True) -> ir.Helper:
        name, signature, _ = trees(branch)
        parameters, returns, written = self.signature(signature, defaults)
        return ir.Helper(
            name=name_of(name), parameters=parameters, returns=returns, returns_annotation=written
        )

    def step(self, branch: Branch) -> ir.Step:
        asynchronous, word, name, signature, *options = cast("list[Any]", branch.children)
        parameters, returns, written = self.signature(signature)
        return ir.Step(
            name=name_of(name),
            parameters=parameters,
            returns=returns,
            returns_annotation=written,
            transaction=word.type == "TRANSACTION",
            asynchronous=asynchronous is not None,
            **{"label": name_of(name), **self.options(options)},
        )

    def workflow(self, branch: Branch) -> ir.Workflow:
        asynchronous, _, name, signature, *options, _ = cast("list[Any]", branch.children)
        parameters, returns, written = self.signature(signature)
        return ir.Workflow(
            name=name_of(name),
            parameters=parameters,
            returns=returns,
            returns_annotation=written,
            asynchronous=asynchronous is not None,
            **{"label": name_of(name), **self.options(options)},
        )

    def options(self, branches: list[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in branches:
            if one is None:
                continue
            match one.data:
                case "label" | "version":
                    found[one.data] = string(one.children[0])
                case "timeout" | "heartbeat":
                    found[one.data] = number_of(one.children[0])
                case "retry":
                    found["retry"] = self.retry(one)
        return found

    def retry(self, branch: Branch) -> ir.RetryPolicy:
        errors: list[str] = []
        settings: dict[str, Any] = {}
        for one in trees(branch):
            name, value = one.children
            if value is None:
                errors.append(name_of(name))
            else:
                settings[name_of(name)] = getattr(self.value(value), "value", None)
        known = {"attempts", "first_delay", "backoff", "max_delay", "jitter", "name"}
        if not set(settings) <= known:
            raise misplaced("a retry policy has no such setting", branch)
        return ir.RetryPolicy(errors=tuple(errors), **settings)


def _target(found: Any) -> str:
    return ".".join(map(name_of, found.children)) if hasattr(found, "data") else string(found)


def _written(branch: Any, type_: t.Type) -> str:
    return type_text(type_) if branch is None else string(branch.children[0])


def _member(branch: Branch) -> tuple[str, str | int]:
    name, value = trees(branch)
    expr = ExpressionReader(Scope(ir.Module(name=""))).read(value)
    number = constant_number(expr)
    found = constant_text(expr) if number is None else number
    if not isinstance(found, str | int):
        raise misplaced("a member of an enum is a text or an int", name)
    return name_of(name), found
