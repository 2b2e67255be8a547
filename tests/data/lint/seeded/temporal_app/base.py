import random
import uuid

from temporalio import workflow


class Audited:
    def audit(self) -> str:
        return uuid.uuid4().hex  # WFC103

    @property
    def lucky(self) -> bool:
        return random.random() > 0.5  # WFC102


class Base(Audited):
    @workflow.run
    async def run(self, order: str) -> str:
        self.audit()
        return await self.work(order)

    async def work(self, order: str) -> str:
        raise NotImplementedError

    @workflow.signal
    async def stop(self) -> None:
        self.stopped = self.when()

    def when(self) -> float:
        return 0.0
