"""Runs machines with sfnx.testing, an interpreter of JSONata-mode definitions.

It knows no data limits, time does not pass, and its expressions are evaluated by the port
``jsonata-python``, whose defects :mod:`wfc.backends.asl.engines.jsonata` corrects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfnx import testing

from wfc.backends.asl.engines import jsonata as run_jsonata
from wfc.backends.asl.engines.model import TOO_LONG, Ended, TaskFailed, Tasks


class Sfnx:
    name = "sfnx"

    def __init__(self) -> None:
        run_jsonata.correct()

    def unsupported(self, machine: Mapping[str, Any]) -> str:
        try:
            testing.check(machine)
        except testing.Unsupported as error:
            return str(error)
        except testing.InvalidDefinition:
            return ""  # a run of it fails, and says why
        return ""

    def execute(self, machine: Mapping[str, Any], input: Any, tasks: Tasks) -> Ended:
        """Run a machine to its end.

        Raises:
            sfnx.testing.InvalidDefinition: Step Functions would refuse the machine.
            sfnx.testing.Unsupported: sfnx does not interpret it.
        """

        def call(made: testing.Call) -> Any:
            try:
                return tasks(made.resource, made.arguments)
            except TaskFailed as failure:
                raise testing.Failure(failure.error, failure.cause) from failure

        try:
            done = testing.run(machine, input, call)
        except AssertionError:
            # sfnx bounds a scope at 10,000 states with a bare assertion.
            return Ended(error="States.Runtime", cause=TOO_LONG)
        if done.error is not None:
            return Ended(error=done.error, cause=done.cause or "", states=done.states)
        return Ended(output=done.output, states=done.states)
