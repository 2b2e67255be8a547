"""What does not fit Step Functions is refused with a code, a place and what to write instead."""

from __future__ import annotations

import pytest

from wfc.backends.asl import backend
from wfc.backends.base import Options
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.pipeline import read

HEADER = """
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from wfc import Heartbeat, Retry, injected, sleep, step, workflow


class Color(Enum):
    RED = "red"


@dataclass
class Row:
    name: str
    cells: list[int] = field(default_factory=list)


@step
def ask(x: int) -> Any: ...


@step
def rows() -> list[Row]: ...


@step
def send(xs: list[int]) -> None: ...


@step(retry=Retry(first_delay="500ms"))
def hasty(x: int) -> int: ...


@step(timeout="1500ms")
def short(x: int) -> int: ...


@step(timeout="10s", heartbeat="10s")
def beating(x: int, beat: Heartbeat = injected) -> int: ...


@step
def pull_it(x: int) -> int: ...


@step
def pullIt(x: int) -> int: ...


def first_large(xs: list[int]) -> int:
    for x in xs:
        if x > 9:
            return x
    return 0


def chosen(s: str, second: bool) -> str:
    return s[second]


def all_of(n: int) -> list[int]:
    found: list[int] = []
    while len(found) < n:
        found = found + [n]
    return found


""".lstrip()

REFUSED = {
    # Expressions.
    "large_integer": ("x: int", "return x + 9007199254740993", "WFC310"),
    "float_text": ("x: float", "return f'{x}'", "WFC313"),
    "float_sum": ("xs: list[float]", "return sum(xs)", "WFC315"),
    "float_power": ("x: float", "return x ** 2", "WFC316"),
    "bool_or_number": ("x: Any", "return x == 1", "WFC314"),
    "list_of_any_equals": ("xs: list[Any], ys: list[Any]", "return xs == ys", "WFC314"),
    "tuple_and_list": ("xs: list[int]", "return xs == (1, 2)", "WFC314"),
    "enum_and_text": ("c: Color", "return c == 'red'", "WFC314"),
    "dict_order": ("d: dict[str, int]", "return [v for v in d.values()]", "WFC317"),
    "dict_loop": ("d: dict[str, int]", "for k in d:\n        ask(1)\n    return 1", "WFC317"),
    "set_order": ("xs: list[int]", "return list(set(xs))", "WFC317"),
    "zip_strict": (
        "xs: list[int]",
        "return [x + y for x, y in zip(xs, xs, strict=True)]",
        "WFC311",
    ),
    "unknown_length": ("x: int", "y = ask(x)\n    return len(y)", "WFC319"),
    "unknown_item": ("x: int", "y = ask(x)\n    return y['a']", "WFC319"),
    "title_case": ("s: str", "return s.title()", "WFC310"),
    "bitwise": ("x: int", "return x & 3", "WFC310"),
    "bool_index": ("b: bool, xs: list[int]", "return xs[b]", "WFC312"),
    "bool_part": ("b: bool, s: str", "return s[:b]", "WFC312"),
    "bool_count": ("b: bool", "return 'x' * b", "WFC312"),
    "bool_limit": ("b: bool, s: str", "return s.replace('a', 'o', b)", "WFC312"),
    "bool_range": ("b: bool", "return [x for x in range(b)]", "WFC312"),
    "bool_start": (
        "b: bool, xs: list[int]",
        "return [n for n, _ in enumerate(xs, start=b)]",
        "WFC312",
    ),
    "bool_popped": ("b: bool, xs: list[int]", "xs.pop(b)\n    return xs", "WFC312"),
    "bool_item": ("b: bool, xs: list[int]", "xs[b] = 1\n    return xs", "WFC312"),
    "bool_index_in_a_helper": ("b: bool, s: str", "return chosen(s, b)", "WFC312"),
    "sum_that_starts_as_a_bool": (
        "xs: list[int]",
        "n = False\n    for x in xs:\n        n += x\n    return n",
        "WFC312",
    ),
    "int_or_float": ("x: Any", "return isinstance(x, int)", "WFC310"),
    "centred": ("s: str", "return f'{s:^9}'", "WFC311"),
    "json_text": ("d: dict[str, int]", "return json.dumps(d)", "WFC310"),
    "too_deep": ("x: int", f"return {'(1 if x > 1 else ' * 85}0{')' * 85}", "WFC320"),
    # Statements.
    "alias": ("xs: list[int]", "ys = xs\n    xs.append(1)\n    return ys", "WFC318"),
    "item_alias": (
        "n: int",
        "found = rows()\n    for row in found:\n        row.name = 'x'\n    return found",
        "WFC318",
    ),
    "stored_alias": (
        "x: int",
        "out: list[list[int]] = []\n    one = [x]\n    out.append(one)\n    one.append(2)\n"
        "    return out",
        "WFC318",
    ),
    "copied_alias": (
        "xs: list[int]",
        "ys = list((xs, [1]))\n    xs.append(5)\n    return ys",
        "WFC318",
    ),
    "named_alias": ("xs: list[int]", "d = dict(a=xs)\n    xs.append(5)\n    return d", "WFC318"),
    "field_alias": (
        "xs: list[int]",
        "row = replace(Row('a'), cells=xs)\n    xs.append(5)\n    return row",
        "WFC318",
    ),
    "joined_alias": (
        "xs: list[int]",
        "ys = [xs] + [[1]]\n    xs.append(5)\n    return ys",
        "WFC318",
    ),
    "added_alias": (
        "xs: list[int]",
        "ys: list[list[int]] = []\n    ys += [xs]\n    xs.append(1)\n    return ys",
        "WFC318",
    ),
    "part_alias": (
        "xs: list[int]",
        "pair = (xs, [1])\n    y = pair[0]\n    y.append(1)\n    return xs",
        "WFC318",
    ),
    "shallow_alias": (
        "xs: list[int]",
        "ys = [xs]\n    zs = list(ys)\n    xs.append(1)\n    return zs",
        "WFC318",
    ),
    "comprehended_alias": (
        "xs: list[int]",
        "ys = [y for y in (xs,)]\n    xs.append(5)\n    return ys",
        "WFC318",
    ),
    "repeated_item": ("x: int", "m = [[0]] * 3\n    m[0].append(x)\n    return m", "WFC318"),
    "half_a_second": ("x: int", "sleep('500ms')\n    return x", "WFC322"),
    "float_sleep": ("x: float", "sleep(x)\n    return x", "WFC322"),
    "endless": ("x: int", "while True:\n        ask(x)", "WFC326"),
    "empty_circle": ("x: int", "while True:\n        x += 1", "WFC326"),
    # Steps and helpers.
    "retry_delay": ("x: int", "return hasty(x)", "WFC321"),
    "part_of_a_second": ("x: int", "return short(x)", "WFC322"),
    "slow_heartbeat": ("x: int", "return beating(x)", "WFC323"),
    "names": ("x: int", "return pull_it(x) + pullIt(x)", "WFC328"),
    "search_loop": ("xs: list[int]", "return first_large(xs)", "WFC325"),
    "while_loop": ("n: int", "return all_of(n)", "WFC325"),
    "large_constant": ("x: int", f"return {'y' * 300_000!r}", "WFC324"),
}


