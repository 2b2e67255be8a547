"""Random JSON values for annotated parameters, those that tell implementations apart among them."""

from __future__ import annotations

import dataclasses
import enum
import json
import random
import types
import typing
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

LARGEST = 2**53 - 1
INTS = (
    *(0, 1, -1, 2, -2, 3, 7, -7, 10, -10, 12, 255, -256, 1000, 10**6, -(10**6), 2**31, 2**32 + 1),
    *(10**15 - 1, 10**15, 10**15 + 1, LARGEST, -LARGEST),
)
FLOATS = (
    *(0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.125, 2.675, 1.005, 0.1 + 0.2, 1 / 3, -0.001),
    *(1e-7, 1e15, 1e16, 1e21, 1e22, -1e22, 1e300, 1e-300, 123456.789),
)
PIECES = (
    *("a", "b", "A", "Z", "0", "9", " ", ",", ".", "-", "_", "/", "$", "%", "'", '"', "\\", "`"),
    *("{", "}", "[", "]", "(", ")", "^", "*", "+", "?", "|", "\t", "\n", "é", "ß", "Σ", "ς", "İ"),
    *("ı", "ﬁ", "中", "Ａ", "😀", "𝒳", "\u0301", "\u00a0", "\u001c", "\u0085", "\u2003", "\ufeff"),
    *("\u200b", "\u0000", "\u007f"),
)
TEXTS = (
    *("", "a", "b", " a ", "  ab  c ", "a,b,,c", "$1", "$&", "0", "-12", " 7 ", "+5", "1.5", "1e3"),
    *("false", "null", "it's", "{% $x %}", "%}", "aaa", "abab", "12345678901234567890"),
)
KEYS = ("a", "b", "k", "n", "A", "1", "10", "2", "x-y", "a b", "a.b", "$x", "`q`", "it's", "é", "")
PROTOTYPE_KEYS = ("toString", "length", "constructor")
DOCUMENTS = ("{", "", "nul", "[1,]", "'a'")
EPOCH = datetime(2024, 2, 28, 23, 59, 59, tzinfo=UTC)


class Values:
    """Draws values; the same seed draws the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of(self, hint: Any, name: str = "") -> Any:
        """A JSON value of an annotation, by the habits of a parameter's name."""
        named = self._by_name(name)
        if named is not None:
            return named
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin in (types.UnionType, typing.Union):
            return self.of(self.random.choice(arguments))
        if origin is list:
            return self.list_of(lambda: self.of(arguments[0], name.removesuffix("s")))
        if origin is dict:
            key = self.word if name.startswith("w") else self.key
            size = self.random.choice((0, 1, 1, 2, 3, 5))
            return {key(): self.of(arguments[1]) for _ in range(size)}
        if origin is typing.Literal:
            return self.random.choice(arguments)
        return self._plain(hint)

    def _by_name(self, name: str) -> Any:
        match name:
            case "a" | "b" | "c":
                return self.random.randint(-9, 9)
            case "i" | "j":
                return self.random.randint(-4, 5)
            case "n":
                return self.random.randint(0, 7)
            case "word" | "word2":
                return self.word()
            case "sep":
                return self.text() or ","
            case "t":
                return self.random.choice((self.text, self.piece))()
            case "cents":
                return self.cents()
            case "document":
                return self.document()
            case "k" | "key":
                return self.random.choice((self.key, self.key, self.text))()
        return None

    def _plain(self, hint: Any) -> Any:
        draws: dict[Any, Callable[[], Any]] = {
            int: self.integer,
            float: self.number,
            bool: self.flag,
            str: self.text,
            datetime: self.moment,
            Any: self.anything,
            type(None): lambda: None,
        }
        if hint in draws:
            return draws[hint]()
        if dataclasses.is_dataclass(hint) or typing.is_typeddict(hint):
            hints = typing.get_type_hints(hint)
            return {field: self.of(inner) for field, inner in hints.items()}
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return self.random.choice(list(hint)).value
        raise TypeError(f"no values for {hint!r}")

    def list_of(self, item: Callable[[], Any]) -> list[Any]:
        """Lists of one item are the ones that JSONata takes for the item."""
        return [item() for _ in range(self.random.choice((0, 1, 1, 1, 2, 2, 3, 5)))]

    def integer(self) -> int:
        if self.random.random() < 0.8:
            return self.random.randint(-12, 12)
        return self.random.choice((*INTS, self.random.randint(-(10**6), 10**6)))

    def number(self) -> float:
        if self.random.random() < 0.4:
            return self.random.choice(FLOATS)
        if self.random.random() < 0.5:
            return self.random.randint(-80, 80) / 8
        return self.random.uniform(-1, 1) * 10.0 ** self.random.randint(-5, 9)

    def cents(self) -> float:
        if self.random.random() < 0.3:
            return self.random.choice((2.675, 1.005, 0.125, 2.5, -2.5, 0.5, 1e9 + 0.005, 0.0))
        return self.random.randint(-(10**8), 10**8) / self.random.choice((8, 100, 1000))

    def flag(self) -> bool:
        return self.random.random() < 0.5

    def text(self) -> str:
        if self.random.random() < 0.4:
            return self.random.choice(TEXTS)
        return "".join(self.random.choices(PIECES, k=self.random.randint(0, 6)))

    def piece(self) -> str:
        return self.random.choice(("a", "b", ",", " ", "", "$", "😀"))

    def word(self) -> str:
        return "".join(self.random.choices("abcABC012 _-", k=self.random.randint(0, 4)))

    def key(self) -> str:
        few = self.random.random()
        return self.random.choice(KEYS[:3] if few < 0.5 else KEYS if few < 0.95 else PROTOTYPE_KEYS)

    def document(self) -> str:
        if self.random.random() < 0.3:
            return self.random.choice(DOCUMENTS)
        return json.dumps(self.anything(), ensure_ascii=self.flag())

    def anything(self, depth: int = 2) -> Any:
        kinds: list[Callable[[], Any]] = [self.integer, self.number, self.flag, self.text]
        kinds.append(lambda: None)
        if depth:
            kinds.append(lambda: self.list_of(lambda: self.anything(depth - 1)))
            kinds.append(lambda: self.mapping(depth - 1))
        return self.random.choice(kinds)()

    def mapping(self, depth: int) -> dict[str, Any]:
        return {self.key(): self.anything(depth) for _ in range(self.random.randint(0, 3))}

    def moment(self) -> str:
        """UTC with milliseconds, as times cross a boundary."""
        milliseconds = self.random.choice((0, 1, 999, 86_400_000, self.random.randint(0, 10**12)))
        moment = EPOCH + timedelta(milliseconds=milliseconds)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
