from wfc import step, workflow


@step
def charge(amount: Money) -> Money: ...


@workflow
def flow(n: int) -> int:
    a = undefined(n).field[3] + 1
    b = a.other
    for c in b:
        charge(c.d)
    x, y = a
    return x + y
