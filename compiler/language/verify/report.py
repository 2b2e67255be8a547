"""What the verifier knows of a module and has found in it."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from typing import assert_never

from wfc.compiler.data.struct import MutableStruct, Struct, field
from wfc.compiler.language.nodes import (
    NOWHERE,
    ConstantDefinition,
    Enum,
    Helper,
    Module,
    Node,
    Record,
    Span,
    Step,
    Workflow,
)
from wfc.compiler.language.nodes.types import (
    AnyType,
    DictType,
    EnumType,
    ErrorType,
    ListType,
    LiteralType,
    NeverType,
    RecordType,
    Scalar,
    SetType,
    TupleType,
    Type,
    UnionType,
)
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

    module: Module
    problems: list[IrProblem] = field(factory=list)
    definition: str = ""
    records: Mapping[str, Record] = field(init=False)
    enums: Mapping[str, Enum] = field(init=False)
    constants: Mapping[str, ConstantDefinition] = field(init=False)
    helpers: Mapping[str, Helper] = field(init=False)
    steps: Mapping[str, Step] = field(init=False)
    workflows: Mapping[str, Workflow] = field(init=False)
    _sound: set[Type] = field(factory=set)

    def __post_init__(self) -> None:
        self.records = {one.name: one for one in self.module.records}
        self.enums = {one.name: one for one in self.module.enums}
        self.constants = {one.name: one for one in self.module.constants}
        self.helpers = {one.name: one for one in self.module.helpers}
        self.steps = {one.name: one for one in self.module.steps}
        self.workflows = {one.name: one for one in self.module.workflows}

    def add(self, message: str, node: Node | None = None) -> None:
        """Note a broken rule of the definition looked at."""
        span = NOWHERE if node is None else node.span
        self.problems.append(IrProblem(self.definition, message, span))

    def unique(self, what: str, names: Iterable[str], node: Node | None = None) -> None:
        """No name is there twice; ``what`` says what the names are of."""
        seen: set[str] = set()
        for name in names:
            if name in seen:
                self.add(f"{what} '{name}' is there twice", node)
            seen.add(name)

    def identifier(self, what: str, name: str, node: Node | None = None) -> None:
        """The name is one that Python allows."""
        if not name.isidentifier() or keyword.iskeyword(name):
            self.add(f"{what} '{name}' is no name", node)

    def type(self, type_: Type | None, node: Node | None = None) -> None:
        """The type is one, and the records and enums that it names exist."""
        if type_ is None:
            self.add("a type is missing", node)
        elif type_ not in self._sound:
            before = len(self.problems)
            self._type(type_, node)
            if len(self.problems) == before:
                self._sound.add(type_)

    def _type(self, type_: Type, node: Node | None) -> None:
        match type_:
            case ListType(inner) | DictType(inner) | SetType(inner):
                self.type(inner, node)
            case TupleType(items):
                for item in items:
                    self.type(item, node)
            case LiteralType(values):
                if len({type(value) for value in values}) != 1:
                    self.add("the values of a literal type are not of one type", node)
            case UnionType(members):
                if len(members) < 2 or any(isinstance(one, UnionType) for one in members):
                    self.add("a union type is not flat", node)
                for member in members:
                    self.type(member, node)
            case RecordType(name):
                if name not in self.records:
                    self.add(f"unknown record '{name}' in a type", node)
            case EnumType(name):
                if name not in self.enums:
                    self.add(f"unknown enum '{name}' in a type", node)
            case ErrorType(name):
                self.error(name, node)
            case Scalar() | AnyType() | NeverType():
                pass
            case _:
                assert_never(type_)

    def error(self, name: str, node: Node | None = None) -> None:
        """The exception class is one of the module or of Python."""
        if not defined(self.module, name):
            self.add(f"unknown error '{name}'", node)
