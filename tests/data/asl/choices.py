"""Conditions become as few Choices as possible."""

from typing import Literal

from wfc import step, workflow


@step
def act(name: str) -> int: ...


@workflow
def chain(amount: int) -> str:
    """An if with elifs is one Choice."""
    if amount > 100:
        act("large")
    elif amount > 10:
        # Medium amounts are counted.
        act("medium")
    elif amount > 0:
        label = "small"
        act(label)
    else:
        act("none")
    return "done"


@workflow
def both(a: bool, b: bool) -> str:
    """An if in an if."""
    if a:
        if b:
            act("both")
    return "done"


@workflow
def else_if(a: int) -> str:
    """An if behind an assignment in else."""
    if a > 3:
        label = "big"
    else:
        half = a // 2
        if half == 1:
            label = "two or three"
        else:
            label = "small"
    act(label)
    return label


@workflow
def truth(names: list[str], title: str | None, count: int) -> str:
    """What counts as true."""
    if not names:
        return "nobody"
    if title and count:
        act(title)
    if not (title or count > 5):
        act(names[0])
    return f"{title} {count}"


@workflow
def literal(mode: Literal["fast", "slow"]) -> str:
    if mode == "fast":
        act("fast")
    elif mode in ("slow", "medium"):
        act("slow")
    return mode


@workflow
def asked(name: str) -> str:
    """The condition calls a step."""
    if act(name) > 2 and act("again") > 3:
        return "often"
    if act("last") == 1:
        return "once"
    return "never"
