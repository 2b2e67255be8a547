"""Why an expression has no exact form in JSONata."""

from __future__ import annotations

from typing import Final

from wfc.compiler.diagnostics.model import Code

NOT_EXACT: Final = Code(
    "WFC310",
    "asl-not-exact",
    "An expression has no exact JSONata form.",
    why="Step Functions evaluates expressions as JSONata. Where JSONata gives another value than"
    " Python, silently, the expression is refused instead of approximated.",
    bad="code = text.title()",
    good="code = make_title(text)  # a @step",
    refusal="cannot be supported",
)
NOT_YET: Final = Code(
    "WFC311",
    "asl-not-supported-yet",
    "A construct that could be compiled to Step Functions, but is not yet.",
    why="The construct has a meaning on Step Functions; the compiler does not emit it yet.",
    bad='label = f"{total:^12}"',
    good="label = centre(total)  # a @step",
    refusal="not supported yet",
)
OPERANDS: Final = Code(
    "WFC312",
    "asl-mixed-operands",
    "An operator whose operands may be of types that JSONata treats differently.",
    why="Python raises TypeError for None + 'a' or 1 < 'a'; JSONata converts or fails in its own"
    " way. The types must say which case it is.",
    bad="name = first + last          # last: str | None",
    good="name = f\"{first}{last or ''}\"",
    refusal="cannot be supported",
)
FLOAT_TEXT: Final = Code(
    "WFC313",
    "asl-float-text",
    "The text of a float without a fixed format.",
    why="A float with an integral value prints as '1.0' in Python and as '1' in Step Functions, and"
    " JSONata rounds the text to 15 digits.",
    bad='f"{price}"',
    good='f"{price:.2f}"',
    refusal="cannot be supported",
)
EQUALITY: Final = Code(
    "WFC314",
    "asl-bool-or-number",
    "An equality test in which a bool may meet a number, or a value its look-alike.",
    why="True == 1 holds in Python and does not in JSONata; a dataclass, a tuple or an enum member"
    " is plain JSON data in Step Functions and equals other data of the same form.",
    bad="if answer == 1:              # answer: Any",
    good="answer: int = ask()",
    refusal="cannot be supported",
)
FLOAT_SUM: Final = Code(
    "WFC315",
    "asl-float-sum",
    "sum() over floats.",
    why="CPython 3.12 changed how it rounds; the number is not the same on all engines.",
    bad="total = sum(prices)",
    good="total = 0.0\nfor price in prices:\n    total = total + price",
    refusal="cannot be supported",
)
FLOAT_POWER: Final = Code(
    "WFC316",
    "asl-float-power",
    "** on floats, or with an exponent that may be negative.",
    why="The last digit differs between mathematical libraries.",
    bad="area = side ** 2             # side: float",
    good="area = side * side",
    refusal="cannot be supported",
)
DICT_ORDER: Final = Code(
    "WFC317",
    "asl-dict-order",
    "An iteration over a dict or a set whose order could be observed.",
    why="Step Functions does not keep the order of an object's keys: '10' can come before 'a'.",
    bad="for key in prices:\n    charge(key)",
    good="for key in sorted(prices):\n    charge(key)",
    refusal="cannot be supported",
)
UNKNOWN_TYPE: Final = Code(
    "WFC319",
    "asl-unknown-type",
    "A value whose type is needed is not known.",
    why="JSONata has one function for the length of a list, another for that of a text. The type of"
    " the value decides.",
    bad="def fetch(url: str): ...      # a @step\nn = len(fetch(url))",
    good="def fetch(url: str) -> list[str]: ...\nn = len(fetch(url))",
    refusal="cannot be supported",
)
TOO_DEEP: Final = Code(
    "WFC320",
    "asl-too-deep",
    "An expression that nests deeper than Step Functions evaluates.",
    why="Step Functions stops an evaluation at about 100 nested steps; the compiler keeps to 80.",
    bad="x = f(f(f(...)))",
    good="part = f(f(...))\nx = f(part)",
    refusal="cannot be supported",
)
HELPER: Final = Code(
    "WFC325",
    "asl-helper",
    "A helper function with a statement that has no JSONata form yet.",
    why="A helper becomes one JSONata function: assignments, if, return, and for loops that run to"
    " their end.",
    bad="def first_large(xs: list[int]) -> int:\n    for x in xs:\n        if x > 9:\n"
    "            return x\n    return 0",
    good="def first_large(xs: list[int]) -> int:\n    large = [x for x in xs if x > 9]\n"
    "    return large[0] if large else 0",
    refusal="not supported yet",
)
