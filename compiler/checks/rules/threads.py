"""WFC108: threads and processes."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class Threads(NameRule):
    code = "WFC108"
    name = "threads"
    summary = "A workflow uses threads or processes."
    why = (
        "Threads finish in another order each time, and an engine does not see what happens in "
        "them: in DBOS a step that a thread starts runs unrecorded, without an error, and runs "
        "again in every recovery. Locks guard nothing, since a workflow's state belongs to one "
        "run."
    )
    bad = (
        "@DBOS.workflow()\n"
        "def settle(orders: list[str]) -> None:\n"
        "    with ThreadPoolExecutor() as pool:\n"
        "        pool.map(charge, orders)"
    )
    good = (
        "@DBOS.workflow()\n"
        "async def settle(orders: list[str]) -> None:\n"
        "    await asyncio.gather(*[charge(order) for order in orders])"
    )
    says = "runs code outside the engine's control"
    need = "parallel"
    calls = """
        asyncio.to_thread asyncio.run asyncio.Runner asyncio.run_coroutine_threadsafe
        trio.run anyio.run anyio.from_thread.run anyio.to_process.run_sync nest_asyncio.apply
        asyncio.AbstractEventLoop.run_in_executor asyncio.AbstractEventLoop.call_soon_threadsafe
        concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor
        concurrent.futures.wait concurrent.futures.as_completed
        anyio.to_thread.run_sync asgiref.sync.sync_to_async asgiref.sync.async_to_sync
        _thread.start_new_thread sched.scheduler
    """
    modules = """
        threading multiprocessing joblib gevent eventlet trio.to_thread sched ray dask.distributed
        pathos loky
    """
    methods_below = {"run_in_executor": 1_000}

    VALID = (
        "import asyncio\n"
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        async with asyncio.Lock():\n"
        "            await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))\n",
    )
    INVALID = (
        "import asyncio, threading\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from dbos import DBOS\n\n"
        "@DBOS.step()\n"
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
