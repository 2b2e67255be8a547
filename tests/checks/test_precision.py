"""What public code does that looks nondeterministic, or is: found by reading real projects."""

from __future__ import annotations

from tests.checks.linting import lint, marked, sites
from wfc.compiler.checks.linting.settings import Settings

TEMPORAL = "from temporalio import activity, workflow\n"


def test_a_function_that_is_returned_and_not_called_is_not_followed() -> None:
    source = TEMPORAL + (
        "import random, time\n\n"
        "def roll() -> float:\n    return random.random()  # WFC102\n\n"
        "def invoice() -> float:\n    return time.time()\n\n"
        "def handler(name: str):\n    return roll if name == 'roll' else None\n\n"
        "def lookup(name: str):\n    if name == 'invoice':\n        return invoice\n"
        "    raise ValueError(name)\n\n"
        "def is_known(name: str) -> bool:\n    return lookup(name) is not None\n\n"
        "@workflow.defn\nclass Flow:\n    @workflow.run\n"
        "    async def run(self, name: str) -> None:\n"
        "        if is_known(name):\n            handler(name)()\n"
    )

    assert sites(lint(source)) == marked(source)


def test_code_for_outside_of_workflows_is_not_reported() -> None:
    source = TEMPORAL + (
        "import time, uuid\n\n"
        "def in_temporal_workflow() -> bool:\n    return workflow.in_workflow()\n\n"
        "def now() -> float:\n"
        "    if workflow.in_workflow():\n        return workflow.time()\n    return time.time()\n\n"
        "def make_id() -> str:\n"
        "    if not in_temporal_workflow():\n        return str(uuid.uuid4())\n"
        "    return str(uuid.uuid4())  # WFC103\n\n"
        "def key(name: str) -> str:\n"
        "    if name and not in_temporal_workflow():\n        return str(uuid.uuid4())\n"
        "    elif name or in_temporal_workflow():\n        return str(uuid.uuid1())  # WFC103\n"
        "    else:\n        return str(uuid.uuid4())\n\n"
        "@workflow.defn\nclass Flow:\n    @workflow.run\n    async def run(self) -> str:\n"
        "        return make_id() + str(now()) + key('a')\n"
    )

    assert sites(lint(source)) == marked(source)


def test_what_follows_a_failed_question_for_the_workflow_runs_outside() -> None:
    source = TEMPORAL + (
        "import time, uuid\n\n"
        "def now() -> float:\n"
        "    try:\n        from temporalio import workflow\n\n"
        "        return workflow.time()\n"
        "    except Exception:\n        return time.time()\n\n"
        "def make_id() -> str:\n"
        "    try:\n        found = str(workflow.uuid4())\n"
        "    except RuntimeError:\n        found = str(uuid.uuid4())\n"
        "    try:\n        return load(workflow.now())\n"
        "    except ValueError:\n        return found + str(uuid.uuid4())  # WFC103\n\n"
        "def load(moment):\n    raise ValueError(moment)\n\n"
        "@workflow.defn\nclass Flow:\n    @workflow.run\n    async def run(self) -> str:\n"
        "        return make_id() + str(now())\n"
    )

    assert sites(lint(source)) == marked(source)


def test_a_decorator_around_the_engine_s_makes_a_step_and_a_workflow() -> None:
    files = {
        "app/__init__.py": "",
        "app/tools.py": "from dbos import DBOS\nfrom temporalio import activity\n\n"
        "def tool(name: str):\n"
        "    def decorate(function):\n"
        "        async def body(*args):\n            return await function(*args)\n"
        "        return activity.defn(name=name)(body)\n"
        "    return decorate\n\n"
        "def durable(function):\n"
        "    @DBOS.workflow()\n"
        "    def run(*args):\n        return function(*args)\n"
        "    return run\n",
        "app/flow.py": TEMPORAL + "import time\nfrom app.tools import durable, tool\n\n"
        "@tool('clock')\nasync def clock() -> float:\n    return time.time()\n\n"
        "@durable\ndef nightly() -> float:\n    return time.time()  # WFC101\n\n"
        "@workflow.defn\nclass Flow:\n    def __init__(self) -> None:\n"
        "        self.tools = Tools([clock])\n\n"
        "    @workflow.run\n    async def run(self) -> None:\n        await clock()\n",
    }

    assert sites(lint(files)) == marked(files)


