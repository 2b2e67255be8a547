"""Binding the arguments of a call to parameters."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from wfc.compiler.data.struct import Struct, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import anf, codes
from wfc.compiler.source.expected import check_fits
from wfc.compiler.source.frame import Frame


class Given(Struct):
    """One argument as written: its value, and its name unless it was given by position."""

    node: ast.expr
    name: str | None
    value: ir.Expr


def read_given(frame: Frame, call: ast.Call) -> list[Given] | None:
    """The arguments of a call in the order of their evaluation; None when one is starred."""
    for argument in call.args:
        if isinstance(argument, ast.Starred):
            _starred(frame, argument)
            return None
    for keyword in call.keywords:
        if keyword.arg is None:
            _starred(frame, keyword)
            return None
    written: list[tuple[ast.expr, str | None]] = [(argument, None) for argument in call.args]
    written += [(keyword.value, keyword.arg) for keyword in call.keywords]
    values = anf.operands(frame, [node for node, _ in written])
    return [Given(node, name, value) for (node, name), value in zip(written, values, strict=True)]


def _starred(frame: Frame, node: ast.AST) -> None:
    frame.refuse(
        codes.EXPRESSION_NOT_YET,
        node,
        f"'{frame.written(node)}' as an argument is not supported yet",
        "write the arguments out",
    )


def bind(
    frame: Frame,
    call: ast.Call,
    what: str,
    parameters: Sequence[ir.Parameter],
    *,
    imply_defaults: bool,
) -> tuple[ir.Argument, ...] | None:
    """The arguments of a call by parameter; None, with problems reported, when they do not fit.

    Args:
        what: the callee in a message, such as ``step 'charge'``.
        imply_defaults: fill in defaults, and give the arguments in the order of the parameters;
            else in the order of the call.
    """
    given = read_given(frame, call)
    if given is None:
        return None
    matched = _match(frame, call, what, parameters, given)
    if matched is None:
        return None
    arguments = [_argument(frame, what, parameter, item) for parameter, item in matched]
    if not imply_defaults:
        return tuple(arguments)
    order = [parameter.name for parameter in parameters]
    nodes = {parameter.name: item.node for parameter, item in matched}
    by_name = {one.name: one for one in _in_order(frame, arguments, nodes, order)}
    return tuple(_complete(parameters, by_name))


def _in_order(
    frame: Frame, arguments: list[ir.Argument], nodes: Mapping[str, ast.expr], order: list[str]
) -> Iterator[ir.Argument]:
    """Arguments that move from the order of the call to that of the parameters; those that may
    raise are evaluated before, so that the same one raises first."""
    raising = [argument.name for argument in arguments if frame.raises(argument.value)]
    places = [order.index(name) for name in raising]
    for argument in arguments:
        name = argument.name
        if name in raising and places != sorted(places):
            value = frame.bind_temporary(nodes[name], "value", argument.value)
            yield replace(argument, value=value)
        else:
            yield argument


def _complete(
    parameters: Sequence[ir.Parameter], given: Mapping[str, ir.Argument]
) -> Iterator[ir.Argument]:
    """The arguments in the order of the parameters, with the defaults of those left out."""
    for parameter in parameters:
        if parameter.name in given:
            yield given[parameter.name]
        elif parameter.default is not None:
            yield ir.Argument(parameter.name, parameter.default, implied=True)


def _argument(frame: Frame, what: str, parameter: ir.Parameter, given: Given) -> ir.Argument:
    value = check_fits(
        frame, given.value, parameter.type, f"the argument '{parameter.name}' of {what}"
    )
    return ir.Argument(
        parameter.name, value, positional=given.name is None, span=frame.span(given.node)
    )


def _match(
    frame: Frame,
    call: ast.Call,
    what: str,
    parameters: Sequence[ir.Parameter],
    given: list[Given],
) -> list[tuple[ir.Parameter, Given]] | None:
    open_ = [p for p in parameters if p.injected is None]
    positional = [p for p in parameters if not p.keyword_only]
    by_name = {parameter.name: parameter for parameter in parameters}
    matched: dict[str, Given] = {}
    fine = True

    def refuse(node: ast.AST, message: str, instead: str = "") -> None:
        nonlocal fine
        fine = False
        frame.problems.add(codes.ARGUMENTS, node, message, instead)

    takes = f"{what} takes ({', '.join(_shown(p) for p in open_)})"
    for index, item in enumerate(given):
        if item.name is None and index >= len(positional):
            refuse(item.node, f"too many arguments for {what}", takes)
            continue
        parameter = positional[index] if item.name is None else by_name.get(item.name)
        if parameter is None:
            refuse(item.node, f"{what} has no parameter '{item.name}'", takes)
        elif parameter.injected is not None:
            refuse(
                item.node,
                f"the parameter '{parameter.name}' of {what} is filled by the engine",
                "leave it out of the call",
            )
        elif parameter.name in matched:
            refuse(item.node, f"{what} gets '{parameter.name}' twice", takes)
        else:
            matched[parameter.name] = item
    missing = [p.name for p in open_ if p.default is None and p.name not in matched]
    if missing and fine:
        names = " and ".join(f"'{name}'" for name in missing)
        refuse(call, f"the call of {what} lacks {names}", takes)
    if not fine:
        return None
    return [(by_name[name], item) for name, item in matched.items()]


def _shown(parameter: ir.Parameter) -> str:
    text = parameter.name
    if parameter.type != t.ANY:
        text += f": {parameter.type}"
    return text + (" = ..." if parameter.default is not None else "")
