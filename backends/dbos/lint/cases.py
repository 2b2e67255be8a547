"""Cases of general rules in the words of DBOS."""

from __future__ import annotations

from wfc.compiler.checks.judging.rule import Cases


class Clock(Cases):
    code = "WFC101"
    INVALID = (
        "import time\nfrom datetime import datetime\n"
        "from dbos import DBOS\n\n@DBOS.workflow()\ndef f() -> float:\n"
        "    return time.time()  # WFC101\n\n"
        "@DBOS.workflow()\n"
        "async def g(zone) -> datetime:\n"
        "    return datetime.now(zone)  # WFC101\n",
    )
    FIXED = (
        "import time\nfrom datetime import datetime\n"
        "from dbos import DBOS\n\n@DBOS.workflow()\ndef f() -> float:\n"
        "    return DBOS.run_step(None, time.time)  # WFC101\n\n"
        "@DBOS.workflow()\n"
        "async def g(zone) -> datetime:\n"
        "    return await DBOS.run_step_async(None, datetime.now, zone)  # WFC101\n",
    )


class RandomNumbers(Cases):
    code = "WFC102"
    INVALID = (
        "import random\nfrom dbos import DBOS\n\n@DBOS.workflow()\ndef f(xs: list[str]) -> str:\n"
        "    random.shuffle(xs)  # WFC102\n"
        "    return random.choice(xs)  # WFC102\n",
    )
    FIXED = (
        "import random\nfrom dbos import DBOS\n\n@DBOS.workflow()\ndef f(xs: list[str]) -> str:\n"
        "    random.shuffle(xs)  # WFC102\n"
        "    return DBOS.run_step(None, random.choice, xs)  # WFC102\n",
    )


class Uuids(Cases):
    code = "WFC103"
    INVALID = (
        "import uuid\nfrom dbos import DBOS\n\n@DBOS.workflow()\ndef f() -> str:\n"
        "    return uuid.uuid4().hex  # WFC103\n\n"
        "@DBOS.workflow()\n"
        "async def g() -> str:\n"
        "    return uuid.uuid4().hex  # WFC103\n",
    )
    FIXED = (
        "import uuid\nfrom dbos import DBOS\n\n@DBOS.workflow()\ndef f() -> str:\n"
        "    return DBOS.run_step(None, uuid.uuid4).hex  # WFC103\n\n"
        "@DBOS.workflow()\n"
        "async def g() -> str:\n"
        "    return (await DBOS.run_step_async(None, uuid.uuid4)).hex  # WFC103\n",
    )


class Environment(Cases):
    code = "WFC104"
    INVALID = (
        "from os import environ as env\nfrom dbos import DBOS\n\n"
        "class Settings:\n"
        "    @property\n"
        "    def region(self) -> str:\n"
        "        return env['REGION']  # WFC104\n\n"
        "@DBOS.workflow()\n"
        "def f() -> str:\n"
        "    return Settings().region\n",
    )


class Network(Cases):
    code = "WFC106"
    INVALID = (
        "import boto3\nfrom dbos import DBOS\n\n"
        "class Store:\n"
        "    def __init__(self) -> None:\n"
        "        self.s3 = boto3.client('s3')  # WFC106\n\n"
        "    def save(self, text: str) -> None:\n"
        "        self.s3.put_object(Bucket='b', Key='k', Body=text)  # WFC106\n\n"
        "@DBOS.workflow()\n"
        "def f(text: str) -> None:\n"
        "    Store().save(text)\n",
    )


class Threads(Cases):
    code = "WFC108"
    INVALID = (
        "import asyncio, threading\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "from dbos import DBOS\n\n@DBOS.step()\n"
        "def charge(order: str) -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f(orders: list[str]) -> None:\n"
        "    with ThreadPoolExecutor() as pool:  # WFC108\n"
        "        pool.submit(charge, orders[0])\n"
        "    threading.Thread(target=charge).start()  # WFC108\n"
        "    await asyncio.to_thread(charge, orders[0])  # WFC108\n"
        "    loop = asyncio.get_running_loop()\n"
        "    await loop.run_in_executor(None, charge, orders[0])  # WFC108\n",
    )


class BlockingSleep(Cases):
    code = "WFC109"
    VALID = (
        "import asyncio\nfrom dbos import DBOS\n\n@DBOS.workflow()\nasync def f() -> None:\n"
        "    await asyncio.sleep(0)\n",
    )
    INVALID = (
        "import asyncio\nfrom dbos import DBOS\n\n@DBOS.workflow()\nasync def f() -> None:\n"
        "    await asyncio.sleep(3)  # WFC109\n",
        "import time\nfrom dbos import DBOS\n\n@DBOS.workflow()\ndef f() -> None:\n"
        "    time.sleep(3)  # WFC109\n\n"
        "@DBOS.workflow()\n"
        "async def g() -> None:\n"
        "    time.sleep(3)  # WFC109\n",
    )
    FIXED = (
        "from dbos import DBOS\n\n@DBOS.workflow()\nasync def f() -> None:\n"
        "    await DBOS.sleep_async(3)  # WFC109\n",
        "from dbos import DBOS\n\n@DBOS.workflow()\ndef f() -> None:\n"
        "    DBOS.sleep(3)  # WFC109\n\n"
        "@DBOS.workflow()\n"
        "async def g() -> None:\n"
        "    await DBOS.sleep_async(3)  # WFC109\n",
    )


