from wfc import sleep, step, workflow


@step
def charge(amount: int) -> int:
    return amount


@workflow
def flow(n: int, items: list[int], maybe: str | None) -> int:
    if n > 1:
        a = 1
    charge(a)
    for item in items:
        b = item
    charge(item)
    charge(b)
    while n < 3:
        c = n
        n += 1
        if n == 2:
            break
    else:
        d = 1
    charge(c)
    charge(d)
    while True:
        e = 1
        if n:
            break
        f = 2
    charge(e)
    charge(f)
    try:
        g = charge(1)
        h = charge(2)
    except ValueError as error:
        i = 1
    else:
        i = charge(h)
    charge(g)
    charge(i)
    charge(j)
    j = 1
    k += 1
    maybe.upper()
    maybe + "x"
    l: int = "text"
    m: list[int] = [1, "x"]
    p, q = 1, 2, 3
    p, q = 1
    [r for r in items]
    charge(r)
    return n
