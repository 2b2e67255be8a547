"""What fixes do to a text: the code, the imports, and everything that they leave alone."""

from __future__ import annotations

import pytest

from tests.checks.fixing import BOTH, PATH, fixed, problems, source
from tests.checks.linting import lint
from tests.checks.rules import CASES, RULES, invalid
from wfc.backends.lint import engines
from wfc.compiler.checks.fixes import statements
from wfc.compiler.checks.fixes.edits import apply_fixes, with_edits
from wfc.compiler.checks.fixes.statements import edited
from wfc.compiler.checks.judging.rule import Rule
from wfc.compiler.diagnostics.model import Diagnostic


def sleeping(imports: str, body: str = "time.sleep(3)") -> str:
    """A workflow of wfc; ``body`` ends in a call that is fixed."""
    return f"{source(imports)}\n\n@workflow\ndef flow() -> None:\n    {body}\n"


# --- Every rule ----------------------------------------------------------------------------------


INVALID = [
    pytest.param(text, id=f"{rule.code}-{number}")
    for rule in RULES
    for number, text in enumerate(invalid(rule))
]


@pytest.mark.parametrize("text", INVALID)
def test_fixing_ends_and_leaves_nothing_to_fix(text: str) -> None:
    after = fixed(text)

    assert [d.message for d in lint(after) if d.fix is not None] == []
    assert fixed(after) == after


@pytest.mark.parametrize("text", INVALID)
def test_the_edits_of_a_diagnostic_are_what_the_fix_writes(text: str) -> None:
    for diagnostic in with_edits(lint(text), {PATH: text}):
        if diagnostic.fix is not None:
            written = apply_fixes([diagnostic], {PATH: text}, BOTH).texts[PATH]
            assert edited(text, diagnostic.fix.edits) == written


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_its_fixes_do(rule: type[Rule]) -> None:
    safeties = {
        d.fix.safety for text in invalid(rule) for d in lint(text) if d.fix and _of(d, rule)
    }
    fixes = rule.as_code(engines()).fixes
    fixed = [text for cases in CASES[rule] for text in cases.FIXED if text]

    assert ("--fix" in fixes) >= ("safe" in safeties)
    assert ("--unsafe-fixes" in fixes) >= ("unsafe" in safeties)
    assert bool(fixes) == bool(fixed)
    assert not fixed or fixes.endswith(".")


def _of(diagnostic: Diagnostic, rule: type[Rule]) -> bool:
    return diagnostic.code.code == rule.code


# --- What stays ----------------------------------------------------------------------------------

