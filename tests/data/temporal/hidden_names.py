"""Steps and helpers named like what the generated code uses."""

from wfc import Connection, injected, sleep, step, transaction, workflow


@step
def fresh(amount: int) -> int:
    return amount + 1


@step
def itertools(amount: int) -> int:
    return amount + 2


@transaction
def os(amount: int, db: Connection = injected) -> None:
    print(db.dialect.name, amount)


def max(left: float, right: float) -> float:
    return left + right


@workflow
def child(amount: int) -> int:
    return itertools(amount)


@workflow
def timedelta(amount: int, next: float) -> int:
    total = fresh(amount)
    os(total)
    sleep(max(next, 1.0))
    for number in range(2):
        total += child(number)
    return total
