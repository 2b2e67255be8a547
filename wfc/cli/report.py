"""Shows diagnostics to whoever called the command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TextIO, TypeVar

import click

from wfc.compiler.diagnostics.model import Code, Diagnostic, in_source_order
from wfc.tool.terminal import wants_colors
from wfc.tool.version import version

_CHOSEN = "wfc.message_format"
_WITH_EDITS = ("json", "sarif")
"""The formats that say how a fix changes the text, which takes longer to find out."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def message_format(command: _Command) -> _Command:
    """The option ``--message-format`` of a command; :func:`show` obeys it."""

    def choose(ctx: click.Context, _: click.Parameter, value: str) -> None:
        ctx.meta[_CHOSEN] = value

    return click.option(
        "--message-format",
        type=click.Choice(["full", "concise", "json"]),
        default="full",
        show_default=True,
        expose_value=False,
        callback=choose,
        help="How problems and notes look on stderr; json is one list, empty when there are none.",
    )(command)


def wants_json() -> bool:
    """Whether another program reads what the running command says on stderr."""
    return _chosen() == "json"


def _chosen() -> str:
    context = click.get_current_context(silent=True)
    return "full" if context is None else str(context.meta.get(_CHOSEN, "full"))


def show(
    diagnostics: Iterable[Diagnostic],
    *,
    format: str | None = None,
    sources: Mapping[str, str] | None = None,
    codes: Sequence[Code] = (),
    stream: TextIO | None = None,
) -> None:
    """Write diagnostics in source order to a stream, standard error when none is given.

    ``format`` is that of ``--message-format`` when none is given. ``sources`` gives the text of
    files by their path; a file that is not in it is read from disk when its line is shown.
    ``codes`` are the rules that a SARIF log lists.
    """
    format = format or _chosen()
    found = in_source_order(diagnostics)
    if not found and format == "full":
        return
    if format in _WITH_EDITS and any(diagnostic.fix for diagnostic in found):
        from wfc.compiler.checks.fixes.edits import with_edits

        found = list(with_edits(found, known_sources(sources)))
    from wfc.compiler.diagnostics.render import Material, render

    stream = sys.stderr if stream is None else stream
    colors = format == "full" and wants_colors(stream)
    tool = version() if format == "sarif" else ""
    material = Material(known_sources(sources), colors, tool, codes)
    write(render(found, format, material), stream)


def known_sources(sources: Mapping[str, str] | None) -> Mapping[str, str]:
    """The given texts, and those of all other files as they are on disk."""
    return OnDisk() if sources is None else _Both(sources, OnDisk())


def write(text: str, stream: TextIO | None = None) -> None:
    """Write text to a stream; characters that its encoding lacks are spelled out."""
    stream = sys.stdout if stream is None else stream
    encoding = getattr(stream, "encoding", None) or "utf-8"
    safe = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(safe, file=stream, nl=False, color=True)


class OnDisk(Mapping[str, str]):
    """Files by path, read when asked for. What cannot be read as Python is not there."""

    def __getitem__(self, path: str) -> str:
        from wfc.compiler.source.content import content_of
        from wfc.compiler.source.encoding import decode

        try:
            return decode(content_of(path))
        except (OSError, SyntaxError, UnicodeDecodeError, ValueError):
            raise KeyError(path) from None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Both(Mapping[str, str]):
    def __init__(self, first: Mapping[str, str], second: Mapping[str, str]) -> None:
        self.first = first
        self.second = second

    def __getitem__(self, path: str) -> str:
        return self.first[path] if path in self.first else self.second[path]

    def __contains__(self, path: Any) -> bool:
        return path in self.first or path in self.second

    def __iter__(self) -> Iterator[str]:
        return iter(self.first)

    def __len__(self) -> int:
        return len(self.first)
