"""Relay as an installed backend: compiles through ``backend.py``, runs what it has compiled."""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import tests.program.backend as relay_backend
import tests.program.relay as relay
from wfc.backends.base import Call, Emission, Options, Outcome, Script, SettingKind, StepFailure
from wfc.backends.python.loading import importable, load, unload
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.limits import WIDEST

# What generated modules import it as.
sys.modules["relay"] = relay


class RelayEngine:
    """The compiled workflows of a module, loaded."""

    name = "relay"

    def __init__(self, module: ir.Module, options: Options) -> None:
        self.module = module
        (file,) = relay_backend.emit(module, module.workflows, options).files
        with importable(Path(module.path).parent):
            self.generated = load(file.text, f"generated_{module.name}", file.path)

    def supports(self, workflow: ir.Workflow) -> str:
        return ""

    def run(self, workflow: str, arguments: Mapping[str, Any], script: Script) -> Outcome:
        calls: list[Call] = []
        steps = {step.name: step for step in self.module.steps}

        def answer(step: relay.Step, given: dict[str, Any]) -> Any:
            own = {p.name for p in steps[step.name].parameters if p.injected is None}
            data = {name: relay.as_json(value) for name, value in given.items() if name in own}
            calls.append(Call(step.name, data))
            try:
                return script.answer(step.name, data)
            except StepFailure as failure:
                raise error_of(self.generated, failure) from None

        run = relay.Run("r-1", answer)
        try:
            result = getattr(self.generated, workflow)(run, dict(arguments))
        except Exception as error:
            return Outcome(error=type(error).__name__, message=str(error), calls=tuple(calls))
        return Outcome(result=result, calls=tuple(calls))

    def close(self) -> None:
        unload(self.generated)


def error_of(generated: ModuleType, failure: StepFailure) -> Exception:
    """The error that a step fails with: of the class of that name, with that message."""
    known = {**vars(builtins), **vars(json), **vars(generated)}
    base = known.get(failure.error, Exception)
    if issubclass(base, ExceptionGroup):
        base = Exception  # a group cannot be made without its members
    members = {"__init__": lambda self: None, "__str__": lambda self: failure.message}
    error: Exception = type(failure.error, (base,), members)()
    return error


class RelayBackend:
    """See :class:`wfc.backends.base.Backend`."""

    name = "relay"
    summary = "runs in the process"
    settings: Mapping[str, SettingKind] = {}
    provides = frozenset({"relay"})
    limits = WIDEST
    variants = ()

    def check(
        self, module: ir.Module, workflow: ir.Workflow, options: Options
    ) -> Sequence[Diagnostic]:
        return relay_backend.check(module, workflow, options)

    def emit(
        self, module: ir.Module, workflows: Sequence[ir.Workflow], options: Options
    ) -> Emission:
        return relay_backend.emit(module, workflows, options)

    def validate(self, emission: Emission) -> str:
        return ""

    def engine(self, module: ir.Module, options: Options, variant: str = "") -> RelayEngine:
        return RelayEngine(module, options)