def test_engines_are_known_by_the_modules_that_define_their_names() -> None:
    source = (
        "import time\n"
        "from aws_durable_execution_sdk_python.context import DurableContext, durable_step\n"
        "from aws_durable_execution_sdk_python.execution import durable_execution\n"
        "from restate.object import VirtualObject\n"
        "from restate.service import Service\n"
        "from restate.workflow import Workflow\n"
        "from restate.context import ObjectContext, WorkflowContext\n\n"
        "service = Service('s')\nbasket = VirtualObject('b')\nsignup = Workflow('w')\n\n"
        "@durable_step\ndef stamp(step) -> float:\n    return time.time()\n\n"
        "@durable_execution\ndef handler(event, context: DurableContext) -> float:\n"
        "    return context.step(stamp()) + time.time()  # WFC101\n\n"
        "@service.handler()\nasync def greet(ctx, name: str) -> float:\n"
        "    return time.time()  # WFC101\n\n"
        "@basket.handler('add')\nasync def add(ctx: ObjectContext) -> float:\n"
        "    return await ctx.run_typed('stamp', time.time) + time.time()  # WFC101\n\n"
        "@signup.main()\nasync def run(ctx: WorkflowContext) -> float:\n"
        "    return time.time()  # WFC101\n"
    )

    assert sites(lint(source)) == marked(source)


def test_a_logger_that_is_set_up_from_the_environment_is_a_logger() -> None:
    source = TEMPORAL + (
        "import logging, os\n\n"
        "LEVEL = os.environ.get('LEVEL', 'INFO')\n\n"
        "def make_logger(name: str) -> logging.Logger:\n"
        "    logger = logging.getLogger(name)\n    logger.setLevel(os.environ['LEVEL'])\n"
        "    return logger\n\n"
        "logger = make_logger(__name__)\n\n"
        "@workflow.defn\nclass Flow:\n    @workflow.run\n    async def run(self) -> str:\n"
        "        logger.info('level %s', LEVEL)\n        return LEVEL  # WFC114\n"
    )

    assert sites(lint(source, Settings(ignore=("print-and-logging",)))) == marked(source)


def test_values_of_foreign_objects_are_no_calls() -> None:
    source = TEMPORAL + (
        "import subprocess\nimport httpx\n\n"
        "def tail(text: str, error: subprocess.CalledProcessError) -> str:\n"
        "    return text + shorten(error.stdout, str(error.stderr))\n\n"
        "def shorten(*parts: str) -> str:\n    return ''.join(parts)[:80]\n\n"
        "def check(client: httpx.AsyncClient) -> str:\n"
        "    if isinstance(client, httpx.AsyncClient):\n        return shorten(client.base_url)\n"
        "    return ''\n\n"
        "class Client(httpx.AsyncClient):\n    def __init__(self) -> None:\n"
        "        super().__init__()\n\n"
        "@workflow.defn\nclass Flow:\n    @workflow.run\n"
        "    async def run(self, error: subprocess.CalledProcessError) -> str:\n"
        "        client = Client()\n"
        "        await client.get('/')  # WFC106\n"
        "        return tail('x', error) + check(client)\n"
    )

    assert sites(lint(source)) == marked(source)


def test_a_method_of_what_a_reported_call_returned_is_no_second_finding() -> None:
    source = TEMPORAL + (
        "import os\nimport boto3\n\n"
        "@workflow.defn\nclass Flow:\n    @workflow.run\n"
        "    async def run(self, given: str | None) -> str:\n"
        "        url = given or os.getenv('URL', '')  # WFC104\n"
        "        base = url.rstrip('/')\n"
        "        Store().save(base)\n"
        "        return base.lower()\n\n"
        "class Store:\n"
        "    def __init__(self) -> None:\n        self.s3 = boto3.client('s3')  # WFC106\n\n"
        "    def save(self, key: str) -> None:\n        self.s3.put_object(Key=key)  # WFC106\n"
    )

    assert sites(lint(source)) == marked(source)


def test_a_syntax_error_names_the_python_that_read_the_file() -> None:
    (found,) = lint("from wfc import workflow\n\ndef f(:\n")

    assert found.message.startswith("not valid Python 3.")
