"""Assignments need no states of their own."""

from dataclasses import dataclass
from datetime import timedelta

from wfc import sleep, step, workflow

RATE = 2


@dataclass
class Quote:
    id: str
    total: int


@step
def quote(item: str) -> Quote: ...


@step
def charge(quote_id: str, amount: int) -> str: ...


@step
def note(text: str) -> None: ...


@workflow
def one_result(item: str) -> str:
    """The result of a step is used by the next one."""
    found = quote(item)
    fee = found.total * RATE
    return charge(found.id, found.total + fee)


@workflow
def nested_calls(item: str) -> str:
    """Calls inside calls, from the inside out."""
    return charge(quote(item).id, quote("fee").total) + "!"


@workflow
def on_both_ways(item: str, limit: int = 10) -> str:
    """A value that two ways lead to."""
    found = quote(item)
    if found.total > limit:
        note(f"large: {found.total}")
    text = f"{found.id} for {found.total}"
    note(text)
    return text


@workflow
def only_data(a: int, b: int) -> list[int]:
    """No step at all."""
    a, b = b, a
    total = a * 10 + b
    return [total, total + 1]


@workflow
def swapped(a: str, b: str) -> str:
    """Variables change at the same time."""
    note(a)
    a, b = b, a
    note(a)
    return a + b


@workflow
def after_a_timer(item: str) -> str:
    """A timer takes assignments too."""
    found = quote(item)
    sleep("5 minutes")
    text = found.id.upper()
    note(text)
    sleep("1 hour")
    return text


@workflow
def unused(item: str) -> None:
    """What nobody reads is not kept."""
    found = quote(item)
    ignored = found.total
    quote(f"{item}!")
    ignored = 2


@workflow
def accumulated(items: list[int]) -> int:
    """A sum, without steps."""
    total = 0
    for item in items:
        if item > 0:
            total += item
    return total


@workflow
def may_fail_first(items: list[str], d: int) -> str:
    """What may fail is evaluated before the step, and not where a handler would catch it."""
    first = items[0]
    share = 100 // d
    try:
        note(first)
    except Exception:
        note("failed")
    rest = 7 // (d - 1)
    return f"{share} {rest}"


@workflow
def completed_once(item: str, limit: int = 10) -> str:
    """A parameter that a default completes is a variable behind the first state."""
    if limit > 100:
        sleep(limit)
        note(f"large: {limit}")
    return charge(item, limit)


@workflow
def computed_length(minutes: int) -> None:
    """A length of time made of integers is whole seconds."""
    sleep(timedelta(minutes=minutes, seconds=30))
    for turn in range(3):
        sleep(timedelta(seconds=turn))
