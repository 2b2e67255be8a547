"""Small workflows whose steps leave a trace: what runs, and in which order, is what Python says."""

from dataclasses import dataclass, field
from enum import StrEnum

from wfc import sleep, step, workflow

TRACE: list[str] = []
LIMIT = 3
NAMES = ["zero", "one", "two", "three"]


class Odd(Exception):
    """The number is odd."""


class VeryOdd(Odd):
    """The number is three."""


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


@dataclass
class Box:
    label: str
    count: int = 0
    items: list[int] = field(default_factory=list)
    inner: dict[str, int] = field(default_factory=dict)


@step
def echo(value: int) -> int:
    TRACE.append(f"echo {value}")
    return value


@step
def add(left: int, right: int = 10) -> int:
    TRACE.append(f"add {left} {right}")
    return left + right


@step
def even(value: int) -> bool:
    TRACE.append(f"even {value}")
    return value % 2 == 0


@step
def refuse_odd(value: int) -> int:
    TRACE.append(f"refuse_odd {value}")
    if value == 3:
        raise VeryOdd("three")
    if value % 2:
        raise Odd(f"{value} is odd")
    return value


@step
def find(value: int) -> Box | None:
    TRACE.append(f"find {value}")
    return Box(f"box {value}", value, [value]) if value > 1 else None


@step
def note(text: str) -> None:
    TRACE.append(f"note {text}")


def clamp(value: int, top: int = LIMIT) -> int:
    if value > top:
        return top
    return max(value, 0)


def describe(box: Box) -> str:
    words = [box.label]
    for item in box.items:
        if item > 2:
            words.append(str(item))
    return " ".join(words)


@workflow
def operands_from_left_to_right(n: int) -> int:
    return echo(n) + echo(n + 1) * echo(n + 2)


@workflow
def nested_calls(n: int) -> int:
    return add(echo(n), right=add(echo(n + 1), echo(n + 2)))


@workflow
def an_operand_that_raises_first(n: int) -> int:
    return 10 // n + echo(n)


@workflow
def an_operand_that_raises_later(n: int) -> int:
    return echo(n) + 10 // n


@workflow
def an_index_before_a_call(n: int) -> str:
    return NAMES[n] + str(echo(n))


@workflow
def keywords_in_the_order_of_the_call(n: int) -> int:
    return add(right=echo(n), left=echo(n + 1))


@workflow
def conditional(n: int) -> int:
    return echo(n) if even(n) else add(n)


@workflow
def conditional_inside(n: int) -> int:
    return echo(5) + (echo(n) if n > 1 else add(n)) + echo(6)


@workflow
def conjunction(n: int) -> bool:
    return n > 0 and even(n) and even(n + 2)


@workflow
def disjunction(n: int) -> bool:
    return even(n) or n > 2 or even(n + 1)


@workflow
def values_of_or(n: int) -> int:
    return n or echo(7) or 9


@workflow
def values_of_and(n: int) -> int:
    found = n and echo(n - 1) and echo(n)
    return found


@workflow
def mixed_boolean(n: int) -> int:
    total = 0
    if n > 0 and even(n) or n == 3:
        total += 1
    if not (even(n) and n > 1):
        total += 10
    if n > 1 and even(n):
        total += echo(100)
    elif n == 1 and even(n + 1):
        total += 1000
    else:
        total -= 1
    return total


@workflow
def elif_with_operations(n: int) -> str:
    if echo(n) == 0:
        result = "zero"
    elif echo(n + 10) == 11:
        result = "one"
    elif n == 2:
        result = "two"
    else:
        result = "many"
    return result


@workflow
def while_with_operation(n: int) -> int:
    count = 0
    while echo(count) < n and even(count * 2):
        count += 1
        if count == LIMIT:
            break
    else:
        note("finished")
        count += 100
    return count


@workflow
def while_true(n: int) -> int:
    count = 0
    while True:
        count = add(count, 1)
        if count < n:
            continue
        if count > n:
            return count
        count += 10
        break
    return -count


@workflow
def for_loops(n: int) -> list[str]:
    lines = []
    for index, name in enumerate(NAMES[:n], start=1):
        lines.append(f"{index}:{name}")
    for a, b in zip(range(n), reversed(range(n))):
        if a == b:
            continue
        lines.append(f"{a}-{b}")
    for key in sorted({"b": 1, "a": 2}):
        lines.append(key)
    for value in [n, n + 1]:
        lines.append(str(echo(value)))
        if value == 2:
            break
    else:
        lines.append("no two")
    return lines


@workflow
def nested_loops(n: int) -> list[int]:
    found: list[int] = []
    for i in range(n):
        for j in range(n):
            if j > i:
                break
            if (i + j) % 2:
                continue
            found.append(echo(i * 10 + j))
        else:
            found.append(-i)
    return found


