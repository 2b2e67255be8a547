"""Runs the workflows and activities of orders: python worker.py"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

import activities
from shared import TASK_QUEUE, data_converter
from workflows import GuardedWorkflow, OrderWorkflow, PackingWorkflow, SingleWorkflow

logger = logging.getLogger(__name__)

# How many activities run at the same time; each has a thread of its own.
MAX_ACTIVITIES = 100


async def main() -> int:
    stop = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows has no signal handlers
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signal_number, stop.set)
    try:
        client = await Client.connect(
            os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"),
            namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
            data_converter=data_converter,
        )
    except RuntimeError as error:  # no server
        sys.stderr.write(f"Error: {error}\n")
        return 1
    worker = Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[SingleWorkflow, GuardedWorkflow, PackingWorkflow, OrderWorkflow],
        activities=[
            activities.charge,
            activities.book,
            activities.pack,
            activities.refund,
        ],
        activity_executor=ThreadPoolExecutor(MAX_ACTIVITIES),
        max_concurrent_activities=MAX_ACTIVITIES,
        graceful_shutdown_timeout=timedelta(seconds=30),
    )
    async with worker:
        logger.info("polling task queue %s", TASK_QUEUE)
        await stop.wait()
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    exit_code = asyncio.run(main())
    # Threads of the SDK may crash an interpreter that exits in the ordinary way:
    # https://github.com/temporalio/sdk-python/issues/300
    logging.shutdown()
    os._exit(exit_code)
