r"""Texts that mean something elsewhere: {% $x %}, ${x}, {{ x }}, \n, and quotes: " ' '' `."""

from enum import Enum
from typing import Literal

from wfc import step, workflow

TRIPLE = '"""'
EXPRESSION = "{% $states.input %}"
HALVES = "%} x {%"
DOLLARS = "${Show} $$ $states.input $.x ${"
ESCAPES = 'a\\b\\"'
LINES = "line1\nline2\r\nline3\ttab"
CONTROLS = "\x00\x01\x1f\x7f"
SEPARATORS = "\u2028\u2029\x85\x0b\x0c"
LETTERS = "😀é́"
TEMPLATE = "{{ x }} {# c #} {{% raw %}}"
QUOTES = 'it\'s "q" `b`'
KEYS = {"a.b": 1, 'quote"': 2, "back\\": 3, "$x": 4, "{% x %}": 5, "": 6, "a`b": 7, "n\nl": 8}


class Odd(Enum):
    """Values {% $x %} of every kind."""

    EXPRESSION = "{% $x %}"
    QUOTES = 'it\'s "q" \\'
    LINES = "a\nb"
    NOTHING = ""


class Odder(Exception):
    """An error {% doc %} with ''' quotes."""


@step
def show(text: str) -> str:
    """Doc: {% $states.input %} ${x} "quoted" 'single' {{ j }}"""
    return text


@step(name='{% x %} "odd" ${y} \\ name')
def named(text: str) -> str:
    '''Doc with """ triple quotes """ inside and a backslash at its end \\'''
    return text


@step
def quoted(text: str) -> str:
    '''Ends with a quote"'''
    return text


@workflow
def constants(x: str) -> list[str]:
    """{% x %}"""
    show(TRIPLE)
    show(EXPRESSION)
    show(DOLLARS)
    show(CONTROLS)
    show(SEPARATORS)
    return [TRIPLE, EXPRESSION, HALVES, DOLLARS, ESCAPES, LINES, LETTERS, TEMPLATE, QUOTES]


@workflow
def literals(x: str) -> list[str]:
    """Literals in their place."""
    # A comment {% $x %} */ -- ''' """ \ ${x} {{ y }}
    a = "{% 'x' %}"
    b = "%}" + x
    c = show("\\" + x + '"' + "'")
    # A comment that ends in a backslash \
    d = named(f'{{% {x} %}} ${{x}} {{}} "{a}" \\n \n')
    e = quoted("\u2028" if x == "never" else "/")
    return [a, b, c, d, e]


@workflow
def keys(x: str) -> dict[str, int]:
    """Keys of dicts."""
    table = {"{% k %}": 1, "a.b": KEYS["a.b"], "q\"'": 3, "\\": 4, "": 5, "x.$": 6, "$": 7, "`": 9}
    table["new {% key %}"] = KEYS["{% x %}"]
    table["`b`"] = KEYS["a`b"] + KEYS["back\\"] + KEYS[""] + KEYS['quote"'] + KEYS["n\nl"]
    table[x] = table["a.b"]
    show("x")
    return table


@workflow
def messages(x: str) -> str:
    """Texts of errors."""
    try:
        show(x)
    except Odder as error:
        raise Odder(f'{{% {error} %}} "q" \' \\ \n {{') from error
    if x == "expression":
        raise Odder("{% $states.input %}")
    if x == "object":
        raise Odder('{"a": 1}')
    if x == "brace":
        raise Odder("{")
    if x == "lines":
        raise Odder('line\nline2 "q" \\ 😀 \u2028 \x00')
    if x == "array":
        raise ValueError('["ValueError", "x"]')
    raise Odder("ValueError: x")


@workflow
def caught(x: str) -> str:
    """What a step says in its error."""
    try:
        show(x)
    except Odder as error:
        return f"odder {error}|{type(error).__name__}"
    except Exception as error:
        return f"{error!s}|{type(error).__name__}"
    return ""


@workflow
def enums(odd: Odd, mode: Literal["{% a %}", "b'\"", "c\n"]) -> list[str]:
    """Values of enums and literal types."""
    if mode == "{% a %}":
        show(mode)
    if odd is Odd.EXPRESSION:
        return ["expression", odd.value, Odd.QUOTES.value]
    if odd in (Odd.LINES, Odd.NOTHING):
        return [odd.value, odd.name]
    return [odd.value, show(odd.value), mode]


@workflow
def comparisons(x: str) -> list[bool]:
    """Tests against such texts."""
    show(x)
    same = [x == "{% x %}", x == "'", x == '"', x == "\\", x in ("[", "]", "^", "/")]
    inside = ["\n" in x, "😀" in x, "$" in x, "." in x]
    return [*same, *inside, x.startswith("{%"), x.endswith("%}")]


@workflow
def methods(x: str) -> list[str]:
    """Characters that regular expressions and replacements treat specially."""
    show(x)
    replaced = [x.replace(".", "-"), x.replace("\\", "$0"), x.replace("a", "$0$1\\1$$")]
    parts = ["|".join(x.split("|")), *x.split(".")]
    stripped = [x.strip("."), x.lstrip("-]"), x.rstrip("\\"), x.strip("([{"), x.strip("/%}^")]
    return [*replaced, *parts, *stripped, x.removeprefix("^"), x.replace("[", "(")]
