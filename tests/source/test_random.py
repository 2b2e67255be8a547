"""Random programs: reading them changes neither the order of the steps nor the result."""

from __future__ import annotations

import random
import types
from collections.abc import Iterator

import pytest

from tests.source.interpreter import Interpreter, Raised
from wfc.compiler.language.verify.module import verify
from wfc.compiler.pipeline import read

HEAD = """
from wfc import step, workflow

TRACE = []
ITEMS = [3, 1, 2]


@step
def num(value: int) -> int:
    TRACE.append(f"num {value}")
    return value % 5


@step
def test(value: int) -> bool:
    TRACE.append(f"test {value}")
    return value % 2 == 0


@step
def pair(left: int, right: int) -> int:
    TRACE.append(f"pair {left} {right}")
    if left == right == 2:
        raise ValueError("both")
    return left - right


def helper(value: int) -> int:
    return value * 2 if value < 3 else value // 2
"""


class Program:
    """Writes one workflow from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = ["a", "b", "n"]
        self.risky = True

    def text(self) -> str:
        body = ["a = 1", "b = n", *self.block(3, loop=False), "return [a, b]"]
        lines = "".join(f"    {line}\n" for line in body)
        return f"\n\n@workflow\ndef flow(n: int) -> list[int]:\n{lines}"

    def block(self, depth: int, *, loop: bool) -> list[str]:
        lines: list[str] = []
        for _ in range(self.random.randint(1, 3)):
            lines += self.statement(depth, loop=loop)
        return lines

    def statement(self, depth: int, *, loop: bool) -> list[str]:
        choices = ["assign", "assign", "augment", "call", "unpack"]
        if depth:
            choices += ["if", "if", "for", "while", "try"]
        if loop:
            choices += ["jump"]
        match self.random.choice(choices):
            case "assign":
                return [f"{self.variable()} = {self.number(3)}"]
            case "augment":
                return [f"{self.variable()} {self.random.choice(['+=', '-='])} {self.number(2)}"]
            case "call":
                return [f"num({self.number(2)})"]
            case "unpack":
                return [f"a, b = {self.number(2)}, {self.number(2)}"]
            case "jump":
                return [f"if {self.truth(2)}:", f"    {self.random.choice(['break', 'continue'])}"]
            case "if":
                return self.branches(depth, loop=loop)
            case "for":
                body = self.block(depth - 1, loop=True)
                head = self.random.choice(["range(3)", "[n, a]", "enumerate(ITEMS)"])
                target = "i, j" if head.startswith("enum") else "i"
                return [f"for {target} in {head}:", *indented(body), *self.loop_else(depth)]
            case "while":
                body = ["a -= 1", *self.block(depth - 1, loop=True)]
                test = f"while 0 < a < 9 and {self.truth(2)}:"
                bound = f"limit_{depth}"
                guard = [f"{bound} += 1", f"if {bound} > 5:", "    break"]
                return [f"{bound} = 0", test, *indented(guard + body), *self.loop_else(depth)]
        return self.attempt(depth, loop=loop)

    def loop_else(self, depth: int) -> list[str]:
        if self.random.random() < 0.7:
            return []
        return ["else:", *indented(self.block(depth - 1, loop=False))]

    def branches(self, depth: int, *, loop: bool) -> list[str]:
        lines = [f"if {self.truth(3)}:", *indented(self.block(depth - 1, loop=loop))]
        for _ in range(self.random.randint(0, 2)):
            lines += [f"elif {self.truth(2)}:", *indented(self.block(depth - 1, loop=loop))]
        if self.random.random() < 0.5:
            lines += ["else:", *indented(self.block(depth - 1, loop=loop))]
        return lines

    def attempt(self, depth: int, *, loop: bool) -> list[str]:
        risky, self.risky = self.risky, False
        body = [f"b = pair({self.number(2)}, {self.number(1)})"]
        body += self.block(depth - 1, loop=loop)
        self.risky = risky
        handler = [*self.block(depth - 1, loop=loop), f"num(len(str(error_{depth})))"]
        if self.random.random() < 0.2:
            handler.append("raise")
        return ["try:", *indented(body), f"except ValueError as error_{depth}:", *indented(handler)]

    def variable(self) -> str:
        return self.random.choice(["a", "b"])

    def number(self, depth: int) -> str:
        if not depth:
            return self.random.choice([*self.names, str(self.random.randint(0, 4))])
        inner = depth - 1
        choices = ["leaf", "plus", "num", "num", "pair", "if", "or", "helper"]
        if self.risky:
            choices += ["index", "divide"]
        match self.random.choice(choices):
            case "leaf":
                return self.number(0)
            case "plus":
                operator = self.random.choice("+-*")
                return f"({self.number(inner)} {operator} {self.number(inner)})"
            case "num":
                return f"num({self.number(inner)})"
            case "pair":
                if not self.risky:
                    return f"num({self.number(inner)})"
                return f"pair(right={self.number(inner)}, left={self.number(inner)})"
            case "if":
                return f"({self.number(inner)} if {self.truth(inner)} else {self.number(inner)})"
            case "or":
                operator = self.random.choice(["and", "or"])
                return f"({self.number(inner)} {operator} {self.number(inner)})"
            case "index":
                return f"ITEMS[{self.number(inner)}]"
            case "divide":
                return f"({self.number(inner)} // {self.random.choice(self.names)})"
        return f"helper({self.number(inner)})"

    def truth(self, depth: int) -> str:
        if not depth:
            return f"{self.number(0)} {self.random.choice(['<', '==', '>='])} {self.number(0)}"
        inner = depth - 1
        match self.random.choice(["compare", "test", "test", "and", "or", "not", "number"]):
            case "compare":
                return f"{self.number(inner)} < {self.number(inner)}"
            case "test":
                return f"test({self.number(inner)})"
            case "not":
                return f"not ({self.truth(inner)})"
            case "number":
                return self.number(inner)
            case operator:
                parts = [f"({self.truth(inner)})" for _ in range(self.random.randint(2, 3))]
                return f" {operator} ".join(parts)


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def runs(text: str, value: int) -> Iterator[tuple[object, list[str]]]:
    """How the program ends and what it did: read and interpreted, and as plain Python."""
    reading = read("random.py", text)
    assert [d.message for d in reading.diagnostics] == []
    assert reading.module is not None
    assert verify(reading.module) == []
    program = types.ModuleType("random_program")
    exec(compile(text, "random.py", "exec"), vars(program))

    def step(name: str, arguments: dict[str, object]) -> object:
        try:
            return getattr(program, name)(**arguments)
        except Exception as error:
            raise Raised(type(error).__name__, str(error)) from error

    interpreter = Interpreter(reading.module, vars(program), step)
    try:
        result: object = interpreter.run("flow", {"n": value})
    except Raised as error:
        result = f"{error.name}: {error.message}"
    yield result, list(program.TRACE)
    program.TRACE.clear()
    try:
        result = program.flow(value)
    except Exception as error:
        result = f"{type(error).__name__}: {error}"
    yield result, list(program.TRACE)


@pytest.mark.parametrize("seed", range(60))
def test_a_random_program_means_what_python_means(seed: int) -> None:
    text = HEAD + Program(seed).text()
    for value in (0, 2, 3):
        interpreted, plain = runs(text, value)
        assert interpreted == plain, text
