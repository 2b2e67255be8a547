from wfc import workflow


@workflow
def add(a: int, b: int = 1) -> int:
    return a + b
