"""The process that runs a generated package against a server of its own; ``run.py`` starts it.

It talks to its parent in lines of JSON. The parent asks ``{"run": name, "arguments": [...]}``; for
each attempt of an activity this process asks ``{"call": name, "arguments": {...}, "id": n}`` and is
told the value or the error; at the end of the run it reports the result or the error. It ends when
its standard input ends.

    python host.py PACKAGE SOURCE_FOLDER VARIANT SERVER QUEUE

It imports nothing of wfc: what runs here is what a user would run.
"""

from __future__ import annotations

import asyncio
import importlib
import itertools
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import RawValue
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    FailureError,
    TimeoutError,
)
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

# A run that has not ended by then never will: its clock skips, or has only short waits.
RUN_LIMIT = 60.0
CHECK_EVERY = 2.0


# From linux/sched.h and linux/sockios.h.
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1


class Parent:
    """The other end of the pipes. Whatever else writes to the standard output, such as the core of
    the SDK, writes to the log instead."""

    def __init__(self) -> None:
        self._output = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._ids = itertools.count()
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.runs: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    async def listen(self) -> None:
        """Hand each message to whom it is for, until the parent closes the pipe."""
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            message = json.loads(line)
            if "run" in message:
                await self.runs.put(message)
            else:
                self._waiting.pop(message["id"]).set_result(message)
        await self.runs.put(None)

    def tell(self, message: dict[str, Any]) -> None:
        self._output.write(json.dumps(message) + "\n")
        self._output.flush()

    async def ask(self, step: str, arguments: Any) -> dict[str, Any]:
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self.tell({"call": step, "arguments": arguments, "id": number})
        return dict(await answer)


def scripted(parent: Parent) -> Any:
    """The activity that stands for every activity of the package."""

    @activity.defn(dynamic=True)
    async def step(arguments: Sequence[RawValue]) -> Any:
        data = [activity.payload_converter().from_payload(one.payload) for one in arguments]
        answer = await parent.ask(activity.info().activity_type, data[0] if data else {})
        if "error" in answer:
            raise ApplicationError(
                answer["message"], type=answer["error"], non_retryable=answer["fatal"]
            )
        return answer["value"]

    return step


async def start_server(variant: str, path: str, options: dict[str, Any]) -> WorkflowEnvironment:
    if variant == "dev":
        return await WorkflowEnvironment.start_local(
            dev_server_existing_path=path, dev_server_log_level="error", **options
        )
    return await WorkflowEnvironment.start_time_skipping(test_server_existing_path=path, **options)


async def run(
    client: Client, queue: str, name: str, request: dict[str, Any], listener: asyncio.Task[None]
) -> dict[str, Any]:
    """One workflow, to its end or to that of the listener: then nobody wants the result."""
    handle = await client.start_workflow(
        request["run"], args=request["arguments"], id=name, task_queue=queue
    )
    ending = asyncio.create_task(handle.result())
    waited = 0.0
    reason = ""
    while not ending.done() and not reason:
        await asyncio.wait(
            [ending, listener], timeout=CHECK_EVERY, return_when=asyncio.FIRST_COMPLETED
        )
        waited += CHECK_EVERY
        if listener.done():
            reason = "nobody waits for the run"
        elif not ending.done():
            reason = await stuck(handle, waited)
    if reason:
        ending.cancel()
        await handle.terminate(reason)
        return {"error": "EngineFailure", "message": reason}
    try:
        return {"result": ending.result()}
    except WorkflowFailureError as error:
        name, message = described(error.cause)
        return {"error": name, "message": message}


def described(error: BaseException | None) -> tuple[str, str]:
    """The class name and the message of what made a workflow fail."""
    activity_name = ""
    while isinstance(error, ActivityError | ChildWorkflowError):
        if isinstance(error, ActivityError):
            activity_name = error.activity_type
        error = error.cause
    if isinstance(error, TimeoutError):
        return "TimeoutError", f"{activity_name} timed out" if activity_name else error.message
    # `message` says "Application error" for an empty text.
    message = error.failure.message if isinstance(error, FailureError) and error.failure else ""
    if isinstance(error, ApplicationError):
        return error.type or "", message
    return type(error).__name__, message or str(error)


async def stuck(handle: WorkflowHandle[Any, Any], waited: float) -> str:
    """Why a workflow will not end: its code fails, again and again, or its time is up. Empty when
    it may still end."""
    history = await handle.fetch_history()
    for event in reversed(history.events):
        if event.HasField("workflow_task_failed_event_attributes"):
            failure = event.workflow_task_failed_event_attributes.failure
            messages = [failure.message]
            while failure.HasField("cause"):
                failure = failure.cause
                messages.append(failure.message)
            return f"the workflow's code cannot go on: {': '.join(messages)}"
    return f"the run did not end within {RUN_LIMIT:.0f} seconds" if waited >= RUN_LIMIT else ""


def seclude() -> bool:
    """Move this process, which must have one thread, into a network of its own that has a loopback
    device and nothing else. Temporal's time-skipping server listens on every address and has no
    option for that; here nobody else reaches it. False where the system does not allow it."""
    if sys.platform != "linux":
        return False
    trial = os.fork()
    if not trial:
        try:
            _enter_own_network()
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(trial, 0)[1] != 0:
        return False
    _enter_own_network()
    return True


def _enter_own_network() -> None:
    import ctypes
    import fcntl
    import socket
    import struct

    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_NETWORK) != 0:
        # A user namespace gives its maker the right.
        if libc.unshare(NEW_USER | NEW_NETWORK) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, GET_FLAGS, struct.pack("16sh14x", b"lo", 0))
        (flags,) = struct.unpack_from("h", answer, 16)
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | UP))


async def main(*, secluded: bool) -> None:
    folder, source, variant, server, queue = sys.argv[1:]
    parent = Parent()
    # The package comes first, then the project of the source, then what is installed.
    sys.path[:1] = [folder, source]
    shared = importlib.import_module("shared")
    workflows = importlib.import_module("workflows")
    names = json.loads((Path(folder) / "names.json").read_text(encoding="utf-8"))
    options: dict[str, Any] = {}
    if names["data_converter"]:
        options["data_converter"] = getattr(shared, names["data_converter"])
    environment = await start_server(variant, server, options)
    worker = Worker(
        environment.client,
        task_queue=queue,
        workflows=[getattr(workflows, name) for name in names["workflows"]],
        activities=[scripted(parent)],
    )
    listener = asyncio.create_task(parent.listen())
    async with worker:
        address = environment.client.service_client.config.target_host
        parent.tell({"ready": address, "secluded": secluded})
        number = 0
        while (request := await parent.runs.get()) is not None:
            number += 1
            answer = await run(environment.client, queue, f"run-{number}", request, listener)
            if not listener.done():
                parent.tell(answer)
    await listener
    await environment.shutdown()


if __name__ == "__main__":
    # Before the SDK starts its threads. The dev server listens on the loopback device anyway.
    asyncio.run(main(secluded=sys.argv[3] == "dev" or seclude()))
    # The SDK's core may abort the interpreter when it exits in the ordinary way
    # (https://github.com/temporalio/sdk-python/issues/300).
    os._exit(0)
