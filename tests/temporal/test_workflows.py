"""Single constructs of a workflow, and how Temporal's SDK says them."""

from __future__ import annotations

import textwrap

import pytest

from wfc.backends.base import Options
from wfc.backends.temporal import backend
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes.types import ANY
from wfc.compiler.pipeline import read

PREAMBLE = """
from datetime import datetime, timedelta
from typing import Any
from wfc import Retry, sleep, step, workflow

class ShopError(Exception): ...
class Declined(ShopError): ...
class Expired(Declined): ...
class NotThere(KeyError): ...

@step(timeout="5s")
def charge(item: str) -> int:
    return 1

@step(retry=Retry(attempts=5, first_delay="1s", backoff=10), timeout="1 min")
def refund(item: str) -> None:
    return None

@step
def notify(text: str) -> None:
    return None
"""


def package(source: str) -> dict[str, str]:
    reading = read("shop.py", PREAMBLE + textwrap.dedent(source))
    problems = [f"{d.span.line}: {d.message}" for d in reading.diagnostics]
    assert reading.module is not None, problems
    emission = backend.emit(reading.module, reading.module.workflows, Options())
    assert not emission.diagnostics
    return {file.path: file.text for file in emission.files}


def body(source: str) -> str:
    """What stands below the signature of ``run`` of the last workflow."""
    text = package(source)["workflows.py"]
    lines = text.rpartition("    async def run(")[2].splitlines()[1:]
    return textwrap.dedent("\n".join(lines))


def test_a_call_is_awaited_where_its_value_is_used() -> None:
    assert body("""
        @workflow
        def flow(item: str) -> int:
            return charge(item)
    """) == textwrap.dedent("""\
        return await workflow.execute_activity(
            charge,
            ChargeInput(item=input.item),
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=NO_RETRY,
            summary="charge",
        )""")


def test_a_long_wait_between_tries_is_not_capped_by_the_default_of_the_server() -> None:
    assert "maximum_interval=timedelta(seconds=1000),\n" in body("""
        @workflow
        def flow(item: str) -> None:
            refund(item)
    """)


def test_a_policy_that_several_calls_share_has_a_name() -> None:
    text = package("""
        @workflow
        def flow(item: str) -> None:
            refund(item)
            refund("other")
    """)["workflows.py"]
    assert text.count("retry_policy=REFUND_RETRY,") == 2
    assert "\nREFUND_RETRY = RetryPolicy(\n    initial_interval=timedelta(seconds=1),\n" in text


SHARED_POLICY = """
from wfc import Heartbeat, injected

BANK = Retry(ShopError, attempts=4, first_delay="2s")

@step(retry=BANK, timeout="5s"{heartbeat})
def debit(item: str, beat: Heartbeat = injected) -> None:
    return None

@step(retry=BANK, timeout="1 min")
def credit(item: str) -> None:
    return None

@workflow
def flow(item: str) -> None:
    debit(item)
    {last}(item)
"""


def test_a_policy_that_several_steps_share_keeps_its_name() -> None:
    text = package(SHARED_POLICY.format(heartbeat="", last="credit"))["workflows.py"]
    assert text.count("retry_policy=BANK,") == 2
    assert text.count("RetryPolicy(") == 1
    assert "\nBANK = RetryPolicy(\n    initial_interval=timedelta(seconds=2),\n" in text


@pytest.mark.parametrize(
    "difference",
    [
        {"heartbeat": ', heartbeat="1s"', "last": "credit"},
        {"heartbeat": "", "last": "notify"},
    ],
    ids=["another heartbeat", "one call"],
)
def test_a_policy_without_a_second_call_stays_in_its_place(difference: dict[str, str]) -> None:
    text = package(SHARED_POLICY.format(**difference))["workflows.py"]
    assert "BANK" not in text
    assert "retry_policy=RetryPolicy(" in text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('"90s"', "timedelta(seconds=90)"),
        ('"1h"', "timedelta(hours=1)"),
        ("timedelta(days=2)", "timedelta(days=2)"),
        ("0.25", "timedelta(milliseconds=250)"),
        ("seconds", "max(input.seconds, 0)"),
        ("b - a", "max((input.b - input.a).total_seconds(), 0)"),
    ],
)
def test_a_sleep_is_a_timer_of_that_length(source: str, text: str) -> None:
    flow = f"""
        @workflow
        def flow(seconds: float, a: datetime, b: datetime) -> None:
            sleep({source})
    """
    on_one_line = "".join(line.strip() for line in body(flow).splitlines())
    assert on_one_line == f'await workflow.sleep({text}, summary="sleep")'


def test_every_error_but_a_cancellation_is_caught() -> None:
    assert body("""
        @workflow
        def flow(item: str) -> int:
            try:
                return charge(item)
            except Exception:
                return 0
    """).splitlines()[-4:] == [
        "except ActivityError as error:",
        "    if is_cancelled_exception(error):",
        "        raise",
        "    return 0",
    ]


