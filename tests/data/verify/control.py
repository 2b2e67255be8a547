"""Branches and loops: one workflow for each construct."""

from wfc import sleep, step, workflow


@step
def number(name: str) -> int:
    """A number from outside."""
    return len(name)


@step
def yes(name: str) -> bool:
    """A decision from outside."""
    return bool(name)


@step
def maybe(name: str) -> int | None:
    """A number from outside, if there is one."""
    return None


@step
def record(what: str, value: int = 0) -> None:
    """Leave a trace."""


@step
def numbers(name: str) -> list[int]:
    """Numbers from outside."""
    return []


@workflow
def evaluation_order(a: int) -> list[int]:
    """Left to right, also where a step stands late in an expression."""
    total = number("first") + a * number("second") - number("third")
    pair = [number("fourth"), total, number("fifth")]
    return pair


@workflow
def nested_calls(a: int) -> int:
    """Arguments are computed before the call, from the inside."""
    record("start", number("inner"))
    return max(number("x"), number("y")) + abs(number("z"))


@workflow
def short_circuit(limit: int) -> str:
    """The right side runs only when it is needed."""
    if limit > 0 and yes("and"):
        record("both")
    if limit > 10 or yes("or"):
        record("either")
    both = yes("left") and yes("right")
    return "both" if both else "not both"


@workflow
def conditional_step(flag: bool) -> int:
    """Only the chosen side of a conditional expression runs."""
    return number("then") if flag else number("else")


@workflow
def chained_comparison(low: int, high: int) -> bool:
    """The middle is computed once; the end only when the first comparison holds."""
    return low < number("middle") < high


@workflow
def elif_chain(amount: int) -> str:
    """The first condition that holds."""
    if amount < 0:
        size = "negative"
    elif amount == 0:
        size = "zero"
    elif amount < 10:
        record("small")
        size = "small"
    else:
        size = "large"
    return size


@workflow
def early_return(amount: int) -> str:
    """Return from inside of branches and loops."""
    if amount > 100:
        return "too much"
    for attempt in range(3):
        if yes(f"try {attempt}"):
            return f"attempt {attempt}"
    return "never"


@workflow
def while_else(limit: int) -> int:
    """The else block runs when the condition fails, not after break."""
    count = 0
    while count < limit:
        count += 1
        if number("stop") == count:
            record("broke", count)
            break
    else:
        record("finished", count)
    return count


@workflow
def while_condition_with_step(most: int) -> int:
    """The step in the condition runs before every turn."""
    turns = 0
    while yes("again") and turns < most:
        turns += 1
        record("turn", turns)
    return turns


@workflow
def while_true(most: int) -> list[int]:
    """A loop that only break leaves."""
    seen: list[int] = []
    while True:
        found = number("next")
        if found < 0:
            continue
        seen.append(found)
        if len(seen) >= most:
            break
    return seen


@workflow
def for_else(items: list[int]) -> str:
    """The else block of a for loop."""
    for item in items:
        if item < 0:
            record("negative", item)
            break
        record("item", item)
    else:
        record("all")
        return "clean"
    return "dirty"


@workflow
def nested_loops(rows: list[list[int]]) -> int:
    """Break and continue belong to the inner loop."""
    total = 0
    for row in rows:
        for cell in row:
            if cell == 0:
                continue
            if cell < 0:
                break
            total += cell
            record("cell", cell)
        else:
            record("row", total)
        if total > 100:
            break
    return total


@workflow
def loop_over_range(start: int, stop: int) -> list[int]:
    """Counting up, by steps, and down."""
    seen = [0]
    for i in range(start, stop):
        record("up", i)
    for i in range(start, stop, 2):
        seen.append(i)
    for i in range(stop, start, -1):
        seen.append(i)
    return seen


@workflow
def loop_variable_afterwards(items: list[int]) -> int:
    """The loop variable keeps its last value."""
    item = -1
    for item in items:
        record("item", item)
    return item


@workflow
def enumerated(items: list[str]) -> list[str]:
    """Enumerate, from 0 and from another number."""
    lines = [""]
    for i, item in enumerate(items):
        record(item, i)
    for i, item in enumerate(items, start=1):
        lines.append(f"{i}. {item}")
    return lines


@workflow
def loop_over_step_result(name: str) -> int:
    """The list comes from a step and is fetched once."""
    total = 0
    for value in numbers(name):
        total += value
        record("value", total)
    return total


@workflow
def list_changed_while_looping(items: list[int]) -> list[int]:
    """Another list grows; the one that is looped over stays."""
    doubled: list[int] = []
    for item in items:
        doubled.append(item * 2)
        if item == 2:
            doubled.append(number("extra"))
    return doubled


@workflow
def optional_narrowing(name: str) -> int:
    """None is handled before the value is used."""
    found = maybe(name)
    if found is None:
        return -1
    again = maybe("again")
    if again is not None and again > found:
        return again - found
    return found + 1


@workflow
def sleeping(seconds: int) -> int:
    """Durable timers of constant and computed length."""
    sleep("1 day")
    record("first")
    sleep(seconds)
    for i in range(2):
        sleep(seconds * i)
    return number("after")


@workflow
def negative_sleep(seconds: int) -> str:
    """A wait that is over already."""
    sleep(seconds - 10)
    return "awake"


@workflow
def nothing(name: str) -> None:
    """Ends without a value."""
    if name:
        record(name)
        return
    record("empty")


@workflow
def defaults(a: int, b: int = 5, c: str = "x", d: int | None = None) -> str:
    """Parameters that may be left out."""
    record(c, a + b)
    record("default value")
    return f"{a} {b} {c} " + ("none" if d is None else f"{d}")


@workflow
def child(n: int) -> int:
    """Called by another workflow."""
    record("child", n)
    return n * 2


@workflow
def parent(n: int) -> int:
    """Children in a loop and in an expression."""
    total = 0
    for i in range(n):
        total += child(i)
    return total + child(child(n))


@workflow
def chosen_in_a_test(flag: bool, limits: list[int]) -> int:
    """Steps in the test of a loop, some of which are not needed."""
    rounds = 0
    while number("a") + (limits[0] if flag else number("b")) < 10 and rounds < 3:
        rounds += 1
    while (yes("c") or yes("d")) and (flag or number("e") > 1):
        rounds += 10
    return rounds


@workflow
def blocks_that_do_nothing(names: list[str]) -> str:
    """Texts, dots and annotations do nothing, also where they stand alone."""
    if names:
        """Nothing to do."""
    else:
        ...
    for name in names:
        found: str
    while yes("again"):
        ...
    try:
        record("only")
    except ValueError:
        "Never mind."
    else:
        ...
    found = "done"
    return found


@workflow
def loops_without_a_test(limit: int) -> int:
    """A constant that is true is a loop that only break leaves."""
    while "forever":
        found = number("next")
        if found >= limit:
            break
    while 2:
        last = found + 1
        break
    return last
