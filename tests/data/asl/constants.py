"""What constants become: what a person would write, not how it is computed."""

from wfc import sleep, step, workflow

REMINDERS = 3
PAUSE = 60
SENDER = "the shop"
LEVELS = ["first", "second"]


class Refused(Exception):
    """A step says no."""


@step(timeout="5s")
def remind(text: str, number: int) -> int:
    """Send a reminder."""
    return number


@workflow
def constants(patience: int) -> str:
    """Constants in loops, texts, sums and lengths."""
    sent = 0
    for number in range(1, REMINDERS + 1):
        sent += remind(f"{SENDER} reminds you, {number} of {REMINDERS}", number)
        sleep(min(patience, PAUSE * 2))
    for _ in range(REMINDERS - 1):
        sent = max(sent, patience, len(LEVELS))
    return f"{sent} in {PAUSE * 2} seconds on {len(LEVELS)} levels"


@workflow
def caught_by_class(number: int) -> str:
    """A handler that no timeout reaches does not ask for one."""
    try:
        remind("once", number)
    except Refused as refusal:
        return f"refused: {refusal}"
    except TimeoutError as timeout:
        return f"late: {timeout}"
    return "sent"


def level(number: int) -> str:
    """A helper with lists that are written out."""
    return ("none", "low")[number] if number in (0, 1) else LEVELS[0]


@workflow
def known(number: int) -> str:
    """What is known is not tested, and a list that has just been made is not copied."""
    sent = 0
    for position, start in enumerate(range(0, number, PAUSE * 2)):
        sent += remind("again", start + position)
    return f"{level(sent)} {sum(range(number, 0, -2))}"
