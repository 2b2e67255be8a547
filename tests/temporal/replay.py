"""Replays the histories of all closed workflows of a server with the package in this folder.

    python replay.py ADDRESS

Prints one line of JSON: for each workflow id the failure of its replay, or null.
"""

import asyncio
import json
import os
import sys

sys.path.insert(0, os.getcwd())

import shared  # type: ignore[import-not-found]
import workflows  # type: ignore[import-not-found]
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.worker import Replayer


async def main() -> None:
    converter = getattr(shared, "data_converter", DataConverter.default)
    client = await Client.connect(sys.argv[1], data_converter=converter)
    classes = [value for name, value in vars(workflows).items() if name.endswith("Workflow")]
    replayer = Replayer(workflows=classes, data_converter=converter)
    found: dict[str, str | None] = {}
    async for execution in client.list_workflows():
        handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
        result = await replayer.replay_workflow(
            await handle.fetch_history(), raise_on_replay_failure=False
        )
        found[execution.id] = result.replay_failure and str(result.replay_failure)
    print(json.dumps(found), flush=True)
    # The SDK's core may abort the interpreter when it exits in the ordinary way.
    os._exit(0)


asyncio.run(main())
