"""Cases of general rules in the words of Temporal."""

from __future__ import annotations

from wfc.backends.temporal.lint import CLASS, RUN
from wfc.compiler.checks.judging.rule import Cases


class Clock(Cases):
    code = "WFC101"
    VALID = (
        f"{RUN}(self) -> float:\n        return workflow.now().timestamp() + workflow.time()\n",
        f"import logging, time\n{RUN}(self) -> None:\n"
        "        started = time.monotonic()\n"
        "        elapsed = time.monotonic() - started\n"
        "        workflow.logger.info('took %s', elapsed)\n",
        f"import time\n{RUN}(self) -> None:\n"
        "        if not workflow.unsafe.is_replaying():\n"
        "            print(time.time())\n"
        "        with workflow.unsafe.sandbox_unrestricted():\n"
        "            measure(time.perf_counter())\n",
    )
    INVALID = (
        f"import time\n{RUN}(self) -> float:\n        return time.time()  # WFC101\n",
        "from datetime import UTC, date, datetime\nfrom zoneinfo import ZoneInfo\n"
        f"{RUN}(self, zone: ZoneInfo) -> None:\n"
        "        self.a = datetime.now(tz=UTC)  # WFC101\n"
        "        self.b = datetime.now(ZoneInfo('Europe/Bern'))  # WFC101\n"
        "        self.c = datetime.utcnow()  # WFC101\n"
        "        self.d = datetime.now()  # WFC101\n"
        "        self.e = date.today()  # WFC101\n"
        "        self.f = datetime.now(zone)  # WFC101\n",
    )
    FIXED = (
        f"{RUN}(self) -> float:\n        return workflow.time()  # WFC101\n",
        f"from zoneinfo import ZoneInfo\n{RUN}(self, zone: ZoneInfo) -> None:\n"
        "        self.a = workflow.now()  # WFC101\n"
        "        self.b = workflow.now().astimezone(ZoneInfo('Europe/Bern'))  # WFC101\n"
        "        self.c = workflow.now().replace(tzinfo=None)  # WFC101\n"
        "        self.d = workflow.now()  # WFC101\n"
        "        self.e = workflow.now().date()  # WFC101\n"
        "        self.f = workflow.now().astimezone(zone)  # WFC101\n",
    )


class RandomNumbers(Cases):
    code = "WFC102"
    VALID = (f"{RUN}(self) -> int:\n        return workflow.random().randint(1, 6)\n",)
    INVALID = (
        f"import random\n{RUN}(self, xs: list[str]) -> str:\n"
        "        return random.choice(xs)  # WFC102\n",
        f"import random\nfrom random import choice\n{RUN}(self, xs: list[str]) -> str:\n"
        "        generator = random.Random()  # WFC102\n"
        "        return choice(xs)  # WFC102\n",
    )
    FIXED = (
        f"{RUN}(self, xs: list[str]) -> str:\n"
        "        return workflow.random().choice(xs)  # WFC102\n",
        f"{RUN}(self, xs: list[str]) -> str:\n"
        "        generator = workflow.new_random()  # WFC102\n"
        "        return workflow.random().choice(xs)  # WFC102\n",
    )


class Uuids(Cases):
    code = "WFC103"
    INVALID = (f"import uuid\n{RUN}(self) -> str:\n        return str(uuid.uuid4())  # WFC103\n",)
    FIXED = (f"{RUN}(self) -> str:\n        return str(workflow.uuid4())  # WFC103\n",)


class Subprocesses(Cases):
    code = "WFC107"
    INVALID = (
        f"import asyncio, os, subprocess\n{RUN}(self) -> None:\n"
        "        subprocess.run(['make'])  # WFC107\n"
        "        os.system('make')  # WFC107\n"
        "        await asyncio.create_subprocess_exec('make')  # WFC107\n",
    )


class Threads(Cases):
    code = "WFC108"
    VALID = (
        f"import asyncio\n{RUN}(self) -> None:\n"
        "        async with asyncio.Lock():\n"
        "            await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))\n",
    )


class BlockingSleep(Cases):
    code = "WFC109"
    VALID = (f"import asyncio\n{RUN}(self) -> None:\n        await asyncio.sleep(3)\n",)
    INVALID = (f"import time\n{RUN}(self) -> None:\n        time.sleep(3)  # WFC109\n",)
    FIXED = (f"{RUN}(self) -> None:\n        await workflow.sleep(3)  # WFC109\n",)


class ProcessState(Cases):
    code = "WFC110"
    VALID = (
        f"import os, sys\n{RUN}(self) -> None:\n"
        "        print(os.getpid(), file=sys.stderr)\n"
        "        sys.stderr.write('started')\n",
    )
    INVALID = (
        f"import threading\n{RUN}(self) -> str:\n"
        "        return threading.current_thread().name  # WFC110\n",
    )


class SetOrder(Cases):
    code = "WFC113"
    INVALID = (
        f"import asyncio\n{RUN}(self, names: list[str]) -> None:\n"
        "        pending: set[asyncio.Task[None]] = set()\n"
        "        for name in names:\n"
        "            pending.add(asyncio.create_task(self.notify(name)))\n"
        "        await asyncio.gather(*pending)  # WFC113\n"
        "        others = {asyncio.create_task(self.notify(name)) for name in names}\n"
        "        for other in others:  # WFC113\n"
        "            other.cancel()\n",
    )


