"""Prints types and expressions in the text form of the IR."""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Set
from typing import Final, assert_never

from wfc.compiler.data.struct import MutableStruct, field, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.rules import iteration, judge
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import expressions

# Words of the text form that Python allows as names; such a name stands between backticks.
RESERVED: Final = frozenset({"do", "injected", "let", "mutate", "sleep", "step", "workflow"})

_NAME: Final = re.compile(r"[^\W\d]\w*")

# How tightly an expression binds; an operand that binds less stands in parentheses.
_LOOSE, _CONDITIONAL, _OR, _AND, _NOT, _COMPARE = range(6)
_OPERATORS: Final = {
    "|": 6,
    "^": 7,
    "&": 8,
    "<<": 9,
    ">>": 9,
    "+": 10,
    "-": 10,
    "*": 11,
    "/": 11,
    "//": 11,
    "%": 11,
}
_BIT_OR: Final = 6
_UNARY, _POWER, _PRIMARY = 12, 13, 14


def name(text: str, reserved: Set[str] = RESERVED) -> str:
    """A name as the text form has it."""
    plain = text not in reserved and _NAME.fullmatch(text)
    return text if plain else f"`{text}`"


def quoted(text: str) -> str:
    """A text as a JSON string; what cannot be seen or encoded is escaped."""
    plain = json.dumps(text, ensure_ascii=False)
    if plain.isprintable():
        return plain
    return "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in plain)


def type_text(type_: t.Type) -> str:
    """A type as an annotation would have it; the type of a caught error is ``error[Class]``."""
    match type_:
        case t.LiteralType(values):
            texts = [quoted(one) if isinstance(one, str) else repr(one) for one in values]
            return f"Literal[{', '.join(texts)}]"
        case t.ListType(inner):
            return f"list[{type_text(inner)}]"
        case t.DictType(inner):
            return f"dict[str, {type_text(inner)}]"
        case t.SetType(inner):
            return f"set[{type_text(inner)}]"
        case t.TupleType(items):
            return f"tuple[{', '.join(map(type_text, items)) or '()'}]"
        case t.UnionType(members):
            return " | ".join(map(type_text, members))
        case t.ErrorType(class_):
            return f"error[{class_}]"
        case t.Scalar() | t.AnyType() | t.NeverType() | t.RecordType() | t.EnumType():
            return str(type_)
        case _:
            assert_never(type_)


class Scope(MutableStruct):
    """The variables of a function that are bound in front of a place of the text, with the type
    that each was given last. A name that is read has this type, unless the text says another."""

    module: ir.Module
    variables: MutableMapping[str, t.Type] = field(factory=dict)

    def bind(self, name: str, type_: t.Type) -> None:
        self.variables[name] = type_

    def inside(self, names: Mapping[str, t.Type]) -> Scope:
        """The scope of a comprehension or lambda that binds more names."""
        return Scope(self.module, ChainMap(dict(names), self.variables))

    def usual(self, expr: ir.Expr) -> t.Type:
        """The type that an expression has when the text does not say another."""
        if isinstance(expr, ir.Name):
            return self.variables.get(expr.id, t.ANY)
        return judge(expr, self.module).type

    def element_types(self, iterable: ir.Expr, target: ir.Target) -> tuple[t.Type, ...]:
        """The types that the names of a loop have when the text does not say others."""
        count = len(target.names)
        found = iteration(self.module, iterable, count, target.unpack).type
        if not target.unpack:
            return (found,)
        is_tuple = isinstance(found, t.TupleType) and len(found.items) == count
        return found.items if is_tuple and isinstance(found, t.TupleType) else (t.ANY,) * count


def lambda_types(expr: ir.Lambda) -> dict[str, t.Type]:
    """The types of a lambda's parameters: of the first place that reads each."""
    found: dict[str, t.Type] = {}
    for one in expressions(expr.body):
        if isinstance(one, ir.Name) and one.id in expr.parameters:
            found.setdefault(one.id, one.type)
    return found


