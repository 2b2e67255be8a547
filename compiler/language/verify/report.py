"""What the verifier knows of a module and has found in it."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from typing import assert_never

from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.hierarchy import defined


class IrProblem(Struct):
    """A broken rule: the definition in which it is broken (empty for the module), and where."""

    definition: str
    message: str
    span: Span = NOWHERE

    def __str__(self) -> str:
        place = f" (line {self.span.line})" if self.span.line else ""
        return f"{self.definition or 'module'}: {self.message}{place}"


class Report(MutableStruct):
    """The definitions of a module by name, the problems found, and the definition looked at."""

    module: ir.Module
    problems: list[IrProblem] = field(factory=list)
    definition: str = ""
    records: Mapping[str, ir.Record] = field(init=False)
    enums: Mapping[str, ir.Enum] = field(init=False)
    constants: Mapping[str, ir.ConstantDefinition] = field(init=False)
    helpers: Mapping[str, ir.Helper] = field(init=False)
    steps: Mapping[str, ir.Step] = field(init=False)
    workflows: Mapping[str, ir.Workflow] = field(init=False)
    _sound: set[t.Type] = field(factory=set)

    def __post_init__(self) -> None:
        self.records = {one.name: one for one in self.module.records}
        self.enums = {one.name: one for one in self.module.enums}
        self.constants = {one.name: one for one in self.module.constants}
        self.helpers = {one.name: one for one in self.module.helpers}
        self.steps = {one.name: one for one in self.module.steps}
        self.workflows = {one.name: one for one in self.module.workflows}

    def add(self, message: str, node: ir.Node | None = None) -> None:
        """Note a broken rule of the definition looked at."""
        span = NOWHERE if node is None else node.span
        self.problems.append(IrProblem(self.definition, message, span))

    def unique(self, what: str, names: Iterable[str], node: ir.Node | None = None) -> None:
        """No name is there twice; ``what`` says what the names are of."""
        seen: set[str] = set()
        for name in names:
            if name in seen:
                self.add(f"{what} '{name}' is there twice", node)
            seen.add(name)

    def identifier(self, what: str, name: str, node: ir.Node | None = None) -> None:
        """The name is one that Python allows."""
        if not name.isidentifier() or keyword.iskeyword(name):
            self.add(f"{what} '{name}' is no name", node)

    def type(self, type_: t.Type, node: ir.Node | None = None) -> None:
        """The type is one, and the records and enums that it names exist."""
        if type_ not in self._sound:
            before = len(self.problems)
            self._type(type_, node)
            if len(self.problems) == before:
                self._sound.add(type_)

    def _type(self, type_: t.Type, node: ir.Node | None) -> None:
        match type_:
            case t.ListType(inner) | t.DictType(inner) | t.SetType(inner):
                self.type(inner, node)
            case t.TupleType(items):
                for item in items:
                    self.type(item, node)
            case t.LiteralType(values):
                if len({type(value) for value in values}) != 1:
                    self.add("the values of a literal type are not of one type", node)
            case t.UnionType(members):
                if len(members) < 2 or any(isinstance(one, t.UnionType) for one in members):
                    self.add("a union type is not flat", node)
                for member in members:
                    self.type(member, node)
            case t.RecordType(name):
                if name not in self.records:
                    self.add(f"unknown record '{name}' in a type", node)
            case t.EnumType(name):
                if name not in self.enums:
                    self.add(f"unknown enum '{name}' in a type", node)
            case t.ErrorType(name):
                self.error(name, node)
            case t.Scalar() | t.AnyType() | t.NeverType():
                pass
            case _:
                assert_never(type_)

    def error(self, name: str, node: ir.Node | None = None) -> None:
        """The exception class is one of the module or of Python."""
        if not defined(self.module, name):
            self.add(f"unknown error '{name}'", node)
