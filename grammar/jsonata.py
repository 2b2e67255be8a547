"""A parser of JSONata 2.0, the version that AWS Step Functions implements.

:func:`parse` turns the text of an expression (what stands between ``{%`` and ``%}``) into frozen
nodes, each with its offset in the text, or raises :class:`JsonataError` with code, offset and
reason.

This is a hand-written top-down operator precedence (Pratt) parser and not a lark grammar for two
reasons. The reference parser is one, so its table of binding powers can be followed line by line.
And its tokens depend on the position: ``/`` starts a regular expression only after an infix
operator, ``(``, ``[``, ``{``, ``*``, ``%`` and ``-`` mean different things in prefix and infix
position, ``and``/``or``/``in`` are names in prefix position, and a name may hold any character that
is no operator. Error codes are those of the reference implementation (jsonata.org, parser.js).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal, NoReturn, TypeAlias

from wfc.grammar.jsonata_tree import (
    Array,
    Binary,
    Binding,
    Block,
    Call,
    Conditional,
    Constant,
    Descendants,
    Expression,
    Filter,
    Focus,
    Function,
    Group,
    Index,
    KeepArray,
    Name,
    Negation,
    Object,
    Order,
    Pair,
    Parent,
    Path,
    Placeholder,
    Range,
    Regex,
    Term,
    Transform,
    Variable,
    Wildcard,
)

# Nesting of parentheses, brackets, operators' right sides. Step Functions stops evaluating at a
# depth of about 100, so nothing deeper can run there.
MAX_NESTING: Final = 200


class JsonataError(ValueError):
    """The text is no JSONata expression. ``code`` is the reference implementation's, ``position``
    an offset in the text."""

    def __init__(self, code: str, position: int, message: str) -> None:
        super().__init__(f"{message} (at offset {position})")
        self.code = code
        self.position = position
        self.message = message


# --- Tokens --------------------------------------------------------------------------------------

# How tightly an operator binds to what stands left of it; 0 ends an expression.
_BINDING: Final = {
    ".": 75,
    "[": 80,
    "{": 70,
    "(": 80,
    "@": 80,
    "#": 80,
    "?": 20,
    "+": 50,
    "-": 50,
    "*": 60,
    "/": 60,
    "%": 60,
    "=": 40,
    "<": 40,
    ">": 40,
    "^": 40,
    ":=": 10,
    "!=": 40,
    "<=": 40,
    ">=": 40,
    "~>": 40,
    "and": 30,
    "or": 25,
    "in": 40,
    "&": 50,
}
_NEGATION: Final = 70
_PLAIN_INFIX: Final = frozenset(
    ("+", "-", "*", "/", "%", "&", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "~>")
)
_WORDS: Final = {"true": True, "false": False, "null": None}

_GAP: Final = re.compile(r"(?:[ \t\n\r\v]+|/\*.*?\*/)*", re.DOTALL)
_TOKEN: Final = re.compile(
    r"""
    (?P<operator> \.\.|:=|!=|>=|<=|\*\*|~>|[.\[\]{}(),@#;:?+\-*/%|=<>^&!~] )
  | (?P<variable> \$[^\ \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~]* )
  | (?P<text> "[^"\\]*(?:\\.[^"\\]*)*" | '[^'\\]*(?:\\.[^'\\]*)*' )
  | (?P<number> (?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)? )
  | (?P<quoted> `[^`]*` )
  | (?P<name> [^"'`\ \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~]
              [^\ \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~]* )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.|$)", re.DOTALL)
_ESCAPES: Final = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}
_UNTERMINATED: Final = {
    '"': ("S0101", "text is not closed by a matching quote"),
    "'": ("S0101", "text is not closed by a matching quote"),
    "`": ("S0105", "a quoted name is not closed by a backtick"),
}

_Kind: TypeAlias = Literal[
    "operator", "variable", "text", "number", "quoted", "name", "regex", "end"
]


def _unescape(body: str, start: int) -> str:
    if "\\" not in body:
        return body

    def replace(match: re.Match[str]) -> str:
        escape = match[1]
        if len(escape) == 5:
            return chr(int(escape[1:], 16))
        if escape in _ESCAPES:
            return _ESCAPES[escape]
        code = "S0104" if escape == "u" else "S0103"
        raise JsonataError(code, start + match.start(), f"unsupported escape \\{escape} in text")

    text = _ESCAPE.sub(replace, body)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return text


