"""The ``wfc`` command. A command's module is imported when that command is asked for."""

from __future__ import annotations

import contextlib
import errno
import importlib
import sys
from typing import NoReturn

import click

from wfc.cli import INTERRUPTED

# Name of the command -> (module below wfc.cli, one line of help). Listing the help here keeps
# `wfc --help` from importing every command.
COMMANDS: dict[str, tuple[str, str]] = {
    "compile": ("compile", "Compile workflows to Step Functions, Temporal or DBOS."),
    "explain": ("explain", "Explain a diagnostic code, with an example and what to write instead."),
    "ir": ("ir", "Print the intermediate representation as text or JSON."),
    "lint": ("lint", "Check workflows for nondeterminism, through calls."),
    "lsp": ("lsp", "Serve an editor: findings, rules and fixes while you type."),
    "run": ("run", "Run a workflow durably on the embedded engine."),
    "runs": ("runs", "List, show, resume and cancel runs."),
    "schema": ("schema", "Print the JSON Schema of a workflow's input."),
    "verify": ("verify", "Run cases plainly and on every engine, and compare."),
}

# Exit codes: 0 clean, 1 problems found, 2 wrong use, 3 a defect in wfc.
PROBLEMS = 1
WRONG_USE = 2
DEFECT = 3

# What a full or broken disk answers to a command whose output was sent there.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO)


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether Ctrl-C ended the command. A library through which it passes may raise an error of its
    own on the way, as libcst does."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__context__
    return False


class LazyGroup(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, Exception) as error:
            if not _is_interrupt(error):
                raise
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"wfc.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from wfc.compiler.diagnostics.words import closest

            close = closest(name, COMMANDS)
            hint = f" Did you mean '{close}'?" if close else ""
            ctx.fail(f"No such command '{name}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


def print_version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    from wfc.tool.version import version

    click.echo(f"wfc, version {version()}")
    ctx.exit()


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog='Completion: eval "$(_WFC_COMPLETE=bash_source wfc)" (or zsh_source, fish_source).',
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Write a durable workflow once, as ordinary Python; check it, compile it, run it.

    \b
    Examples:
      wfc run payout.py --input '{"merchant_id": "m-1", "amount": 500}'
      wfc compile payout.py --target asl
      wfc lint src/
    """


def main() -> NoReturn:
    """Entry point of the ``wfc`` script; a defect of wfc itself ends with exit code 3."""
    try:
        cli()
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            with contextlib.suppress(OSError):  # nor, perhaps, on standard error
                click.echo(f"wfc: cannot write: {error.strerror}", err=True)
            sys.exit(WRONG_USE)
        report_defect(error)
    sys.exit(0)


def report_defect(error: Exception) -> NoReturn:
    """Say that wfc failed, without a traceback on the screen, and leave the details in a file."""
    import tempfile
    import traceback

    from wfc.tool.version import version

    with tempfile.NamedTemporaryFile(
        "w",
        prefix="wfc-defect-",
        suffix=".txt",
        delete=False,
        encoding="utf-8",
        errors="backslashreplace",
    ) as file:
        file.write(f"wfc {version()}\n{' '.join(sys.argv)}\n\n")
        traceback.print_exception(error, file=file)
    summary = f"{type(error).__name__}: {error}".splitlines()[0]
    with contextlib.suppress(OSError):
        click.echo(f"wfc: internal error: {summary}", err=True)
        click.echo(f"This is a defect in wfc. Please report it with {file.name}", err=True)
    sys.exit(DEFECT)


if __name__ == "__main__":
    main()
