"""Runs the cases of a module plainly and on engines, and compares."""

from __future__ import annotations

import copy
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wfc.backends import registry
from wfc.backends.base import Backend, Engine, EngineMissing, Options, Outcome
from wfc.backends.emission import emitted
from wfc.compiler.data.struct import Struct, replace
from wfc.compiler.diagnostics.model import Diagnostic, Refused, has_errors
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.calls import with_children
from wfc.compiler.pipeline import read_file
from wfc.testing.cases import Case, read_cases
from wfc.testing.compare import compare, contradictions
from wfc.testing.plain import PlainEngine
from wfc.testing.script import CaseScript
from wfc.tool.config import load

PLAIN = "plain"


class Column(Struct):
    """An engine to run on: a target and a variant of it. An ``optional`` one is left out, and says
    so, for a workflow that it does not support; one that is not ``required`` is left out, and says
    so, where it is not installed."""

    target: str
    variant: str = ""
    optional: bool = False
    required: bool = True

    @property
    def label(self) -> str:
        """What the engine is called in a report."""
        return f"{self.target} ({self.variant})" if self.variant else self.target


class Verdict(Struct):
    """One case on one engine. ``agrees`` is None when the case was not run there, for the reason in
    ``difference``, and nobody asked for more."""

    case: str
    workflow: str
    target: str
    agrees: bool | None
    expected: Outcome | None = None
    got: Outcome | None = None
    difference: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


Progress = Callable[[str, int, int], None]


def _no_progress(label: str, done: int, total: int) -> None:
    """Nobody watches."""


class Subject(Struct):
    """What is verified: a module, the file it was read from, its cases, and how it is compiled.

    ``settings`` holds ``[tool.wfc.<target>]`` by target; the plain run refuses integers
    beyond ``largest``.
    """

    module: ir.Module
    path: Path
    cases: Sequence[Case]
    settings: Mapping[str, Mapping[str, Any]]
    largest: int | None = None


def verify_file(path: Path, cases: Path, columns: Sequence[Column]) -> list[Verdict]:
    """Verdicts on the cases of a file, for tests of one's own.

    Args:
        path: the workflow module.
        cases: its cases file.
        columns: the engines, such as ``Column("temporal")``.

    Raises:
        BrokenEmission: what a backend emits cannot be right.
        ConfigError: the project's settings cannot be used.
        EngineMissing: an engine cannot start here.
        Refused: the module or the cases have errors, or the module cannot be imported.
        YamlMissing: the cases are YAML and PyYAML is not installed.
    """
    reading = read_file(str(path))
    if reading.module is None:
        raise Refused(reading.diagnostics)
    config = load(path)
    config.check()
    targets = [column.target for column in columns]
    settings = {target: config.section(target) for target in targets}
    limits = registry.limits(targets)
    found = read_cases(cases, reading.module, limits)
    subject = Subject(reading.module, path, found, settings, limits.integer)
    return list(verify(subject, columns))


def verify(
    subject: Subject, columns: Sequence[Column], progress: Progress = _no_progress
) -> Iterator[Verdict]:
    """Verdicts on every case: first the plain run, then engine by engine.

    Raises:
        BrokenEmission: what a backend emits cannot be right.
        EngineMissing: an engine that is required cannot start here, or none of them can.
        Refused: the module cannot be imported.
    """
    engine = PlainEngine(subject.path, largest=subject.largest)
    try:
        subject = replace(subject, cases=[engine.completed(case) for case in subject.cases])
        references = yield from _plain(engine, subject.cases, progress)
    finally:
        engine.close()
    lacking = []
    for column in columns:
        lacking.append((yield from _column(subject, column, references, progress)))
    if lacking and all(lacking) and not any(column.required for column in columns):
        raise EngineMissing(lacking[0])


def _plain(
    engine: PlainEngine, cases: Sequence[Case], progress: Progress
) -> Generator[Verdict, None, list[Outcome | None]]:
    """Runs every case plainly and returns the outcomes, which the engines must repeat."""
    outcomes = []
    for number, case in enumerate(cases):
        progress(PLAIN, number, len(cases))
        got, problems = _run(engine, case)
        outcomes.append(got)
        if got is not None and case.expect is not None:
            problems.extend(contradictions(case.expect, got))
        agrees = not problems
        yield Verdict(case.name, case.workflow, PLAIN, agrees, got=got, difference=tuple(problems))
    return outcomes


