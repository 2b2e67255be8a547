"""Long functions: what is found does not depend on their length, and the work grows with it."""

from __future__ import annotations

import pytest

from tests.checks.linting import lint
from tests.work import calls_of

CHAINS = {
    "through a function": "    x = add(x, {i})\n",
    "through itself twice": "    x = add(x, x)\n",
    "into a list": "    x = [x]\n",
    "out of a list": "    x = x[0]\n",
    "along attributes": "    x = x.next\n",
    "one name after the other": "    x{i} = add(x, {i})\n",
}


def workflow(line: str, length: int) -> str:
    body = "".join(line.format(i=i) for i in range(length))
    return (
        "import datetime\nfrom wfc import step, workflow\n\n\n"
        "@step\ndef add(x, y):\n    return x\n\n\n"
        f"@workflow\ndef chain(x):\n{body}    x = datetime.datetime.now()\n    return x\n"
    )


@pytest.mark.parametrize("line", CHAINS.values(), ids=CHAINS)
def test_the_last_line_of_a_long_function_is_checked(line: str) -> None:
    found = lint(workflow(line, 2_000))
    assert [(item.code.code, item.span.line) for item in found] == [("WFC101", 2_012)]


@pytest.mark.parametrize("line", CHAINS.values(), ids=CHAINS)
def test_work_grows_in_proportion(line: str) -> None:
    lint(workflow(line, 1))
    short, long = workflow(line, 100), workflow(line, 1_000)
    assert calls_of(lambda: lint(long)) < 11 * calls_of(lambda: lint(short))