class _Lexer:
    """The token at hand: ``kind``, ``value`` (the text as written) and ``position``."""

    __slots__ = ("binding", "kind", "length", "position", "stop", "text", "value")

    def __init__(self, text: str) -> None:
        self.text = text
        self.length = len(text)
        self.stop = 0
        self.kind: _Kind = "end"
        self.value = ""
        self.position = 0
        self.binding = 0
        self.next(infix=False)

    def next(self, *, infix: bool) -> None:
        """Go to the next token. After an operand (``infix``) a ``/`` divides, else it starts a
        regular expression."""
        gap = _GAP.match(self.text, self.stop)
        start = gap.end() if gap is not None else self.stop
        self.position = start
        if start >= self.length:
            self.kind, self.value, self.binding = "end", "", 0
            return
        if self.text.startswith("/*", start):
            raise JsonataError("S0106", start, "a comment is not closed")
        if self.text[start] == "/" and not infix:
            self._regex(start)
            return
        match = _TOKEN.match(self.text, start)
        if match is None:
            self._no_token(start)
        self.stop = match.end()
        self.value = match[0]
        kind = match.lastgroup
        if kind == "name" and self.value in ("and", "or", "in"):
            kind = "operator"
        self.kind = kind  # type: ignore[assignment]
        self.binding = _BINDING.get(self.value, 0) if kind == "operator" else 0

    def _no_token(self, start: int) -> NoReturn:
        code, message = _UNTERMINATED.get(
            self.text[start], ("S0201", f"unexpected character {self.text[start]!r}")
        )
        raise JsonataError(code, start, message)

    def _regex(self, start: int) -> None:
        """A regular expression ends at the first slash outside brackets that is not escaped. A
        bracket after a backslash does not count, even when that backslash is escaped itself."""
        depth = 0
        escaped = False
        index = start + 1
        while index < self.length:
            char = self.text[index]
            if char == "/" and depth == 0 and not escaped:
                break
            if self.text[index - 1] != "\\":
                depth += (char in "([{") - (char in ")]}")
            escaped = char == "\\" and not escaped
            index += 1
        if index >= self.length:
            raise JsonataError("S0302", start, "a regular expression is not closed by a slash")
        if index == start + 1:
            raise JsonataError("S0301", start, "a regular expression is empty")
        index += 1
        while index < self.length and self.text[index] in "im":
            index += 1
        self.kind, self.value, self.binding = "regex", self.text[start:index], 0
        self.stop = index


# --- Parser --------------------------------------------------------------------------------------


def parse(text: str) -> Expression:
    """The tree of an expression.

    Raises:
        JsonataError: it does not parse.
    """
    parser = _Parser(text)
    tree = parser.expression(0)
    lexer = parser.lexer
    if lexer.kind != "end":
        raise JsonataError("S0201", lexer.position, f"unexpected {lexer.value!r}")
    return tree


