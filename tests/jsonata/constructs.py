"""The expressions of the language, one workflow each: what they mean is what Python says.

``test_constructs.py`` compiles every workflow to Step Functions, evaluates it with the reference
implementation of JSONata on random values of the parameters' types, and compares with the plain
run. A name says which values are worth trying: ``a b c`` small numbers, ``i j`` indexes, ``n`` a
count, ``word words`` ASCII text, ``sep`` text that is not empty, ``cents`` amounts of money.
"""

# ruff: noqa: B905, C416, RUF005

import itertools
import json
import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Literal, TypedDict

from wfc import workflow

LIMIT = 10
RATE = 0.25
GREETING = 'it\'s "q" \\ \n $1 {% %} é😀'
NAMES = ["ann", "bob"]
PRICES = {"small": 5, "large": 50}


class Color(Enum):
    RED = "red"
    GREEN = "it's green"


class Level(Enum):
    LOW = 1
    HIGH = 2


@dataclass
class Line:
    k: int
    n: str
    f: float
    t: list[int]


@dataclass
class Order:
    id: str
    lines: list[Line]
    note: str | None = None


class Address(TypedDict):
    street: str
    zip: int


def doubled(x: int) -> int:
    return x * 2


def clamp(x: int, low: int = 0, high: int = 10) -> int:
    if x < low:
        return low
    if x > high:
        return high
    return x


def total(xs: list[int]) -> int:
    result = 0
    for x in xs:
        if x > 0:
            result += x
    return result


# --- Constants and literals ---


@workflow
def constant_none() -> None:
    return None


@workflow
def constant_true() -> bool:
    return True


@workflow
def constant_text() -> str:
    return 'it\'s "q" \\ \n $1 {% %} é😀'


@workflow
def constant_text_that_looks_like_an_expression() -> str:
    return "{% $states.input %}"


@workflow
def constant_float() -> float:
    return 1.5


@workflow
def constant_negative() -> int:
    return -7


@workflow
def constant_of_the_module(a: int) -> list[float]:
    return [LIMIT * a, RATE * a]


@workflow
def text_of_the_module() -> str:
    return GREETING


@workflow
def table_of_the_module(i: int) -> list[str]:
    return NAMES[:i]


@workflow
def list_of_scalars(x: int, s: str) -> list[int | str | None]:
    return [x, s, None]


@workflow
def list_of_lists(xs: list[int], ys: list[int]) -> list[list[int]]:
    return [xs, ys]


@workflow
def list_of_anything(x: Any, y: Any) -> list[Any]:
    return [x, y]


@workflow
def list_nested(x: int, y: int) -> Any:
    return [[x], [y, [x]]]


@workflow
def list_empty(xs: list[int]) -> list[list[int]]:
    return [[], xs]


@workflow
def list_star(xs: list[int], x: int, y: int) -> list[int]:
    return [x, *xs, y]


@workflow
def dict_literal(x: int, s: str) -> dict[str, Any]:
    return {"a": x, "b c": s, "`": [x], "it's": None, '"': {"": x}}


@workflow
def dict_of_anything(x: Any, y: Any) -> dict[str, Any]:
    return {"x": x, "y": y}


@workflow
def dict_dynamic_key(k: str, x: int) -> dict[str, int]:
    return {k: x}


@workflow
def dict_duplicate_keys(k: str, key: str) -> dict[str, int]:
    return {k: 1, key: 2}


@workflow
def tuple_literal(x: int, s: str) -> tuple[int, str]:
    return (x, s)


@workflow
def tuple_unpacked(x: int, s: str) -> list[int | str]:
    pair = (x, s)
    first, second = pair
    return [second, first]


# --- Integers ---


@workflow
def int_add(x: int, y: int) -> int:
    return x + y


@workflow
def int_subtract(x: int, y: int) -> int:
    return x - y


@workflow
def int_multiply(x: int, y: int) -> int:
    return x * y


@workflow
def int_precedence(a: int, b: int, c: int) -> int:
    return (a + b) * c - a * (b - c) - (a - (b - c))


