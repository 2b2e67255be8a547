"""Conditions with steps in them."""

from wfc import step, workflow


@step
def allowed(amount: int) -> bool:
    """Whether it may go on."""
    return amount > 1


@step
def count(amount: int) -> int:
    """How many there are."""
    return amount


@workflow
def decide(amount: int, urgent: bool) -> str:
    """Conditions that may skip a step."""
    # Above.
    if urgent and allowed(amount):  # Behind.
        return "urgent"
    if amount > 2 and (allowed(amount) or urgent):
        return "large"
    if (
        amount > 7
        # Between.
        and urgent
        and not allowed(count(amount))  # At the end.
        and [count(amount), amount][0] > 2
    ):
        return "refused"
    if amount > 5:
        # The source has two statements here.
        if allowed(amount):
            return "allowed"
    if urgent:
        amount += 1
    elif amount > 9 and allowed(amount + 1):
        amount += 2
    return str(amount)
