"""Long and deep programs: the work grows in proportion, and nothing overflows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.work import calls_of
from wfc.compiler.language import nodes as n
from wfc.compiler.pipeline import read

HEAD = (
    "from wfc import step, workflow\n\n@step\ndef f(x: int) -> int:\n    return x\n\n"
    "@workflow\ndef flow(x: int) -> int:\n"
)


def lines(*body: str) -> str:
    return HEAD + "".join(f"    {line}\n" for line in body)


def steps(count: int) -> str:
    return lines(*(f"x = f(x + {i})  # step {i}" for i in range(count)), "return x")


def variables(count: int) -> str:
    body = [
        f"v{i} = f(x)\n    if v{i} > {i}:\n        w{i} = 1\n    else:\n        w{i} = f(v{i})"
        for i in range(count)
    ]
    return lines(*body, "return x")


def in_a_loop(count: int) -> str:
    body = "".join(
        f"        if x > {i}:\n            continue\n        y = f(x)\n" for i in range(count)
    )
    return lines("y = None", f"while x < 3:\n{body}", "return x")


def tries(count: int) -> str:
    body = "try:\n        x = f(x)\n    except ValueError as e:\n        x = f(len(str(e)))"
    return lines(*[body] * count, "return x")


def elifs(count: int) -> str:
    arms = "".join(f"    elif x == {i}:\n        y = f({i})\n" for i in range(count))
    return f"{HEAD}    if x < 0:\n        y = 1\n{arms}    else:\n        y = 2\n    return y\n"


def definitions(count: int) -> str:
    helpers = "".join(f"def h{i}(x: int) -> int:\n    return x + C{i}\n\n" for i in range(count))
    constants = "".join(f"C{i} = {i}\n" for i in range(count))
    calls = "".join(f"    x = h{i}(x)\n" for i in range(count))
    return f"{constants}{helpers}{HEAD}{calls}    return x\n"


def workflows(count: int) -> str:
    return (
        HEAD
        + "    return x\n"
        + "".join(
            f"\n\n@workflow\ndef flow_{i}(x: int) -> int:\n    return f(x)  # wfc: name f_of_{i}\n"
            for i in range(count)
        )
    )


def work_of_reading(text: str) -> int:
    assert read("long.py", text).diagnostics == ()
    return calls_of(lambda: read("long.py", text))


@pytest.mark.parametrize(
    "program", [steps, variables, in_a_loop, tries, elifs, definitions, workflows]
)
def test_work_grows_in_proportion(program: Callable[[int], str]) -> None:
    read("warm.py", program(1))
    assert work_of_reading(program(160)) < 4.4 * work_of_reading(program(40))


def test_ten_thousand_steps() -> None:
    module = read("long.py", steps(10_000)).module
    assert module is not None
    assert len(module.workflows[0].body) == 10_001


def test_long_chain_of_elif() -> None:
    module = read("long.py", elifs(300)).module
    assert module is not None
    depth = 0
    block = module.workflows[0].body
    while isinstance(block[0], n.If):
        depth += 1
        block = block[0].orelse
    assert depth == 301


def test_loops_inside_loops() -> None:
    """A type that spreads from the innermost loop outwards is found out without a reading for each
    combination of rounds."""
    depth = 18
    body = ["v = None"]
    body += ["    " * i + f"for i{i} in range(3):" for i in range(depth)]
    body += ["    " * depth + "v = f(x) if v is None else v", "return x"]
    assert work_of_reading(lines(*body)) < 200_000


@pytest.mark.parametrize("count", [200, 3_000, 100_000])
def test_an_expression_that_is_too_long_is_refused(count: int) -> None:
    reading = read("deep.py", lines("return x" + " + x" * count))
    (diagnostic,) = reading.diagnostics
    assert diagnostic.code.code == "WFC007"


@pytest.mark.parametrize("count", [150, 50_000])
def test_an_expression_that_is_too_deep_is_refused(count: int) -> None:
    reading = read("deep.py", lines("return " + "-" * count + "x"))
    (diagnostic,) = reading.diagnostics
    assert diagnostic.code.code == "WFC007"


def test_too_many_brackets_for_python() -> None:
    reading = read("deep.py", lines("return " + "[" * 300 + "]" * 300))
    (diagnostic,) = reading.diagnostics
    assert diagnostic.code.code == "WFC006"


def test_deep_blocks_are_read() -> None:
    body = ["    " * i + f"if x > {i}:" for i in range(95)] + ["    " * 95 + "x = f(x)", "return x"]
    assert read("deep.py", lines(*body)).diagnostics == ()


def test_long_flat_operators() -> None:
    terms = " and ".join(f"x > {i}" for i in range(2_000))
    assert read("flat.py", lines(f"if {terms}:\n        x = 1", "return x")).diagnostics == ()
    items = ", ".join(str(i) for i in range(5_000))
    assert read("flat.py", lines(f"return len([{items}])")).diagnostics == ()