@workflow
def try_and_else(n: int) -> str:
    try:
        value = refuse_odd(n)
    except VeryOdd as error:
        return f"very: {error}"
    except Odd as error:
        note(str(error))
        result = type(error).__name__
    else:
        result = f"fine {value}"
    return result


@workflow
def raise_inside(n: int) -> str:
    try:
        if n < 0:
            raise ValueError(f"negative {n}")
        echo(n)
        if n > 2:
            raise VeryOdd("own")
        return "none"
    except (ValueError, VeryOdd) as error:
        return f"{type(error).__name__}: {error}"


@workflow
def reraise(n: int) -> str:
    try:
        try:
            refuse_odd(n)
        except VeryOdd as error:
            note("inner")
            raise ValueError("changed") from error
        except Odd:
            note("again")
            raise
    except Odd as error:
        note("outer")
        if n == 1:
            raise error
        return "odd"
    return "even"


@workflow
def handlers_do_not_catch_each_other(n: int) -> str:
    try:
        refuse_odd(n)
    except Odd:
        refuse_odd(n)
    except Exception:
        return "never"
    return "done"


@workflow
def variables_after_failure(n: int) -> list[int]:
    seen = []
    last = -1
    for value in range(n + 1):
        try:
            last = echo(value)
            last = refuse_odd(value)
            seen.append(last)
        except Odd:
            seen.append(-last)
            continue
    return seen


@workflow
def optional_values(n: int) -> str:
    box = find(n)
    if box is None:
        return "nothing"
    if not box.items or box.count > 3:
        return box.label
    return describe(box)


@workflow
def poll(n: int) -> str:
    box = None
    tries = 0
    while box is None and tries < 4:
        box = find(n + tries)
        tries += 1
        sleep(tries)
    return box.label if box is not None else "gave up"


@workflow
def records(n: int) -> Box:
    box = Box("x", count=clamp(n))
    box.count += echo(2)
    box.items.append(echo(n))
    box.items += [1, 2]
    box.inner["a"] = n
    box.inner["a"] += 1
    box.items[0] = 7
    first = box.items.pop(0)
    if first in box.items:
        del box.inner["a"]
    box.label = f"{box.label}!{first:>3}{n!r}"
    return box


@workflow
def containers(n: int) -> dict[str, int]:
    counts = {}
    for name in ["a", "b", "a"]:
        counts[name] = counts.get(name, 0) + n
    counts.setdefault("z", echo(n))
    counts.update({"y": 1})
    taken = counts.pop("a")
    merged = {**counts, "t": taken}
    return {key: value * 2 for key, value in merged.items() if value != 1}


@workflow
def comprehensions(n: int) -> list[str]:
    pairs = [(a, b) for a in range(n) for b in range(a) if (a + b) % 2]
    best = max(pairs, key=lambda pair: pair[1], default=(0, 0))
    total = sum(a * b for a, b in pairs)
    letters = sorted({name[0] for name in NAMES})
    longest = sorted(NAMES, key=lambda name: (len(name), name), reverse=True)[0]
    return [*letters, str(best), str(total), longest, ",".join(str(a) for a, _ in pairs)]


@workflow
def unpacking(n: int) -> list[int]:
    a, b = n, n + 1
    a, b = b, a
    c = d = echo(a)
    (e, f) = [add(c), add(d, 1)]
    return [a, b, c, d, e, f]


@workflow
def text(n: int) -> str:
    parts = "a,b,,c".split(",")
    word = parts[-1].upper() + "-".join(parts[:n]) * 2
    if word.startswith("C") and "b" in word:
        word = word.replace("b", str(n).zfill(3))
    size = Size.LARGE if len(word) > 4 else Size.SMALL
    return f"{word} {size} {size.value.title()} {n:+d}"


@workflow
def child(n: int) -> int:
    if n > 2:
        raise VeryOdd("from the child")
    return add(n)


@workflow
def children(n: int) -> int:
    try:
        return child(n) + child(n + 1)
    except Odd as error:
        note(str(error))
        return -1


@workflow
def isinstance_tests(n: int) -> str:
    value: int | str | None = n
    if n == 1:
        value = "one"
    elif n == 2:
        value = None
    if isinstance(value, str):
        return value.upper()
    if value is None:
        return "none"
    return str(value + 1)


@workflow
def chained(n: int) -> bool:
    return 0 < echo(n) <= LIMIT


@workflow
def assigned_after_a_part(n: int) -> list[int]:
    values = [1, 2, 3]
    values[n] = echo(n)
    more = echo(1) if n else 5
    values[-1] += more
    return values


@workflow
def popped(n: int) -> int:
    values = [1, 2, 3, n]
    return values[0] + values.pop() + len(values) + values.pop()
