"""What a workflow means: the plain run."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wfc import (
    Connection,
    Heartbeat,
    IdempotencyKey,
    Retry,
    RunId,
    injected,
    sleep,
    step,
    transaction,
    workflow,
)
from wfc.author.errors import BoundaryError, UsageError


class Declined(Exception):
    pass


class CardDeclined(Declined):
    def __init__(self, card: str, code: int) -> None:
        super().__init__(card, code)
        self.card = card

    def __str__(self) -> str:
        return f"card {self.card} declined"


@dataclass
class Basket:
    items: list[str]


failures: list[Exception] = []
seen: list[Any] = []


@pytest.fixture(autouse=True)
def _clean() -> None:
    failures.clear()
    seen.clear()


@step(retry=Retry(Declined, attempts=3, first_delay="1 day"))
def flaky(name: str) -> str:
    seen.append(name)
    if failures:
        raise failures.pop(0)
    return f"{name} done"


@workflow
def call_flaky(name: str) -> str:
    return flaky(name)


def test_a_workflow_is_a_call() -> None:
    assert call_flaky("a") == "a done"


def test_a_failed_step_is_tried_again_without_waiting() -> None:
    failures.extend([Declined("1"), CardDeclined("visa", 2)])
    started = time.monotonic()
    assert call_flaky("a") == "a done"
    assert time.monotonic() - started < 5
    assert seen == ["a", "a", "a"]


def test_the_last_error_is_raised_as_itself() -> None:
    failures.extend([Declined("1"), Declined("2"), CardDeclined("visa", 2)])
    with pytest.raises(CardDeclined, match="card visa declined") as caught:
        call_flaky("a")
    assert isinstance(caught.value.__cause__, CardDeclined)


def test_other_errors_are_not_tried_again() -> None:
    failures.append(ValueError("x"))
    with pytest.raises(ValueError, match="x"):
        call_flaky("a")
    assert seen == ["a"]


@pytest.mark.parametrize(
    ("error", "name", "message"),
    [
        (KeyError("k"), "KeyError", "'k'"),
        (OSError(2, "No such file"), "FileNotFoundError", "[Errno 2] No such file"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "UnicodeDecodeError", "'utf-8' codec"),
        (CardDeclined("visa", 7), "CardDeclined", "card visa declined"),
        (Declined(), "Declined", ""),
        (ValueError("a", 1), "ValueError", "('a', 1)"),
    ],
)
def test_an_error_is_a_name_and_a_message(error: Exception, name: str, message: str) -> None:
    failures.extend([error] * 3)
    with pytest.raises(type(error)) as caught:
        call_flaky("a")
    assert type(caught.value).__name__ == name
    assert str(caught.value).startswith(message)
    assert not hasattr(caught.value, "card")


class _Elsewhere:
    """Classes inside a class are not the module's own."""

    class Declined(Exception):
        pass

    class Busy(Declined):
        pass


@workflow
def catching(name: str) -> str:
    try:
        return flaky(name)
    except Declined:
        return "declined"
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def test_an_undeclared_error_is_only_an_exception() -> None:
    failures.append(_Elsewhere.Busy("no luck"))
    assert catching("a") == "Busy: no luck"
    assert seen == ["a"]


@step
def leave(message: str) -> None:
    sys.exit(message)


@step
async def leave_later(message: str) -> None:
    sys.exit(message)


@workflow
def leaving(message: str) -> str:
    try:
        leave(message)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "left"


@workflow
async def leaving_later(message: str) -> None:
    await leave_later(message)


def test_a_step_that_exits_has_failed() -> None:
    assert leaving("no account") == "SystemExit: no account"
    with pytest.raises(Exception, match="no account") as caught:
        asyncio.run(leaving_later("no account"))
    assert type(caught.value).__name__ == "SystemExit"


class Exhausted(StopIteration):
    pass


@step
def exhaust(own: bool) -> None:
    raise Exhausted("no more") if own else StopIteration("no more")


@workflow
async def exhausting(own: bool) -> None:
    exhaust(own)


@pytest.mark.parametrize(("own", "name"), [(False, "StopIteration"), (True, "Exhausted")])
def test_the_end_of_an_iteration_leaves_a_coroutine_as_itself(own: bool, name: str) -> None:
    with pytest.raises(Exception, match=r"^no more$") as caught:
        asyncio.run(exhausting(own))
    assert type(caught.value).__name__ == name


def test_a_message_that_is_no_text_does_not_cross() -> None:
    failures.append(Declined("caf\udce9"))
    with pytest.raises(BoundaryError, match="the message of Declined: the text has a lone"):
        call_flaky("a")


def test_the_name_alone_decides_what_an_error_is() -> None:
    failures.extend([_Elsewhere.Declined("no luck")] * 3)
    assert catching("a") == "declined"


@step
def grow(basket: Basket) -> Basket:
    basket.items.append("from the step")
    seen.append(basket)
    return basket


@workflow
def sharing(basket: Basket) -> list[int]:
    grown = grow(basket)
    grown.items.append("from the workflow")
    again = grow(basket)
    return [len(basket.items), len(grown.items), len(again.items), len(seen[0].items)]


