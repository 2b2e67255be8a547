"""What does not fit Temporal, and the settings that cannot be used."""

from __future__ import annotations

import textwrap

import pytest

from wfc.backends.base import Options
from wfc.backends.temporal import backend
from wfc.compiler.pipeline import read


def refused(source: str, **settings: object) -> list[tuple[str, str]]:
    reading = read("flow.py", textwrap.dedent(source))
    assert reading.module is not None, reading.diagnostics
    emission = backend.emit(reading.module, reading.module.workflows, Options(settings=settings))
    assert not (emission.diagnostics and emission.files)
    return [(found.code.code, found.message) for found in emission.diagnostics]


FITS = """
    from wfc import step, workflow

    @step
    def charge(amount: int) -> None: ...

    @workflow
    def pay(amount: int) -> None:
        charge(amount)
"""


def test_a_workflow_that_fits() -> None:
    assert refused(FITS) == []


def test_a_step_that_calls_a_step() -> None:
    source = """
        from wfc import step, workflow

        @step
        def authorise(amount: int) -> None: ...

        def twice(amount: int) -> None:
            authorise(amount)

        @step
        def charge(amount: int) -> None:
            twice(amount)

        @workflow
        def pay(amount: int) -> None:
            charge(amount)
    """
    assert refused(source) == [("WFC341", "step charge calls step authorise")]


def test_a_parameter_named_like_a_step_is_no_call() -> None:
    source = """
        from wfc import step, workflow

        def same(authorise: int) -> int:
            return authorise

        @step
        def authorise(amount: int) -> int:
            charge = same(amount)
            return charge

        @step
        def charge(authorise: int) -> int:
            return same(authorise)

        @workflow
        def pay(amount: int) -> int:
            return charge(authorise(amount))
    """
    assert refused(source) == []


def test_a_name_that_a_class_changes() -> None:
    source = """
        from wfc import step, workflow

        __RATE = 2

        @step
        def charge(amount: int) -> None: ...

        @workflow
        def pay(__amount: int) -> None:
            charge(__amount * __RATE)
    """
    assert refused(source) == [
        ("WFC344", "the name __RATE would mean something else inside a class"),
        ("WFC344", "the name __amount would mean something else inside a class"),
    ]


def test_an_asynchronous_transaction() -> None:
    source = """
        from wfc import Connection, injected, transaction, workflow

        @transaction
        async def book(amount: int, db: Connection = injected) -> None: ...

        @workflow
        async def pay(amount: int) -> None:
            await book(amount)
    """
    assert refused(source) == [
        ("WFC342", "transaction book is `async def`, which is not supported yet on Temporal")
    ]


def test_records_that_the_data_converter_confuses() -> None:
    source = """
        from dataclasses import dataclass
        from wfc import step, workflow

        @dataclass
        class Card:
            number: str

        @dataclass
        class Account:
            number: str
            bank: str

        @step
        def charge(methods: list[Card | Account]) -> None: ...

        @workflow
        def pay(amount: int) -> None:
            charge([Card("1")])
    """
    assert [code for code, _ in refused(source)] == ["WFC343"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"step_timeout": "soon"}, "step_timeout: "),
        ({"step_timeout": 0}, "step_timeout: a timeout is longer than zero"),
        ({"step_timeout": True}, "step_timeout: write a duration"),
        ({"task_queue": " "}, "task_queue must be a text that is not empty"),
        ({"task_queue": 5}, "task_queue must be a text that is not empty"),
        ({"taskqueue": "x"}, "there is no setting taskqueue; did you mean task_queue?"),
        ({"colour": "x"}, "there is no setting colour; known are step_timeout, task_queue"),
    ],
)
def test_settings_that_cannot_be_used(settings: dict[str, object], message: str) -> None:
    ((code, text),) = refused(FITS, **settings)
    assert code == "WFC340"
    assert text.startswith(message)


@pytest.mark.parametrize("name", ["self", "type", "isinstance"])
def test_a_name_that_the_package_needs_itself(name: str) -> None:
    source = FITS.replace("charge", name)
    assert refused(source) == [("WFC345", f"the generated package needs the name {name} itself")]


def test_jitter_is_noted_and_compiled() -> None:
    source = FITS.replace("import", "import Retry,").replace(
        "@step", "@step(retry=Retry(attempts=3, jitter=True))"
    )
    reading = read("flow.py", textwrap.dedent(source))
    assert reading.module is not None
    emission = backend.emit(reading.module, reading.module.workflows, Options())
    assert [(item.code.code, item.severity) for item in emission.diagnostics] == [
        ("WFC346", "info")
    ]
    assert emission.files


def test_data_that_is_annotated_as_object() -> None:
    source = """
        from dataclasses import dataclass
        from typing import Any

        from wfc import step, workflow

        @dataclass
        class Entry:
            key: str
            value: object

        @dataclass
        class Unused:
            value: object

        @step
        def store(entry: Entry, more: dict[str, "object"]) -> Any: ...

        @workflow
        def keep(entries: list[Entry]) -> "object | None":
            for entry in entries:
                store(entry, {})
            return None
    """
    reason = "which the data converter cannot convert to"
    assert refused(source) == [
        ("WFC347", f"the field value of Entry is annotated as object, {reason}"),
        (
            "WFC347",
            f"the parameter more of store is annotated as dict[str, object], {reason}",
        ),
        ("WFC347", f"what keep returns is annotated as object | None, {reason}"),
    ]
    assert refused(source.replace("object", "Any")) == []