class _Parser:
    def __init__(self, text: str) -> None:
        self.lexer = _Lexer(text)
        self.nesting = 0

    def expression(self, binding: int) -> Expression:
        """Parse as long as operators bind more tightly than ``binding``."""
        self.nesting += 1
        lexer = self.lexer
        if self.nesting > MAX_NESTING:
            message = f"nested more than {MAX_NESTING} levels deep"
            raise JsonataError("U1001", lexer.position, message)
        kind, value, position = lexer.kind, lexer.value, lexer.position
        if kind == "end":
            raise JsonataError("S0207", position, "unexpected end of expression")
        lexer.next(infix=True)
        left = self._operand(kind, value, position)
        while binding < lexer.binding:
            value, position = lexer.value, lexer.position
            lexer.next(infix=False)
            left = self._infix(value, position, left)
        self.nesting -= 1
        return left

    def _expect(self, operator: str, *, infix: bool = False) -> None:
        lexer = self.lexer
        if lexer.kind == "end":
            raise JsonataError("S0203", lexer.position, f"expected {operator!r} before the end")
        if lexer.kind != "operator" or lexer.value != operator:
            message = f"expected {operator!r}, got {lexer.value!r}"
            raise JsonataError("S0202", lexer.position, message)
        lexer.next(infix=infix)

    def _at(self, operator: str) -> bool:
        return self.lexer.kind == "operator" and self.lexer.value == operator

    def _take(self, operator: str) -> bool:
        """Step over an operator if it is the token at hand."""
        if not self._at(operator):
            return False
        self.lexer.next(infix=False)
        return True

    # What an expression starts with --------------------------------------------------------------

    def _operand(self, kind: _Kind, value: str, position: int) -> Expression:
        match kind:
            case "variable":
                return Variable(value[1:], position=position)
            case "name":
                if value in _WORDS:
                    return Constant(_WORDS[value], position=position)
                return Name(value, position=position)
            case "text":
                return Constant(_unescape(value[1:-1], position + 1), position=position)
            case "number":
                return Constant(self._number(value, position), position=position)
            case "quoted":
                return Name(value[1:-1], position=position)
            case "regex":
                pattern, _, flags = value[1:].rpartition("/")
                return Regex(pattern, flags, position=position)
            case _:
                return self._prefix(value, position)

    @staticmethod
    def _number(value: str, position: int) -> int | float:
        if value.isdigit():
            return int(value)
        number = float(value)
        if number == float("inf"):
            raise JsonataError("S0102", position, f"number out of range: {value}")
        return number

    def _prefix(self, operator: str, position: int) -> Expression:
        match operator:
            case "(":
                return self._block(position)
            case "[":
                return self._array(position)
            case "{":
                return Object(self._pairs(), position=position)
            case "-":
                return self._negation(position)
            case "*":
                return Wildcard(position=position)
            case "**":
                return Descendants(position=position)
            case "%":
                return Parent(position=position)
            case "|":
                return self._transform(position)
            case "and" | "or" | "in":
                return Name(operator, position=position)
        message = f"{operator!r} cannot stand at the start of an expression"
        raise JsonataError("S0211", position, message)

    def _negation(self, position: int) -> Expression:
        value = self.expression(_NEGATION)
        match value:
            case Constant(bool()):
                return Negation(value, position=position)
            case Constant(int() | float() as number):
                return Constant(-number, position=position)
        return Negation(value, position=position)

    def _block(self, position: int) -> Expression:
        expressions: list[Expression] = []
        while not self._at(")"):
            expressions.append(self.expression(0))
            if not self._take(";"):
                break
        self._expect(")", infix=True)
        return Block(tuple(expressions), position=position)

    def _array(self, position: int) -> Expression:
        items: list[Expression] = []
        if not self._at("]"):
            items.append(self._array_item())
            while self._take(","):
                items.append(self._array_item())
        self._expect("]", infix=True)
        return Array(tuple(items), position=position)

    def _array_item(self) -> Expression:
        first = self.expression(0)
        position = self.lexer.position
        if not self._take(".."):
            return first
        return Range(first, self.expression(0), position=position)

    def _pairs(self) -> tuple[Pair, ...]:
        pairs: list[Pair] = []
        if not self._at("}"):
            while True:
                key = self.expression(0)
                self._expect(":")
                pairs.append((key, self.expression(0)))
                if not self._take(","):
                    break
        self._expect("}", infix=True)
        return tuple(pairs)

    def _transform(self, position: int) -> Expression:
        pattern = self.expression(0)
        self._expect("|")
        update = self.expression(0)
        delete = self.expression(0) if self._take(",") else None
        self._expect("|")
        return Transform(pattern, update, delete, position=position)

    # What goes on after an operand ---------------------------------------------------------------

    def _infix(self, operator: str, position: int, left: Expression) -> Expression:
        if operator in _PLAIN_INFIX:
            right = self.expression(_BINDING[operator])
            return Binary(operator, left, right, position=position)  # type: ignore[arg-type]
        handler: Callable[[int, Expression], Expression]
        match operator:
            case ".":
                handler = self._path
            case "(":
                handler = self._call
            case "[":
                handler = self._filter
            case "{":
                handler = self._group
            case "^":
                handler = self._order
            case "?":
                handler = self._conditional
            case ":=":
                handler = self._binding
            case "@":
                handler = self._focus
            case _:
                handler = self._index
        return handler(position, left)

    def _path(self, position: int, left: Expression) -> Expression:
        right = self.expression(_BINDING["."])
        head = left.steps if isinstance(left, Path) else (self._step(left),)
        tail = right.steps if isinstance(right, Path) else (self._step(right),)
        return Path(head + tail, position=position)

    @staticmethod
    def _step(node: Expression) -> Expression:
        match node:
            case Constant(str() as name):
                return Name(name, position=node.position)
            case Constant():
                message = "a literal cannot be a step of a path"
                raise JsonataError("S0213", node.position, message)
        return node

    def _filter(self, position: int, left: Expression) -> Expression:
        if self._at("]"):
            self._expect("]")
            return KeepArray(left, position=position)
        predicate = self.expression(0)
        self._expect("]", infix=True)
        if isinstance(_last_step(left), Group):
            raise JsonataError("S0209", position, "a predicate cannot follow a grouping")
        return Filter(left, predicate, position=position)

    def _group(self, position: int, left: Expression) -> Expression:
        pairs = self._pairs()
        if isinstance(left, Group):
            raise JsonataError("S0210", position, "a step can be grouped only once")
        return Group(left, pairs, position=position)

    def _order(self, position: int, left: Expression) -> Expression:
        self._expect("(")
        terms: list[Term] = []
        while True:
            start = self.lexer.position
            descending = self._take(">")
            if not descending:
                self._take("<")
            terms.append(Term(self.expression(0), descending, position=start))
            if not self._take(","):
                break
        self._expect(")")
        return Order(left, tuple(terms), position=position)

    def _conditional(self, position: int, left: Expression) -> Expression:
        then = self.expression(0)
        orelse = self.expression(0) if self._take(":") else None
        return Conditional(left, then, orelse, position=position)

    def _binding(self, position: int, left: Expression) -> Expression:
        if not isinstance(left, Variable):
            message = "the left side of := must be a variable name (start with $)"
            raise JsonataError("S0212", left.position, message)
        value = self.expression(_BINDING[":="] - 1)
        return Binding(left.name, value, position=position)

    def _focus(self, position: int, left: Expression) -> Expression:
        name = self._bound_name("@")
        step = _last_step(left)
        # partial: any other step can be bound
        if isinstance(step, Filter):
            raise JsonataError("S0215", position, "a context binding must precede any predicate")
        if isinstance(step, Order):
            raise JsonataError("S0216", position, "a context binding must precede the order-by")
        return Focus(left, name, position=position)

    def _index(self, position: int, left: Expression) -> Expression:
        return Index(left, self._bound_name("#"), position=position)

    def _bound_name(self, operator: Literal["@", "#"]) -> str:
        right = self.expression(_BINDING[operator])
        if not isinstance(right, Variable):
            message = f"the right side of {operator} must be a variable name (start with $)"
            raise JsonataError("S0214", right.position, message)
        return right.name

    def _call(self, position: int, left: Expression) -> Expression:
        arguments: list[Expression] = []
        if not self._at(")"):
            arguments.append(self._argument())
            while self._take(","):
                arguments.append(self._argument())
        self._expect(")", infix=True)
        if isinstance(left, Name) and left.name in ("function", "λ"):
            return self._function(left.position, arguments)
        return Call(left, tuple(arguments), position=position)

    def _argument(self) -> Expression:
        position = self.lexer.position
        if self._take("?"):
            return Placeholder(position=position)
        return self.expression(0)

    def _function(self, position: int, arguments: list[Expression]) -> Expression:
        parameters: list[str] = []
        for argument in arguments:
            if not isinstance(argument, Variable):
                message = "a parameter of a function must be a variable name (start with $)"
                raise JsonataError("S0208", argument.position, message)
            parameters.append(argument.name)
        signature = self._signature() if self._at("<") else ""
        self._expect("{")
        body = self.expression(0)
        self._expect("}")
        return Function(tuple(parameters), body, signature, position=position)

    def _signature(self) -> str:
        """The text of ``<a-n?:s>``, brackets included."""
        lexer = self.lexer
        start = lexer.position
        depth = 1
        while depth:
            lexer.next(infix=True)
            if lexer.kind == "end" or self._at("{"):
                raise JsonataError("S0202", lexer.position, "expected '>' of the signature")
            if self._at(">"):
                depth -= 1
            elif self._at("<"):
                depth += 1
        end = lexer.position + 1
        lexer.next(infix=False)
        return lexer.text[start:end]


def _last_step(node: Expression) -> Expression:
    return node.steps[-1] if isinstance(node, Path) else node