MESSY = source(
    """
    import  time   # keep
    from wfc import workflow;  x = ( 1,2 )

    \x0c
    @workflow
    def flow( ) -> None :
    \tname = '😀' ;  time . sleep (
    \t\t# how long
    \t\t3 ,  # three
    \t\t)   # zzz  \t
    \tif  x :  pass
    \x20\t
    # the end"""
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_comments_blanks_and_line_ends_stay(newline: str) -> None:
    text = MESSY.replace("\n", newline)

    after = fixed(text)

    expected = MESSY.replace("import workflow", "import sleep, workflow")
    assert after == expected.replace("time . sleep", "sleep").replace("\n", newline)


def test_mixed_line_ends_stay() -> None:
    text = sleeping(
        "import time, os\r\nfrom wfc import workflow", "x = '''a\r\nb\n'''; time.sleep(3)"
    )

    assert fixed(text) == text.replace("import time, os", "import os").replace(
        "import workflow", "import sleep, workflow"
    ).replace("time.sleep", "sleep")


def test_a_new_import_ends_its_line_as_the_file_does() -> None:
    text = "import time\r\nimport wfc\r\n\r\n@wfc.workflow\r\ndef flow(wfc: int) -> None:\r\n"
    text += "    time.sleep(3)\r\n"

    assert fixed(text) == (
        "import wfc\r\nfrom wfc import sleep\r\n\r\n@wfc.workflow\r\n"
        "def flow(wfc: int) -> None:\r\n    sleep(3)\r\n"
    )


def test_calls_inside_strings_and_decorated_classes_are_found() -> None:
    text = source(
        """
        import time
        from temporalio import workflow

        @workflow.defn(
            name="F",
        )
        class F:
            @workflow.run
            async def run(self) -> str:
                a = f"{time.time()!r:>{9}} {time.time():.2f}"
                return a + f'''
                    {time.time()}
                '''
        """
    )

    after = fixed(text)

    assert "import time" not in after
    assert after.count("workflow.time()") == 3


def test_two_fixes_one_inside_the_other() -> None:
    text = sleeping(
        "import random\nimport time\nfrom dbos import DBOS", "time.sleep(random.random())"
    )
    text = text.replace("@workflow", "@DBOS.workflow()")

    assert "    DBOS.sleep(DBOS.run_step(None, random.random))\n" in fixed(text)


def test_two_fixes_of_one_call_are_made_one_after_the_other() -> None:
    text = source(
        """
        import asyncio
        from dbos import DBOS

        @DBOS.workflow()
        async def f() -> None:
            asyncio.sleep(3)
        """
    )

    assert "    await DBOS.sleep_async(3)\n" in fixed(text)


def test_an_expression_keeps_its_parentheses_and_comments() -> None:
    text = source(
        """
        from wfc import workflow

        @workflow
        def f(a: set[str], b: set[str]) -> None:
            for x in (
                a  # the first
                | b
            ):
                print(x)
            for y in (a):
                print(y)
        """
    )

    after = fixed(text)

    assert "    for x in sorted(\n        a  # the first\n        | b\n    ):\n" in after
    assert "    for y in sorted(a):\n" in after


def test_arguments_on_several_lines_keep_their_places() -> None:
    text = source(
        """
        from datetime import datetime
        from zoneinfo import ZoneInfo
        from temporalio import workflow

        @workflow.defn
        class F:
            @workflow.run
            async def run(self) -> datetime:
                return datetime.now(
                    ZoneInfo("Europe/Bern"),  # where we are
                )
        """
    )

    assert fixed(text).endswith(
        "        return workflow.now().astimezone(\n"
        '            ZoneInfo("Europe/Bern"),  # where we are\n'
        "        )\n"
    )


def test_arguments_behind_new_ones_keep_their_lines() -> None:
    text = source(
        """
        import random
        from dbos import DBOS

        @DBOS.workflow()
        def f() -> list[int]:
            return random.choices(  # any
                # of these
                [1, 2],  # both
                k=2,
            )
        """
    )

    assert fixed(text).endswith(
        "    return DBOS.run_step(  # any\n"
        "        # of these\n"
        "        None,\n"
        "        random.choices,\n"
        "        [1, 2],  # both\n"
        "        k=2,\n"
        "    )\n"
    )


def test_parentheses_with_comments_stay() -> None:
    text = source(
        """
        import uuid
        from dbos import DBOS

        @DBOS.workflow()
        async def f() -> str:
            made = (  # here
                uuid.uuid4()  # the id
            )
            return (uuid.uuid4()).hex + (
                uuid.uuid4()
            ).hex
        """
    )

    assert fixed(text).endswith(
        "    made = (  # here\n"
        "        await DBOS.run_step_async(None, uuid.uuid4)  # the id\n"
        "    )\n"
        "    return (await DBOS.run_step_async(None, uuid.uuid4)).hex + (\n"
        "        await DBOS.run_step_async(None, uuid.uuid4)\n"
        "    ).hex\n"
    )


# --- Imports -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from wfc import step, workflow", "from wfc import sleep, step, workflow"),
        ("from wfc import workflow, step", "from wfc import sleep, workflow, step"),
        ("from wfc import step as s, workflow", "from wfc import sleep, step as s, workflow"),
        ("from wfc import sleep as nap, workflow", "from wfc import sleep as nap, workflow"),
        ("from wfc import (workflow)", "from wfc import (sleep, workflow)"),
        (
            "from wfc import (\n    step,  # a\n    # own line\n    workflow,  # b\n)",
            "from wfc import (\n    sleep,\n    step,  # a\n    # own line\n    workflow,  # b\n)",
        ),
        (
            "from wfc import (  # all\n    RunId,\n    injected,\n)\nimport x",
            "from wfc import (  # all\n    RunId,\n    injected,\n    sleep,\n)\nimport x",
        ),
        (
            "from wfc import (\n    RunId, # r\n    injected # i\n)\nimport x",
            "from wfc import (\n    RunId, # r\n    sleep,\n    injected # i\n)\nimport x",
        ),
        ("from wfc import \\\n    workflow", "from wfc import \\\n    sleep, workflow"),
        (
            "import wfc\nworkflow = wfc.workflow",
            "import wfc\nworkflow = wfc.workflow",
        ),
        (
            "import wfc as w\nworkflow = w.workflow",
            "import wfc as w\nworkflow = w.workflow",
        ),
        (
            "from typing import TYPE_CHECKING\nfrom wfc import workflow\n"
            "if TYPE_CHECKING:\n    from wfc import sleep",
            "from typing import TYPE_CHECKING\nfrom wfc import sleep, workflow\n"
            "if TYPE_CHECKING:\n    from wfc import sleep",
        ),
        (
            "try:\n    from wfc import sleep, workflow\nexcept ImportError:\n    raise",
            "try:\n    from wfc import sleep, workflow\nexcept ImportError:\n    raise",
        ),
    ],
)
def test_the_import_that_a_fix_needs(before: str, after: str) -> None:
    before, after = (
        text.replace("import x", "from wfc import workflow") for text in (before, after)
    )
    found = fixed(sleeping(f"{before}\nimport time as t", "t.sleep(3)"))

    call = {"import sleep as nap": "nap", "import wfc as w": "w.sleep", "import wfc\n": "wfc.sleep"}
    name = next((name for part, name in call.items() if part in before), "sleep")
    assert found == sleeping(after, f"{name}(3)")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "from temporalio import workflow\n\n\n"),
        ('"""Times."""\n', '"""Times."""\n\nfrom temporalio import workflow\n'),
        (
            "from __future__ import annotations\n",
            "from __future__ import annotations\n\nfrom temporalio import workflow\n",
        ),
        ("#!/usr/bin/env python\n# Times.\n\n", None),
        ("import os\n", "import os\n\nfrom temporalio import workflow\n"),
        ("import zzz\n", "import zzz\nfrom temporalio import workflow\n"),
        ("from . import near\n", "from temporalio import workflow\n\nfrom . import near\n"),
        (
            "import os\n\nimport zzz\n\nfrom . import near\n",
            "import os\n\nimport zzz\nfrom temporalio import workflow\n\nfrom . import near\n",
        ),
        (
            "import os\n\nfrom abc2 import a\nfrom zzz import b\n",
            "import os\n\nfrom abc2 import a\nfrom temporalio import workflow\nfrom zzz import b\n",
        ),
        ("from zzz import b\n", "from temporalio import workflow\nfrom zzz import b\n"),
        (
            "from zzz import b\nfrom abc2 import a\n",
            "from zzz import b\nfrom abc2 import a\nfrom temporalio import workflow\n",
        ),
        (
            "# Bees.\nfrom zzz import b\n",
            "# Bees.\nfrom zzz import b\nfrom temporalio import workflow\n",
        ),
        (
            "import os\n\nfrom app import near\n",
            "import os\n\nfrom temporalio import workflow\n\nfrom app import near\n",
        ),
    ],
)
def test_where_a_new_import_stands(before: str, after: str | None) -> None:
    body = "def stamp() -> float:\n    import time\n\n    return time.time()\n"
    files = {
        "flow.py": "from temporalio import workflow\nfrom app.times import stamp\n\n"
        "@workflow.defn\nclass F:\n    @workflow.run\n"
        "    async def run(self) -> float:\n        return stamp()\n",
        "app/times.py": before + body,
    }

    texts = apply_fixes(lint(files), files, BOTH).texts

    expected = before + "from temporalio import workflow\n\n\n" if after is None else after
    body = body.replace("    import time\n\n", "").replace("time.time", "workflow.time")
    assert texts == {"app/times.py": expected + body}


