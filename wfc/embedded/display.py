"""Shows a run on standard error while it goes."""

from __future__ import annotations

import contextlib
import sys
from typing import TextIO

import click

from wfc.tool.terminal import wants_colors


class Display:
    """Writes a line for each thing that happens; steps may report from several threads. What cannot
    be written is not worth failing for.

    Args:
        progress: show steps and sleeps, too, not only how the run ends.
        stream: where to write, standard error when it is not given.
    """

    def __init__(self, progress: bool, stream: TextIO | None = None) -> None:
        self._progress = progress
        self._stream = sys.stderr if stream is None else stream
        self._colors = self._stream is not None and wants_colors(self._stream)
        self._signs = _signs(self._stream)
        self._start = f"  {self._styled(self._signs['start'], dim=True)} "
        self._done = f"  {self._styled(self._signs['done'], fg='green')} "
        # Python's standard error writes each line at once.
        self._unbuffered = bool(getattr(self._stream, "line_buffering", False))
        self._earlier = 0
        self._pending = ""

    def begin(self, run: str, workflow: str, *, resumed: bool) -> None:
        """The run starts, or goes on."""
        if not self._progress:
            return
        verb = "resuming" if resumed else "running"
        self._line(f"{self._styled(verb, bold=True)} {workflow} as {run}")

    def started(self, site: str) -> None:
        """A step begins its first attempt."""
        if not self._progress:
            return
        self._after_earlier()
        self._line(f"{self._start}{site}")

    def retried(self, site: str, error: str, attempt: int, delay: float | None) -> None:
        """An attempt has failed and another one follows."""
        if not self._progress:
            return
        sign = self._styled(self._signs["again"], fg="yellow")
        wait = "" if delay is None else f" in {seconds(delay)}"
        self._line(f"  {sign} {site}  {error}; attempt {attempt + 1} follows{wait}")

    def ended(self, site: str, took: float) -> None:
        """A step has a result."""
        if not self._progress:
            return
        # Written together with what comes next, which follows at once: half the system calls.
        self._pending += f"{self._done}{site}  {self._styled(seconds(took), dim=True)}\n"

    def failed(self, site: str, error: str, took: float, where: str = "") -> None:
        """A step has failed for good, at a place in the source if that is known."""
        if not self._progress:
            return
        sign = self._styled(self._signs["failed"], fg="red")
        self._line(f"  {sign} {site}  {error}  {self._styled(seconds(took), dim=True)}")
        if where:
            self._line(self._styled(f"      {where}", dim=True))

    def sleeping(self, length: float) -> None:
        """The workflow sleeps; after a restart only for the rest of that time."""
        if not self._progress:
            return
        self._after_earlier()
        if length > 0:
            self._line(f"  {self._styled(self._signs['sleep'], dim=True)} sleep {seconds(length)}")

    def replayed(self) -> None:
        """A step was done by an earlier process; its record is used."""
        self._earlier += 1

    def note(self, text: str) -> None:
        """A sentence about the run as a whole."""
        self._after_earlier()
        self._line(text)

    def error(self, text: str, where: str = "") -> None:
        """How the run failed, at a place in the source if that is known."""
        self._after_earlier()
        if where:
            self._line(self._styled(f"at {where}", dim=True))
        self._line(self._styled(text, fg="red", bold=True))

    def finish(self) -> None:
        """Nothing more happens."""
        self._after_earlier()
        pending, self._pending = self._pending, ""
        self._write(pending)

    def _after_earlier(self) -> None:
        """Steps that were done before come first, in one line."""
        if self._earlier and self._progress:
            count, self._earlier = self._earlier, 0
            steps = "1 step" if count == 1 else f"{count} steps"
            self._line(f"  {self._styled(f'{steps} done before', dim=True)}")

    def _line(self, text: str) -> None:
        pending, self._pending = self._pending, ""
        self._write(f"{pending}{text}\n")

    def _write(self, text: str) -> None:
        # One call writes the lines whole, so those of several threads do not mix.
        with contextlib.suppress(OSError, ValueError, AttributeError):  # closed, or never open
            self._stream.write(text)
            if not self._unbuffered:
                self._stream.flush()

    def _styled(self, text: str, **style: bool | str) -> str:
        return click.style(text, **style) if self._colors else text  # type: ignore[arg-type]


def seconds(value: float) -> str:
    """A length of time for people: ``12 ms``, ``3.2 s``, ``2 min 5 s``."""
    if value < 1:
        return f"{value * 1000:.0f} ms"
    if value < 60:
        return f"{value:.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(value), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _signs(stream: TextIO | None) -> dict[str, str]:
    """Signs that the stream's encoding has."""
    signs = {"start": "→", "again": "↻", "done": "✓", "failed": "✗", "sleep": "…"}
    try:
        "".join(signs.values()).encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return {"start": ">", "again": "~", "done": "+", "failed": "x", "sleep": "."}
    return signs
