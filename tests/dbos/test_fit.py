"""What does not fit DBOS, with the code of the reason; and what fits although it looks alike."""

from __future__ import annotations

from typing import Any

import pytest

HEAD = """\
from dataclasses import dataclass

from wfc import Connection, Heartbeat, IdempotencyKey, Retry, injected
from wfc import step, transaction, workflow


class Down(Exception):
    pass


"""
CALL = "\n\n@workflow\ndef go(n: int) -> int:\n    return work(n)\n"

REFUSED = {
    "a transaction with a timeout": (
        "WFC350",
        '@transaction(timeout="5s")\ndef work(n: int, db: Connection = injected) -> int:\n'
        "    return n\n",
    ),
    "a transaction that is a coroutine": (
        "WFC351",
        "@transaction\nasync def work(n: int, db: Connection = injected) -> int:\n    return n\n",
    ),
    "delays above the given cap": (
        "WFC352",
        '@step(retry=Retry(Down, attempts=6, first_delay="1s", max_delay="10s"))\n'
        "def work(n: int) -> int:\n    return n\n",
    ),
    "delays above the cap of DBOS": (
        "WFC352",
        '@step(retry=Retry(Down, attempts=14, first_delay="1s"))\n'
        "def work(n: int) -> int:\n    return n\n",
    ),
    "a transaction with a heartbeat": (
        "WFC350",
        '@transaction(heartbeat="5s")\n'
        "def work(n: int, db: Connection = injected, beat: Heartbeat = injected) -> int:\n"
        "    return n\n",
    ),
    "a transaction that a step calls": (
        "WFC359",
        "@transaction\ndef book(n: int, db: Connection = injected) -> int:\n    return n\n\n\n"
        "@step\ndef work(n: int) -> int:\n    return book(n)\n",
    ),
    "a parameter of a step that comes back from JSON data as one of two records": (
        "WFC356",
        "@dataclass\nclass Card:\n    limit: float\n\n\n"
        "@dataclass\nclass Account:\n    limit: float\n\n\n"
        "@step\ndef pay(method: Card | Account) -> None: ...\n\n\n"
        "@step\ndef work(n: int) -> int:\n    return n\n\n\n"
        "@workflow\ndef both(n: int) -> None:\n    pay(Card(1.5) if n else Account(2.5))\n",
    ),
    "a name of the generated module": (
        "WFC357",
        "@step\ndef work(n: int) -> int:\n    return DBOS(n)\n\n\n"
        "def DBOS(n: int) -> int:\n    return n\n",
    ),
}

FITS = {
    "delays below the given cap": (
        '@step(retry=Retry(Down, attempts=4, first_delay="5s", max_delay="20s"))\n'
        "def work(n: int) -> int:\n    return n\n",
        [],
    ),
    "names that the generated module leaves out": (
        "@step\ndef work(n: int) -> int:\n    return n\n\n\n"
        "def json(n: int) -> int:\n    return n\n\n\n"
        "def main() -> None:\n    print(work(1))\n",
        [],
    ),
    "jitter": (
        "@step(retry=Retry(Down, jitter=True))\ndef work(n: int) -> int:\n    return n\n",
        ["WFC353"],
    ),
    "a step that is a coroutine": (
        '@step(timeout="5s")\nasync def work(n: int) -> int:\n    return n\n',
        [],
    ),
}


def call_of(source: str) -> str:
    """A workflow that calls the step, awaiting it if it has to."""
    if "async def work" not in source:
        return CALL
    return CALL.replace("def go", "async def go").replace("work(", "await work(")


@pytest.mark.parametrize("name", REFUSED)
def test_what_dbos_cannot_do_is_refused(name: str, generate: Any) -> None:
    code, source = REFUSED[name]
    emission = generate(HEAD + source + call_of(source))
    assert [item.code.code for item in emission.diagnostics] == [code]
    (problem,) = emission.diagnostics
    assert problem.severity == "error"
    assert problem.code.refusal in problem.message or code in ("WFC352", "WFC357")
    assert problem.instead
    assert problem.span.line
    assert emission.files == ()


@pytest.mark.parametrize("name", FITS)
def test_what_looks_like_it_fits(name: str, generate: Any) -> None:
    source, notes = FITS[name]
    emission = generate(HEAD + source + call_of(source))
    assert [item.code.code for item in emission.diagnostics] == notes
    assert len(emission.files) == 1


def test_an_ambiguous_union_is_refused(generate: Any) -> None:
    source = (
        "from dataclasses import dataclass\n" + HEAD + "@dataclass\nclass A:\n    n: int\n\n\n"
        "@dataclass\nclass B:\n    n: int\n\n\n"
        "@step\ndef work(n: int) -> A | B:\n    return A(n)\n\n\n"
        "@workflow\ndef go(n: int) -> bool:\n    return work(n) is not None\n"
    )
    emission = generate(source)
    assert [item.code.code for item in emission.diagnostics] == ["WFC356"]


def test_a_workflow_with_a_timeout_is_refused(generate: Any) -> None:
    source = f"{HEAD}@workflow(timeout='1h')\ndef go(n: int) -> int:\n    return n\n"
    assert [item.code.code for item in generate(source).diagnostics] == ["WFC358"]
