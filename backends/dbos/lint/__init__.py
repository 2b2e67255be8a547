"""What the linter knows of DBOS."""

from __future__ import annotations

from typing import Final

from wfc.compiler.checks.engines.engine import LintEngine, Note
from wfc.compiler.checks.engines.requests import FixRequest, Need
from wfc.compiler.checks.rules.random_numbers import DRAWS
from wfc.compiler.checks.wordsets import words

DBOS: Final = Need("dbos", "DBOS")
_DATASOURCES: Final = words("""
    dbos.SQLAlchemyDatasource dbos.AsyncSQLAlchemyDatasource
    dbos.SQLAlchemyDatasource.create() dbos.AsyncSQLAlchemyDatasource.create()
""")


def _recorded(module: str, names: str) -> dict[str, FixRequest]:
    """Fixes that record what functions of a module give, by name. Unsafe, because a workflow that
    is under way gets one step more."""
    request = FixRequest(
        "Record it as a step with DBOS.run_step()",
        "unsafe",
        "expression",
        "DBOS.run_step(None, {callee}, {args})",
        DBOS,
        in_coroutine="await DBOS.run_step_async(None, {callee}, {args})",
    )
    return {f"{module}.{name}": request for name in names.split()}


def _use(callee: str, in_coroutine: str = "") -> FixRequest:
    return FixRequest(f"Use {callee}()", "safe", "callee", callee, DBOS, in_coroutine=in_coroutine)


ENGINE: Final = LintEngine(
    name="dbos",
    title="DBOS",
    packages=("dbos",),
    rules=f"{__name__}.rules",
    workflows=words("dbos.DBOS.workflow"),
    steps=words("dbos.DBOS.step"),
    transactions=frozenset(
        {"dbos.DBOS.transaction", *(f"{datasource}.transaction" for datasource in _DATASOURCES)}
    ),
    boundaries=("dbos.",),
    context_methods=words("run_tx_step"),
    handed={
        "run_step": "step",
        "run_step_async": "step",
        "run_tx_step": "transaction",
        "run_tx_step_async": "transaction",
    },
    aliases={"dbos._dbos": "dbos"},
    star_members={"dbos": words("DBOS")},
    datasources=_DATASOURCES,
    operations=("dbos.DBOS.",),
    coroutines=words("""
        dbos.DBOS.sleep_async dbos.DBOS.send_async dbos.DBOS.recv_async dbos.DBOS.set_event_async
        dbos.DBOS.get_event_async dbos.DBOS.run_step_async dbos.DBOS.start_workflow_async
        dbos.DBOS.write_stream_async
    """),
    loop="real",
    numbers_steps=True,
    instead={
        "io": "move the call into a function with @DBOS.step()",
        "shared": "read it in a step, or pass it as an argument",
        "input": "wait for a message: DBOS.recv(...)",
        "parallel": "await async steps with asyncio.gather(...), or start child workflows",
        "time": "read the clock in a function with @DBOS.step()",
        "random": "draw the number in a function with @DBOS.step()",
        "uuid": "make the id in a function with @DBOS.step()",
        "sleep": "use DBOS.sleep(...) or await DBOS.sleep_async(...)",
        "environment": "read it in a function with @DBOS.step(), or make it an argument",
        "first": "use DBOS.asyncio_wait(...) or DBOS.wait_first(...), whose choice is recorded",
        "state": "keep it in a local variable, or in the database through a step",
        "log": "use DBOS.logger, or log inside a step",
    },
    fixes={
        **_recorded("time", "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns"),
        **_recorded("datetime.datetime", "now today utcnow"),
        **_recorded("datetime.date", "today"),
        # shuffle() gives nothing that could be recorded.
        **_recorded("random", " ".join(draw for draw in DRAWS if draw != "shuffle")),
        **_recorded("uuid", "uuid1 uuid4 uuid6 uuid7"),
        "time.sleep": _use("DBOS.sleep", "await DBOS.sleep_async"),
        "asyncio.sleep": _use("DBOS.sleep_async"),
        "asyncio.wait": _use("DBOS.asyncio_wait"),
    },
    logger=("DBOS.logger", DBOS),
    notes={
        "WFC101": Note(unsafe="in DBOS workflows DBOS.run_step() records the clock"),
        "WFC102": Note(unsafe="in DBOS workflows DBOS.run_step() records the number"),
        "WFC103": Note(unsafe="in DBOS workflows DBOS.run_step() records the identifier"),
        "WFC108": Note(
            "in DBOS a step that a thread starts runs unrecorded, without an error, and runs again "
            "in every recovery",
            bad=(
                "@DBOS.workflow()\n"
                "def settle(orders: list[str]) -> None:\n"
                "    with ThreadPoolExecutor() as pool:\n"
                "        pool.map(charge, orders)"
            ),
            good=(
                "@DBOS.workflow()\n"
                "async def settle(orders: list[str]) -> None:\n"
                "    await asyncio.gather(*[charge(order) for order in orders])"
            ),
        ),
        "WFC109": Note(safe="DBOS.sleep(n) or await DBOS.sleep_async(n) in those of DBOS"),
        "WFC118": Note(
            safe="asyncio.wait() becomes DBOS.asyncio_wait() in DBOS workflows",
            bad=(
                "@DBOS.workflow()\n"
                "async def race(tasks: list[str]) -> str:\n"
                "    done, _ = await asyncio.wait([ask(t) for t in tasks])\n"
                "    return done.pop().result()"
            ),
            good=(
                "@DBOS.workflow()\n"
                "async def race(tasks: list[str]) -> str:\n"
                "    done, _ = await DBOS.asyncio_wait([ask(t) for t in tasks])\n"
                "    return done.pop().result()"
            ),
        ),
        "WFC140": Note(
            "in DBOS ends with SUCCESS",
            bad=(
                "async def book(kind: str) -> None:\n"
                "    price = await quote(kind)\n"
                "    await reserve(kind, price)\n\n"
                "@DBOS.workflow()\n"
                "async def trip() -> None:\n"
                '    await asyncio.gather(book("hotel"), book("flight"))'
            ),
            good=(
                "@DBOS.workflow()\n"
                "async def book(kind: str) -> None:\n"
                "    price = await quote(kind)\n"
                "    await reserve(kind, price)\n\n"
                "@DBOS.workflow()\n"
                "async def trip() -> None:\n"
                '    kinds = ["hotel", "flight"]\n'
                "    handles = [await DBOS.start_workflow_async(book, kind) for kind in kinds]\n"
                "    for handle in handles:\n"
                "        await handle.get_result()"
            ),
        ),
    },
)