def diagnostics_of(parameters: str, body: str) -> list[Diagnostic]:
    source = f"{HEADER}@workflow\ndef f({parameters}) -> Any:\n    {body}\n"
    reading = read("flow.py", source)
    assert reading.module is not None, reading.diagnostics
    return list(backend.check(reading.module, reading.module.workflows[0], Options()))


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    parameters, body, code = REFUSED[name]
    found = diagnostics_of(parameters, body)
    assert [one.code.code for one in found] == [code]
    assert found[0].path == "flow.py"
    assert found[0].span.line > 0
    assert found[0].message
    assert found[0].instead


def test_all_reasons_in_one_run() -> None:
    body = "a = f'{x}'\n    b = x ** 2\n    sleep('500ms')\n    hasty(1)\n    return [a, b]"
    found = diagnostics_of("x: float", body)
    assert [one.code.code for one in found] == ["WFC313", "WFC316"]
    body = "sleep('500ms')\n    hasty(1)\n    short(2)\n    return 1"
    found = diagnostics_of("x: float", body)
    assert sorted(one.code.code for one in found) == ["WFC321", "WFC322", "WFC322"]


def test_advice_for_lists_that_have_no_order() -> None:
    (found,) = diagnostics_of("xs: list[list[int]]", "return sorted(xs)")
    assert found.code.code == "WFC311"
    assert found.instead == "give sorted() a key of numbers or texts: key=lambda item: ..."


@pytest.mark.parametrize(
    ("written", "instead", "followed"),
    [
        (
            "sorted(d.items(), key=lambda p: p[1])",
            "let the key decide: key=lambda p: (p[1], p[0])",
            "sorted(d.items(), key=lambda p: (p[1], p[0]))",
        ),
        (
            "max(d, key=lambda k: (d[k], len(k)), default='')",
            "let the key decide: key=lambda k: (d[k], len(k), k)",
            "max(d, key=lambda k: (d[k], len(k), k), default='')",
        ),
        (
            "sorted({k.lower() for k in d}, key=lambda k: len(k))",
            "let the key decide: key=lambda k: (len(k), k)",
            "sorted({k.lower() for k in d}, key=lambda k: (len(k), k))",
        ),
        (
            "sorted(d.values(), key=lambda n: -n)",
            "sort d.items() by a key that ends with the dict's key:"
            " key=lambda pair: (..., pair[0])",
            "sorted(d.items(), key=lambda pair: (-pair[1], pair[0]))",
        ),
        ("list(d)", "use sorted(d), or iterate over a list", "sorted(d)"),
        (
            "[k + str(n) for k, n in d.items()]",
            "use sorted(d.items()), or iterate over a list",
            "[k + str(n) for k, n in sorted(d.items())]",
        ),
        (
            "[n for n in d.values()]",
            "use sorted(d.items()), or iterate over a list",
            "[n for _, n in sorted(d.items())]",
        ),
    ],
)
def test_advice_for_orders_that_are_lost_works(written: str, instead: str, followed: str) -> None:
    (found,) = diagnostics_of("d: dict[str, int]", f"return {written}")
    assert (found.code.code, found.instead) == ("WFC317", instead)
    assert diagnostics_of("d: dict[str, int]", f"return {followed}") == []


