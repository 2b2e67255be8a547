"""What every command does first: find the configuration, read the module, choose the workflow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wfc.cli.group import PROBLEMS, WRONG_USE
from wfc.compiler.diagnostics.words import closest
from wfc.tool import codes
from wfc.tool.config import Config, ConfigError, load

if TYPE_CHECKING:
    from wfc.compiler.diagnostics.model import Code, Diagnostic
    from wfc.compiler.language import nodes as ir


def configuration(file: Path) -> Config:
    """The project's configuration for a file; a broken one ends the command with exit code 2."""
    try:
        config = load(file)
        config.check()
    except ConfigError as error:
        raise wrong_use(codes.CONFIGURATION, str(error)) from error
    return config


def wrong_use(code: Code, message: str) -> click.UsageError:
    """Wrong use of a command, with a code that ``wfc explain`` knows; it ends with exit code 2."""
    return click.UsageError(f"{message} [{code.code}]")


Fit = Callable[["ir.Module"], Iterable["Diagnostic"]]


def read_or_exit(
    file: Path, targets: Sequence[str] = (), *, lint: bool = False, fit: Fit | None = None
) -> tuple[ir.Module, Sequence[Diagnostic]]:
    """The module in a file, and what is worth knowing about it but no error.

    Problems are printed to stderr, all of them, and end the command: exit code 2 when the file
    cannot be opened, else 1. With ``lint`` the determinism rules run too. Beside
    problems, ``fit`` says what targets have against the workflows that were read without any: one
    run reports everything.
    """
    from wfc.backends import registry
    from wfc.cli.report import show
    from wfc.compiler.diagnostics.model import has_errors, in_source_order
    from wfc.compiler.pipeline import read_file
    from wfc.compiler.source.codes import FILE_IS_DIRECTORY, FILE_MISSING, FILE_UNREADABLE
    from wfc.tool.refusals import without_echoes

    reading = read_file(str(file), registry.limits(targets))
    diagnostics = list(reading.diagnostics)
    if lint and reading.text:
        from wfc.backends.lint import engines
        from wfc.compiler.checks.linting.linter import check_source

        diagnostics.extend(check_source(str(file), reading.text, engines()))
    diagnostics = without_echoes(in_source_order(diagnostics))
    if reading.module is None or has_errors(diagnostics):
        readable = reading.module or reading.partial
        if fit is not None and readable is not None:
            diagnostics.extend(fit(readable))
        show(diagnostics, sources={str(file): reading.text})
        unusable = {FILE_MISSING, FILE_IS_DIRECTORY, FILE_UNREADABLE}
        given = {found.code for found in diagnostics}
        raise SystemExit(WRONG_USE if unusable & given else PROBLEMS)
    return reading.module, diagnostics


def target_names(given: Sequence[str]) -> list[str]:
    """The targets named on the command line, in that order, without repetition; names may be
    separated by commas. One that is unknown or cannot be used is wrong use."""
    from wfc.backends import registry

    names = [name.strip() for text in given for name in text.split(",") if name.strip()]
    for name in names:
        if not registry.exists(name):
            known = registry.names()
            message = f"unknown target '{name}'.{_hint(name, known)} Installed: {', '.join(known)}."
            raise wrong_use(codes.TARGET_UNKNOWN, message)
        try:
            registry.load(name)
        except registry.BackendBroken as error:
            raise wrong_use(codes.TARGET_UNKNOWN, f"{error}.") from error
    return list(dict.fromkeys(names))


def select_workflows(module: ir.Module, name: str | None) -> list[ir.Workflow]:
    """All workflows of the module, or the one of that name; an unknown name is wrong use."""
    if name is None:
        return list(module.workflows)
    for workflow in module.workflows:
        if name in (workflow.name, workflow.label):
            return [workflow]
    known = [workflow.name for workflow in module.workflows]
    hint = _hint(name, known)
    message = f"no workflow '{name}' in this file.{hint} It has: {', '.join(known)}."
    raise wrong_use(codes.WORKFLOW_UNKNOWN, message)


def _hint(name: str, known: Sequence[str]) -> str:
    """A sentence with the known name that is close, if there is one."""
    close = closest(name, known)
    return f" Did you mean '{close}'?" if close else ""


def select_one(module: ir.Module, name: str | None) -> ir.Workflow:
    """The only workflow of the module, or the one of that name; several without a name is wrong
    use."""
    selected = select_workflows(module, name)
    if len(selected) > 1:
        known = ", ".join(workflow.name for workflow in selected)
        message = f"this file has several workflows; choose with --workflow: {known}"
        raise wrong_use(codes.WORKFLOW_NOT_CHOSEN, message)
    return selected[0]
