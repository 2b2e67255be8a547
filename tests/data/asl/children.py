"""Child workflows, and what their failures look like in the parent."""

from wfc import step, workflow


class Refused(Exception):
    pass


class TooMuch(Refused):
    pass


@step(timeout="10s")
def pay(amount: int) -> int: ...


@workflow(timeout="1 hour")
def child(amount: int, note: str = "n") -> int:
    """Pay a part."""
    if amount > 50:
        raise TooMuch(f"{amount}: {note}")
    if amount < 0:
        raise Refused("negative")
    return pay(amount) + 1


@workflow
def uncaught(amount: int) -> int:
    first = child(amount)
    return child(first, note="again") * 2


@workflow
def by_class(amount: int) -> str:
    try:
        done = child(amount)
    except TooMuch as error:
        return f"too much {error}"
    except Refused:
        return "refused"
    except TimeoutError:
        return "late"
    return f"{done}"


@workflow
def any_error(amount: int) -> str:
    try:
        return str(child(amount, "x"))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