class ImportTime(Cases):
    code = "WFC114"
    VALID = (
        "import os\nfrom dbos import DBOS, SQLAlchemyDatasource\n\n"
        "books = SQLAlchemyDatasource.create(os.environ['DATABASE_URL'])\n\n"
        "def post() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "def f() -> None:\n"
        "    books.run_tx_step({'name': 'post'}, post)\n",
        "import os\nfrom dbos import DBOS\nfrom agents import Agent, Model\n\n"
        "model = Model(key=os.environ['MODEL_KEY'])\n"
        "agent = Agent(model)\n\n"
        "@DBOS.workflow()\n"
        "def f(question: str) -> str:\n"
        "    return agent.run(question)\n",
    )


class Output(Cases):
    code = "WFC117"
    VALID = (
        "from dbos import DBOS\n\n@DBOS.workflow()\ndef f() -> None:\n"
        "    DBOS.logger.info('started')\n",
    )
    INVALID = (
        "from logging import getLogger\nfrom dbos import DBOS\n\n"
        "logger = getLogger(__name__)\n\n"
        "@DBOS.workflow()\n"
        "def f(order: str) -> None:\n"
        "    logger.warning('paying %s', order)  # WFC117\n",
    )
    FIXED = (
        "from logging import getLogger\nfrom dbos import DBOS\n\n"
        "logger = getLogger(__name__)\n\n"
        "@DBOS.workflow()\n"
        "def f(order: str) -> None:\n"
        "    DBOS.logger.warning('paying %s', order)  # WFC117\n",
    )


class AsyncioOrder(Cases):
    code = "WFC118"
    INVALID = (
        "import asyncio\nfrom dbos import DBOS\n\n@DBOS.step()\n"
        "async def ask(x: int) -> int: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    task = asyncio.create_task(ask(1))  # WFC118\n"
        "    await asyncio.wait([task])  # WFC118\n",
    )
    FIXED = (
        "import asyncio\nfrom dbos import DBOS\n\n@DBOS.step()\n"
        "async def ask(x: int) -> int: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    task = asyncio.create_task(ask(1))  # WFC118\n"
        "    await DBOS.asyncio_wait([task])  # WFC118\n",
    )


class MissingAwait(Cases):
    code = "WFC131"
    INVALID = (
        "from dbos import DBOS\n\n@DBOS.step()\n"
        "async def charge() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    charge()  # WFC131\n",
    )
    FIXED = (
        "from dbos import DBOS\n\n@DBOS.step()\n"
        "async def charge() -> None: ...\n\n"
        "@DBOS.workflow()\n"
        "async def f() -> None:\n"
        "    await charge()  # WFC131\n",
    )


class GatherBranches(Cases):
    code = "WFC140"
    VALID = (
        "import asyncio\nfrom dbos import DBOS\n\n@DBOS.step()\n"
        "async def charge(x: int) -> int: ...\n\n"
        "async def one(x: int) -> int:\n"
        "    return await charge(x)\n\n"
        "@DBOS.workflow()\n"
        "async def f(xs: list[int]) -> None:\n"
        "    await asyncio.gather(charge(1), charge(2), one(3))\n"
        "    await asyncio.gather(*[charge(x) for x in xs])\n",
    )
    INVALID = (
        "import asyncio\nfrom dbos import DBOS\n\n@DBOS.step()\n"
        "async def quote(x: int) -> int: ...\n\n"
        "@DBOS.step()\n"
        "async def reserve(x: int) -> int: ...\n\n"
        "async def book(x: int) -> int:\n"
        "    return await reserve(await quote(x))\n\n"
        "@DBOS.workflow()\n"
        "async def f(xs: list[int]) -> None:\n"
        "    await asyncio.gather(book(1), book(2))  # WFC140\n"
        "    branches = [book(x) for x in xs]\n"
        "    await asyncio.gather(*branches)  # WFC140\n",
    )


class TransactionEffects(Cases):
    code = "WFC145"
    INVALID = (
        "import subprocess\nfrom dbos import DBOS, SQLAlchemyDatasource\n\n"
        "ds = SQLAlchemyDatasource.create('sqlite://')\n\n"
        "@ds.transaction()\n"
        "def book(order: str) -> None:\n"
        "    subprocess.run(['mail', order])  # WFC145\n"
        "    ds.sql_session().commit()  # WFC145\n",
    )
