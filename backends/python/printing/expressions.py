"""IR expressions as Python text, with no more parentheses than Python needs."""

from __future__ import annotations

import builtins
from abc import abstractmethod
from collections.abc import Sequence
from enum import IntEnum
from typing import TypeGuard, assert_never

from wfc.backends.python.printing.hooks import Hooks
from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.layout import (
    Bracket,
    Chain,
    Doc,
    arguments,
    call,
    flat,
    join,
    parenthesised,
)
from wfc.backends.python.printing.text import quote
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir


class Level(IntEnum):
    """How strongly an expression binds (Python reference, "Operator precedence")."""

    TUPLE = 0
    LAMBDA = 1
    CONDITIONAL = 2
    OR = 3
    AND = 4
    NOT = 5
    COMPARE = 6
    BIT_OR = 7
    BIT_XOR = 8
    BIT_AND = 9
    SHIFT = 10
    SUM = 11
    PRODUCT = 12
    SIGN = 13
    POWER = 14
    AWAIT = 15
    ATOM = 16


BINARY_LEVELS: dict[str, Level] = {
    "|": Level.BIT_OR,
    "^": Level.BIT_XOR,
    "&": Level.BIT_AND,
    "<<": Level.SHIFT,
    ">>": Level.SHIFT,
    "+": Level.SUM,
    "-": Level.SUM,
    "*": Level.PRODUCT,
    "/": Level.PRODUCT,
    "//": Level.PRODUCT,
    "%": Level.PRODUCT,
    "**": Level.POWER,
}

# Library classes and functions that are imported by name; of other modules the module is imported.
IMPORTED_BY_NAME = frozenset({"datetime", "dataclasses", "decimal", "copy"})


