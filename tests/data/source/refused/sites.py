from wfc import sleep, step, workflow


@step
def charge(amount: int) -> int:
    return amount


@step
def Charge_(amount: int) -> int: ...


@step
def charge_2(amount: int) -> int: ...


@workflow
def flow(n: int) -> None:
    charge(n)
    charge(n)
    charge_2(n)
    Charge_(n)
    charge(charge(n))  # wfc: name two
    charge(n)  # wfc: name has space
    charge(n)  # wfc: name has-dash
    charge(n)  # wfc: name 1st
    charge(n)  # wfc: name
    charge(n)  # wfc: nam typo
    x = n  # wfc: name nothing
    charge(n)  # wfc: name own
    sleep(1)  # wfc: name OWN
