"""Names and calls: how the linter gets from a workflow to a nondeterministic call.

The cases stand in ``tests/data/lint``; each defines a function ``f`` that a workflow calls.
"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.checks.linting import lint, marked, sites
from wfc.compiler.checks.linting.settings import Settings

FLOW = "from wfc import workflow\n"
DATA = Path(__file__).parents[1] / "data" / "lint"
STYLES = {
    "wfc": f"{FLOW}\n@workflow\ndef flow() -> None:\n    f()\n",
    "dbos": "from dbos import DBOS\n\n@DBOS.workflow()\ndef flow() -> None:\n    f()\n",
    "temporal": (
        "from temporalio import workflow\n\n@workflow.defn\nclass Flow:\n"
        "    @workflow.run\n    async def run(self) -> None:\n        f()\n"
    ),
}


def cases(name: str) -> list[Any]:
    """The sources after ``[case ...]`` lines, with those as their ids."""
    _, *parts = re.split(r"^\[case (.+)\]\n", (DATA / name).read_text("utf-8"), flags=re.M)
    return [
        pytest.param(source, id=title)
        for title, source in zip(parts[::2], parts[1::2], strict=True)
    ]


def test_the_chain_names_every_call_with_its_place() -> None:
    found = lint(
        {
            "flow.py": FLOW
            + "from helpers import stamp\n\n@workflow\ndef pay(x: int) -> float:\n"
            + "    return fee(x)\n\ndef fee(x: int) -> float:\n    return stamp() * x\n",
            "helpers.py": "import time\n\ndef stamp():\n    return time.time()\n",
        }
    )

    assert [(link.name, link.path, link.line, link.column) for link in found[0].chain] == [
        ("pay", "flow.py", 5, 1),
        ("fee", "flow.py", 6, 12),
        ("stamp", "flow.py", 9, 12),
    ]
    assert (found[0].path, found[0].span.line, found[0].span.column) == ("helpers.py", 4, 12)
    assert found[0].message == (
        "`time.time()` reads the clock; workflow `pay` reaches it through `fee`, `stamp`"
    )


def test_a_place_is_reported_once_with_the_shortest_chain() -> None:
    found = lint(
        FLOW + "import time\n\n@workflow\ndef a() -> float:\n    return far()\n\n"
        "@workflow\ndef b() -> float:\n    return near()\n\n"
        "def far():\n    return near()\n\ndef near():\n    return time.time()\n"
    )

    assert [[link.name for link in d.chain] for d in found] == [["b", "near"]]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", cases("followed.txt"))
def test_calls_are_followed(case: str, style: str) -> None:
    source = f"{case}\n\n{STYLES[style]}"

    # The flow does not await what may be a coroutine.
    found = lint(source, Settings(ignore=("missing-await", "asyncio-order")))

    assert sites(found) == marked(source)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("case", cases("look_alikes.txt"))
def test_look_alikes_are_not_reported(case: str, style: str) -> None:
    source = f"{case}\n\n{STYLES[style]}"

    found = lint(source, Settings(ignore=("print-and-logging",)))

    assert [f"{d.span.line}: {d.message}" for d in found] == []


def test_handlers_that_are_set_while_a_workflow_runs_are_followed() -> None:
    source = """import time
from temporalio import workflow

@workflow.defn
class Flow:
    @workflow.run
    async def run(self) -> None:
        workflow.set_signal_handler("stop", self.stop)
        workflow.set_dynamic_query_handler(lambda name, args: time.time())  # WFC101

    def stop(self) -> None:
        self.at = time.time()  # WFC101
"""

    assert sites(lint(source)) == marked(source)


def test_calls_cross_modules_packages_re_exports_and_star_imports() -> None:
    files = {
        "app/__init__.py": "from .deep.clock import now as current\n",
        "app/deep/__init__.py": "",
        "app/deep/clock.py": "import time\n\ndef now():\n    return time.time()  # WFC101\n",
        "app/tools.py": "__all__ = ['roll']\nimport random\n\n"
        "def roll():\n    return random.random()  # WFC102\n",
        "app/flow.py": "from wfc import workflow\nimport app.deep.clock\nimport app\n"
        "from . import deep, current\nfrom .tools import *\nfrom .deep import clock as c\n\n"
        "@workflow\ndef flow() -> list:\n"
        "    return [app.deep.clock.now(), current(), roll(), c.now(), app.current()]\n",
    }

    assert sites(lint(files)) == marked(files)


def test_a_circular_import_ends() -> None:
    files = {
        "a.py": "from wfc import workflow\nfrom b import *\nfrom b import g\n\n"
        "def h():\n    return g()\n\n@workflow\ndef flow() -> float:\n    return h() + lost()\n",
        "b.py": "import time\nfrom a import *\nfrom a import h, lost\n\n"
        "def g():\n    return h() or time.time()  # WFC101\n",
    }

    assert sites(lint(files)) == marked(files)


def test_a_class_that_is_its_own_base_ends() -> None:
    source = FLOW + textwrap.dedent(
        """
        import time

        class A(B): ...
        class B(A):
            def g(self):
                return time.time()  # WFC101

        @workflow
        def flow() -> float:
            return A().g()
        """
    )

    assert sites(lint(source)) == marked(source)


STEPS = """
import asyncio
import random
import time
from functools import partial
from dbos import DBOS, SQLAlchemyDatasource

datasource = SQLAlchemyDatasource.create("sqlite://")

def submit(x):
    return time.time() + x

def draw():
    return random.random()  # WFC102