class Expressions(Hooks, partial=True):
    """Prints expressions and notes what they need.

    How a variable and a caught error are written, its subclasses say. ``used`` collects the
    module-level names of the user's file that the text refers to, ``imports`` what it imports from
    libraries.
    """

    def __init__(self, module: ir.Module, imports: Imports) -> None:
        self.module = module
        self.imports = imports
        self.used: set[str] = set()
        # Temporaries whose operation is written where their value is used.
        self.inlined: dict[str, tuple[Doc, Level]] = {}

    @abstractmethod
    def variable(self, name: str) -> Doc:
        """A local variable or parameter."""

    @abstractmethod
    def error_message(self, name: str) -> Doc:
        """The message of the caught error of that name."""

    @abstractmethod
    def error_message_in_text(self, name: str) -> Doc:
        """The same inside an f-string, where no conversion or format is given."""

    @abstractmethod
    def error_name(self, name: str) -> Doc:
        """The class name of the caught error of that name."""

    # --- Names -----------------------------------------------------------------------------------

    def global_name(self, name: str) -> str:
        """A constant, record, enum or helper of the user's module."""
        self.used.add(name)
        return name

    def library(self, name: str) -> str:
        """A builtin, or a library function under its full name, imported as the source does."""
        module, _, member = name.rpartition(".")
        if not module or hasattr(builtins, module):  # such as dict.fromkeys
            return name
        for statement in self.module.imports:
            for bound, full in statement.names:
                if full == name:
                    self.used.add(bound)
                    return bound
                if full == module:
                    self.used.add(bound)
                    return f"{bound}.{member}"
        if module in IMPORTED_BY_NAME:
            self.imports.member(module, member)
            return member
        self.imports.module(module)
        return name

    # --- Printing --------------------------------------------------------------------------------

    def expression(self, node: ir.Expr, level: Level = Level.TUPLE) -> Doc:
        """The text of an expression, in parentheses where a place binds more strongly than it."""
        doc, own = self._print(node)
        return parenthesised(doc) if own < level else doc

    def item(self, node: ir.Expr | ir.Starred) -> Doc:
        """An argument or an item of a display."""
        if isinstance(node, ir.Starred):
            return join("*", self.expression(node.value, Level.BIT_OR))
        return self.expression(node, Level.LAMBDA)

    def _print(self, node: ir.Expr) -> tuple[Doc, Level]:
        match node:
            case ir.Constant(value=value):
                return _constant(value)
            case ir.Name(id=name):
                if name in self.inlined:
                    return self.inlined[name]
                return self.variable(name), Level.ATOM
            case ir.GlobalName(id=name):
                return self.global_name(name), Level.ATOM
            case ir.EnumMember(enum=enum, member=member):
                return f"{self.global_name(enum)}.{member}", Level.ATOM
            case ir.Attribute(value=value, name=name):
                return join(self._primary(value), f".{name}"), Level.ATOM
            case ir.Subscript(value=value, index=index):
                key = Bracket("[", (self.expression(index),), "]", comma=False)
                return join(self._primary(value), key), Level.ATOM
            case ir.Slice():
                return self._slice(node), Level.ATOM
            case ir.Unary():
                return self._unary(node)
            case ir.Binary():
                return self._binary(node)
            case ir.Compare(left=left, rest=rest):
                operands = tuple(
                    (f" {operator} ", self.expression(right, Level.BIT_OR))
                    for operator, right in rest
                )
                return Chain(self.expression(left, Level.BIT_OR), operands), Level.COMPARE
            case ir.Boolean(operator=operator, operands=operands):
                return self._boolean(operator, operands)
            case ir.Conditional(test=test, then=then, orelse=orelse):
                branches = (
                    (" if ", self.expression(test, Level.OR)),
                    (" else ", self.expression(orelse, Level.CONDITIONAL)),
                )
                return Chain(self.expression(then, Level.OR), branches), Level.CONDITIONAL
            case ir.FString():
                return self._fstring(node), Level.ATOM
            case ir.ListDisplay(items=items):
                return Bracket("[", tuple(map(self.item, items)), "]"), Level.ATOM
            case ir.TupleDisplay(items=items):
                return self._tuple(items), Level.ATOM
            case ir.SetDisplay(items=items):
                return Bracket("{", tuple(map(self.item, items)), "}"), Level.ATOM
            case ir.DictDisplay(entries=entries):
                return Bracket("{", tuple(self._entry(*e) for e in entries), "}"), Level.ATOM
            case ir.Lambda(parameters=parameters, body=body):
                return self._lambda(parameters, body), Level.LAMBDA
            case ir.Call(function=function, args=args, keywords=keywords):
                return join(self.library(function), self._arguments(args, keywords)), Level.ATOM
            case ir.Method(value=value, name=name, args=args, keywords=keywords):
                given = self._arguments(args, keywords)
                return join(self._primary(value), f".{name}", given), Level.ATOM
            case ir.HelperCall(helper=helper, args=bound):
                return call(self.global_name(helper), self.arguments(bound)), Level.ATOM
            case ir.Construct(record=record, fields=fields, positional=positional):
                values = [
                    self.item(value) if index < positional else self.keyword(name, value)
                    for index, (name, value) in enumerate(fields)
                ]
                return call(self.global_name(record), values), Level.ATOM
            case ir.Comprehension():
                return self._comprehension(node), Level.ATOM
            case ir.ErrorMessage(name=name):
                return self.error_message(name), Level.ATOM
            case ir.ErrorName(name=name):
                return self.error_name(name), Level.ATOM
            case _:
                assert_never(node)

    def keyword(self, name: str, value: ir.Expr) -> Doc:
        """``name=value``"""
        return join(f"{name}=", self.item(value))

    def arguments(self, arguments: Sequence[ir.Argument]) -> list[Doc]:
        """The arguments of a call as the source has them; a default that was left out stays out.
        After an argument with a name, each one needs its name."""
        written = [argument for argument in arguments if not argument.implied]
        docs: list[Doc] = []
        named = False
        for argument in written:
            named = named or not argument.positional
            value = argument.value
            docs.append(self.keyword(argument.name, value) if named else self.item(value))
        return docs

    def _primary(self, node: ir.Expr) -> Doc:
        """What stands before a dot or a bracket; a number needs parentheses before a dot."""
        if isinstance(node, ir.Constant) and isinstance(node.value, int | float):
            return f"({node.value!r})"
        return self.expression(node, Level.ATOM)

    def _slice(self, node: ir.Slice) -> Doc:
        """Blanks around the colon where a bound is more than a name or number, as Black does."""
        bounds = [node.lower, node.upper]
        simple = all(b is None or _plain_bound(b) for b in bounds)
        lower, upper = (flat(self.expression(b, Level.LAMBDA)) if b else "" for b in bounds)
        text = f"{lower}:{upper}" if simple else f"{lower} : {upper}".strip()
        if node.step is not None:
            step = flat(self.expression(node.step, Level.LAMBDA))
            text += f":{step}" if simple else f" : {step}"
        return join(self._primary(node.value), f"[{text}]")

    def _unary(self, node: ir.Unary) -> tuple[Doc, Level]:
        if node.operator == "not":
            return join("not ", self.expression(node.operand, Level.NOT)), Level.NOT
        return join(node.operator, self.expression(node.operand, Level.SIGN)), Level.SIGN

    def _binary(self, node: ir.Binary) -> tuple[Doc, Level]:
        level = BINARY_LEVELS[node.operator]
        if node.operator == "**":
            left = self.expression(node.left, Level.AWAIT)
            simple = _hugs_power(node.left) and _hugs_power(node.right)
            simple = simple and not isinstance(left, Bracket)
            operator = "**" if simple else " ** "
            right = self.expression(node.right, Level.SIGN)
            return Chain(left, ((operator, right),)), level
        # Operands of the same level make one chain, however long: a + b - c.
        rest: list[tuple[str, Doc]] = []
        first: ir.Expr = node
        while isinstance(first, ir.Binary) and BINARY_LEVELS[first.operator] == level:
            right = self.expression(first.right, Level(level + 1))
            rest.append((f" {first.operator} ", right))
            first = first.left
        return Chain(self.expression(first, level), tuple(reversed(rest))), level

    def _boolean(self, operator: str, operands: Sequence[ir.Expr]) -> tuple[Doc, Level]:
        level = Level.AND if operator == "and" else Level.OR
        first, *rest = (self.expression(operand, Level(level + 1)) for operand in operands)
        return Chain(first, tuple((f" {operator} ", operand) for operand in rest)), level

    def _tuple(self, items: Sequence[ir.Expr | ir.Starred]) -> Doc:
        docs = tuple(map(self.item, items))
        if len(docs) == 1:
            return join("(", docs[0], ",)")
        return Bracket("(", docs, ")")

    def _entry(self, key: ir.Expr | None, value: ir.Expr) -> Doc:
        if key is None:
            return join("**", self.expression(value, Level.BIT_OR))
        return join(self.expression(key, Level.LAMBDA), ": ", self.expression(value, Level.LAMBDA))

    def _lambda(self, parameters: Sequence[str], body: ir.Expr) -> Doc:
        head = f"lambda {', '.join(parameters)}" if parameters else "lambda"
        return join(f"{head}: ", self.expression(body, Level.LAMBDA))

    def _arguments(
        self, args: Sequence[ir.Expr], keywords: Sequence[tuple[str, ir.Expr]]
    ) -> Bracket:
        if len(args) == 1 and not keywords and _is_generator(args[0]):
            # No comma may follow the only argument when it is a generator without parentheses.
            return replace(self._comprehension(args[0]), packed=True)
        return arguments([*map(self.item, args), *(self.keyword(*keyword) for keyword in keywords)])

    def _comprehension(self, node: ir.Comprehension) -> Bracket:
        marks = {"list": "[]", "set": "{}", "dict": "{}", "generator": "()"}[node.kind]
        return Bracket(marks[0], (self._clauses(node),), marks[1], comma=False)

    def _clauses(self, node: ir.Comprehension) -> Doc:
        element: Doc = self.expression(node.element, Level.LAMBDA)
        if node.key is not None:
            element = join(self.expression(node.key, Level.LAMBDA), ": ", element)
        rest: list[tuple[str, Doc]] = []
        for clause in node.clauses:
            rest.append(
                (
                    f" for {self.target(clause.target)} in ",
                    self.expression(clause.iterable, Level.OR),
                )
            )
            rest += [(" if ", self.expression(test, Level.OR)) for test in clause.conditions]
        return Chain(element, tuple(rest))

    def target(self, target: ir.Target) -> str:
        """What a loop binds: ``x``, ``key, value`` or ``x,``."""
        names = ", ".join(target.names)
        return f"{names}," if target.unpack and len(target.names) == 1 else names

    # --- f-strings -------------------------------------------------------------------------------

    def _fstring(self, node: ir.FString) -> Doc:
        """Before Python 3.12 an expression inside an f-string holds neither a backslash nor the
        quotes of the string; where that cannot be had, ``str.format`` says the same."""
        values = [self._formatted(part) for part in node.parts if isinstance(part, ir.Formatted)]
        for mark in ('"', "'", '"""'):
            inside = [_requoted(value, mark) for value in values]
            specs = [part.spec for part in node.parts if isinstance(part, ir.Formatted)]
            if not any(_clashes(text, mark) for text in (*inside, *specs)):
                return _fstring_text(node.parts, inside, mark)
        return self._format_call(node.parts, values)

    def _formatted(self, part: ir.Formatted) -> str:
        value = part.value
        if isinstance(value, ir.ErrorMessage) and not part.conversion and not part.spec:
            return flat(self.error_message_in_text(value.name))
        text = flat(self.expression(value, Level.CONDITIONAL))
        return f"({text})" if text.startswith("{") else text

    def _format_call(self, parts: Sequence[str | ir.Formatted], values: Sequence[str]) -> Doc:
        template = "".join(
            _doubled(part) if isinstance(part, str) else f"{{{_conversion(part)}}}"
            for part in parts
        )
        return call(f"{quote(template)}.format", values)


