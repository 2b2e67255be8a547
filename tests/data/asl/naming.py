"""Names that Step Functions has for itself, or that are too long for it."""

from wfc import IdempotencyKey, RunId, injected, step, workflow

A_CONSTANT = {"limits": [1, 2, 3], "mark": "{% not an expression %}"}


@step
def send(text: str, count: int, key: IdempotencyKey = injected, run: RunId = injected) -> int: ...


@step
def look_up(table: dict[str, object]) -> str: ...


@workflow
def reserved(states: str, count: int, error: str = "it's") -> str:
    """Variables with the names of JSONata's functions."""
    sum_ = send(states, count)
    sum = send(error, sum_)
    _hidden = send("x", sum)
    send(states, _hidden)
    return f"{states} {count} {error} {sum} {sum_} {_hidden}"


@workflow
def hiding(count: int, items: list[int]) -> int:
    """A variable with the name of a function that the machine calls, and one that it does not."""
    sum = send("x", count)
    send("y", sum)
    return count + len(items) + sum


@workflow
def keys(texts: list[str]) -> int:
    """A key in a loop differs from turn to turn."""
    for text in texts:
        send(text, 1)
    send("last", 2)  # wfc: name say_goodbye
    return send("first", 3)


@workflow
def a_workflow_with_a_long_condition(amount_of_the_first_account: int, other: int) -> str:
    if amount_of_the_first_account > other * 2 and amount_of_the_first_account < other + 1000000000:
        send("a", 1)
    if amount_of_the_first_account > other * 2 and amount_of_the_first_account < other + 1000000001:
        send("b", 1)
    if other > 3:
        send("c", 1)
    if other > 3:
        send("d", 1)
    return look_up(A_CONSTANT)


@workflow
def parts_of_an_expression(count: int, items: list[int]) -> int:
    """An expression that takes several states: each is named by what the source has."""
    if count and (items[0] > 2 or send("a", 1) > 3) and send("b", 2) > 5:
        return 2
    if (send("x", 1) if count else send("y", 2)) > 1:
        return 3
    while send("e", 3) + (items[1] if count else send("f", 4)) > 5:
        send("g", 5)
    return (send("h", 6) or send("i", 7)) + 1
