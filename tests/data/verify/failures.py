"""Errors whose class matters: orders of clauses, classes named like Python's, messages of keys."""

from wfc import Retry, step, workflow


class Base(Exception):
    """The top."""


class Mid(Base):
    """Below it."""


class Leaf(Mid):
    """Below that."""


class WrongValue(ValueError):
    """Below a class of Python's."""


class NoKey(KeyError):
    """Shows its message as Python writes it."""


class OwnTimeout(TimeoutError):
    """Below the class of time limits."""


class ConnectionError(Exception):
    """Named like a class of Python's, and no OSError."""


@step
def work(name: str) -> str:
    """May fail."""
    return name


@step(timeout="5s", retry=Retry(TimeoutError, attempts=2, first_delay="1s"))
def slow(name: str) -> str:
    """May take too long."""
    return name


@step(retry=Retry(Base, ValueError, attempts=3, first_delay="1s"))
def again(name: str) -> str:
    """Tried again on some errors."""
    return name


@step
def log(text: str) -> None:
    """Leave a trace."""


@workflow
def order(name: str) -> str:
    """The first clause that fits, also where a later one fits better."""
    try:
        work(name)
    except Base as error:
        return f"base {error}"
    except Leaf as error:
        return f"leaf {error}"
    except (ValueError, ConnectionError) as error:
        return f"value or connection {error} {type(error).__name__}"
    except OSError as error:
        return f"os {error} {type(error).__name__}"
    except KeyError as error:
        return f"key {error}"
    except LookupError as error:
        return f"lookup {error}"
    return "fine"


@workflow
def replaced(name: str) -> str:
    """Handlers and an else that raise into the next try."""
    try:
        try:
            work(name)
        except Leaf as error:
            raise Mid(f"from leaf {error}") from error
        except WrongValue:
            raise
        except Mid:
            log("mid")
            raise Base("b") from None
        else:
            log("else")
            raise Leaf("else")
    except Mid as error:
        return f"mid {error}"
    except Exception as error:
        log(f"{error}")
        raise


@workflow
def outer_again(name: str) -> str:
    """The outer error is raised inside the inner handler."""
    try:
        work(name)
    except Exception as outer:
        try:
            log(f"{outer}")
        except Base as inner:
            log(f"inner {inner}")
            raise outer  # noqa: B904
        except ValueError:
            raise
        log("after")
        raise
    return "fine"


@workflow
def time_limits(name: str) -> str:
    """Classes below TimeoutError and above it."""
    try:
        slow(name)
    except OwnTimeout as error:
        return f"own {error}"
    except TimeoutError as error:
        return f"timeout {error} {type(error).__name__}"
    except ConnectionError as error:
        return f"connection {error}"
    except OSError as error:
        return f"os {error} {type(error).__name__}"
    return "fine"


@workflow
def tried_again(name: str) -> str:
    """Another attempt inside the handler."""
    try:
        return again(name)
    except Leaf as error:
        log(f"{error}")
        return again("second")
    except ValueError as error:
        return f"value {error}"


@workflow
def own_raises(name: str) -> str:
    """Errors without a message, and of keys, caught where they are raised."""
    try:
        log(name)
        if name == "class":
            raise Leaf
        if name == "empty":
            raise Base()
        if name == "key":
            raise NoKey("it's")
        if name == "timeout":
            raise OwnTimeout(f"{name}!")
    except Mid as error:
        return f"mid [{error}]"
    except (Base, KeyError) as error:
        return f"base or key [{error}] {type(error).__name__}"
    except OSError as error:
        return f"os [{error}]"
    return "none"


@workflow
def uncaught(name: str) -> str:
    """Errors that end the run."""
    if name == "key":
        raise KeyError('it\'s \n "q" \\')
    if name == "no key":
        raise KeyError
    if name == "lookup":
        raise LookupError("plain")
    if name == "connection":
        raise ConnectionError("c")
    if name == "runtime":
        raise RuntimeError
    return work(name)


@workflow
def in_a_loop(names: list[str]) -> list[str]:
    """Ways out of a try inside a loop."""
    done: list[str] = []
    for name in names:
        try:
            if name == "skip":
                continue
            got = work(name)
            if got == "stop":
                break
        except Mid as error:
            done.append(f"mid {error}")
            continue
        except Base:
            done.append("break")
            break
        else:
            done.append(got)
            if got == "leave":
                return done
        log(name)
    else:
        log("exhausted")
        done.append("else")
    return done


@workflow
def three_deep(name: str) -> str:
    """An error that changes its class on the way out."""
    try:
        try:
            try:
                return work(name)
            except KeyError:
                log("1")
                raise
        except LookupError as error:
            log(f"2 {error}")
            raise WrongValue(f"{error}") from error
        except Base:
            return work("again")
    except ValueError as error:
        log(f"3 {error}")
        return f"{type(error).__name__}"


@workflow
def other_names(name: str) -> str:
    """Classes with two names, and json's."""
    try:
        return work(name)
    except IOError as error:  # noqa: UP024
        return f"io {error} {type(error).__name__}"
    except ValueError as error:
        return f"value {error}"
