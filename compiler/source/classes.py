"""Classes of a module: records, enums and exceptions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final, Literal, TypedDict

from wfc.compiler.data.struct import MutableStruct, replace
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import codes
from wfc.compiler.source.annotations import Annotations
from wfc.compiler.source.names import BUILTIN_EXCEPTIONS, ModuleScope
from wfc.compiler.source.problems import Problems
from wfc.compiler.source.standard import STANDARD_ERRORS
from wfc.compiler.source.text import SourceText

ClassKind = Literal["dataclass", "typeddict", "enum", "error", "other"]
ConstantReader = Callable[[ast.expr], ir.Expr | None]

_DATACLASS: Final = "dataclasses.dataclass"
_TYPED_DICTS: Final = {"typing.TypedDict", "typing_extensions.TypedDict"}
_ENUMS: Final = {"enum.Enum": "", "enum.StrEnum": "str", "enum.IntEnum": "int"}
_HARMLESS_OPTIONS: Final = {
    "frozen",
    "slots",
    "repr",
    "kw_only",
    "order",
    "unsafe_hash",
    "weakref_slot",
}
_NO_CONSTRUCTOR: Final = {"typing.Generic", "typing.Protocol", "abc.ABC", "object"}
_ERROR_WORDS: Final = ("Error", "Exception", "Failure", "Timeout")
_CONSTRUCTION: Final = {"__init__", "__new__", "__post_init__", "__getattr__", "__getattribute__"}
_EQUALITY: Final = {"__eq__", "__hash__", "__lt__", "__bool__", "__len__", "__str__", "__format__"}


def classify(node: ast.ClassDef, scope: ModuleScope) -> ClassKind:
    """What kind of class this is, by its decorators and bases."""
    for decorator in node.decorator_list:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        if scope.qualified(function) == _DATACLASS:
            return "dataclass"
    names = [base.id if isinstance(base, ast.Name) else "" for base in node.bases]
    qualified = [scope.qualified(base) or "" for base in node.bases]
    if any(name in _TYPED_DICTS for name in qualified):
        return "typeddict"
    if any(name in scope.records and scope.records[name].kind == "typeddict" for name in names):
        return "typeddict"
    if any(name in _ENUMS for name in qualified):
        return "enum"
    if any(error_base(base, scope) for base in node.bases):
        return "error"
    return "other"


def error_base(node: ast.expr, scope: ModuleScope) -> str:
    """The exception class that a base of a class is, for its place in the hierarchy: a class of the
    module, of Python, or Python's nearest above a class of the standard library. ``Exception`` for
    a class from elsewhere that looks like an exception, empty for what is none."""
    node = scope.unaliased(node)
    if isinstance(node, ast.Subscript):  # Failure[str]
        node = scope.unaliased(node.value)
    if isinstance(node, ast.Name) and node.id in scope.errors:
        return node.id
    qualified = scope.qualified(node) or ""
    if qualified in BUILTIN_EXCEPTIONS:
        return qualified
    if qualified in STANDARD_ERRORS:
        return STANDARD_ERRORS[qualified]
    return "Exception" if is_foreign_error(qualified) else ""


def is_foreign_error(qualified: str) -> bool:
    """Whether a dotted name of a library, by its last part, is an exception."""
    library, _, last = qualified.rpartition(".")
    return bool(library) and qualified not in STANDARD_ERRORS and last.endswith(_ERROR_WORDS)


def definition_source(text: SourceText, node: ast.stmt) -> str:
    """A definition as written, with its decorators and the comments above it."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    if not (text.starts_line(node) or decorators) or not text.ends_line(node):
        return text.segment(node)
    block = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    last = text.last_line(node) if block else node.end_lineno or node.lineno
    return text.whole_lines(text.comment_start(first), last)


class _Common(TypedDict):
    span: Span
    source: str
    docstring: str