def _column(
    subject: Subject, column: Column, references: Sequence[Outcome | None], progress: Progress
) -> Generator[Verdict, None, str]:
    """Verdicts on every case; returns why the engine could not start, empty when it could."""
    backend = registry.load(column.target)
    options = Options(settings=subject.settings.get(column.target, {}))
    unfit = _unfit_workflows(subject.module, backend, options)
    fitting = {item.name: item for item in subject.module.workflows if item.name not in unfit}
    engine, missing = None, ""
    if any(case.workflow in fitting for case in subject.cases):
        module = replace(subject.module, workflows=tuple(fitting.values()))
        engine, missing = _start(backend, module, options, column)
    try:
        for number, (case, expected) in enumerate(zip(subject.cases, references, strict=True)):
            progress(column.label, number, len(subject.cases))
            verdict = Verdict(case.name, case.workflow, column.label, None, expected)
            if case.workflow in unfit:
                yield _unfit(verdict, column, unfit[case.workflow])
            elif engine is None:
                yield _left_out(verdict, missing)
            elif expected is None:
                yield _left_out(verdict, "there is no plain run to compare with")
            else:
                yield _on_engine(verdict, column, engine, case, fitting[case.workflow])
    finally:
        if engine is not None:
            engine.close()
    return missing


def _start(
    backend: Backend, module: ir.Module, options: Options, column: Column
) -> tuple[Engine | None, str]:
    """The engine of a column, or why there is none; started only when what is emitted for it is in
    order."""
    emitted(backend, module, module.workflows, options)
    try:
        return backend.engine(module, options, column.variant), ""
    except EngineMissing as missing:
        if column.required and not column.optional:
            raise
        return None, str(missing)


def _left_out(verdict: Verdict, reason: str) -> Verdict:
    return replace(verdict, agrees=None, difference=(f"not run: {reason}",))


def _unfit_workflows(
    module: ir.Module, backend: Backend, options: Options
) -> dict[str, tuple[Diagnostic, ...]]:
    """The workflows that do not fit, themselves or through a workflow they start, and why."""
    unfit: dict[str, tuple[Diagnostic, ...]] = {}
    for workflow in module.workflows:
        found = backend.check(module, workflow, options)
        if has_errors(found):
            unfit[workflow.name] = tuple(found)
    for workflow in module.workflows:
        reached = (item.name for item in with_children(module, [workflow]))
        reason = next((unfit[name] for name in reached if name in unfit), None)
        if reason is not None:
            unfit.setdefault(workflow.name, reason)
    return unfit


def _unfit(verdict: Verdict, column: Column, diagnostics: tuple[Diagnostic, ...]) -> Verdict:
    reasons = tuple(f"{item.code.code} {item.message}" for item in diagnostics)
    agrees = None if column.optional else False
    return replace(
        verdict,
        agrees=agrees,
        difference=(f"{verdict.workflow} does not fit {column.target}", *reasons),
        diagnostics=diagnostics,
    )


def _on_engine(
    verdict: Verdict, column: Column, engine: Engine, case: Case, workflow: ir.Workflow
) -> Verdict:
    if reason := engine.supports(workflow):
        verdict = _left_out(verdict, reason)
        return verdict if column.optional else replace(verdict, agrees=False)
    got, problems = _run(engine, case)
    lines = list(problems)
    if got is not None and verdict.expected is not None:
        lines += compare(verdict.expected, got)
    return replace(verdict, agrees=not lines, got=got, difference=tuple(lines))


def _run(engine: Engine, case: Case) -> tuple[Outcome | None, list[str]]:
    """The outcome of a case, and what was wrong besides; no outcome when the engine failed."""
    script = CaseScript(case)
    outcome = None
    try:
        # A workflow may change what it is given.
        outcome = engine.run(case.workflow, copy.deepcopy(case.input), script)
    except Exception as error:
        script.problems.append(f"the run failed: {type(error).__name__}: {error}")
    return outcome, list(dict.fromkeys(script.problems))