@pytest.mark.parametrize(
    "taken",
    [
        "def sleep() -> None: ...",
        "from time import sleep",
        "sleep = None",
        "def other() -> None:\n    global sleep",
        "with open('a') as sleep: ...",
    ],
)
def test_a_taken_name_is_not_used(taken: str) -> None:
    text = sleeping(f"from wfc import workflow\nimport time\n{taken}")

    after = fixed(text)

    assert "    wfc.sleep(3)\n" in after
    assert "import wfc\n" in after


def test_a_name_that_the_function_binds_is_not_used() -> None:
    text = sleeping(
        "import time\nfrom wfc import sleep, workflow",
        "for sleep in []:\n        pass\n    time.sleep(3)",
    )

    assert fixed(text).endswith("        pass\n    wfc.sleep(3)\n")


def test_what_stands_in_for_a_missing_package_does_not_take_its_name() -> None:
    text = source(
        """
        import uuid
        try:
            from temporalio import workflow
        except ImportError:
            workflow = None

        @workflow.defn
        class F:
            @workflow.run
            async def run(self) -> str:
                return str(uuid.uuid4())
        """
    )

    assert fixed(text).endswith("        return str(workflow.uuid4())\n")
    assert fixed(text).startswith("try:\n    from temporalio import workflow\nexcept")


