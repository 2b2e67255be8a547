"""The plain run as an engine: the user's own module, its steps answered by a script."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import importlib.util
import itertools
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from wfc.author.decorators import ATTRIBUTE
from wfc.author.definitions import StepDefinition, WorkflowDefinition
from wfc.author.execution import Endless, Run, run_workflow
from wfc.author.failures import named_error
from wfc.backends.base import Call, Outcome, Script, StepFailure
from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.model import Refused
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.language import nodes as ir
from wfc.testing.cases import Answer, Case
from wfc.tool import codes

# Operations that one workflow may make; a case that needs more is taken for endless.
MOST_OPERATIONS: Final = 10_000

_numbers = itertools.count(1)


class RunFailed(Exception):
    """A run has no outcome; the message says why."""


class PlainEngine:
    """Runs the workflows of a module as the functions that they are.

    Args:
        path: the file of the module. It is imported, so its module-level code runs.
        largest: refuse integers beyond this at every boundary.

    Raises:
        Refused: importing the module fails.
    """

    name = "plain"

    def __init__(self, path: Path, *, largest: int | None = None) -> None:
        self.module = import_file(path)
        self.largest = largest

    def supports(self, workflow: ir.Workflow) -> str:
        return ""

    def completed(self, case: Case) -> Case:
        """The case with its answers as the steps themselves would give them: a record with every
        field, a moment in UTC."""
        steps = {
            name: tuple(
                replace(group, answers=tuple(self._completed(name, a) for a in group.answers))
                for group in groups
            )
            for name, groups in case.steps.items()
        }
        return replace(case, steps=steps)

    def _completed(self, step: str, answer: Answer) -> Answer:
        if answer.raises:
            return answer
        definition: StepDefinition = getattr(getattr(self.module, step), ATTRIBUTE)
        run = Run(id="plain")
        value = definition.decode_result(answer.returns, run.largest)
        return replace(answer, returns=definition.encode_result(value, run.largest))

    def run(self, workflow: str, arguments: Mapping[str, Any], script: Script) -> Outcome:
        """Run a workflow; an error in it is the outcome.

        Raises:
            RunFailed: it does not end.
        """
        definition: WorkflowDefinition = getattr(getattr(self.module, workflow), ATTRIBUTE)
        steps = ScriptedSteps(script)
        run = Run(steps, id="plain", largest=self.largest, most=MOST_OPERATIONS)
        with contextlib.redirect_stdout(sys.stderr):
            try:
                values = definition.decode_arguments(dict(arguments), run.largest)
                result = run_workflow(definition, definition.bind((), values), run)
                if definition.asynchronous:
                    result = asyncio.run(result)
                data = definition.encode_result(result, run.largest)
            except Endless as endless:
                raise RunFailed(str(endless)) from None
            except Exception as error:
                name, message = type(error).__name__, str(error)
                return Outcome(error=name, message=message, calls=tuple(steps.calls))
        return Outcome(result=data, calls=tuple(steps.calls))

    def close(self) -> None:
        sys.modules.pop(self.module.__name__, None)


class ScriptedSteps:
    """Writes down every attempt of a step and lets a script answer it."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.calls: list[Call] = []

    def attempt(self, step: StepDefinition, arguments: dict[str, Any], key: str, run: Run) -> Any:
        if step.asynchronous:
            return self._answer_later(step, arguments, run)
        return self._answer(step, arguments, run)

    async def _answer_later(self, step: StepDefinition, arguments: dict[str, Any], run: Run) -> Any:
        return self._answer(step, arguments, run)

    def _answer(self, step: StepDefinition, arguments: dict[str, Any], run: Run) -> Any:
        self.calls.append(Call(step.name, copy.deepcopy(arguments)))
        try:
            return self.script.answer(step.name, arguments)
        except StepFailure as failure:
            raise named_error(failure.error, failure.message, run.scope) from None


def import_file(path: Path) -> ModuleType:
    """Import a Python file under a name of its own, with its folder on the path meanwhile.

    Raises:
        Refused: the import fails; the place is the line of the file that failed.
    """
    name = f"{path.stem}_plain_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    if spec is None or spec.loader is None:
        raise Refused(
            [codes.MODULE_NOT_IMPORTABLE.at(str(path), NOWHERE, "this is no Python file")]
        )
    module = importlib.util.module_from_spec(spec)
    # Annotations are resolved through sys.modules.
    sys.modules[name] = module
    with _folder_on_path(path.resolve().parent), contextlib.redirect_stdout(sys.stderr):
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            sys.modules.pop(name, None)
            message = f"importing the module fails: {type(error).__name__}: {error}"
            place = _line_of(error, path)
            raise Refused([codes.MODULE_NOT_IMPORTABLE.at(str(path), place, message)]) from error
    return module


@contextlib.contextmanager
def _folder_on_path(folder: Path) -> Iterator[None]:
    entry = str(folder)
    sys.path.insert(0, entry)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(entry)


def _line_of(error: BaseException, path: Path) -> Span:
    """The last line of the file that was running when the error came up."""
    own = str(path.resolve())
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == own and frame.lineno]
    return Span(lines[-1], 1, lines[-1], 2) if lines else NOWHERE
