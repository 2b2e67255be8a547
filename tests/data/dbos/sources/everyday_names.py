"""A workflow and steps named like modules of the standard library."""

from wfc import Retry, step, workflow


class Trouble(Exception):
    """It does not work."""


@step(retry=Retry(Trouble, attempts=2))
def itertools(items: list[int]) -> int:
    return sum(items)


@step(timeout="5s")
def json(n: int) -> str:
    return f"{n}"


@step
def os(text: str) -> str:
    return text + "!"


@step
def fields(text: str) -> list[str]:
    return [text]


@workflow
def main(items: list[int]) -> list[str]:
    total = itertools(items)
    sys = json(total)
    return fields(os(sys))