def test_no_fix_where_every_name_is_taken() -> None:
    text = sleeping("import time\nfrom wfc import workflow\nsleep = wfc = None")

    assert fixed(text) == text
    assert [d.code.code for d in lint(text) if d.fix is None] == ["WFC109"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import time\nfrom wfc import workflow", "from wfc import workflow"),
        (
            "import os\nimport time\n\nfrom wfc import workflow",
            "import os\n\nfrom wfc import workflow",
        ),
        (
            "import os\n\nimport time\n\nfrom wfc import workflow",
            "import os\n\nfrom wfc import workflow",
        ),
        ("from wfc import workflow\n\nimport time", "from wfc import workflow"),
        (
            "# Licence.\n\nimport time\n\nfrom wfc import workflow",
            "# Licence.\n\nfrom wfc import workflow",
        ),
        (
            "# Licence.\nimport time\nfrom wfc import workflow",
            "# Licence.\nfrom wfc import workflow",
        ),
        (
            "import os, time, sys\nfrom wfc import workflow",
            "import os, sys\nfrom wfc import workflow",
        ),
        ("import os, time\nfrom wfc import workflow", "import os\nfrom wfc import workflow"),
        (
            "import os; import time\nfrom wfc import workflow",
            "import os; import time\nfrom wfc import workflow",
        ),
        ("import time  # noqa: F401\nfrom wfc import workflow", None),
        ("import time  # the clock\nfrom wfc import workflow", None),
        ("import time\n__all__ = ['time']\nfrom wfc import workflow", None),
        ("import time\nfrom wfc import workflow\nx: 'time.struct_time | None' = None", None),
        ("try:\n    import time\nexcept ImportError:\n    pass\nfrom wfc import workflow", None),
        ("if True:\n    import time\nfrom wfc import workflow", None),
        ("import os\nimport time\nfrom wfc import workflow\nprint(time)", None),
    ],
)
def test_an_import_goes_with_its_last_use_and_no_other(before: str, after: str | None) -> None:
    found = fixed(sleeping(before))

    expected = sleeping(before if after is None else after, "sleep(3)")
    assert found == expected.replace("import workflow", "import sleep, workflow")


def test_names_of_a_from_import_go_with_their_commas() -> None:
    text = source(
        """
        from datetime import (
            date,
            datetime,  # moments
            timedelta,
        )
        from time import sleep as nap, time
        from temporalio import workflow

        LONG = timedelta(days=1)

        @workflow.defn
        class F:
            @workflow.run
            async def run(self) -> float:
                self.day = date.today()
                nap(1)
                return time()
        """
    )

    assert fixed(text).startswith(
        "from datetime import (\n    date,\n    datetime,  # moments\n    timedelta,\n)\n"
        "from temporalio import workflow\n\nLONG"
    )


def test_an_import_inside_the_function_goes_but_never_the_last_statement() -> None:
    text = sleeping("from wfc import workflow", "import time\n\n    time.sleep(3)")
    guarded = source(
        """
        from temporalio import workflow
        with workflow.unsafe.imports_passed_through():
            import uuid

        @workflow.defn
        class F:
            @workflow.run
            async def run(self) -> str:
                return str(uuid.uuid4())
        """
    )

    assert fixed(text).endswith("def flow() -> None:\n    sleep(3)\n")
    assert "    import uuid\n" in fixed(guarded)


def test_a_package_keeps_what_others_may_import_from_it() -> None:
    text = sleeping("import time\nfrom wfc import workflow")

    assert "import time\n" in fixed(text, "app/__init__.py")


# --- What cannot be fixed ------------------------------------------------------------------------


def test_await_is_added_only_where_it_may_stand() -> None:
    text = source(
        """
        import time
        from temporalio import workflow

        @workflow.defn
        class F:
            @workflow.run
            async def run(self) -> None:
                def inner() -> None:
                    time.sleep(1)
                inner()
                list(time.sleep(n) for n in range(3))
        """
    )

    assert fixed(text) == text


def test_a_blocking_helper_of_a_coroutine_is_not_given_a_call_that_raises_there() -> None:
    text = source(
        """
        import time
        from dbos import DBOS

        def pause() -> None:
            time.sleep(1)

        @DBOS.workflow()
        async def f() -> None:
            pause()
        """
    )

    assert fixed(text) == text


def test_what_a_lambda_does_is_left_to_its_author() -> None:
    text = source(
        """
        import time
        from dbos import DBOS

        @DBOS.workflow()
        def f(xs: list[str]) -> list[str]:
            return sorted(xs, key=lambda x: time.time())
        """
    )

    assert fixed(text) == text