class ClassReader(MutableStruct, eq=False):
    """Reads the classes of one module into its scope."""

    scope: ModuleScope
    problems: Problems
    annotations: Annotations
    constant: ConstantReader

    # --- Exceptions ---

    def error(self, node: ast.ClassDef) -> ir.ErrorClass:
        """An exception class, with those of its bases that are exceptions."""
        bases = {name: base for base in node.bases if (name := error_base(base, self.scope))}
        for base in bases.values():
            if is_foreign_error(self.scope.qualified(self.scope.unaliased(base)) or ""):
                self.scope.foreign_errors[node.name] = base
        return ir.ErrorClass(
            name=node.name,
            bases=tuple(bases),
            plain=not node.keywords
            and not node.decorator_list
            and all(map(_empty, node.body))
            and all(self._adds_nothing(base) for base in node.bases),
            **self._common(node),
        )

    def _adds_nothing(self, base: ast.expr) -> bool:
        """Whether a base is no mixin and no class of a library, which may have a constructor."""
        base = self.scope.unaliased(base)
        base = base.value if isinstance(base, ast.Subscript) else base
        qualified = self.scope.qualified(base) or ""
        own = isinstance(base, ast.Name) and base.id in self.scope.errors
        return own or qualified in BUILTIN_EXCEPTIONS or qualified in _NO_CONSTRUCTOR

    # --- Enums ---

    def enum(self, node: ast.ClassDef) -> ir.Enum:
        """An enum with constant text or number values."""
        qualified = [self.scope.qualified(base) or "" for base in node.bases]
        mixin = next((_ENUMS[name] for name in qualified if _ENUMS.get(name)), "")
        if mixin:
            self.scope.formatted_enums.add(node.name)
        elif "str" in qualified or "int" in qualified:
            mixin = "str" if "str" in qualified else "int"
        members: list[tuple[str, str | int]] = []
        for statement in node.body:
            if _empty(statement) or _method(statement):
                continue
            member = self._member(node.name, statement, members, mixin)
            if member is None:
                self._refuse(
                    statement,
                    f"this member of the enum '{node.name}' is not supported yet",
                    "write NAME = constant text or whole number",
                )
            elif member[0] in dict(members):
                self._refuse(
                    statement,
                    f"the member '{member[0]}' is there twice, so Python does not make the enum "
                    f"'{node.name}'",
                    "give it another name",
                )
            else:
                members.append(member)
        if not members:
            self._refuse(
                node,
                f"the enum '{node.name}' has no members, so no value is one",
                "write NAME = constant text or whole number",
            )
        return ir.Enum(name=node.name, members=tuple(members), mixin=mixin, **self._common(node))

    def _member(
        self, owner: str, statement: ast.stmt, before: list[tuple[str, str | int]], mixin: str
    ) -> tuple[str, str | int] | None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not _reserved(name):
                pass
            case _:
                return None
        match value:
            case ast.Constant(value=str() | int() as constant) if not isinstance(constant, bool):
                return name, constant
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
                return name, -number
            case ast.Call(func=function, args=[]) if self.scope.qualified(function) == "enum.auto":
                if mixin == "str":
                    return (name, name.lower()) if owner in self.scope.formatted_enums else None
                numbers = [value for _, value in before if isinstance(value, int)]
                return name, max(numbers, default=0) + 1
        return None

    # --- Records ---

    def record(self, node: ast.ClassDef, kind: Literal["dataclass", "typeddict"]) -> ir.Record:
        """A dataclass or TypedDict, with the fields of its bases first."""
        fields = dict(self._inherited(node, kind))
        if kind == "dataclass":
            frozen = self._dataclass_options(node)
            fields |= {field.name: field for field in self._dataclass_fields(node)}
        else:
            frozen = False
            fields |= {field.name: field for field in self._typed_dict_fields(node)}
        return ir.Record(
            name=node.name,
            kind=kind,
            fields=tuple(fields.values()),
            frozen=frozen,
            **self._common(node),
        )

    def check_order(self, record: ir.Record) -> None:
        """Report what Python refuses: it makes no class whose ``__init__`` would have a parameter
        without a default behind one with (dataclasses, "field()")."""
        by_name = self.scope.keyword_only.get(record.name, frozenset())
        earlier = ""
        for field in record.fields:
            if field.name in by_name:
                continue
            if field.default is None and earlier:
                self.problems.add(
                    codes.FIELD_ORDER,
                    field.span,
                    f"the field '{field.name}' of '{record.name}' has no default and follows "
                    f"'{earlier}', which has one",
                    f"give '{field.name}' a default, or make it keyword-only: field(kw_only=True)",
                )
            elif field.default is not None:
                earlier = field.name

    def _inherited(self, node: ast.ClassDef, kind: str) -> Iterator[tuple[str, ir.Field]]:
        for base in node.bases:
            name = base.id if isinstance(base, ast.Name) else ""
            if name in self.scope.records and self.scope.records[name].kind == kind:
                inherited = self.scope.keyword_only.get(name, frozenset())
                own = self.scope.keyword_only.get(node.name, frozenset())
                self.scope.keyword_only[node.name] = own | inherited
                yield from ((field.name, field) for field in self.scope.records[name].fields)
            elif (self.scope.qualified(base) or "") not in _TYPED_DICTS | {"object"}:
                written = self.problems.text.segment(base)
                self._refuse(
                    base,
                    f"the base '{written}' of a record is not supported yet",
                    "derive a dataclass from dataclasses of this file only, or repeat the fields",
                )

    def _dataclass_options(self, node: ast.ClassDef) -> bool:
        frozen = False
        for decorator in node.decorator_list:
            if not isinstance(decorator, ast.Call):
                if self.scope.qualified(decorator) != _DATACLASS:
                    self._refuse_decorator(decorator)
                continue
            if self.scope.qualified(decorator.func) != _DATACLASS:
                self._refuse_decorator(decorator)
                continue
            for keyword in decorator.keywords:
                value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
                harmless = keyword.arg in _HARMLESS_OPTIONS and isinstance(value, bool)
                if not harmless and not (value is True and keyword.arg in ("init", "eq")):
                    self._refuse(
                        keyword,
                        f"the option '{self.problems.text.segment(keyword)}' of a dataclass is not "
                        "supported yet",
                        "leave it out",
                    )
                elif keyword.arg == "frozen":
                    frozen = value is True
                elif keyword.arg == "kw_only" and value is True:
                    names = {s.target.id for s in node.body if _is_field(s)}  # type: ignore[attr-defined]
                    own = self.scope.keyword_only.get(node.name, frozenset())
                    self.scope.keyword_only[node.name] = own | names
        return frozen

    def _refuse_decorator(self, decorator: ast.expr) -> None:
        self._refuse(
            decorator,
            f"the decorator '@{self.problems.text.segment(decorator)}' of a record is not "
            "supported yet",
            "use @dataclass alone",
        )

    def _dataclass_fields(self, node: ast.ClassDef) -> Iterator[ir.Field]:
        keyword_only = False
        for statement in node.body:
            self._check_record_method(node, statement)
            if not isinstance(statement, ast.AnnAssign) or not isinstance(
                statement.target, ast.Name
            ):
                continue
            wrapper = self.annotations.wrapper(statement.annotation)
            if wrapper == "ClassVar":
                continue
            if wrapper == "KW_ONLY":
                keyword_only = True
                continue
            if wrapper == "InitVar":
                self._refuse(statement, "InitVar is not supported yet", "make it a field")
                continue
            if keyword_only:
                own = self.scope.keyword_only.get(node.name, frozenset())
                self.scope.keyword_only[node.name] = own | {statement.target.id}
            field = self._field(statement, statement.target.id)
            yield replace(field, default=self._field_default(node.name, statement))

    def _check_record_method(self, node: ast.ClassDef, statement: ast.stmt) -> None:
        if isinstance(statement, ast.FunctionDef) and statement.name in _CONSTRUCTION | _EQUALITY:
            self._refuse(
                statement,
                f"'{statement.name}' of the record '{node.name}' is not supported yet",
                "records are plain data; make it a helper function",
            )

    def _field_default(self, owner: str, statement: ast.AnnAssign) -> ir.Expr | None:
        value = statement.value
        if value is None:
            return None
        if isinstance(value, ast.Call) and self.scope.qualified(value.func) == "dataclasses.field":
            return self._field_call(owner, statement, value)
        return self._shared(owner, statement, self._constant(value))

    def _shared(self, owner: str, statement: ast.AnnAssign, default: ir.Expr) -> ir.Expr:
        """A default that all instances share. Python takes none that can be changed, which it
        knows by its lack of a hash."""
        type_ = default.type
        record = self.scope.records.get(type_.name) if isinstance(type_, t.RecordType) else None
        frozen = record is None or (record.kind == "dataclass" and record.frozen)
        if isinstance(type_, t.ListType | t.DictType | t.SetType) or not frozen:
            self.problems.add(
                codes.SHARED_DEFAULT,
                statement,
                f"all instances of '{owner}' would share the default of this field, which can be "
                "changed",
                "make one for each instance: field(default_factory=...)",
            )
        return default

    def _field_call(self, owner: str, statement: ast.AnnAssign, call: ast.Call) -> ir.Expr | None:
        default: ir.Expr | None = None
        for keyword in call.keywords:
            match keyword.arg, keyword.value:
                case "default", value:
                    default = self._shared(owner, statement, self._constant(value))
                case "default_factory", value:
                    default = self._factory(value)
                case "kw_only", ast.Constant(value=True) if isinstance(statement.target, ast.Name):
                    own = self.scope.keyword_only.get(owner, frozenset())
                    self.scope.keyword_only[owner] = own | {statement.target.id}
                case "repr" | "hash" | "metadata" | "kw_only", _:
                    pass
                case _:
                    self._refuse(
                        keyword, f"'{keyword.arg}' of a field is not supported yet", "leave it out"
                    )
        return default

    def _factory(self, value: ast.expr) -> ir.Expr | None:
        match self.scope.qualified(value):
            case "list":
                return ir.ListDisplay((), type=t.ListType(t.NEVER))
            case "dict":
                return ir.DictDisplay((), type=t.DictType(t.NEVER))
        if isinstance(value, ast.Lambda) and not value.args.args:
            return self._constant(value.body)
        self._refuse(
            value,
            "this default_factory is not supported yet",
            "use list or dict, or give the value when the record is made",
        )
        return None

    def _constant(self, value: ast.expr) -> ir.Expr:
        read = self.constant(value)
        if read is not None:
            return read
        self._refuse(
            value,
            "a default that is not a constant is not supported yet",
            "give the value when the record is made",
        )
        return ir.Constant(None, type=t.NEVER)

    def _typed_dict_fields(self, node: ast.ClassDef) -> Iterator[ir.Field]:
        total = True
        for keyword in node.keywords:
            if keyword.arg == "total" and isinstance(keyword.value, ast.Constant):
                total = bool(keyword.value.value)
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                field = self._field(statement, statement.target.id)
                wrapper = self.annotations.wrapper(statement.annotation)
                required = wrapper == "Required" or (total and wrapper != "NotRequired")
                yield replace(field, required=required)

    def _field(self, statement: ast.AnnAssign, name: str) -> ir.Field:
        if name.startswith("__") and not name.endswith("__"):
            self._refuse(
                statement,
                f"the field '{name}' is not supported yet: Python puts the name of the class in it",
                "leave out an underscore",
            )
        return ir.Field(
            name=name,
            type=self.annotations.read(statement.annotation),
            annotation=self.problems.text.segment(statement.annotation),
            span=self.problems.text.span(statement),
        )

    def _refuse(self, node: ast.AST, message: str, instead: str) -> None:
        self.problems.add(codes.RECORD_FORM, node, message, instead)

    def _common(self, node: ast.ClassDef) -> _Common:
        return {
            "span": self.problems.text.span(node),
            "source": definition_source(self.problems.text, node),
            "docstring": ast.get_docstring(node) or "",
        }


def _is_field(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)


def _empty(statement: ast.stmt) -> bool:
    """``pass``, ``...`` or a docstring."""
    match statement:
        case ast.Pass():
            return True
        case ast.Expr(value=ast.Constant(value=value)):
            return isinstance(value, str) or value is ...
    return False


def _method(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)


def _reserved(name: str) -> bool:
    """Whether a name in an enum's body is no member (Python library reference, enum)."""
    return name.startswith("__") or (name.startswith("_") and name.endswith("_"))
