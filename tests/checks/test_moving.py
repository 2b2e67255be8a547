"""Fixes that move an expression of a wfc workflow into a step of its own."""

from __future__ import annotations

import pytest

from tests.checks.fixing import PATH, fixed, problems, source
from wfc.backends import registry
from wfc.backends.base import Options
from wfc.compiler.pipeline import read


def workflow(*body: str, before: str = "", parameters: str = "") -> str:
    imports = "import random\nfrom datetime import UTC, datetime\nfrom uuid import uuid4\n\n"
    lines = "".join(f"    {line}\n" for line in body)
    head = f"{imports}from wfc import workflow\n\n\n{before}"
    return f"{head}@workflow\ndef flow({parameters}) -> str:\n{lines}"


def test_what_changes_from_run_to_run_moves_into_steps_in_front_of_the_workflow() -> None:
    text = workflow(
        "start = datetime.now(UTC)",
        "name = f'{uuid4()} {random.randint(1, 6)}'",
        "return name if datetime.now(UTC) > start else str(uuid4())",
        before="# About flows.\n",
    )
    assert fixed(text) == source("""
        import random
        from datetime import UTC, datetime
        from uuid import uuid4

        from wfc import step, workflow


        @step
        def current_time() -> datetime:
            return datetime.now(UTC)


        @step
        def new_id() -> str:
            return str(uuid4())


        @step
        def random_number() -> int:
            return random.randint(1, 6)


        # About flows.
        @workflow
        def flow() -> str:
            start = current_time()
            name = f'{new_id()} {random_number()}'
            return name if current_time() > start else new_id()
    """)


def test_a_workflow_whose_clock_moved_into_a_step_compiles_for_every_engine() -> None:
    text = fixed(workflow("start = datetime.now()", "return f'{datetime.now() > start}'"))
    module = read(PATH, text).module
    assert module is not None
    for target in ("asl", "temporal", "dbos"):
        assert not registry.load(target).check(module, module.workflows[0], Options())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(workflow("return uuid4().hex"), id="a part of what the step does not give"),
        pytest.param(
            workflow("return f'{random.randint(1, high)}'", parameters="high: int"),
            id="a variable of the workflow",
        ),
        pytest.param(workflow("return ''.join([str(uuid4()) for x in 'ab'])"), id="in a loop"),
        pytest.param(
            workflow("return name()", before="def name() -> str:\n    return str(uuid4())\n\n\n"),
            id="in a helper, which calls no steps",
        ),
        pytest.param(
            workflow("return f'{uuid4()}'", before="new_id = 1\n\n\n"), id="the name is taken"
        ),
        pytest.param(
            workflow("return f'{uuid4()}'", parameters="new_id: str"),
            id="the name of a parameter",
        ),
        pytest.param(
            workflow(
                "return f'{random.randint(1, sides())}'",
                before="@step\ndef sides() -> int:\n    return 6\n\n\n",
            ).replace("import workflow", "import step, workflow"),
            id="an argument that calls a step",
        ),
    ],
)
def test_what_cannot_move_stays(text: str) -> None:
    assert fixed(text) == text


def test_two_expressions_do_not_move_into_one_step() -> None:
    text = workflow("a = random.random()", "return f'{a} {random.randint(1, 6)}'")
    assert fixed(text).count("random_number()") == 2
    assert problems(text) == ["random_number() would be two functions"]


def test_of_two_expressions_one_inside_the_other_the_inner_one_moves() -> None:
    after = fixed(workflow("return f'{random.uniform(random.random(), 2)}'"))
    assert "    return f'{random.uniform(random_number(), 2)}'\n" in after
    assert after.count("@step\n") == 1


def test_a_zone_moves_with_the_clock() -> None:
    text = workflow("return f'{datetime.now(timezone(timedelta(hours=1)))}'")
    text = text.replace("import UTC, datetime", "import datetime, timedelta, timezone")
    assert "    return datetime.now(timezone(timedelta(hours=1)))\n" in fixed(text)


@pytest.mark.parametrize("zone", ["None", "tz=None"])
def test_a_zone_of_none_is_that_of_the_machine(zone: str) -> None:
    after = fixed(workflow(f"return f'{{datetime.now({zone})}}'"))
    assert f"    return datetime.now({zone}).astimezone()\n" in after


def test_what_looks_like_a_comment_is_part_of_a_text() -> None:
    text = workflow("return f'{uuid4()}'", before='TITLE = """\n# Flows"""\n')
    assert '# Flows"""\n@step\ndef new_id()' in fixed(text)
