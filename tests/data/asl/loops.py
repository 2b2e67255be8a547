"""Each loop is one Choice."""

from wfc import sleep, step, workflow


@step
def visit(name: str) -> int: ...


@step
def names(count: int) -> list[str]: ...


@workflow
def over_list(items: list[str]) -> int:
    total = 0
    for item in items:
        total += visit(item)
    return total


@workflow
def over_result(count: int) -> list[str]:
    seen: list[str] = []
    for name in names(count):
        if name == "":
            continue
        if visit(name) > 5:
            break
        seen.append(name)
    else:
        visit("all")
    return seen


@workflow
def over_range(start: int, step: int) -> int:
    last = -1
    for i in range(start, 10, 3):
        last = visit(f"{i}")
    for _ in range(2):
        visit("twice")
    for i in range(3, 0, -1):
        visit(f"down {i}")
    if step != 0:
        for i in range(0, 4, step):
            visit(f"{i} of {step}")
    return last


@workflow
def over_pairs(items: list[str], amounts: list[int]) -> str:
    text = ""
    for number, item in enumerate(items, 1):
        text += f"{number}{item}"
        visit(item)
    for item, amount in zip(items, amounts):
        visit(f"{item}:{amount}")
    for item in reversed(items):
        text = text + item
    for c in text[:3]:
        visit(c)
    return text


@workflow
def nested(rows: list[list[int]]) -> int:
    count = 0
    for row in rows:
        for cell in row:
            if cell < 0:
                break
            if cell == 0:
                continue
            count += visit(f"{cell}")
        else:
            count += 100
        if count > 500:
            return count
    return count


@workflow
def polling(job: str) -> int:
    """Only the input is needed: no state in front of the loop."""
    while True:
        state = visit(job)
        if state > 3:
            return state
        sleep("30 seconds")


@workflow
def growing(first: str) -> int:
    """The list grows while it is looped over."""
    queue = [first]
    turns = 0
    for name in queue:
        turns += 1
        if visit(name) > 4 and turns < 6:
            queue.append(name + "'")
    return turns


@workflow
def countdown(n: int) -> int:
    attempts = 0
    while n > 0:
        n -= visit("x") + 3
        attempts += 1
        if attempts > 20:
            break
    else:
        visit("done")
    return attempts


@workflow
def over_entries(prices: dict[str, list[int]]) -> int:
    """Keys are unique: what belongs to them is never compared."""
    total = 0
    for name, amounts in sorted(prices.items()):
        total += visit(name) + sum(amounts)
    return total


@workflow
def over_tuples(pairs: list[tuple[str, int]]) -> list[str]:
    """An item of an item."""
    found: list[str] = []
    for name, count in pairs:
        if visit(name) > count:
            found.append(name)
    return found


@workflow
def tested_twice(k: int) -> int:
    """When the first test fails, the loop is left at once."""
    while k < 3 and visit("a") < 2:
        k += 1
    return k


@workflow
def either_test(k: int) -> int:
    """When the first test holds, the second one is not needed."""
    while k < 3 or visit("a") < 2:
        k += 1
        if k > 9:
            break
    return k


@workflow
def flagged(names_: list[str]) -> str:
    """A flag that is set on the way to its test."""
    found = False
    while not found:
        found = visit("first") > 2
        for name in names_:
            if visit(name) > 3:
                found = True
                break
    return "found"