"""


@pytest.mark.parametrize(
    "helper",
    [
        "def run(options, step, *args):\n    return DBOS.run_step(options, step, *args)\n",
        "def run(options, step, *args):\n    return DBOS.run_step(options, lambda: step(*args))\n",
        "def run(options, step, *args):\n    return DBOS.run_step(options, partial(step, *args))\n",
        "def run(options, step, *args):\n"
        "    def attempt():\n        return step(*args)\n"
        "    async def in_thread():\n        return await asyncio.to_thread(attempt)\n"
        "    function = in_thread if options else attempt\n"
        "    return DBOS.run_step_async(options, function)\n",
        "def run(options, step, *args):\n"
        "    return datasource.run_tx_step(options, lambda: step(*args))\n",
        "def run(options, step, *args):\n    return inner(step, args)\n\n"
        "def inner(step, args):\n    return DBOS.run_step({}, lambda: step(*args))\n",
    ],
)
def test_what_a_helper_hands_to_the_engine_is_a_step(helper: str) -> None:
    source = f"{STEPS}\n{helper}\n@DBOS.workflow()\ndef flow():\n    run({{}}, submit, 1)\n"
    source += "    run(step=submit, options={})\n    draw()\n"

    assert sites(lint(source)) == marked(source)


def test_a_method_that_hands_its_argument_to_the_engine() -> None:
    source = f"""{STEPS}
class Runner:
    def run(self, step, *args):
        return DBOS.run_step(None, step, *args)

@DBOS.workflow()
def flow():
    Runner().run(submit, 1)
    draw()
"""

    assert sites(lint(source)) == marked(source)


def test_rules_for_steps_run_on_what_is_handed_to_the_engine() -> None:
    source = (DATA / "handed_steps.py").read_text("utf-8")

    assert sites(lint(source)) == marked(source)


@pytest.mark.parametrize(
    "helper",
    [
        "def run(options, step):\n    step()\n    return DBOS.run_step(options, step)\n",
        "def run(options, step):\n    DBOS.run_step(options, submit)\n    return step()\n",
        "def run(step, options):\n    return DBOS.run_step({}, options)\n",
        "def run(options, step):\n"
        "    DBOS.run_step(options, lambda step: step(1))\n    return apply(step)\n\n"
        "def apply(step):\n    return step()\n",
    ],
)
def test_what_a_helper_runs_itself_is_no_step(helper: str) -> None:
    source = f"{STEPS}\n{helper}\n@DBOS.workflow()\ndef flow():\n    run({{}}, draw)\n"
    if helper.startswith("def run(step"):
        source = source.replace("run({}, draw)", "run(draw, submit)")

    assert sites(lint(source)) == marked(source)


def test_what_wfc_writes_for_dbos_is_clean() -> None:
    folder = DATA.parent / "samples" / "dbos"
    outputs = sorted(folder.rglob("*.py"))

    assert len(outputs) >= 4
    for path in outputs:
        assert [d.message for d in lint(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        ("threading.Thread(target=print).start()", ["threading.Thread()"]),
        ("partial(random.randint, 1)(3)", ["random.randint"]),
        ("random.Random(random.random()).random()", ["random.random()"]),
        ("random.choice([random.random()])", ["random.choice()", "random.random()"]),
        ("threading.Thread(target=print).run(random.random())", ["threading.Thread()", "random."]),
        ("thread = threading.Thread(target=print)\nthread.start()\nthread.join()", ["threading."]),
        ("pick = partial(random.choice, [1])\npick()", ["random.choice"]),
        ("session = requests.Session()\nsession.get('a').json()", ["requests.Session()"]),
        ("with requests.Session() as session:\n    session.get('a')", ["requests.Session()"]),
        ("pool = multiprocessing.Pool(2)\npool.map(print, [1])\npool.close()", ["multiproc"]),
        ("s = socket.socket()\ns.connect(('a', 1))\ns.send(b'')", ["socket.socket()"]),
        ("db = sqlite3.connect('a')\ncursor = db.cursor()\ncursor.execute('a')", ["sqlite3."]),
        ("answer = requests.get('a')\nanswer.raise_for_status()", ["requests.get()"]),
        ("env = os.environ\nenv.get('A')\nenv['B']", ["os.environ"]),
        ("text = open('a').read()\nfile = open('b')\nfile.read()", ["open()", "open()"]),
        ("os.environ.get('A')\nos.environ.get('A')", ["os.environ.get()", "os.environ.get()"]),
        ("a = requests.get('a')\nb = requests.get('b')", ["requests.get()", "requests.get()"]),
        ("thread = threading.Thread()\nthread = given\nthread.start()", ["threading.Thread()"]),
        ("s = given or socket.socket()\ns.connect(('a', 1))", ["socket.socket()"]),
        ("boto3.client('s3').put_object()\ncalled.s3.put_object()", ["boto3.client()"]),
    ],
)
def test_a_mistake_is_one_finding(statements: str, found: list[str]) -> None:
    source = f"""from functools import partial
import boto3, multiprocessing, os, random, requests, socket, sqlite3, threading
from dbos import DBOS

@DBOS.workflow()
def flow(given, called):
{textwrap.indent(statements, "    ")}
"""

    messages = [diagnostic.message for diagnostic in lint(source)]

    assert len(messages) == len(found), messages
    for message, start in zip(messages, found, strict=True):
        assert message.startswith(f"`{start}")


def test_a_client_of_the_module_is_reported_where_a_workflow_uses_it() -> None:
    source = """import requests
from dbos import DBOS

session = requests.Session()

@DBOS.workflow()
def flow():
    session.get("a")  # WFC106
    session.get("b")  # WFC106
"""

    assert sites(lint(source)) == marked(source)
