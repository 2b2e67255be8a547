"""WFC108: threads and processes."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class Threads(NameRule):
    code = "WFC108"
    name = "threads"
    summary = "A workflow uses threads or processes."
    why = (
        "Threads finish in another order each time, and an engine does not see what happens in "
        "them{notes}. Locks guard nothing, since a workflow's state belongs to one run."
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