class GlobalWrite(Cases):
    code = "WFC115"
    VALID = (
        "from temporalio import workflow\n\n"
        "NAMES = ['a', 'b']\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    limit = 3\n\n"
        "    def __init__(self) -> None:\n"
        "        self.items: list[str] = []\n\n"
        "    @workflow.run\n"
        "    async def run(self) -> list[str]:\n"
        "        self.limit = 4\n"
        "        self.items.append(NAMES[0])\n"
        "        names = list(NAMES)\n"
        "        names.append('c')\n"
        "        return names\n",
        f"{RUN}(self) -> int:\n"
        "        count = 0\n\n"
        "        def note() -> None:\n"
        "            nonlocal count\n"
        "            count += 1\n\n"
        "        note()\n"
        "        return count\n",
    )
    INVALID = (
        "from temporalio import workflow\n\n@workflow.defn\n"
        "class F:\n"
        "    items: list[str] = []\n\n"
        "    @workflow.run\n"
        "    async def run(self, item: str) -> None:\n"
        "        self.items.append(item)  # WFC115\n",
        "from temporalio import workflow\n\n"
        "ended = 0\n\n"
        f"{CLASS}(self) -> None:\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        finally:\n"
        "            global ended\n"
        "            ended += 1  # WFC115\n",
    )


class Output(Cases):
    code = "WFC117"
    VALID = (f"{RUN}(self) -> None:\n        workflow.logger.info('started')\n",)
    INVALID = (
        "import logging\nfrom temporalio import workflow\n\n"
        "logger = logging.getLogger(__name__)\n\n"
        f"{CLASS}(self, order: str) -> None:\n"
        "        print(f'paying {order}')  # WFC117\n"
        "        print('paying', order)  # WFC117\n"
        "        logger.info('paying %s', order)  # WFC117\n",
    )
    FIXED = (
        "import logging\nfrom temporalio import workflow\n\n"
        "logger = logging.getLogger(__name__)\n\n"
        f"{CLASS}(self, order: str) -> None:\n"
        "        workflow.logger.info(f'paying {order}')  # WFC117\n"
        "        print('paying', order)  # WFC117\n"
        "        workflow.logger.info('paying %s', order)  # WFC117\n",
    )


class AsyncioOrder(Cases):
    code = "WFC118"
    VALID = (
        f"import asyncio\n{RUN}(self) -> None:\n"
        "        tasks = [asyncio.create_task(asyncio.sleep(n)) for n in range(3)]\n"
        "        await asyncio.gather(*tasks)\n"
        "        async with asyncio.timeout(5):\n"
        "            await workflow.wait(tasks)\n",
    )
    INVALID = (
        f"import asyncio\n{RUN}(self) -> None:\n"
        "        await asyncio.wait([workflow.sleep(1)])  # WFC118\n"
        "        for first in asyncio.as_completed([]):  # WFC118\n"
        "            await first\n",
    )
    FIXED = (
        f"{RUN}(self) -> None:\n"
        "        await workflow.wait([workflow.sleep(1)])  # WFC118\n"
        "        for first in workflow.as_completed([]):  # WFC118\n"
        "            await first\n",
    )


class MissingAwait(Cases):
    code = "WFC131"
    VALID = (
        "import asyncio\nfrom temporalio import workflow\n\nasync def pause() -> None:\n"
        "    await asyncio.sleep(1)\n\n"
        f"{CLASS}(self) -> None:\n"
        "        await pause()\n"
        "        waiting = pause()\n"
        "        await asyncio.gather(waiting, pause())\n",
    )
    INVALID = (
        "import asyncio\nfrom temporalio import workflow\n\nasync def pause() -> None:\n"
        "    await asyncio.sleep(1)\n\n"
        f"{CLASS}(self) -> None:\n"
        "        pause()  # WFC131\n"
        "        workflow.sleep(3)  # WFC131\n",
    )
    FIXED = (
        "import asyncio\nfrom temporalio import workflow\n\nasync def pause() -> None:\n"
        "    await asyncio.sleep(1)\n\n"
        f"{CLASS}(self) -> None:\n"
        "        await pause()  # WFC131\n"
        "        await workflow.sleep(3)  # WFC131\n",
    )


class BaseExceptionCaught(Cases):
    code = "WFC134"
    VALID = (
        f"{RUN}(self) -> None:\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException:\n"
        "            self.failed = True\n"
        "            raise\n"
        "        except Exception:\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException as error:\n"
        "            if not self.may_ignore(error):\n"
        "                raise\n",
    )
    INVALID = (
        f"{RUN}(self) -> None:\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException as error:  # WFC134\n"
        "            if is_cancelled_exception(error):\n"
        "                await self.undo()\n",
    )
    FIXED = (
        f"{RUN}(self) -> None:\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except Exception:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException as error:  # WFC134\n"
        "            if is_cancelled_exception(error):\n"
        "                await self.undo()\n",
    )