def test_each_side_of_a_boundary_has_its_own_copy() -> None:
    basket = Basket(["one"])
    assert sharing(basket) == [1, 3, 2, 2]
    assert basket.items == ["one"]


@workflow
def child(name: str) -> Basket:
    if name == "bad":
        raise CardDeclined("visa", 1)
    return Basket([flaky(name)])


@workflow
def parent(name: str) -> str:
    try:
        return child(name).items[0]
    except Declined as error:
        return f"child failed: {error}, {hasattr(error, 'card')}"


def test_a_workflow_called_in_a_workflow_is_a_child() -> None:
    assert parent("a") == "a done"
    assert parent("bad") == "child failed: card visa declined, False"


def test_the_error_of_the_outermost_workflow_is_untouched() -> None:
    with pytest.raises(CardDeclined) as caught:
        child("bad")
    assert caught.value.card == "visa"


@step(retry=Retry(attempts=2))
def identified(
    number: int,
    key: IdempotencyKey = injected,
    run: RunId = injected,
    beat: Heartbeat = injected,
) -> list[str]:
    beat("alive")
    seen.append(key)
    if failures:
        raise failures.pop()
    return [key, run]


@workflow
def twice() -> list[list[str]]:
    failures.append(ValueError())
    return [identified(1), identified(1)]


def test_the_engine_fills_injected_parameters() -> None:
    (first, run), (second, same_run) = twice()
    assert first != second
    assert run == same_run
    assert seen == [first, first, second], "an attempt has the key of its call"
    assert twice()[0][1] != run


def test_injected_parameters_are_filled_outside_a_workflow_too() -> None:
    key, run = identified(1)
    assert key.startswith(run)
    assert identified(1, key=IdempotencyKey("mine"))[0] == "mine"


@step
def misused(number: int = injected) -> int:
    return number


@workflow
def misuse() -> int:
    return misused()


def test_an_injected_parameter_has_a_kind() -> None:
    with pytest.raises(Exception, match="parameter number is injected, so its annotation must be"):
        misuse()


@transaction
def deposit(amount: int, db: Connection = injected) -> int:
    db.exec_driver_sql("create table if not exists money (amount int)")
    db.exec_driver_sql(f"insert into money values ({amount})")
    if amount < 0:
        raise Declined("negative")
    return int(db.exec_driver_sql("select sum(amount) from money").scalar_one())


@workflow
def deposits(amounts: list[int]) -> list[int]:
    sums = []
    for amount in amounts:
        try:
            sums.append(deposit(amount))
        except Declined:
            sums.append(-1)
    return sums


def test_a_transaction_is_committed_or_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bank.db")
    assert deposits([5, -100, 7]) == [5, -1, 12]
    assert deposit(1) == 13


@workflow
def patient(since: datetime, wait: timedelta) -> datetime:
    sleep(wait)
    sleep("365 days")
    sleep(-1)
    return since + wait


def test_sleep_returns_at_once() -> None:
    moment = datetime(2026, 1, 31, 12, 0, 0, 123456, UTC)
    assert patient(moment, timedelta(days=2)) == datetime(2026, 2, 2, 12, 0, 0, 123000, UTC)


@step
async def slow(name: str) -> str:
    await asyncio.sleep(0)
    seen.append(name)
    if failures:
        raise failures.pop()
    return name.upper()


@step(retry=Retry(attempts=2))
async def slow_flaky(name: str) -> str:
    return await slow.__wrapped__(name)  # type: ignore[attr-defined,no-any-return]


@workflow
async def relaxed(name: str) -> str:
    await sleep("1h")
    failures.append(Declined())
    first = await slow_flaky(name)
    try:
        return first + await relaxed_child(name)
    except Declined as error:
        return f"{first} {error}"


@workflow
async def relaxed_child(name: str) -> str:
    if name == "bad":
        raise Declined("by the child")
    return await slow(name)


def test_async_def_means_the_same() -> None:
    assert asyncio.run(relaxed("a")) == "AA"  # type: ignore[arg-type]
    assert seen == ["a", "a", "a"]
    assert asyncio.run(relaxed("bad")) == "BAD by the child"  # type: ignore[arg-type]


@workflow
def impatient(name: str) -> str:
    slow(name)  # type: ignore[unused-coroutine]
    return "never"


def test_a_workflow_that_cannot_await_cannot_call_async_steps() -> None:
    with pytest.raises(UsageError, match="slow is an async def"):
        impatient("a")


def test_arguments_are_checked_at_the_boundary() -> None:
    with pytest.raises(BoundaryError, match="argument name of workflow call_flaky: expected str"):
        call_flaky(3)  # type: ignore[arg-type]


@step
def liar() -> int:
    return "many"  # type: ignore[return-value]


@workflow
def gullible() -> int:
    return liar()


@workflow
def careful() -> str:
    try:
        return str(liar())
    except Exception:
        return "failed"


def test_a_result_that_breaks_the_promise_is_a_failure_of_the_step() -> None:
    with pytest.raises(BoundaryError, match="result of step liar: expected int, got str 'many'"):
        gullible()
    assert careful() == "failed"
