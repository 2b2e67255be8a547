"""Reads expressions of the IR's text form out of the parser's tree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, cast

from wfc.compiler.data.struct import MutableStruct, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.table import FUNCTIONS
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.text.expressions import Scope
from wfc.compiler.language.text.parse_types import (
    Branch,
    literal_of,
    misplaced,
    name_of,
    number_of,
    trees,
    type_of,
)
from wfc.grammar.loader import load


class ExpressionReader(MutableStruct):
    """Reads the expressions of one function; the scope knows what is bound in front of them."""

    scope: Scope

    def type(self, branch: Branch) -> t.Type:
        return type_of(branch, {one.name for one in self.scope.module.enums})

    def read(self, branch: Branch) -> ir.Expr:
        """The expression with its type: the one written, or the one that follows."""
        if branch.data == "typed":
            inner, type_ = branch.children
            return replace(self._plain(cast(Branch, inner)), type=self.type(cast(Branch, type_)))
        if branch.data == "group":
            (inner,) = trees(branch)
            constant = _negative(inner)
            return self._typed(constant) if constant is not None else self.read(inner)
        return self._typed(self._plain(branch))

    def _typed(self, expr: ir.Expr) -> ir.Expr:
        return replace(expr, type=self.scope.usual(expr))

    def _plain(self, branch: Branch) -> ir.Expr:
        parts = trees(branch)
        match branch.data:
            case "literal":
                return ir.Constant(literal_of(parts[0]))
            case "name":
                return self._named(name_of(parts[0]))
            case "local":
                return ir.Name(name_of(parts[0]))
            case "global":
                return ir.GlobalName(".".join(map(name_of, parts[0].children)))
            case "fstring":
                return ir.FString(tuple(self._fstring(json.loads(parts[0][1:]), parts[0])))
            case "attribute":
                return self._attribute(parts[0], name_of(parts[1]))
            case "item":
                return ir.Subscript(self.read(parts[0]), self.read(parts[1]))
            case "primary":
                return self._slice(parts[0], parts[1])
            case "call":
                return self._call(parts[0], parts[1])
            case "unary" | "not" | "binary" | "compare" | "and" | "or" | "conditional":
                return self._operation(branch)
            case "list":
                return ir.ListDisplay(tuple(map(self._item, parts)))
            case "tuple":
                return ir.TupleDisplay(tuple(map(self._item, parts)))
            case "set":
                return ir.SetDisplay(tuple(map(self._item, parts)))
            case "dict":
                return ir.DictDisplay(tuple(map(self._entry, parts)))
            case "lambda":
                return self._lambda(parts)
            case "list_of" | "set_of" | "dict_of" | "generator" | "generator_argument":
                return self._comprehension(branch)
            case "group" | "typed":
                return self.read(branch)
        raise misplaced("an expression is expected here", branch)

    def _named(self, name: str) -> ir.Expr:
        return ir.Name(name) if name in self.scope.variables else ir.GlobalName(name)

    def _operation(self, branch: Branch) -> ir.Expr:
        parts = trees(branch)
        match branch.data:
            case "unary":
                return ir.Unary(cast(Any, str(parts[0])), self.read(parts[1]))
            case "not":
                return ir.Unary("not", self.read(parts[0]))
            case "binary":
                return ir.Binary(cast(Any, str(parts[1])), self.read(parts[0]), self.read(parts[2]))
            case "compare":
                left, *others = parts
                pairs = zip(others[::2], others[1::2], strict=True)
                rest = [
                    (" ".join(str(operator.children[0]).split()), self.read(right))
                    for operator, right in pairs
                ]
                return ir.Compare(self.read(left), cast(Any, tuple(rest)))
            case "conditional":
                then, test, orelse = map(self.read, parts)
                return ir.Conditional(test, then, orelse)
        return ir.Boolean(cast(Any, str(branch.data)), tuple(map(self.read, parts)))

    def _slice(self, value: Branch, slice_: Branch) -> ir.Expr:
        bounds = [None if one is None else self.read(cast(Branch, one)) for one in slice_.children]
        return ir.Slice(self.read(value), *bounds)

    def _item(self, branch: Branch) -> ir.Expr | ir.Starred:
        if branch.data == "starred":
            return ir.Starred(self.read(trees(branch)[0]))
        return self.read(branch)

    def _entry(self, branch: Branch) -> tuple[ir.Expr | None, ir.Expr]:
        *key, value = trees(branch)
        return (self.read(key[0]) if key else None), self.read(value)

    def _attribute(self, value: Branch, name: str) -> ir.Expr:
        if name == "__name__" and value.data == "call":
            callee, arguments = trees(value)
            error = self._error_in("type", _dotted(callee), arguments)
            if error is not None:
                return ir.ErrorName(error)
        if value.data == "name":
            owner = name_of(value.children[0])
            enums = {one.name for one in self.scope.module.enums}
            if owner in enums and owner not in self.scope.variables:
                return ir.EnumMember(owner, name)
        return ir.Attribute(self.read(value), name)

    def _error_in(self, wanted: str, called: str | None, arguments: Branch) -> str | None:
        """The caught error that a function is called with, if it is the wanted one."""
        match _each(arguments):
            case [given] if called == wanted and given.data == "name":
                name = name_of(given.children[0])
                return name if isinstance(self.scope.variables.get(name), t.ErrorType) else None
        return None

    def _call(self, callee: Branch, arguments: Branch) -> ir.Expr:
        name = _dotted(callee)
        if name is None or name.split(".")[0] in self.scope.variables:
            return self._method(callee, arguments)
        if "." in name and name not in FUNCTIONS:
            return self._method(callee, arguments)
        error = self._error_in("str", name, arguments)
        if error is not None:
            return ir.ErrorMessage(error)
        for record in self.scope.module.records:
            if record.name == name:
                return self._construct(name, [one.name for one in record.fields], arguments)
        for helper in self.scope.module.helpers:
            if helper.name == name:
                return ir.HelperCall(name, self.arguments(helper.parameters, arguments))
        return ir.Call(name, *self._given(arguments))

    def _method(self, callee: Branch, arguments: Branch) -> ir.Expr:
        if callee.data != "attribute":
            raise misplaced("only a function or method can be called", callee)
        value, method = trees(callee)
        return ir.Method(self.read(value), name_of(method), *self._given(arguments))

    def _given(
        self, arguments: Branch
    ) -> tuple[tuple[ir.Expr, ...], tuple[tuple[str, ir.Expr], ...]]:
        args: list[ir.Expr] = []
        keywords: list[tuple[str, ir.Expr]] = []
        for one in _each(arguments):
            if one.data == "named":
                keywords.append((name_of(one.children[0]), self.read(one.children[1])))
            else:
                args.append(self.read(one))
        return tuple(args), tuple(keywords)

    def arguments(
        self, parameters: tuple[ir.Parameter, ...], arguments: Branch
    ) -> tuple[ir.Argument, ...]:
        """The arguments of a helper, step or workflow, bound to its parameters."""
        places = [one.name for one in parameters if one.injected is None]
        found: list[ir.Argument] = []
        for place, one in enumerate(_each(arguments)):
            if one.data in ("named", "implied"):
                name, value = one.children
                implied = one.data == "implied"
                found.append(ir.Argument(name_of(name), self.read(value), implied=implied))
            elif place < len(places):
                found.append(ir.Argument(places[place], self.read(one), positional=True))
            else:
                raise misplaced("an argument without a parameter", arguments)
        return tuple(found)

    def _construct(self, record: str, fields: list[str], arguments: Branch) -> ir.Expr:
        args, keywords = self._given(arguments)
        if len(args) > len(fields):
            raise misplaced(f"record {record} has {len(fields)} fields", arguments)
        given = tuple(zip(fields, args, strict=False))
        return ir.Construct(record, given + keywords, len(args))

    def _lambda(self, parts: list[Any]) -> ir.Expr:
        *bindings, body = parts
        types = {name: type_ or t.ANY for name, type_ in map(self.binding, bindings)}
        inner = ExpressionReader(self.scope.inside(types))
        return ir.Lambda(tuple(types), inner.read(body))

    def _comprehension(self, branch: Branch) -> ir.Expr:
        parts = trees(branch)
        results = [one for one in parts if one.data != "clause"]
        inner = ExpressionReader(self.scope.inside({}))
        clauses = tuple(inner._clause(one) for one in parts if one.data == "clause")
        kinds: dict[str, Literal["list", "set", "dict", "generator"]]
        kinds = {"list_of": "list", "set_of": "set", "dict_of": "dict"}
        *key, element = map(inner.read, results)
        kind = kinds.get(str(branch.data), "generator")
        return ir.Comprehension(kind, key[0] if key else None, element, clauses)

    def _clause(self, branch: Branch) -> ir.Clause:
        target, iterable, *conditions = trees(branch)
        source = self.read(iterable)
        bound = self.target(target, source)
        return ir.Clause(bound, source, tuple(map(self.read, conditions)))

    def target(self, branch: Branch, iterable: ir.Expr) -> ir.Target:
        """The names of a loop; they are bound from here on."""
        (inner,) = trees(branch)
        unpack = inner.data == "bindings"
        found = [self.binding(one) for one in (trees(inner) if unpack else [inner])]
        names = tuple(name for name, _ in found)
        blank = ir.Target(names, (), unpack)
        usual = self.scope.element_types(iterable, blank)
        types = tuple(
            expected if type_ is None else type_
            for (_, type_), expected in zip(found, usual, strict=True)
        )
        for name, type_ in zip(names, types, strict=True):
            self.scope.bind(name, type_)
        return replace(blank, types=types)

    def binding(self, branch: Branch) -> tuple[str, t.Type | None]:
        """A name and the type that is written with it."""
        name, *type_ = trees(branch)
        return name_of(name), self.type(type_[0]) if type_ else None

    def _fstring(self, text: str, token: Any) -> Iterator[str | ir.Formatted]:
        literal = ""
        place = 0
        while place < len(text):
            one = text[place]
            if one in "{}" and text[place : place + 2] == one * 2:
                literal, place = literal + one, place + 2
            elif one != "{":
                literal, place = literal + one, place + 1
            else:
                if literal:
                    yield literal
                literal = ""
                end = _expression_end(text, place + 1)
                closing = text.find("}", end)
                yield self._formatted(text[place + 1 : end], text[end:closing], token)
                place = closing + 1
        if literal:
            yield literal

    def _formatted(self, text: str, rest: str, token: Any) -> ir.Formatted:
        from lark.exceptions import UnexpectedInput

        conversion, _, spec = rest.partition(":")
        try:
            branch = load("ir", "expr").parse(text)
        except UnexpectedInput:
            raise misplaced(f"'{text}' is no expression", token) from None
        return ir.Formatted(self.read(branch), cast(Any, conversion[1:]), spec)


def _each(arguments: Branch) -> list[Any]:
    """The arguments of a call; a generator may stand there without parentheses of its own."""
    return [arguments] if arguments.data == "generator_argument" else trees(arguments)


def _negative(branch: Branch) -> ir.Constant | None:
    """A negative number in parentheses is a constant."""
    match branch.data, trees(branch):
        case "unary", [sign, inner] if sign == "-" and inner.data == "literal":
            (token,) = inner.children
            if token.type == "NUMBER":
                return ir.Constant(-number_of(token))
    return None


def _dotted(branch: Branch) -> str | None:
    """The name that a call is made by: ``len``, ``math.floor``."""
    match branch.data, trees(branch):
        case "name", [token]:
            return name_of(token)
        case "attribute", [value, token]:
            owner = _dotted(value)
            return None if owner is None else f"{owner}.{name_of(token)}"
    return None


def _expression_end(text: str, start: int) -> int:
    """Where the expression in ``{...}`` ends: in front of its conversion, format specification or
    closing brace. Brackets and strings inside it are skipped."""
    depth = 0
    quote = ""
    place = start
    while place < len(text):
        one = text[place]
        if quote:
            place += one == "\\" and quote == '"'
            quote = "" if one == quote else quote
        elif one in "\"'":
            quote = one
        elif one in "([{":
            depth += 1
        elif depth:
            depth -= one in ")]}"
        elif one in ":}" or (one == "!" and text[place : place + 2] != "!="):
            return place
        place += 1
    return place