class ExpressionText(MutableStruct):
    """Prints the expressions of one function."""

    scope: Scope
    # How many f-strings the expression is in: their text is quoted once more.
    depth: int = 0

    def text(self, expr: ir.Expr, level: int = _LOOSE) -> str:
        """The expression as an operand that has to bind at least so tightly."""
        plain, own = self._plain(expr)
        if expr.type != self.scope.usual(expr):
            return f"({plain}: {type_text(expr.type)})"
        if own >= level:
            return plain
        if isinstance(expr, ir.Unary) and _signed(expr):
            # In plain parentheses it would be a negative constant.
            return f"({plain}: {type_text(expr.type)})"
        return f"({plain})"

    def _plain(self, expr: ir.Expr) -> tuple[str, int]:
        match expr:
            case ir.Constant(value):
                return self.constant(value), _PRIMARY
            case ir.Name(id_):
                known = id_ in self.scope.variables
                return (name(id_) if known else f"nonlocal {name(id_)}"), _PRIMARY
            case ir.GlobalName(id_):
                if "." in id_ or id_ in self.scope.variables:
                    return f"global {id_}", _UNARY
                return name(id_), _PRIMARY
            case ir.EnumMember(enum, member):
                return f"{name(enum)}.{name(member)}", _PRIMARY
            case ir.ErrorMessage(error):
                return f"str({name(error)})", _PRIMARY
            case ir.ErrorName(error):
                return f"type({name(error)}).__name__", _PRIMARY
            case ir.Attribute(value, attribute):
                return f"{self.text(value, _PRIMARY)}.{name(attribute)}", _PRIMARY
            case ir.Subscript(value, index):
                return f"{self.text(value, _PRIMARY)}[{self.text(index)}]", _PRIMARY
            case ir.Slice():
                return self._slice(expr), _PRIMARY
            case ir.Unary() | ir.Binary() | ir.Compare() | ir.Boolean() | ir.Conditional():
                return self._operation(expr)
            case ir.FString(parts):
                return self._fstring(parts), _PRIMARY
            case ir.ListDisplay(items):
                return f"[{self._items(items)}]", _PRIMARY
            case ir.SetDisplay(items):
                return f"{{{self._items(items)}}}", _PRIMARY
            case ir.TupleDisplay(items):
                comma = "," if len(items) == 1 else ""
                return f"({self._items(items)}{comma})", _PRIMARY
            case ir.DictDisplay(entries):
                return f"{{{', '.join(self._entry(*one) for one in entries)}}}", _PRIMARY
            case ir.Lambda():
                return self._lambda(expr), _LOOSE
            case ir.Call(function, args, keywords):
                return f"{function}({self._given(args, keywords)})", _PRIMARY
            case ir.Method(value, method, args, keywords):
                receiver = self.text(value, _PRIMARY)
                return f"{receiver}.{name(method)}({self._given(args, keywords)})", _PRIMARY
            case ir.HelperCall(helper, arguments):
                return f"{name(helper)}({self.helper_arguments(helper, arguments)})", _PRIMARY
            case ir.Construct():
                return self._construct(expr), _PRIMARY
            case ir.Comprehension():
                return self._comprehension(expr), _PRIMARY
            case _:
                assert_never(expr)

    def constant(self, value: str | int | float | bool | None) -> str:
        if isinstance(value, str):
            plain = self.depth and value.isprintable() and not set("'\\\"") & set(value)
            return f"'{value}'" if plain else quoted(value)
        if isinstance(value, float) and value in (float("inf"), float("-inf")):
            return "(-1e999)" if value < 0 else "1e999"
        negative = not isinstance(value, bool | None) and repr(value).startswith("-")
        return f"({value!r})" if negative else repr(value)

    def _operation(
        self, expr: ir.Unary | ir.Binary | ir.Compare | ir.Boolean | ir.Conditional
    ) -> tuple[str, int]:
        match expr:
            case ir.Unary("not", operand):
                return f"not {self.text(operand, _NOT)}", _NOT
            case ir.Unary(operator, operand):
                return f"{operator}{self.text(operand, _UNARY)}", _UNARY
            case ir.Binary("**", left, right):
                return f"{self.text(left, _PRIMARY)} ** {self.text(right, _UNARY)}", _POWER
            case ir.Binary(operator, left, right):
                level = _OPERATORS[operator]
                right_text = self.text(right, level + 1)
                return f"{self.text(left, level)} {operator} {right_text}", level
            case ir.Compare(left, rest):
                found = [self.text(left, _BIT_OR)]
                found += [f"{operator} {self.text(one, _BIT_OR)}" for operator, one in rest]
                return " ".join(found), _COMPARE
            case ir.Boolean(operator, operands):
                level = _OR if operator == "or" else _AND
                texts = [self.text(one, level + 1) for one in operands]
                return f" {operator} ".join(texts), level
            case ir.Conditional(test, then, orelse):
                start = f"{self.text(then, _OR)} if {self.text(test, _OR)}"
                return f"{start} else {self.text(orelse, _CONDITIONAL)}", _CONDITIONAL
            case _:
                assert_never(expr)

    def _slice(self, expr: ir.Slice) -> str:
        lower, upper = (self._bound(one) for one in (expr.lower, expr.upper))
        step = f":{self.text(expr.step)}" if expr.step is not None else ""
        return f"{self.text(expr.value, _PRIMARY)}[{lower}:{upper}{step}]"

    def _bound(self, expr: ir.Expr | None) -> str:
        return "" if expr is None else self.text(expr)

    def _items(self, items: tuple[ir.Expr | ir.Starred, ...]) -> str:
        return ", ".join(self._item(one) for one in items)

    def _item(self, item: ir.Expr | ir.Starred) -> str:
        if isinstance(item, ir.Starred):
            return f"*{self.text(item.value, _BIT_OR)}"
        return self.text(item)

    def _entry(self, key: ir.Expr | None, value: ir.Expr) -> str:
        if key is None:
            return f"**{self.text(value, _BIT_OR)}"
        return f"{self.text(key)}: {self.text(value)}"

    def _fstring(self, parts: tuple[str | ir.Formatted, ...]) -> str:
        inner = ExpressionText(self.scope, self.depth + 1)
        found: list[str] = []
        for part in parts:
            if isinstance(part, str):
                found.append(part.replace("{", "{{").replace("}", "}}"))
                continue
            # The colon of a lambda would begin a format specification.
            text = inner.text(part.value, _CONDITIONAL)
            # A brace would be doubled.
            text = f" {text}" if text.startswith("{") else text
            conversion = f"!{part.conversion}" if part.conversion else ""
            spec = f":{part.spec}" if part.spec else ""
            found.append(f"{{{text}{conversion}{spec}}}")
        return f"f{quoted(''.join(found))}"

    def _lambda(self, expr: ir.Lambda) -> str:
        types = lambda_types(expr)
        parameters = [
            f"{name(one)}: {type_text(types[one])}" if one in types else name(one)
            for one in expr.parameters
        ]
        scope = self.scope.inside({one: types.get(one, t.ANY) for one in expr.parameters})
        body = replace(self, scope=scope).text(expr.body)
        return f"lambda {', '.join(parameters)} -> {body}".replace("lambda  ->", "lambda ->")

    def _given(self, args: tuple[ir.Expr, ...], keywords: tuple[tuple[str, ir.Expr], ...]) -> str:
        if len(args) == 1 and not keywords and self._bare_generator(args[0]):
            return self.text(args[0])[1:-1]
        named = [f"{name(key)}={self.text(value)}" for key, value in keywords]
        return ", ".join([*map(self.text, args), *named])

    def _bare_generator(self, expr: ir.Expr) -> bool:
        """Whether the parentheses of a call do for those of a generator."""
        is_generator = isinstance(expr, ir.Comprehension) and expr.kind == "generator"
        return is_generator and expr.type == self.scope.usual(expr)

    def helper_arguments(self, helper: str, arguments: tuple[ir.Argument, ...]) -> str:
        found = [one.parameters for one in self.scope.module.helpers if one.name == helper]
        return self.arguments(found[0] if found else (), arguments)

    def arguments(
        self, parameters: tuple[ir.Parameter, ...], arguments: tuple[ir.Argument, ...]
    ) -> str:
        """Arguments by name, save those that the source has by position; ``?=`` marks a default
        that the reader has filled in."""
        places = [one.name for one in parameters if one.injected is None]
        found: list[str] = []
        positional = True
        for place, one in enumerate(arguments):
            positional = positional and one.positional and places[place : place + 1] == [one.name]
            sign = "?=" if one.implied else "="
            start = "" if positional else f"{name(one.name)}{sign}"
            found.append(f"{start}{self.text(one.value)}")
        return ", ".join(found)

    def _construct(self, expr: ir.Construct) -> str:
        found = [
            self.text(value) if place < expr.positional else f"{name(key)}={self.text(value)}"
            for place, (key, value) in enumerate(expr.fields)
        ]
        return f"{name(expr.record)}({', '.join(found)})"

    def _comprehension(self, expr: ir.Comprehension) -> str:
        inner = replace(self, scope=self.scope.inside({}))
        clauses = "".join(f" {inner.clause(one)}" for one in expr.clauses)
        element = inner.text(expr.element)
        if expr.key is not None:
            element = f"{inner.text(expr.key)}: {element}"
        match expr.kind:
            case "list":
                return f"[{element}{clauses}]"
            case "generator":
                return f"({element}{clauses})"
        return f"{{{element}{clauses}}}"

    def clause(self, clause: ir.Clause) -> str:
        iterable = self.text(clause.iterable, _OR)
        found = f"for {self.target(clause.target, clause.iterable)} in {iterable}"
        return found + "".join(f" if {self.text(one, _OR)}" for one in clause.conditions)

    def target(self, target: ir.Target, iterable: ir.Expr) -> str:
        """The names of a loop, bound from here on; a type stands where it is not the usual one."""
        usual = self.scope.element_types(iterable, target)
        found: list[str] = []
        for one, type_, expected in zip(target.names, target.types, usual, strict=True):
            self.scope.bind(one, type_)
            hint = "" if type_ == expected else f": {type_text(type_)}"
            found.append(f"{name(one)}{hint}")
        return ", ".join(found) + ("," if target.unpack and len(found) == 1 else "")


def _signed(expr: ir.Unary) -> bool:
    """A number with a minus in front: ``(-1)`` is the constant."""
    number = isinstance(expr.operand, ir.Constant) and isinstance(expr.operand.value, int | float)
    return expr.operator == "-" and number


def is_dotted(text: str) -> bool:
    """Whether a text is a name, or several with dots between them."""
    return all(_NAME.fullmatch(part) for part in text.split("."))
