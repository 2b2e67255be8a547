from wfc import sleep, step, workflow


@step
def charge(amount: int) -> int:
    return amount


@workflow
def flow(amount: int, items: list[int]) -> int:
    assert amount > 3
    with open("x") as file:
        pass
    match amount:
        case 3:
            pass
    global STATE
    nonlocal_is_a_syntax_error = 1

    def inner() -> None: ...

    class Inner: ...

    import json
    from os import path

    amount + 1
    5
    [charge(1)]
    str(charge(2))
    del amount
    del items[1:2]
    items[0:1] = [3]
    first, *rest = items
    (items[0], other) = 1, 2
    for i, (j, k) in enumerate(items):
        pass
    (lambda: 1)()
    file.x: int = 3
    amount @= 3
    try:
        charge(amount)
    finally:
        charge(1)
    try:
        charge(amount)
    except:
        pass
    try:
        charge(amount)
    except* ValueError:
        pass
    return sum(rest)


@workflow
async def asynchronous(items: list[int]) -> None:
    async with items as x:
        pass
    async for item in items:
        pass
    [item async for item in items]
