"""The hash of what a workflow means: it changes when runs in flight could not go on with the new
source.

It covers the body of the workflow and everything that the body reaches, by name and transitively:

* steps: name, label, parameters with types and defaults, result type, retry, timeout, heartbeat,
  whether it is a transaction; not the body, which is free to change, and not ``async``,
* child workflows and helpers: signature and body,
* records, enums, constants: all of the definition,
* errors that are raised, caught or retried, their bases and the classes below them.

It leaves out the fields whose role says that they are no part of what a node means: what stands
aside (comments, docstrings, places), what says the same in other words (the text of annotations and
durations, whether an argument has its name written), and what the reader derives (the types of
expressions and variables, which names are temporaries).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from wfc.compiler.data.struct import Struct, fields, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import UnknownNode
from wfc.compiler.language.form.codec import CLASSES, at_default
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.nodes.base import Role
from wfc.compiler.language.typing.hierarchy import ancestors, subclasses
from wfc.compiler.language.walk import arms

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_NAMED_TYPES: Final = (t.RecordType, t.EnumType, t.ErrorType)


def content_hash(module: ir.Module, *workflows: str) -> str:
    """The SHA-256, in hexadecimal, of what these workflows mean; of all workflows when none is
    named.

    Raises:
        KeyError: the module has no workflow of that name.
    """
    found = _reached(module, workflows)
    text = json.dumps(found, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def part(module: ir.Module, *workflows: str) -> ir.Module:
    """The module with these workflows and the definitions that they reach; imports and the code
    that only steps use are left out.

    Raises:
        KeyError: the module has no workflow of that name.
    """
    names = _reached(module, workflows).keys()
    return replace(
        module,
        imports=(),
        support=(),
        records=tuple(one for one in module.records if one.name in names),
        enums=tuple(one for one in module.enums if one.name in names),
        errors=tuple(one for one in module.errors if one.name in names),
        constants=tuple(one for one in module.constants if one.name in names),
        helpers=tuple(one for one in module.helpers if one.name in names),
        steps=tuple(one for one in module.steps if one.name in names),
        workflows=tuple(one for one in module.workflows if one.name in names),
    )


def _reached(module: ir.Module, workflows: tuple[str, ...]) -> dict[str, Any]:
    """The canonical form of these workflows and of every definition that they reach."""
    definitions = {one.name: one for one in _definitions(module)}
    pending = list(workflows or (one.name for one in module.workflows))
    for name in pending:
        if not isinstance(definitions.get(name), ir.Workflow):
            raise KeyError(name)
    reached: dict[str, Any] = {}
    while pending:
        name = pending.pop()
        if name in reached or name not in definitions:
            continue
        reached[name] = _canonical(definitions[name], pending)
        if isinstance(definitions[name], ir.ErrorClass):
            pending += (*ancestors(module, name), *subclasses(module, name))
    return reached


def _definitions(module: ir.Module) -> Iterator[ir.Definition]:
    yield from module.records
    yield from module.enums
    yield from module.errors
    yield from module.constants
    yield from module.helpers
    yield from module.steps
    yield from module.workflows


def _canonical(value: Any, names: list[str]) -> Any:
    """A node or type as data. The definitions that it names are added to ``names``."""
    class_: type = type(value)
    if class_ in _SCALARS:
        return value
    if class_ is tuple:
        return [_canonical(item, names) for item in value]
    if class_ is ir.If:
        chain, orelse = arms(value)
        ways = [[_canonical(one.test, names), _canonical(one.then, names)] for one in chain]
        return {"node": "If", "arms": ways, "orelse": _canonical(orelse, names)}
    data: dict[str, Any] = {"node": class_.__name__}
    for name, default, uses in _layout(class_):
        found = getattr(value, name)
        if uses and found is not None:
            names += (found,) if type(found) is str else found
        if not at_default(found, default):
            data[name] = _canonical(found, names)
    if class_ is ir.ErrorClass and len(value.bases) == 1:
        # Versions of wfc that knew of one base only have hashed it so; their runs go on.
        data["base"] = data.pop("bases")[0]
    return data


@cache
def _layout(class_: type[Struct]) -> tuple[tuple[str, Any, bool], ...]:
    """The fields that count, each with its default and whether it names definitions. A field at
    its default is left out, so that a new field of a later version of wfc changes no hash."""
    if CLASSES.get(class_.__name__) is not class_:
        raise UnknownNode(class_)
    named = class_ in _NAMED_TYPES
    kinds = [(one, one.kind if isinstance(one, Role) else "") for one in fields(class_)]
    return tuple(
        [
            (one.name, one.default, kind == "uses" or (named and one.name == "name"))
            for one, kind in kinds
            if kind not in ("aside", "wording", "derived")
        ]
    )
