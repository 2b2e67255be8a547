"""The text form of the IR: what ``wfc ir`` prints, and the language of the compiler's tests.

Reading the text back (see ``text.parse``) gives an equal module: spans, comments, docstrings
and the source of definitions take no part in equality and are not printed. The text says the type
of a name or an expression only where it differs from what follows from the rest of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.builtins import method
from wfc.compiler.language.inference.rules import path_type
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.text.expressions import (
    ExpressionText,
    Scope,
    is_dotted,
    name,
    quoted,
    type_text,
)
from wfc.compiler.language.walk import arms


def to_text(module: ir.Module, spans: bool = False) -> str:
    """The module in the text form; with ``spans``, each statement and function ends with a comment
    that says its line in the source."""
    printer = _ModuleText(module, spans)
    return "\n".join(printer.lines()) + "\n"


class _ModuleText(MutableStruct):
    module: ir.Module
    spans: bool
    steps: dict[str, ir.Step] = field(init=False)
    workflows: dict[str, ir.Workflow] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = {one.name: one for one in self.module.steps}
        self.workflows = {one.name: one for one in self.module.workflows}

    def lines(self) -> Iterator[str]:
        module = self.module
        yield f"module {name(module.name)}"
        short = (
            [line for one in module.imports for line in self.import_(one)],
            [self.error(one) for one in module.errors],
            [
                f"constant {name(one.name)}: {type_text(one.type)} = {self.value(one.value)}"
                for one in module.constants
            ],
            [self.support(one) for one in module.support],
        )
        for group in short:
            if group:
                yield ""
                yield from group
        for definition in (
            *map(self.record, module.records),
            *map(self.enum, module.enums),
            *map(self.helper, module.helpers),
            *map(self.step, module.steps),
            *map(self.workflow, module.workflows),
        ):
            yield ""
            yield from definition

    def value(self, expr: ir.Expr) -> str:
        return ExpressionText(Scope(self.module)).text(expr)

    def import_(self, one: ir.Import) -> Iterator[str]:
        found = [
            f"{name(alias, frozenset())} = {target if is_dotted(target) else quoted(target)}"
            for alias, target in one.names
        ]
        yield f"import {quoted(one.source)} ({', '.join(found)})"

    def error(self, one: ir.ErrorClass) -> str:
        bases = ", ".join(map(name, one.bases))
        return f"error {name(one.name)}({bases}){'' if one.plain else ' with fields'}"

    def support(self, one: ir.Support) -> str:
        own = name(one.name) if one.name.isidentifier() else quoted(one.name)
        own_alone = (one.name,) if one.name else ()
        binds = f" binds {', '.join(map(name, one.names))}" if one.names != own_alone else ""
        return f"support {own}{binds}"

    def record(self, one: ir.Record) -> Iterator[str]:
        yield f"{one.kind} {name(one.name)}{' frozen' if one.frozen else ''} {{"
        for each in one.fields:
            optional = "" if each.required else "?"
            default = f" = {self.value(each.default)}" if each.default is not None else ""
            written = _written(each.annotation, each.type)
            yield f"  {name(each.name)}{optional}: {type_text(each.type)}{written}{default}"
        yield "}"

    def enum(self, one: ir.Enum) -> Iterator[str]:
        yield f"enum {name(one.name)}{f'({one.mixin})' if one.mixin else ''} {{"
        for member, value in one.members:
            yield f"  {name(member)} = {quoted(value) if isinstance(value, str) else value}"
        yield "}"

    def signature(self, parameters: tuple[ir.Parameter, ...], returns: t.Type, written: str) -> str:
        found: list[str] = []
        keyword_only = False
        for one in parameters:
            if one.keyword_only and not keyword_only:
                found.append("*")
            keyword_only = keyword_only or one.keyword_only
            default = ""
            if one.injected is not None:
                default = f" = injected {one.injected}"
            elif one.default is not None:
                default = f" = {self.value(one.default)}"
            annotation = _written(one.annotation, one.type)
            found.append(f"{name(one.name)}: {type_text(one.type)}{annotation}{default}")
        result = f"{type_text(returns)}{_written(written, returns)}"
        return f"({', '.join(found)}) -> {result}"

    def step(self, one: ir.Step) -> Iterator[str]:
        options: list[str] = []
        if one.label != one.name:
            options.append(f"label {quoted(one.label)}")
        if one.timeout is not None:
            options.append(f"timeout {one.timeout!r}")
        if one.heartbeat is not None:
            options.append(f"heartbeat {one.heartbeat!r}")
        if one.retry is not None:
            options.append(_retry(one.retry))
        word = "transaction" if one.transaction else "step"
        start = f"{'async ' if one.asynchronous else ''}{word} {name(one.name)}"
        head = f"{start}{self.signature(one.parameters, one.returns, one.returns_annotation)}"
        if not options:
            yield head + self.place(one)
            return
        yield f"{head} {{{self.place(one)}"
        yield from (f"  {option}" for option in options)
        yield "}"

    def helper(self, one: ir.Function) -> Iterator[str]:
        signature = self.signature(one.parameters, one.returns, one.returns_annotation)
        yield f"helper {name(one.name)}{signature} {{{self.place(one)}"
        yield from self.body(one, frozenset())
        yield "}"

    def workflow(self, one: ir.Workflow) -> Iterator[str]:
        signature = self.signature(one.parameters, one.returns, one.returns_annotation)
        options = ""
        if one.label != one.name:
            options += f" label {quoted(one.label)}"
        if one.timeout is not None:
            options += f" timeout {one.timeout!r}"
        if one.version:
            options += f" version {quoted(one.version)}"
        start = f"{'async ' if one.asynchronous else ''}workflow"
        yield f"{start} {name(one.name)}{signature}{options} {{{self.place(one)}"
        yield from self.body(one, one.temporaries)
        yield "}"

    def body(self, one: ir.Function, temporaries: frozenset[str]) -> Iterator[str]:
        scope = Scope(self.module, {each.name: each.type for each in one.parameters})
        printer = _BlockText(scope, temporaries, self.spans, self.steps, self.workflows)
        printer.block(one.body)
        return iter(printer.lines)

    def place(self, one: ir.Function | ir.Step) -> str:
        return f"  # line {one.span.line}" if self.spans and one.span.line else ""


def _written(annotation: str, type_: t.Type) -> str:
    """The annotation of the source, where it is not what the type says."""
    return "" if annotation == type_text(type_) else f" as {quoted(annotation)}"


def _retry(policy: ir.RetryPolicy) -> str:
    found = [name(error) for error in policy.errors]
    found.append(f"attempts={policy.attempts}")
    found.append(f"first_delay={policy.first_delay!r}")
    found.append(f"backoff={policy.backoff!r}")
    if policy.max_delay is not None:
        found.append(f"max_delay={policy.max_delay!r}")
    if policy.jitter:
        found.append("jitter=True")
    if policy.name:
        found.append(f"name={quoted(policy.name)}")
    return f"retry({', '.join(found)})"


class _BlockText(MutableStruct):
    """Prints the statements of one function, in the order of the text, which binds its names."""

    scope: Scope
    temporaries: frozenset[str]
    spans: bool
    steps: dict[str, ir.Step]
    workflows: dict[str, ir.Workflow]
    lines: list[str] = field(factory=list)
    level: int = 1

    def text(self, expr: ir.Expr) -> str:
        return ExpressionText(self.scope).text(expr)

    def line(self, text: str, statement: ir.Statement | ir.Handler | None = None) -> None:
        line = statement.span.line if statement is not None and self.spans else 0
        place = f"  # line {line}" if line else ""
        self.lines.append(f"{'  ' * self.level}{text}{place}")

    def block(self, block: ir.Block) -> None:
        for statement in block:
            self.statement(statement)

    def nested(self, block: ir.Block) -> None:
        self.level += 1
        self.block(block)
        self.level -= 1

    def statement(self, statement: ir.Statement) -> None:
        # partial: simple() is total
        match statement:
            case ir.If():
                self.conditional(statement)
            case ir.While():
                self.while_(statement)
            case ir.For(target, iterable, body, orelse):
                source = self.text(iterable)
                names = ExpressionText(self.scope).target(target, iterable)
                self.line(f"for {names} in {source} {{", statement)
                self.nested(body)
                self.ended(orelse)
            case ir.Try():
                self.attempt(statement)
            case _:
                self.line(self.simple(statement), statement)

    def conditional(self, statement: ir.If) -> None:
        chain, orelse = arms(statement)
        word = "if"
        for arm in chain:
            self.line(f"{word} {self.text(arm.test)} {{", arm)
            self.nested(arm.then)
            word = "} elif"
        self.ended(orelse)

    def ended(self, orelse: ir.Block) -> None:
        if orelse:
            self.line("} else {")
            self.nested(orelse)
        self.line("}")

    def while_(self, statement: ir.While) -> None:
        start = "while"
        if statement.prelude:
            self.line("do {", statement)
            self.nested(statement.prelude)
            start = "} while"
        self.line(f"{start} {self.text(statement.test)} {{", statement)
        self.nested(statement.body)
        self.ended(statement.orelse)

    def attempt(self, statement: ir.Try) -> None:
        self.line("try {", statement)
        self.nested(statement.body)
        for handler in statement.handlers:
            bound = ""
            if handler.name is not None:
                bound = f" as {name(handler.name)}"
                self.scope.bind(handler.name, t.ErrorType("Exception"))
            errors = ", ".join(map(name, handler.errors))
            self.line(f"}} except {errors}{bound} {{", handler)
            self.nested(handler.body)
        for word, block in (("else", statement.orelse), ("finally", statement.finalbody)):
            if block:
                self.line(f"}} {word} {{")
                self.nested(block)
        self.line("}")

    def simple(self, statement: ir.Statement) -> str:
        match statement:
            case ir.Assign(target, value, type_, annotation):
                source = self.text(value)
                written = f" as {quoted(annotation)}" if annotation else ""
                return f"{self.binding(target, type_)}{written} = {source}"
            case ir.AugmentedAssign(target, operator, value, type_):
                source = self.text(value)
                return f"{self.binding(target, type_)} {operator}= {source}"
            case ir.Unpack(targets, value, types):
                source = self.text(value)
                found = [self.binding(*one) for one in zip(targets, types, strict=True)]
                comma = "," if len(found) == 1 else ""
                return f"{', '.join(found)}{comma} = {source}"
            case ir.Store(variable, path, value, operator):
                change = f"{operator or ''}="
                return f"{name(variable)}{self.path(path)} {change} {self.text(value)}"
            case ir.Delete(variable, path):
                return f"del {name(variable)}{self.path(path)}"
            case ir.Mutate():
                return self.mutate(statement)
            case ir.StepCall() | ir.WorkflowCall():
                return self.call(statement)
            case ir.Sleep(site, seconds, text):
                words = f" {quoted(text)}" if text else ""
                return f"sleep {self.text(seconds)}{words} {_site(site)}"
            case ir.Raise():
                return self.raising(statement)
            case ir.Return(value, bare):
                if bare and value == ir.Constant(None, type=t.NONE):
                    return "return"
                return f"return {self.text(value)}"
            case ir.Break():
                return "break"
            case ir.Continue():
                return "continue"
            case ir.Pass():
                return "pass"
            case ir.If() | ir.While() | ir.For() | ir.Try():
                raise TypeError(f"{type(statement).__name__} is no simple statement")
            case _:
                assert_never(statement)

    def binding(self, target: str, type_: t.Type) -> str:
        """A variable with its type, where that is another than before; it is bound from here on."""
        let = "let " if target in self.temporaries else ""
        known = self.scope.variables.get(target) == type_
        self.scope.bind(target, type_)
        return f"{let}{name(target)}" + ("" if known else f": {type_text(type_)}")

    def path(self, path: tuple[ir.FieldKey | ir.Expr, ...]) -> str:
        return "".join(
            f".{name(key.name)}" if isinstance(key, ir.FieldKey) else f"[{self.text(key)}]"
            for key in path
        )

    def mutate(self, statement: ir.Mutate) -> str:
        args = ", ".join(map(self.text, statement.args))
        owner = f"{name(statement.name)}{self.path(statement.path)}"
        call = f"mutate {owner}.{name(statement.method)}({args})"
        usual = mutation_type(self.scope, statement)
        if statement.target is not None:
            return f"{self.binding(statement.target, statement.type)} = {call}"
        return call if statement.type == usual else f"{call} -> {type_text(statement.type)}"

    def call(self, statement: ir.StepCall | ir.WorkflowCall) -> str:
        definition: ir.Step | ir.Workflow | None
        if isinstance(statement, ir.StepCall):
            word, called = "step", statement.step
            definition = self.steps.get(called)
        else:
            word, called = "workflow", statement.workflow
            definition = self.workflows.get(called)
        parameters = definition.parameters if definition else ()
        args = ExpressionText(self.scope).arguments(parameters, statement.args)
        call = f"{word} {name(called)}({args})"
        if statement.target is not None:
            start = self.binding(statement.target, statement.type)
            return f"{start} = {call} {_site(statement.site)}"
        usual = definition.returns if definition else t.ANY
        result = "" if statement.type == usual else f" -> {type_text(statement.type)}"
        return f"{call}{result} {_site(statement.site)}"

    def raising(self, statement: ir.Raise) -> str:
        found = "raise"
        if statement.error is not None:
            found += f" {name(statement.error)}"
            if statement.message is not None:
                found += f"({self.text(statement.message)})"
        elif statement.again is not None:
            found += f" {name(statement.again)}"
        if statement.cause is not None:
            found += f" from {name(statement.cause)}"
        return f"{found} from None" if statement.suppress else found


def mutation_type(scope: Scope, statement: ir.Mutate) -> t.Type:
    """The type that a mutation's result has when the text does not say another."""
    owner = scope.variables.get(statement.name, t.ANY)
    receiver = path_type(scope.module, owner, statement.path)
    call = ir.Method(ir.Name("", type=receiver), statement.method, statement.args)
    return method(scope.module, receiver, call).type


def _site(site: str) -> str:
    plain = site and all(one.isalnum() or one in "_.-" for one in site)
    return f"@{site}" if plain else f"@{quoted(site)}"