def test_a_fix_that_would_lose_a_comment_is_not_made() -> None:
    text = source(
        """
        import datetime
        from temporalio import workflow

        @workflow.defn
        class F:
            @workflow.run
            async def run(self) -> object:
                return datetime.datetime.now(
                    datetime.UTC  # never local
                )
        """
    )

    assert fixed(text) == text
    assert problems(text) == ["a comment inside the expression would be lost"]
    assert [d.fix for d in with_edits(lint(text), {PATH: text})] == [None]


def test_what_libcst_cannot_carry_is_said_and_the_rest_is_fixed() -> None:
    deep = "+".join(["1"] * 280)
    text = sleeping("import time\nfrom wfc import workflow", f"time.sleep({deep})")
    text += "    time.sleep(4)\n"

    after = fixed(text)

    assert problems(text) == ["the statement is nested too deeply"]
    assert "    time.sleep(1+1" in after
    assert "    sleep(4)\n" in after
    assert "import time\n" in after


def test_a_very_long_statement_is_left_alone_and_a_long_file_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(statements, "LARGEST", 1_000)
    names = ", ".join("'a fairly long name'" for _ in range(100))
    short = sleeping("import random\nfrom temporalio import workflow").replace(
        "time.sleep(3)", "random.random()"
    )
    short = short.replace("@workflow\n", "@workflow.defn\nclass F:\n    @workflow.run\n")
    short = short.replace("def flow", "    async def flow").replace("    random", "        random")

    inside = short.replace("random()", f"choice([{names}])")
    elsewhere = f"{short}        x = [{names}]\n"

    assert problems(inside) == ["the statement is too long"]
    assert fixed(elsewhere) == elsewhere.replace("import random\n", "").replace(
        "random.random()", "workflow.random().random()"
    )


# --- Unused suppressions -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # wfc: ignore[WFC101] old\n", "x = 1\n"),
        ("x = 1\t# wfc: ignore[WFC101, clock]\r\ny = 2\r\n", "x = 1\r\ny = 2\r\n"),
        ("x = 1  # noqa: E501  # wfc: ignore[WFC101] old\n", "x = 1  # noqa: E501\n"),
        ("x = 1  # wfc: ignore[WFC101] see #12  # noqa: E501\n", "x = 1  # noqa: E501\n"),
        ("# wfc: ignore[WFC101] old\nx = 1\n", "x = 1\n"),
        ("x = [\n    # wfc: ignore[WFC101]\n    1,\n]\n", "x = [\n    1,\n]\n"),
        ("x = '😀'  # wfc: ignore[WFC101]", "x = '😀'"),
        ("# wfc: ignore-file[WFC101] old\n\nx = 1\n", "x = 1\n"),
    ],
)
def test_a_comment_that_suppresses_nothing_is_removed(before: str, after: str) -> None:
    (found,) = lint(before)

    assert found.code.code == "WFC190"
    assert found.fix is not None
    assert found.fix.safety == "safe"
    assert fixed(before, safeties=("safe",)) == after


def test_a_comment_and_a_call_on_one_line_are_fixed_together() -> None:
    text = sleeping("import time\nfrom wfc import workflow", "time.sleep(3)  # wfc: ignore[WFC101]")

    once = apply_fixes(lint(text), {PATH: text}, BOTH)

    assert once.texts[PATH].endswith("    sleep(3)\n")
    assert once.count == 2


def test_a_set_of_tasks_is_not_sorted() -> None:
    text = source("""
        import asyncio

        from temporalio import workflow


        @workflow.defn
        class Flow:
            @workflow.run
            async def run(self, names: list[str]) -> None:
                pending: set[asyncio.Task[None]] = set()
                others = {asyncio.create_task(self.notify(name)) for name in names}
                started = set()
                for name in names:
                    started.add(asyncio.create_task(self.notify(name)))
                await asyncio.gather(*pending)
                await asyncio.gather(*others)
                for task in started:
                    task.cancel()

            async def notify(self, name: str) -> None: ...
    """)

    assert [d.code.code for d in lint(text)] == ["WFC113"] * 3
    assert fixed(text) == text


def test_a_handler_that_asks_what_it_caught_keeps_catching_it() -> None:
    text = source("""
        from temporalio import workflow


        @workflow.defn
        class Flow:
            @workflow.run
            async def run(self) -> None:
                try:
                    await workflow.sleep(1)
                except BaseException as error:
                    if is_cancelled_exception(error):
                        self.cancelled = True
    """)

    assert [d.code.code for d in lint(text)] == ["WFC134"]
    assert fixed(text) == text