class OwnErrors(Expressions, partial=True):
    """A caught error is an instance of the class that the source names."""

    def error_message(self, name: str) -> Doc:
        return f"str({name})"

    def error_message_in_text(self, name: str) -> Doc:
        return name

    def error_name(self, name: str) -> Doc:
        return f"type({name}).__name__"


class PlainExpressions(OwnErrors):
    """Prints expressions as the source has them."""

    def variable(self, name: str) -> Doc:
        return name


def _constant(value: str | int | float | bool | None) -> tuple[Doc, Level]:
    match value:
        case str():
            return quote(value), Level.ATOM
        case bool() | None:
            return repr(value), Level.ATOM
    if value != value or value in (float("inf"), float("-inf")):
        return f'float("{value}")', Level.ATOM
    return repr(value), Level.SIGN if value < 0 or str(value).startswith("-") else Level.ATOM


def _plain_bound(node: ir.Expr) -> bool:
    inner = node.operand if isinstance(node, ir.Unary) else node
    return isinstance(inner, ir.Constant | ir.Name)


def _hugs_power(node: ir.Expr) -> bool:
    """Black writes ``x**2`` for plain operands and ``f(x) ** 2`` for others."""
    # partial: black sets other operands apart
    match node:
        case ir.Attribute(value=value):
            return _hugs_power(value)
        case ir.Unary(operator="-", operand=operand):
            return _hugs_power(operand)
        case ir.Constant(value=value):
            return isinstance(value, int | float)
    return isinstance(node, ir.Name | ir.GlobalName)


