import asyncio
import os
import time
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from temporal_app.activities import charge, fee

from .base import Base

QUEUE = os.environ.get("QUEUE", "default")
OPTIONS = {"task_queue": "x"}


@workflow.defn
class Pay(Base):
    jobs: list[str] = []

    def __init__(self) -> None:
        self.opened = datetime.now()  # WFC101
        self.items: list[str] = []

    async def work(self, order: str) -> str:
        if self.lucky:
            await workflow.execute_activity(charge, order)  # WFC130
        await workflow.execute_activity(charge, order, start_to_close_timeout=None)  # WFC130
        await workflow.execute_activity(charge, order, **OPTIONS)  # WFC130
        workflow.execute_activity(  # WFC131
            charge, order, schedule_to_close_timeout=timedelta(1), task_queue=QUEUE  # WFC114
        )
        self.jobs.append(order)  # WFC115
        time.sleep(1)  # WFC109
        path = os.path.join("a", order)  # WFC138
        if fee(3) > 2:  # WFC132
            raise ValueError("too much")  # WFC137
        tasks = [asyncio.create_task(workflow.sleep(n)) for n in range(3)]
        await asyncio.wait(tasks)  # WFC118
        try:
            await tasks[0]
        except BaseException:  # WFC134
            pass
        return path

    def when(self) -> float:
        return time.time()  # WFC101

    @workflow.query
    def last(self) -> str:
        self.items.append("asked")  # WFC133
        return self.items[-1]

    @workflow.update
    async def add(self, item: str) -> None:
        self.items.append(os.getenv("PREFIX") + item)  # WFC104

    @add.validator
    def check(self, item: str) -> None:
        if item in os.listdir("."):  # WFC105
            raise ValueError("refused")


@workflow.defn(versioning_behavior=1)
class Pinned:  # WFC136
    @workflow.run
    async def run(self) -> None:
        for name in {"a", "b"}:  # WFC113
            await workflow.execute_activity(
                name, start_to_close_timeout=timedelta(1), retry_policy=RetryPolicy()
            )
