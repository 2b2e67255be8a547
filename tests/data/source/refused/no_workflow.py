"""Nothing to compile."""

from wfc import step


@step
def charge(amount: int) -> int:
    return amount


def helper() -> int:
    return 1
