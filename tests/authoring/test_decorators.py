"""The decorators leave functions functions, and refuse options that no engine could use."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import wfc
from wfc import Retry, sleep, step, transaction, workflow
from wfc.author.errors import UsageError


def test_a_decorated_function_keeps_its_name_docstring_and_signature() -> None:
    @step(retry=Retry(attempts=2), timeout="30s")
    def charge(card: str, amount: int = 5) -> str:
        """Take the money."""
        return f"{card}:{amount}"

    assert charge.__name__ == "charge"
    assert charge.__doc__ == "Take the money."
    assert charge.__annotations__ == {"card": "str", "amount": "int", "return": "str"}
    assert charge.__wrapped__("a") == "a:5"  # type: ignore[attr-defined]


def test_a_step_outside_a_workflow_is_a_plain_call() -> None:
    calls = []

    @step(retry=Retry(attempts=3))
    def fail(numbers: list[int]) -> None:
        calls.append(numbers)
        raise ValueError("no")

    numbers = [1]
    with pytest.raises(ValueError, match="no"):
        fail(numbers)
    assert calls == [[1]]
    assert calls[0] is numbers


def test_every_exported_name_is_there() -> None:
    for name in wfc.__all__:
        assert getattr(wfc, name) is not None
    assert set(wfc.__all__) <= set(dir(wfc))
    with pytest.raises(AttributeError, match="gather"):
        wfc.gather  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_author_api_loads_nothing_heavy() -> None:
    script = (
        "import sys; before = set(sys.modules)\n"
        "from wfc import workflow, step, transaction, Retry, injected, sleep, Connection\n"
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    third_party = set(done.stdout.split()) - set(sys.stdlib_module_names)
    assert third_party == {"wfc"}


def call(function: Callable[..., Any], **options: Any) -> Callable[[], object]:
    return lambda: function(**options)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (call(step, timeout="soon"), "@step: timeout: 'soon' is no duration"),
        (call(step, timeout=0), "@step: timeout must be longer than nothing, not 0"),
        (call(step, timeout="-1s"), "'-1s' is negative"),
        (call(step, timeout=[]), "@step: timeout must be a timedelta, a number of seconds or text"),
        (call(step, timeout=float("inf")), "@step: timeout must be a timedelta"),
        (call(step, heartbeat=True), "@step: heartbeat must be a timedelta"),
        (call(step, retry=Retry), "@step: retry must be a Retry(...), not class Retry"),
        (call(step, retry=3), "@step: retry must be a Retry(...), not 3"),
        (call(step, name=" "), "@step: name must be a text that is not empty"),
        (call(step, retries=3), "@step has no option 'retries'; it has retry, timeout, heartbeat"),
        (call(transaction, queue="q"), "@transaction has no option 'queue'"),
        (call(workflow, retry=Retry()), "@workflow has no option 'retry'; it has name, timeout"),
        (call(workflow, version=1), "@workflow: version must be a text"),
        (lambda: step(3), "@step decorates a function, not 3"),  # type: ignore[call-overload]
        (lambda: step(str), "@step decorates a function, not class str"),
        (lambda: workflow(print), "@workflow decorates a function"),
        (lambda: Retry(ValueError("x")), "Retry: ValueError('x') is not an exception class"),  # type: ignore[arg-type]
        (lambda: Retry(int), "Retry: class int is not an exception class"),  # type: ignore[arg-type]
        (lambda: Retry(KeyboardInterrupt), "Retry: class KeyboardInterrupt is not"),  # type: ignore[arg-type]
        (lambda: Retry(attempts=0), "Retry: attempts must be a whole number from 1 on, not 0"),
        (lambda: Retry(attempts=True), "Retry: attempts must be a whole number"),
        (lambda: Retry(attempts=1.5), "Retry: attempts must be a whole number"),  # type: ignore[arg-type]
        (lambda: Retry(backoff=0.5), "Retry: backoff must be a number from 1 on, not 0.5"),
        (lambda: Retry(first_delay="-1s"), "Retry: first_delay: '-1s' is negative"),
        (lambda: Retry(first_delay=-1), "Retry: first_delay must not be negative"),
        (lambda: Retry(first_delay="5s", max_delay="1s"), "max_delay is shorter than first_delay"),
        (lambda: Retry(jitter="full"), "Retry: jitter must be True or False"),  # type: ignore[arg-type]
    ],
)
def test_options_are_checked_when_the_function_is_decorated(
    make: Callable[[], object], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        make()
    assert message in str(caught.value)


def test_parameters_are_named() -> None:
    with pytest.raises(UsageError, match=r"spread: write out the parameters"):

        @step
        def spread(*args: int) -> None: ...

    with pytest.raises(UsageError, match=r"options: write out the parameters"):

        @workflow
        def options(**kwargs: int) -> None: ...


def test_a_generator_is_no_step() -> None:
    with pytest.raises(UsageError, match="a generator cannot be a step"):

        @step
        def numbers() -> Any:
            yield 1


def test_one_decorator_for_each_function() -> None:
    with pytest.raises(UsageError, match="already a step or workflow"):

        @workflow
        @step
        def both() -> None: ...


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 2.0), (2, 6.0), (3, 18.0), (4, 20.0), (5, 20.0)]
)
def test_the_delay_grows_up_to_its_limit(attempt: int, seconds: float) -> None:
    policy = Retry(first_delay=timedelta(seconds=2), backoff=3, max_delay="20s")
    assert policy.delay(attempt) == seconds


def test_sleep_belongs_in_a_workflow() -> None:
    with pytest.raises(UsageError, match=r"in a step, use time\.sleep"):
        sleep("1s")

    @step
    def nap() -> None:
        sleep("1s")

    @workflow
    def night() -> None:
        nap()

    with pytest.raises(Exception, match=r"in a step, use time\.sleep"):
        night()


TYPED = """
from typing import assert_type
from dataclasses import dataclass
from datetime import timedelta
from wfc import Connection, Heartbeat, IdempotencyKey, Retry, RunId
from wfc import injected, sleep, step, transaction, workflow

@dataclass
class Money:
    cents: int

@step
def bare(a: int, key: IdempotencyKey = injected) -> Money:
    return Money(a)

@step(retry=Retry(ValueError, attempts=2, first_delay=timedelta(seconds=1)), timeout=2.5, name="n")
def with_options(a: int, *, beat: Heartbeat = injected, run: RunId = injected) -> list[str]:
    beat("half way", 50)
    return [run]

@transaction
def write(a: int, db: Connection = injected) -> None:
    db.exec_driver_sql("select 1")

@step
async def asynchronous(a: int) -> str:
    return "x"

@workflow(timeout="1 day")
def flow(a: int = 1) -> Money:
    sleep("1s")
    write(a)
    assert_type(with_options(a), list[str])
    assert_type(bare(a), Money)
    return bare(a)

@workflow
async def flow_too(a: int) -> str:
    await sleep(1)
    return await asynchronous(a)

assert_type(flow(), Money)
bare("wrong")  # error: arg-type
flow(b=1)  # error: call-arg
"""


def test_type_checkers_understand_the_decorators(tmp_path: Path) -> None:
    source = tmp_path / "typed.py"
    source.write_text(TYPED)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(source)],
        capture_output=True,
        text=True,
        check=False,
    )
    reported = [line.split(": ", 2)[2] for line in done.stdout.splitlines() if ": error:" in line]
    assert len(reported) == 2, done.stdout
    assert 'incompatible type "str"; expected "int"' in reported[0]
    assert 'Unexpected keyword argument "b"' in reported[1]
