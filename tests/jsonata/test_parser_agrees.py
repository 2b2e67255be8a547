"""The parser accepts what the reference implementation accepts: random sequences of tokens."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.jsonata.oracle import Oracle, ParseError
from wfc.grammar.jsonata import JsonataError, parse

TOKENS = (
    *(
        "$x",
        "$",
        "$$",
        "a",
        "b",
        "`q`",
        "1",
        "2.5",
        "'t'",
        '"u"',
        "true",
        "null",
        "/r/i",
        "*",
        "**",
    ),
    *("+", "-", "*", "/", "&", "=", "!=", "<", ">=", "and", "or", "in", "~>", "?", ":", ":=", ";"),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        "..",
        "^",
        "@$i",
        "#$n",
        "|",
        "[]",
        "[0]",
        "$f(",
        ")",
    ),
    *("function($p){", "}", "^(<", "^(>", "{'k':", "($v :=", "$x.", "[1..", "/* c */"),
)
# Parent steps are resolved in a later phase of the reference parser, which is not followed here.
COUNT = 4000


def random_texts(seed: int) -> Iterator[str]:
    choose = random.Random(seed)
    for _ in range(COUNT):
        yield " ".join(choose.choices(TOKENS, k=choose.randint(1, 7)))


def verdict(text: str) -> str:
    try:
        parse(text)
    except JsonataError as error:
        return error.code
    return ""


@pytest.mark.parametrize("seed", [1])
def test_random_texts_parse_as_in_the_reference(seed: int) -> None:
    different = {}
    with Oracle() as oracle:
        for text in random_texts(seed):
            try:
                oracle.evaluate(text, [])
                expected = ""
            except ParseError as error:
                expected = error.code
            if bool(verdict(text)) != bool(expected):
                different[text] = (verdict(text), expected)
    assert different == {}