def test_errors_are_told_apart_by_name_and_hierarchy() -> None:
    text = package("""
        @workflow
        def flow(item: str) -> str:
            try:
                if item == "":
                    raise NotThere(item)
                charge(item)
            except Declined as error:
                return f"{error}"
            except (ShopError, KeyError) as problem:
                return type(problem).__name__
            return ""
    """)["workflows.py"]
    assert text.endswith("""\
        except (ActivityError, ApplicationError) as error:
            match error_type(error):
                case "Declined" | "Expired":
                    return f"{error_message(error)}"
                case "ShopError" | "KeyError" | "NotThere":
                    return error_type(error)
                case _:
                    raise
        return ""
""")


def test_one_handler_lets_other_errors_through_first() -> None:
    assert body("""
        @workflow
        def flow(item: str) -> int:
            try:
                return charge(item)
            except ShopError as error:
                # Nothing was charged.
                raise NotThere(item) from error
    """).splitlines()[-7:] == [
        "except ActivityError as error:",
        "    if error_type(error) not in SHOP_ERRORS:",
        "        raise",
        "    # Nothing was charged.",
        "    raise ApplicationError(",
        '        repr(input.item), type="NotThere", non_retryable=True',
        "    ) from error",
    ]


def test_an_expression_that_may_fail_fails_the_workflow() -> None:
    text = package("""
        def ratio(a: int, b: int) -> float:
            return a / b

        @workflow
        def flow(items: list[str], parts: int) -> float:
            charge(items[0])
            return ratio(len(items), parts)
    """)["workflows.py"]
    assert "@workflow.defn(failure_exception_types=[ArithmeticError, LookupError])" in text


def test_parameters_that_are_bound_again_become_variables() -> None:
    assert body("""
        @workflow
        def flow(item: str, times: int) -> str:
            times -= 1
            names = [item for item in ["a"]]
            return f"{item}{times}{names}"
    """).splitlines() == [
        "item = input.item",
        "times = input.times",
        "times -= 1",
        'names = [item for item in ["a"]]',
        'return f"{item}{times}{names}"',
    ]


def test_a_child_workflow_has_an_id_below_its_parents() -> None:
    text = body("""
        @workflow
        def child(item: str) -> int:
            return charge(item)

        @workflow
        def flow(items: list[str]) -> int:
            for item in items:
                if item:
                    return child(item)
            for item in items:
                child(item)
            return child("last")
    """)
    assert text.startswith("child_2_runs = itertools.count(1)\n")
    ids = [line.strip() for line in text.splitlines() if line.strip().startswith("id=")]
    assert ids == [
        'id=f"{workflow.info().workflow_id}/child",',
        'id=f"{workflow.info().workflow_id}/child_2/{next(child_2_runs)}",',
        'id=f"{workflow.info().workflow_id}/child_3",',
    ]
    assert text.count("parent_close_policy=workflow.ParentClosePolicy.REQUEST_CANCEL,") == 3


def test_a_heartbeat_is_the_activitys() -> None:
    module = read(
        "shop.py", PREAMBLE + "@workflow\ndef flow(i: str) -> int:\n    return charge(i)"
    ).module
    assert module is not None
    beat = ir.Parameter(name="beat", type=ANY, injected="Heartbeat")
    steps = tuple(
        replace(
            s, parameters=(*s.parameters, beat), body="beat(1)\nreturn len(item)", heartbeat=3.0
        )
        if s.name == "charge"
        else s
        for s in module.steps
    )
    files = backend.emit(replace(module, steps=steps), module.workflows, Options()).files
    texts = {file.path: file.text for file in files}
    assert texts["activities.py"].endswith(
        "def charge(input: ChargeInput) -> int:\n"
        "    activity.heartbeat(1)\n"
        "    return len(input.item)\n"
    )
    assert "heartbeat_timeout=timedelta(seconds=3),\n" in texts["workflows.py"]


@pytest.mark.parametrize(
    ("type_", "line", "looks"),
    [
        ("dict[str, int]", "notify(','.join(d))", True),
        ("dict[str, int]", "first, second = d", True),
        ("dict[str, int]", "names = ['q']\n    names.extend(d)", True),
        ("dict[str, int]", "for name in d:\n        notify(name)", True),
        ("dict[str, int]", "notify(str(d))", True),
        ("list[dict[str, int]]", "notify(f'{d}')", True),
        ("list[dict[str, int]]", "notify(json.dumps(d))", True),
        ("list[dict[str, int]]", "notify(str(len(d)))", False),
        ("dict[str, int]", "notify(str(len(d)))", False),
        ("dict[str, int]", "notify(str(d['a']))", False),
    ],
)
def test_keys_keep_their_order_where_a_workflow_looks_at_it(
    type_: str, line: str, looks: bool
) -> None:
    """Temporal's own converter sorts them."""
    source = f"import json\n\n@workflow\ndef flow(d: {type_}) -> None:\n    {line}\n"
    reading = read("shop.py", PREAMBLE + source)
    assert reading.module is not None, reading.diagnostics
    files = backend.emit(reading.module, reading.module.workflows, Options()).files
    shared = next(file.text for file in files if file.path == "shared.py")
    assert ("data_converter" in shared) == looks
