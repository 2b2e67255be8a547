import asyncio
import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from temporal_app.activities import charge

logger = logging.getLogger(__name__)
OPTIONS = {"start_to_close_timeout": timedelta(seconds=3)}


@dataclass
class Order:
    id: str
    items: list[str] = field(default_factory=list)


class Retries:
    def policy(self) -> RetryPolicy:
        return RetryPolicy(maximum_attempts=3)


@workflow.defn
class Pay(Retries):
    limit = 3

    def __init__(self) -> None:
        self.queue: list[str] = []
        self.limit = 4

    @workflow.run
    async def run(self, order: Order) -> str:
        started = time.monotonic()
        opened = workflow.now()
        key = workflow.uuid4()
        pick = workflow.random().choice(order.items)
        tasks = [
            asyncio.create_task(
                workflow.execute_activity(charge, item, retry_policy=self.policy(), **OPTIONS)
            )
            for item in order.items
        ]
        await asyncio.gather(*tasks)
        done, _ = await workflow.wait(tasks)
        for task in workflow.as_completed(tasks):
            await task
        await asyncio.sleep(3)
        await workflow.wait_condition(lambda: bool(self.queue), timeout=timedelta(days=1))
        if not workflow.unsafe.is_replaying():
            print(time.time())
        with workflow.unsafe.sandbox_unrestricted():
            logger.info("%s", time.time())
        try:
            await workflow.execute_local_activity(
                charge, "x", schedule_to_close_timeout=timedelta(seconds=9)
            )
        except ActivityError as error:
            raise ApplicationError("failed", type="Failed") from error
        elapsed = time.monotonic() - started
        workflow.logger.info("took %s", elapsed)
        handle = workflow.start_activity(charge, "y", start_to_close_timeout=timedelta(1))
        await handle
        self.queue.clear()
        return f"{key}{pick}{opened.isoformat()}"

    @workflow.signal
    def add(self, item: str) -> None:
        self.queue.append(item)

    @workflow.query
    def size(self) -> int:
        items = list(self.queue)
        items.sort()
        return len(items)

    @workflow.update
    async def set_limit(self, limit: int) -> int:
        before, self.limit = self.limit, limit
        return before

    @set_limit.validator
    def check_limit(self, limit: int) -> None:
        if limit < 0:
            raise ValueError("negative")