@workflow
def int_floor_division(x: int, y: int) -> int:
    return x // y


@workflow
def int_floor_division_small(a: int, b: int) -> int:
    return a // b


@workflow
def int_floor_division_constant(x: int) -> list[int]:
    return [x // 4, x // -3]


@workflow
def int_remainder(x: int, y: int) -> int:
    return x % y


@workflow
def int_remainder_small(a: int, b: int) -> int:
    return a % b


@workflow
def int_remainder_constant(x: int) -> list[int]:
    return [x % 4, x % -3]


@workflow
def int_true_division(x: int, y: int) -> float:
    return x / y


@workflow
def int_true_division_constant(x: int) -> float:
    return x / 4


@workflow
def int_power(a: int, n: int) -> Any:
    return a**n


@workflow
def int_square(x: int) -> int:
    return x**2


@workflow
def int_negative(x: int) -> int:
    return -x


@workflow
def int_positive(x: int) -> int:
    return +x


@workflow
def int_invert(x: int) -> int:
    return ~x


@workflow
def int_divmod(x: int, y: int) -> list[int]:
    quotient, remainder = divmod(x, y)
    return [quotient, remainder]


@workflow
def int_product(a: int, b: int, c: int) -> list[int]:
    return [math.prod([a, b, c]), math.prod([], start=a), math.prod([a, b], start=c)]


@workflow
def lists_chained(xs: list[int], ys: list[int], word: str) -> list[int | str]:
    return [*itertools.chain(xs, ys, reversed(xs)), *list(itertools.chain(word, [len(ys)]))]


@workflow
def int_abs(x: int) -> int:
    return abs(x)


@workflow
def bool_sum(p: bool, q: bool) -> int:
    return p + q


@workflow
def augmented_int(a: int, b: int) -> int:
    a += b
    a *= 2
    a -= b
    return a


@workflow
def evaluation_depth(a: int) -> int:
    return (
        a + 1 + a + 2 + a + 3 + a + 4 + a + 5 + a + 6 + a + 7 + a + 8 + a + 9 + a + 10 + a + 11 + a
    )


# --- Floats ---


@workflow
def float_add(u: float, v: float) -> float:
    return u + v


@workflow
def float_subtract(u: float, v: float) -> float:
    return u - v


@workflow
def float_multiply(u: float, v: float) -> float:
    return u * v


@workflow
def float_divide(u: float, v: float) -> float:
    return u / v


@workflow
def float_floor_division(u: float, v: float) -> float:
    return u // v


@workflow
def float_remainder(u: float, v: float) -> float:
    return u % v


@workflow
def float_and_int(u: float, a: int) -> list[float]:
    return [u + a, a - u, u * a]


@workflow
def float_abs(u: float) -> float:
    return abs(u)


@workflow
def float_square_root(u: float) -> float:
    return math.sqrt(u)


# --- Comparisons ---


@workflow
def less(a: int, b: int) -> list[bool]:
    return [a < b, a <= b, a > b, a >= b]


@workflow
def less_float(u: float, a: int) -> list[bool]:
    return [u < a, u <= a, u > a, u >= a]


@workflow
def less_text(s: str, t: str) -> bool:
    return s < t


@workflow
def less_word(word: str, word2: str) -> bool:
    return word < word2


@workflow
def chained(a: int, b: int, c: int) -> bool:
    return a < b <= c


@workflow
def equal_int(a: int, b: int) -> list[bool]:
    return [a == b, a != b]


@workflow
def equal_int_float(a: int, u: float) -> bool:
    return a == u


@workflow
def equal_text(s: str, t: str) -> list[bool]:
    return [s == t, s != t]


@workflow
def equal_bool(p: bool, q: bool) -> list[bool]:
    return [p == q, p != q]


@workflow
def equal_optional(oa: int | None, ob: int | None) -> bool:
    return oa == ob


@workflow
def equal_list(xs: list[int], ys: list[int]) -> list[bool]:
    return [xs == ys, xs != ys]


@workflow
def equal_dict(d: dict[str, int], e: dict[str, int]) -> bool:
    return d == e


@workflow
def equal_record(line: Line, other: Line) -> list[bool]:
    return [line == other, line == line]


@workflow
def is_none(oa: int | None) -> list[bool]:
    return [oa is None, oa is not None]


@workflow
def is_none_anything(x: Any) -> bool:
    return x is None


# --- Membership ---


@workflow
def in_list(a: int, xs: list[int]) -> list[bool]:
    return [a in xs, a not in xs]


@workflow
def in_list_of_text(s: str, ss: list[str]) -> bool:
    return s in ss


@workflow
def in_list_of_lists(xs: list[int], rows: list[list[int]]) -> bool:
    return xs in rows


@workflow
def none_in_list(oxs: list[int | None]) -> bool:
    return None in oxs


@workflow
def in_text(t: str, s: str) -> bool:
    return t in s


@workflow
def in_dict(k: str, d: dict[str, int]) -> list[bool]:
    return [k in d, k not in d]


@workflow
def in_constants(s: str) -> bool:
    return s in ("a", "b", ",")


@workflow
def in_number_constants(a: int) -> bool:
    return a in [1, 2, 3]


# --- Truth ---


@workflow
def truth_of_anything(x: Any) -> bool:
    return bool(x)


@workflow
def truth_of_text(s: str) -> bool:
    return bool(s)


@workflow
def truth_of_number(a: int, u: float) -> list[bool]:
    return [bool(a), bool(u)]


@workflow
def truth_of_containers(xs: list[int], d: dict[str, int]) -> list[bool]:
    return [bool(xs), bool(d)]


@workflow
def truth_of_list_of_lists(rows: list[list[int]]) -> bool:
    return bool(rows)


@workflow
def truth_of_optional(oa: int | None, os: str | None) -> list[bool]:
    return [bool(oa), bool(os)]


@workflow
def negated(x: Any) -> bool:
    return not x


@workflow
def and_value(x: Any, y: Any) -> Any:
    return x and y


@workflow
def or_value(x: Any, y: Any) -> Any:
    return x or y


@workflow
def or_default(os: str | None) -> str:
    return os or "none"


@workflow
def and_of_tests(a: int, b: int) -> bool:
    return a < 3 and b < 3


@workflow
def or_of_tests(a: int, b: int, c: int) -> bool:
    return a < 1 or (b < 1 and c < 1)


@workflow
def and_stops_early(a: int) -> bool:
    return a != 0 and 10 // a > 1


@workflow
def or_stops_early(a: int) -> bool:
    return a == 0 or 10 // a > 1


@workflow
def conditional(a: int, s: str, t: str) -> str:
    return s if a > 0 else t


@workflow
def conditional_on_anything(x: Any, y: Any, z: Any) -> Any:
    return x if y else z


@workflow
def conditional_is_lazy(a: int) -> int | None:
    return 1 // a if a != 0 else None


# --- Text ---


@workflow
def text_add(s: str, t: str) -> str:
    return s + t


@workflow
def text_repeat(s: str, i: int) -> str:
    return s * i


@workflow
def text_upper(word: str) -> str:
    return word.upper()


@workflow
def text_lower(word: str) -> str:
    return word.lower()


@workflow
def text_strip(s: str) -> list[str]:
    return [s.strip(), s.lstrip(), s.rstrip()]


@workflow
def text_strip_characters(s: str) -> str:
    return s.strip("a,]^-([{)}\\/%")


@workflow
def text_split(s: str, sep: str) -> list[str]:
    return s.split(sep)


@workflow
def text_split_constant(s: str) -> list[str]:
    return s.split(",")


@workflow
def text_split_white_space(s: str) -> list[str]:
    return s.split()


@workflow
def text_split_once(s: str, sep: str) -> list[str]:
    return s.split(sep, 1)


@workflow
def text_partition(s: str, sep: str) -> list[str]:
    head, middle, tail = s.partition(sep)
    return [tail, middle, head]


@workflow
def text_partition_constant(s: str) -> list[str]:
    head, middle, tail = s.partition(",")
    return [tail, middle, head]


@workflow
def text_join(s: str, ss: list[str]) -> str:
    return s.join(ss)


@workflow
def text_replace(s: str, sep: str, t: str) -> str:
    return s.replace(sep, t)


@workflow
def text_replace_constant(s: str, t: str) -> str:
    return s.replace("a", t).replace("$", "")


@workflow
def text_replace_some(s: str, sep: str, t: str, n: int) -> str:
    return s.replace(sep, t, n)


@workflow
def text_replace_some_constant(s: str, t: str) -> str:
    return s.replace("a", t, 1)


@workflow
def text_starts_and_ends(s: str, t: str) -> list[bool]:
    return [s.startswith(t), s.endswith(t)]


@workflow
def text_starts_with_one_of(s: str) -> list[bool]:
    return [s.startswith(("a", "b,")), s.endswith(("a", "b,"))]


@workflow
def text_find(s: str, t: str) -> int:
    return s.find(t)


@workflow
def text_index(s: str, t: str) -> int:
    return s.index(t)


@workflow
def text_count(s: str, sep: str) -> int:
    return s.count(sep)


@workflow
def text_count_constant(s: str) -> int:
    return s.count("a")


@workflow
def text_remove_affixes(s: str, t: str) -> list[str]:
    return [s.removeprefix(t), s.removesuffix(t)]


@workflow
def text_justify(s: str) -> list[str]:
    return [s.ljust(6, "*"), s.rjust(6)]


@workflow
def text_zero_filled(s: str) -> str:
    return s.zfill(6)


@workflow
def text_length(s: str) -> int:
    return len(s)


@workflow
def text_first(s: str) -> str:
    return s[0]


@workflow
def text_last(s: str) -> str:
    return s[-1]


@workflow
def text_item(s: str, i: int) -> str:
    return s[i]


@workflow
def text_slice(s: str, i: int, j: int) -> str:
    return s[i:j]


@workflow
def text_slice_constant(s: str) -> list[str]:
    return [s[:3], s[2:], s[-3:], s[:-2], s[1:3]]


@workflow
def text_reversed(s: str) -> str:
    return s[::-1]


@workflow
def text_characters(s: str) -> list[str]:
    return [c for c in s]


@workflow
def text_of_int(x: int) -> str:
    return str(x)


@workflow
def text_of_bool(p: bool) -> str:
    return str(p)


@workflow
def text_of_text(s: str) -> str:
    return str(s)


@workflow
def text_tests(s: str) -> list[bool]:
    return [s == "", len(s) > 3, s != "a"]


# --- f-strings ---


@workflow
def f_text(s: str) -> str:
    return f"a{s}b'{{}}"


@workflow
def f_int(x: int) -> str:
    return f"n={x}"


@workflow
def f_bool(p: bool) -> str:
    return f"{p}"


@workflow
def f_optional(os: str | None, oa: int | None) -> str:
    return f"{os}/{oa}"


@workflow
def f_many(s: str, a: int, b: int) -> str:
    return f"{s}: {a} + {b} = {a + b}"


@workflow
def f_float_2(cents: float) -> str:
    return f"{cents:.2f}"


@workflow
def f_float_0(cents: float) -> str:
    return f"{cents:.0f}"


@workflow
def f_float_3(cents: float) -> str:
    return f"{cents:.3f}"


@workflow
def f_int_padded(x: int) -> str:
    return f"{x:02d}"


@workflow
def f_int_grouped(x: int) -> str:
    return f"{x:,}"


@workflow
def f_int_hexadecimal(x: int) -> str:
    return f"{x:x}"


@workflow
def f_text_padded(s: str) -> str:
    return f"{s:>6}|{s:<6}"


@workflow
def f_member(color: Color, level: Level) -> str:
    return f"{color.value} {level.value} {color.name}"


# --- Lists ---


@workflow
def list_length(xs: list[int]) -> int:
    return len(xs)


@workflow
def list_item(xs: list[int], i: int) -> int:
    return xs[i]


@workflow
def list_item_inside(xs: list[int], i: int) -> list[int]:
    return [xs[i], 1]


@workflow
def list_first_and_last(xs: list[int]) -> list[int]:
    return [xs[0], xs[-1]]


@workflow
def list_item_of_list(rows: list[list[int]], i: int) -> list[int]:
    return rows[i]


@workflow
def list_slice(xs: list[int], i: int, j: int) -> list[int]:
    return xs[i:j]


@workflow
def list_slice_of_lists(rows: list[list[int]], i: int) -> list[list[int]]:
    return rows[i:]


@workflow
def list_slice_constant(xs: list[int]) -> list[list[int]]:
    return [xs[1:3], xs[1:], xs[:2], xs[-2:], xs[:-1]]


@workflow
def list_slice_steps(xs: list[int]) -> list[list[int]]:
    return [xs[::2], xs[::-1]]


@workflow
def list_add(xs: list[int], ys: list[int]) -> list[int]:
    return xs + ys


@workflow
def list_add_lists(rows: list[list[int]], xs: list[int]) -> list[list[int]]:
    return rows + [xs]


@workflow
def list_repeat(xs: list[int], n: int) -> list[int]:
    return xs * n


@workflow
def list_append(xs: list[int], x: int) -> list[int]:
    xs.append(x)
    return xs


@workflow
def list_append_list(rows: list[list[int]], xs: list[int]) -> list[list[int]]:
    rows.append(xs)
    return rows


@workflow
def list_extend(xs: list[int], ys: list[int]) -> list[int]:
    xs.extend(ys)
    return xs


@workflow
def list_augmented(xs: list[int], ys: list[int]) -> list[int]:
    xs += ys
    return xs


@workflow
def list_set_item(xs: list[int], i: int, x: int) -> list[int]:
    xs[i] = x
    return xs


@workflow
def list_pop(xs: list[int]) -> list[Any]:
    last = xs.pop()
    return [last, xs]


@workflow
def list_insert(xs: list[int], x: int) -> list[int]:
    xs.insert(0, x)
    return xs


@workflow
def list_reversed(xs: list[int]) -> list[int]:
    return list(reversed(xs))


@workflow
def list_index(xs: list[int], a: int) -> int:
    return xs.index(a)


@workflow
def list_count(xs: list[int], a: int) -> int:
    return xs.count(a)


@workflow
def list_copy(xs: list[int]) -> list[int]:
    return list(xs)


@workflow
def swap(x: int, y: int) -> dict[str, int]:
    x, y = y, x
    return {"x": x, "y": y}


# --- Dicts and records ---


@workflow
def dict_item(d: dict[str, int], k: str) -> int:
    return d[k]


@workflow
def dict_item_inside(d: dict[str, int], k: str) -> dict[str, int]:
    return {"found": d[k]}


@workflow
def dict_get(d: dict[str, int], k: str) -> int | None:
    return d.get(k)


@workflow
def dict_get_default(d: dict[str, int], k: str, x: int) -> int:
    return d.get(k, x)


@workflow
def dict_get_or(d: dict[str, int], k: str, x: int) -> int:
    return d.get(k) or x


@workflow
def dict_keys_sorted(wd: dict[str, int]) -> list[str]:
    return sorted(wd)


@workflow
def dict_values_sorted(d: dict[str, int]) -> list[int]:
    return sorted(d.values())


@workflow
def dict_values_sum(d: dict[str, int]) -> int:
    return sum(d.values())


@workflow
def dict_length(d: dict[str, int]) -> int:
    return len(d)


@workflow
def dict_merge(d: dict[str, int], e: dict[str, int]) -> dict[str, int]:
    return {**d, **e, "a": 1}


@workflow
def dict_or(d: dict[str, int], e: dict[str, int]) -> dict[str, int]:
    return d | e


@workflow
def dict_set_item(d: dict[str, int], k: str, x: int) -> dict[str, int]:
    d[k] = x
    return d


@workflow
def dict_delete_item(d: dict[str, int], k: str) -> dict[str, int]:
    del d[k]
    return d


@workflow
def dict_pop(d: dict[str, int], k: str) -> dict[str, int]:
    d.pop(k, None)
    return d


@workflow
def dict_set_default(d: dict[str, int], k: str, x: int) -> dict[str, int]:
    d.setdefault(k, x)
    return d


@workflow
def dict_count_up(d: dict[str, int], k: str) -> dict[str, int]:
    d[k] = d.get(k, 0) + 1
    return d


@workflow
def dict_update(d: dict[str, int], e: dict[str, int]) -> dict[str, int]:
    d.update(e)
    return d


@workflow
def dict_of_lists(dl: dict[str, list[int]], k: str) -> list[int]:
    return dl.get(k, [])


@workflow
def dict_comprehension(dl: dict[str, list[int]]) -> dict[str, int]:
    return {k: len(v) for k, v in dl.items()}


@workflow
def dict_comprehension_filtered(d: dict[str, int]) -> dict[str, int]:
    return {k: v for k, v in d.items() if v > 0}


@workflow
def dict_from_records(lines: list[Line]) -> dict[str, int]:
    return {line.n: line.k for line in lines}


@workflow
def dict_from_lists(ss: list[str], xs: list[int]) -> dict[str, int]:
    return dict(zip(ss, xs))


@workflow
def record_field(line: Line) -> int:
    return line.k


@workflow
def record_fields(order: Order) -> list[Any]:
    return [order.id, order.note, len(order.lines)]


@workflow
def record_list_field(line: Line) -> list[int]:
    return line.t


@workflow
def record_in_list(order: Order) -> int:
    return order.lines[0].k


@workflow
def record_construct(x: int, s: str) -> Line:
    return Line(k=x, n=s, f=0.5, t=[x])


@workflow
def record_defaults(s: str) -> Order:
    return Order(s, [])


@workflow
def record_replace(line: Line, x: int) -> Line:
    return replace(line, k=x, t=[])


@workflow
def record_set_field(line: Line, x: int) -> Line:
    line.k = x
    line.t.append(x)
    return line


@workflow
def typed_dict(address: Address, s: str) -> Address:
    address["street"] = s
    return {"street": address["street"], "zip": address["zip"] + 1}


# --- Comprehensions ---


@workflow
def map_numbers(xs: list[int]) -> list[int]:
    return [x * 2 for x in xs]


@workflow
def map_to_lists(xs: list[int]) -> list[list[int]]:
    return [[x, 1] for x in xs]


@workflow
def map_to_none(xs: list[int]) -> list[None]:
    return [None for x in xs]


@workflow
def map_to_dicts(xs: list[int], s: str) -> list[dict[str, Any]]:
    return [{"a": x, "b": i, "c": s} for i, x in enumerate(xs)]


@workflow
def map_anything(values: list[Any]) -> list[Any]:
    return [{"a": value} for value in values]


@workflow
def filter_numbers(xs: list[int]) -> list[int]:
    return [x for x in xs if x > 0]


@workflow
def filter_anything(values: list[Any]) -> list[Any]:
    return [value for value in values if value]


@workflow
def filter_records(lines: list[Line]) -> list[str]:
    return [line.n for line in lines if line.k > 1]


@workflow
def filter_record_lists(lines: list[Line]) -> list[list[int]]:
    return [line.t for line in lines if line.k > 1]


@workflow
def two_conditions(xs: list[int]) -> list[int]:
    return [x for x in xs if x > 0 if x % 2 == 0]


@workflow
def nested_loops(xs: list[int], ys: list[int]) -> list[int]:
    return [x + y for x in xs for y in ys]


@workflow
def nested_lists(xs: list[int], ys: list[int]) -> list[list[int]]:
    return [[x, y] for x in xs for y in ys if x != y]


@workflow
def flatten(rows: list[list[int]]) -> list[int]:
    return [y for row in rows for y in row]


@workflow
def matrix(rows: list[list[int]]) -> list[list[int]]:
    return [[y * 2 for y in row] for row in rows]


@workflow
def closure(xs: list[int], a: int) -> list[int]:
    return [x + a for x in xs]


@workflow
def shadowed_name(xs: list[int], x: int) -> list[int]:
    return [x + y for y in [x for x in xs]]


@workflow
def enumerated(xs: list[int]) -> list[list[int]]:
    return [[i, x] for i, x in enumerate(xs)]


@workflow
def enumerated_from_one(xs: list[int]) -> list[int]:
    return [i + x for i, x in enumerate(xs, 1)]


@workflow
def zipped(xs: list[int], ys: list[int]) -> list[int]:
    return [x - y for x, y in zip(xs, ys)]


@workflow
def range_comprehension(n: int) -> list[int]:
    return [i * i for i in range(n)]


@workflow
def range_one(i: int) -> list[int]:
    return list(range(i))


@workflow
def range_two(i: int, j: int) -> list[int]:
    return list(range(i, j))


@workflow
def range_three(i: int, j: int, a: int) -> list[int]:
    return list(range(i, j, a))


@workflow
def set_comprehension(xs: list[int]) -> int:
    return len({x % 3 for x in xs})


# --- Aggregates and sorting ---


@workflow
def sum_of_ints(xs: list[int]) -> int:
    return sum(xs)


@workflow
def sum_of_fields(lines: list[Line]) -> int:
    return sum(line.k for line in lines)


@workflow
def sum_counts(xs: list[int]) -> int:
    return sum(1 for x in xs if x > 0)


@workflow
def minimum(xs: list[int]) -> int:
    return min(xs)


@workflow
def maximum(xs: list[int]) -> int:
    return max(xs)


@workflow
def maximum_default(xs: list[int], a: int) -> int:
    return max(xs, default=a)


@workflow
def maximum_of_texts(ss: list[str]) -> str:
    return max(ss)


@workflow
def maximum_of_two(a: int, b: int, c: int) -> list[int]:
    return [max(a, b), min(a, b, c)]


@workflow
def maximum_by_key(lines: list[Line]) -> str:
    return max(lines, key=lambda line: line.k).n


@workflow
def minimum_by_key(lines: list[Line]) -> str:
    return min(lines, key=lambda line: line.k).n


@workflow
def any_positive(xs: list[int]) -> bool:
    return any(x > 0 for x in xs)


@workflow
def any_not_empty(rows: list[list[int]]) -> bool:
    return any(row for row in rows)


@workflow
def any_stops_early(xs: list[int]) -> bool:
    return any(10 // x > 1 for x in xs)


@workflow
def all_positive(xs: list[int]) -> bool:
    return all(x > 0 for x in xs)


@workflow
def all_stops_early(xs: list[int]) -> bool:
    return all(10 // x > 1 for x in xs)


@workflow
def all_of_list(flags: list[bool]) -> list[bool]:
    return [all(flags), any(flags)]


@workflow
def sorted_ints(xs: list[int]) -> list[int]:
    return sorted(xs)


@workflow
def sorted_floats(us: list[float]) -> list[float]:
    return sorted(us)


@workflow
def sorted_words(words: list[str]) -> list[str]:
    return sorted(words)


@workflow
def sorted_descending(xs: list[int]) -> list[int]:
    return sorted(xs, reverse=True)


@workflow
def sorted_by_key(lines: list[Line]) -> list[str]:
    return [line.n for line in sorted(lines, key=lambda line: line.k)]


@workflow
def sorted_by_key_descending(lines: list[Line]) -> list[str]:
    return [line.n for line in sorted(lines, key=lambda line: line.k, reverse=True)]


@workflow
def sorted_by_two_keys(lines: list[Line]) -> list[str]:
    return [line.n for line in sorted(lines, key=lambda line: (line.k, -line.f))]


# --- Conversions ---


@workflow
def int_of_float(u: float) -> int:
    return int(u)


@workflow
def int_of_text(s: str) -> int:
    return int(s)


@workflow
def int_of_bool(p: bool) -> int:
    return int(p)


@workflow
def float_of_int(x: int) -> float:
    return float(x)


@workflow
def float_of_text(s: str) -> float:
    return float(s)


@workflow
def round_to_int(cents: float) -> int:
    return round(cents)


@workflow
def round_to_two(cents: float) -> float:
    return round(cents, 2)


@workflow
def floor(u: float) -> int:
    return math.floor(u)


@workflow
def ceiling(u: float) -> int:
    return math.ceil(u)


@workflow
def is_instance(x: Any) -> list[bool]:
    return [isinstance(x, str), isinstance(x, bool), isinstance(x, list), isinstance(x, dict)]


@workflow
def is_instance_of_number(x: Any) -> bool:
    return isinstance(x, (int, float))


@workflow
def json_dump(xs: list[int]) -> str:
    return json.dumps(xs, separators=(",", ":"), ensure_ascii=False)


@workflow
def json_dump_texts(ss: list[str]) -> str:
    return json.dumps(ss, separators=(",", ":"), ensure_ascii=False)


@workflow
def json_load(document: str) -> Any:
    return json.loads(document)


# --- Sets ---


@workflow
def set_length(xs: list[int]) -> int:
    return len(set(xs))


@workflow
def set_membership(xs: list[int], a: int) -> bool:
    return a in set(xs)


@workflow
def set_sorted(xs: list[int]) -> list[int]:
    return sorted(set(xs))


@workflow
def set_algebra(xs: list[int], ys: list[int]) -> list[list[int]]:
    return [
        sorted(set(xs) | set(ys)),
        sorted(set(xs) & set(ys)),
        sorted(set(xs) - set(ys)),
    ]


# --- Statements ---


@workflow
def assignments_in_sequence(a: int) -> list[int]:
    b = a + 1
    c = b * 2
    a = c - b
    return [a, b, c]


@workflow
def branches(a: int, s: str) -> str:
    if a > 3:
        kind = "large"
    elif a > 0 and s:
        kind = s
    else:
        return "none"
    return f"{kind}!"


@workflow
def loop(xs: list[int]) -> int:
    result = 0
    for x in xs:
        if x < 0:
            continue
        if x > 8:
            break
        result += x
    return result


@workflow
def loop_with_else(xs: list[int], a: int) -> str:
    for x in xs:
        if x == a:
            break
    else:
        return "missing"
    return "found"


@workflow
def loop_over_range(n: int) -> list[int]:
    found: list[int] = []
    for i in range(n):
        found.append(i * i)
    return found


@workflow
def loop_while(n: int) -> int:
    steps = 0
    while n > 1:
        n = n // 2
        steps += 1
    return steps


@workflow
def raises(a: int, s: str) -> int:
    if a > 0:
        raise ValueError(f"bad {s}")
    return a


@workflow
def helper_call(a: int, b: int) -> int:
    return doubled(a) + doubled(b)


@workflow
def helper_with_branches(a: int) -> list[int]:
    return [clamp(a), clamp(a, high=5), clamp(a, 1, 3)]


@workflow
def helper_with_loop(xs: list[int]) -> int:
    return total(xs)


# --- Enums and time ---


@workflow
def enum_value(color: Color) -> str:
    return color.value


@workflow
def enum_equal(color: Color, level: Level) -> list[bool]:
    return [color == Color.RED, level != Level.LOW, color in (Color.RED, Color.GREEN)]


@workflow
def enum_member() -> list[Color]:
    return [Color.GREEN, Color.RED]


@workflow
def literal_type(mode: Literal["fast", "slow"]) -> bool:
    return mode == "fast"


@workflow
def time_compare(moment: datetime, other: datetime) -> list[bool]:
    return [moment < other, moment == other]


@workflow
def time_difference(moment: datetime, other: datetime) -> float:
    return (moment - other).total_seconds()


@workflow
def time_add(moment: datetime, a: int) -> datetime:
    return moment + timedelta(seconds=a)
