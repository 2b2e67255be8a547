"""Ways through try, loops and branches inside each other."""

from wfc import step, workflow


class Skip(Exception):
    """Go on with the next one."""


class Stop(Exception):
    """Do not go on."""


@step
def work(name: str) -> str:
    """May fail."""
    return name


@step
def check(name: str) -> bool:
    """A decision."""
    return True


@step
def record(what: str) -> None:
    """Leave a trace."""


@workflow
def return_in_try(names: list[str]) -> str:
    """Return out of a try in a loop."""
    for name in names:
        try:
            found = work(name)
            if found == "good":
                return f"found {name}"
        except Skip:
            record(f"skip {name}")
    return "nothing"


@workflow
def return_in_handler(names: list[str]) -> str:
    """Return out of a handler in a loop."""
    seen = ""
    for name in names:
        try:
            seen += work(name)
        except Stop as error:
            return f"{seen} stopped by {error}"
        else:
            record(seen)
    return seen


@workflow
def break_in_else(names: list[str]) -> str:
    """Break out of the else block of a try."""
    last = "none"
    for name in names:
        try:
            last = work(name)
        except Skip:
            continue
        else:
            if last == "enough":
                break
            record(last)
    else:
        return f"all, {last}"
    return f"broke, {last}"


@workflow
def loop_in_try(names: list[str]) -> str:
    """A loop inside of a try, left by an error."""
    done = 0
    try:
        while True:
            for name in names:
                work(name)
                done += 1
            if check("again"):
                continue
            break
    except Stop as error:
        return f"{done} {error}"
    return f"{done} all"


@workflow
def retry_by_hand(name: str) -> str:
    """A loop that tries again."""
    attempt = 0
    while True:
        attempt += 1
        try:
            return work(name) + f" after {attempt}"
        except Skip as error:
            if attempt == 3:
                raise Stop(f"{attempt} attempts: {error}") from error
            record(f"again {attempt}")


@workflow
def nested_handlers(name: str) -> str:
    """A try in a handler, and what the outer error is afterwards."""
    try:
        return work(name)
    except Skip as error:
        try:
            work("undo")
        except Stop as other:
            record(f"{error} and {other}")
            return f"both {other}"
        record(f"only {error}")
        raise


@workflow
def handler_in_branches(name: str, careful: bool) -> str:
    """Errors of several calls in one try, some in branches."""
    state = "start"
    try:
        if careful:
            state = "checking"
            if not check(name):
                raise Stop("refused")
        else:
            record("careless")
        state = "working"
        result = work(name)
        state = "done"
    except Stop as error:
        return f"{state}: {error}"
    return f"{state}: {result}"


@workflow
def same_name_twice(name: str) -> str:
    """Two handlers that use the same name."""
    text = ""
    try:
        text += work(name)
    except Skip as error:
        text += f"first {error}, "
    try:
        text += work(f"{name}2")
    except Skip as error:
        text += f"second {error}"
    return text


@workflow
def flags(names: list[str]) -> str:
    """Flags set on the way."""
    failed = False
    found = None
    for i, name in enumerate(names):
        if check(name) and not failed:
            found = name
        elif i > 1:
            failed = True
            break
        if found is not None and found.startswith("x"):
            break
    if failed:
        return f"failed after {found}"
    return f"found {found}"


@workflow
def raise_in_loop(numbers: list[int]) -> int:
    """Errors of the workflow itself inside of a loop and a try."""
    total = 0
    try:
        for number in numbers:
            if number < 0:
                raise Skip(f"negative {number}")
            if number > 9:
                raise Stop(f"large {number}")
            total += number
    except Skip as error:
        record(f"{error}, {total}")
        total = -total
    return total


@workflow
def deep(n: int) -> str:
    """Many levels."""
    if n > 0:
        for i in range(n):
            while True:
                try:
                    if check(f"{i}"):
                        try:
                            record(f"in {i}")
                        except Stop:
                            if i == 1:
                                return "stopped at 1"
                            break
                    else:
                        break
                except Skip:
                    record("skip")
                    continue
                if i % 2 == 0:
                    break
                return f"odd {i}"
        return "end"
    return "none"
