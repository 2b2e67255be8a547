"""Steps as functions: their signature, what fills their injected parameters, their body."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias, assert_never

from wfc.backends.python.printing.expressions import PlainExpressions
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import INDENT, Doc, arguments, flat, join, lay_out
from wfc.backends.python.printing.text import body_lines, indented, split_docstring
from wfc.backends.python.program.renaming import with_names_replaced
from wfc.compiler.data.struct import Struct, field, replace
from wfc.compiler.language import nodes as ir

# How the value of an injected parameter is annotated where wfc is not there: the annotation, and
# what it has to import.
INJECTED_TYPES: Final[dict[ir.InjectedKind, tuple[str, tuple[str, str] | None]]] = {
    "IdempotencyKey": ("str", None),
    "RunId": ("str", None),
    "CallbackToken": ("str", None),
    "Connection": ("Connection", ("sqlalchemy", "Connection")),
    "Heartbeat": ("Callable[..., None]", ("collections.abc", "Callable")),
}


class Frame(Struct):
    """What stands before the body of a generated function, and how far in the body stands.

    ``arguments`` says how the body reaches a parameter of the source that is no parameter of the
    generated function (``order`` as ``input.order``); ``around`` are the managers of ``with``
    statements around the body.
    """

    head: Sequence[str]
    indent: int = INDENT
    arguments: Mapping[str, str] = field(factory=dict)
    around: Sequence[str] = ()


class Assigned(Struct):
    """``name = text`` at the top of the step."""

    text: str


class Defined(Struct):
    """``def name`` and the rest of its signature at the top of the step: a function that does
    nothing, and says why."""

    signature: str
    docstring: str


class Opened(Struct):
    """``with text as name:`` around the body of the step."""

    text: str


class Written(Struct):
    """The text itself wherever the body has the parameter's name."""

    text: str


class Passed(Struct):
    """The step keeps the parameter, and each call in a workflow passes what ``given`` says."""

    given: Callable[[ir.StepCall], Doc]


Filling: TypeAlias = Assigned | Defined | Opened | Written | Passed
Fillings: TypeAlias = Mapping[str, Filling]
"""What fills the injected parameters that a step names, by their names."""


class Unfilled(Exception):
    """A defect: an engine is asked for what fills a parameter that it has nothing for. Its ``fits``
    has to refuse the step."""

    def __init__(self, kind: ir.InjectedKind, step: ir.Step) -> None:
        super().__init__(f"nothing fills the {kind} of {step.name}")


def passed(node: ir.StepCall, fillings: Fillings) -> list[Doc]:
    """The arguments of a call that fill injected parameters: ``key=...``"""
    return [
        join(f"{name}=", filling.given(node))
        for name, filling in fillings.items()
        if isinstance(filling, Passed)
    ]


def body(step: ir.Step, frame: Frame, fillings: Fillings) -> list[str]:
    """The lines of a step's body behind its signature."""
    docstring, code = split_docstring(step.body)
    texts = dict(frame.arguments)
    managers = list(frame.around)
    lines: list[str] = []
    for name, filling in fillings.items():
        match filling:
            case Assigned(text):
                lines.append(f"{name} = {text}")
            case Defined(signed, reason):
                gap = [""] if docstring and not lines else []
                lines += [*gap, f"def {name}{signed}:", f'    """{reason}"""', ""]
            case Opened(text):
                managers.append(f"{text} as {name}")
            case Written(text):
                texts[name] = text
            case Passed():
                pass
            case _:
                assert_never(filling)
    indent = frame.indent + INDENT * len(managers)
    code, kept = with_names_replaced(code, texts, indent, asynchronous=step.asynchronous)
    lines += [f"{name} = {texts[name]}" for name in kept]
    pad = " " * frame.indent
    lines = [f"{pad}{line}".rstrip() for line in (*docstring, *lines)]
    for depth, manager in enumerate(managers):
        lines.append(f"{' ' * (frame.indent + INDENT * depth)}with {manager}:")
    rest = indented(code.strip("\n"), indent)
    if code.startswith("\n") and docstring and rest:
        lines.append("")
    if not rest and (managers or not docstring):
        rest = [" " * indent + "pass"]
    return lines + rest


def shown(step: ir.Step, fillings: Fillings) -> ir.Step:
    """The step with those parameters only that its callers fill."""
    kept = {name for name, filling in fillings.items() if isinstance(filling, Passed)}
    parameters = (p for p in step.parameters if p.injected is None or p.name in kept)
    return replace(step, parameters=tuple(parameters))


def plain_step(step: ir.Step, imports: Imports, *, name: str = "") -> list[str]:
    """A step as a plain function: decorators gone, injected parameters ordinary ones without a
    default, body and docstring as written.

    Args:
        imports: gets what the annotations of injected parameters need.
        name: another name for the function.
    """
    return [*signature(step, imports, name or step.name), *body_lines(step.body, INDENT)]


def signature(step: ir.Step, imports: Imports, name: str) -> list[str]:
    """``def name(parameters) -> type:``"""
    prefix = f"{'async ' if step.asynchronous else ''}def {name}"
    suffix = f" -> {step.returns_annotation}:" if step.returns_annotation else ":"
    return lay_out(prefix, arguments(list(parameters(step, imports))), suffix)


def parameters(step: ir.Step, imports: Imports) -> Iterator[str]:
    """The parameters of a step as plain ones. An injected parameter behind one with a default is
    passed by name, because Python wants a default there."""
    printer = PlainExpressions(ir.Module(name=""), imports)
    defaulted = keyword_only = False
    for parameter in step.parameters:
        injected = parameter.injected is not None
        if not keyword_only and (parameter.keyword_only or (injected and defaulted)):
            keyword_only = True
            yield "*"
        hint = injected_type(parameter, imports) if injected else parameter.annotation
        text = f"{parameter.name}: {hint}" if hint else parameter.name
        if parameter.default is not None and not injected:
            defaulted = True
            yield f"{text}{' = ' if hint else '='}{flat(printer.expression(parameter.default))}"
        else:
            yield text


def injected_type(parameter: ir.Parameter, imports: Imports) -> str:
    """The plain annotation of an injected parameter."""
    assert parameter.injected is not None
    hint, needed = INJECTED_TYPES[parameter.injected]
    if needed is not None:
        imports.member(*needed)
    return hint