def _is_generator(node: ir.Expr) -> TypeGuard[ir.Comprehension]:
    return isinstance(node, ir.Comprehension) and node.kind == "generator"


def _conversion(part: ir.Formatted) -> str:
    conversion = f"!{part.conversion}" if part.conversion else ""
    return f"{conversion}:{part.spec}" if part.spec else conversion


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _requoted(text: str, mark: str) -> str:
    """The text with its strings in the other kind of quotes, where that is all it takes."""
    other = "'" if mark.startswith('"') else '"'
    own = mark[0]
    if own not in text or other in text or len(mark) == 3:
        return text
    return text.replace(own, other)


def _clashes(text: str, mark: str) -> bool:
    if "\\" in text or "\n" in text:
        return True
    return text.endswith(mark[0]) or '"""' in text if len(mark) == 3 else mark in text


def _fstring_text(parts: Sequence[str | ir.Formatted], values: Sequence[str], mark: str) -> str:
    remaining = iter(values)
    pieces = [
        _literal(part, mark)
        if isinstance(part, str)
        else f"{{{next(remaining)}{_conversion(part)}}}"
        for part in parts
    ]
    return f"f{mark}{''.join(pieces)}{mark}"


def _literal(text: str, mark: str) -> str:
    """Literal text of an f-string between the given quotes."""
    escaped = "".join(repr(character)[1:-1] for character in text)
    return _doubled(escaped.replace(mark[0], f"\\{mark[0]}"))
