from wfc import sleep, step, workflow


@step
def charge(amount: int) -> int:
    return amount


import requests


class Declined(Exception):
    """The card was declined."""


class Coded(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")


class BelowCoded(Coded):
    pass


def parse(text: str) -> int:
    if not text:
        raise ValueError("empty")
    return len(text)


@workflow
def flow(n: int, text: str, prices: dict[str, int]) -> int:
    raised = None
    try:
        charge(prices[text])
        charge(10 // n)
        charge(10 // 2)
        charge(int(text))
        charge(parse(text))
        first, second = text.split(",")
        prices[text] += 1
        del prices[text]
    except (ValueError, KeyError, ArithmeticError):
        charge(1 // n)
    try:
        charge(prices[text])
    except Declined:
        pass
    try:
        charge(n)
    except requests.Timeout:
        pass
    except KeyboardInterrupt:
        pass
    except Unknown:
        pass
    except Declined as error:
        raised = error
        charge(error)
        x = error.args[0]
        y = f"{error!r}"
        z = repr(error)
        if isinstance(error, Declined):
            pass
        if error:
            pass
    str(error)
    if n == 1:
        raise
    elif n == 2:
        raise ValueError("a", 3)
    elif n == 3:
        raise ValueError(text=3)
    elif n == 4:
        raise Coded(3)
    elif n == 5:
        raise BelowCoded("x")
    elif n == 6:
        raise KeyError(n)
    elif n == 7:
        raise raised
    elif n == 8:
        raise ValueError("x") from raised
    elif n == 9:
        raise UnicodeDecodeError("x")
    elif n == 10:
        raise SystemExit("x")
    elif n == 11:
        raise text
    try:
        charge(n)
    except Declined as error:
        raise error from None
    return 1