@pytest.mark.parametrize(
    ("parameters", "argument", "instead"),
    [
        ("x: float", "x", "sleep(round(x))"),
        ("d: timedelta", "d", "sleep(round(d.total_seconds()))"),
    ],
)
def test_advice_for_a_sleep_of_parts_of_seconds(
    parameters: str, argument: str, instead: str
) -> None:
    (found,) = diagnostics_of(parameters, f"sleep({argument})\n    return 1")
    assert found.instead == f"round it: {instead}"


ACCEPTED = {
    "copy": ("xs: list[int]", "ys = list(xs)\n    xs.append(1)\n    return ys"),
    "other_part": ("x: int", "found = rows()\n    found.append(Row('a'))\n    return found"),
    "new_batch": (
        "xs: list[int]",
        "out: list[list[int]] = []\n    one: list[int] = []\n    for x in xs:\n"
        "        one.append(x)\n        out.append(one)\n        one = []\n    return out",
    ),
    "kept_item": (
        "n: int",
        "kept: list[Row] = []\n    for row in rows():\n        kept.append(row)\n    return kept",
    ),
    "dead_alias": ("xs: list[int]", "ys = xs\n    send(ys)\n    xs.append(1)\n    return xs"),
    "whole_seconds": ("x: int", "sleep(x)\n    sleep(1.0)\n    sleep('90s')\n    return x"),
    "rounded_timedelta": ("d: timedelta", "sleep(round(d.total_seconds()))\n    return 1"),
    "sorted_dict": ("d: dict[str, int]", "for k in sorted(d):\n        ask(1)\n    return 1"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name: str) -> None:
    assert diagnostics_of(*ACCEPTED[name]) == []


FAMILY = """
from wfc import step, workflow


class Bad(Exception):
    pass


@step
def tell(text: str) -> None: ...


def checked(n: int) -> int:
    if n < 0:
        raise ValueError("negative")
    return n


@workflow
def share(total: int, heads: int) -> int:
    return total // heads


@workflow
def first(numbers: list[int]) -> int:
    if not numbers:
        raise Bad("nothing")
    return checked(numbers[0])


@workflow
def through(numbers: list[int]) -> int:
    try:
        return first(numbers)
    except Bad:
        tell("bad")
        raise


"""


@pytest.mark.parametrize(
    ("call", "handler", "error"),
    [
        ("share(n, 2 - n)", "except ZeroDivisionError", "ZeroDivisionError"),
        ("share(n, 2 - n)", "except (Bad, ArithmeticError)", "ZeroDivisionError"),
        ("share(n, 2 - n)", "except Exception as error", "ZeroDivisionError"),
        ("first([n])", "except LookupError", "IndexError"),
        ("through([n])", "except ValueError", "ValueError"),
    ],
)
def test_errors_of_a_child_that_nobody_could_tell_apart(
    call: str, handler: str, error: str
) -> None:
    used = "{error}" if handler.endswith("error") else ""
    source = (
        f"{FAMILY}@workflow\ndef flow(n: int) -> int:\n    try:\n        return {call}\n"
        f'    {handler}:\n        tell(f"{used}")\n    return 0\n'
    )
    module = read("flow.py", source).module
    assert module is not None
    (found,) = backend.check(module, module.workflows[-1], Options())
    assert found.code.code == "WFC330"
    assert f"may fail with {error}, and this 'except " in found.message


@pytest.mark.parametrize(
    ("call", "handler"),
    [
        ("share(n, 2 - n)", "except Exception:\n        tell('any')"),
        ("share(n, 2 - n)", "except Bad as error:\n        tell(f'{error}')"),
        ("through([n])", "except Bad as error:\n        tell(f'{error}')"),
        ("share(n, 2 - n)", "except Exception:\n        tell('any')\n        raise"),
    ],
)
def test_handlers_that_need_not_tell_the_errors_of_a_child_apart(call: str, handler: str) -> None:
    source = (
        f"{FAMILY}@workflow\ndef flow(n: int) -> int:\n    try:\n        return {call}\n"
        f"    {handler}\n    return 0\n"
    )
    module = read("flow.py", source).module
    assert module is not None
    assert backend.check(module, module.workflows[-1], Options()) == []


def test_an_error_of_the_module_that_a_helper_raises() -> None:
    source = FAMILY.replace("ValueError", "Bad")
    module = read("flow.py", source).module
    assert module is not None
    found = [backend.check(module, workflow, Options()) for workflow in module.workflows]
    assert [[one.code.code for one in each] for each in found] == [[], ["WFC325"], ["WFC330"]]
