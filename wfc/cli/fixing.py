"""``wfc lint --fix`` and ``--diff``: fixes in memory until nothing more can be fixed, then writes
each file once, or shows what would be written."""

from __future__ import annotations

import codecs
import io
import os
import re
import stat
import tokenize
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from wfc.compiler.checks.calls.sources import Overlay
from wfc.compiler.checks.fixes.edits import ROUNDS, apply_fixes
from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.source.encoding import decode
from wfc.tool.files import write_atomically

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.sources import Files
    from wfc.compiler.checks.linting.run import Report
    from wfc.compiler.diagnostics.model import Safety

_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")


class Fixing(MutableStruct):
    """What fixing comes to. Nothing is written before :meth:`write`.

    Args:
        lint: checks all files anew.
        safeties: of the fixes that are made.

    ``report`` is what remains; ``count`` how many fixes were made; ``notes`` say why others were
    not.
    """

    lint: Callable[[Files | None], Report]
    safeties: tuple[Safety, ...]
    count: int = 0
    notes: dict[tuple[str, int], str] = field(factory=dict)
    before: dict[str, bytes] = field(factory=dict)
    texts: dict[str, str] = field(factory=dict)
    _left: set[str] = field(factory=set)

    def run(self) -> Report:
        """Fix in memory, and say what remains."""
        report = self.lint(None)
        for _ in range(ROUNDS):
            applied = apply_fixes(report.diagnostics, self.sources(report), self.safeties)
            self.notes |= applied.problems
            if not applied.texts:
                break
            self.count += applied.count
            self.texts |= applied.texts
            contents = {path: self.content(path) for path in self.texts}
            overlay = Overlay({os.path.realpath(path): new for path, new in contents.items()})
            report = self.lint(overlay)
        return report

    def sources(self, report: Report) -> Mapping[str, str]:
        """The texts of the files that have something to fix and can be."""
        fixable = {
            diagnostic.path
            for diagnostic in report.diagnostics
            if diagnostic.fix is not None and diagnostic.fix.safety in self.safeties
        }
        texts = {path: report.sources[path] for path in fixable if path in report.sources}
        return {path: text for path, text in texts.items() if self.takes(path, text)}

    def takes(self, path: str, text: str) -> bool:
        """Whether a file can be fixed: it can be written, and gives its text back byte for byte."""
        if path in self.before or path in self._left:
            return path in self.before
        try:
            content = Path(path).read_bytes()
            writable = Path(path).stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
        except OSError:
            return False
        self._left.add(path)
        if not writable or not os.access(path, os.W_OK):
            self.notes[path, 0] = "the file is read-only"
        elif decode(content) != text:
            self.notes[path, 0] = "the file was changed meanwhile"
        elif text.encode(_encoding(content)) != content:
            self.notes[path, 0] = "its encoding does not give the same bytes again"
        else:
            self._left.remove(path)
            self.before[path] = content
        return path in self.before

    def content(self, path: str) -> bytes:
        """The new content of a file, in its own encoding."""
        return self.texts[path].encode(_encoding(self.before[path]))

    def diff(self) -> Iterator[str]:
        """A unified diff of every file that changes, as `patch` and `git apply` take it."""
        import difflib

        for path, text in sorted(self.texts.items()):
            mark = "\ufeff" if self.before[path].startswith(codecs.BOM_UTF8) else ""
            before, after = (_LINE.findall(mark + t) for t in (decode(self.before[path]), text))
            # A tab ends a name with spaces: manual of GNU diffutils, "Detailed Description of
            # Unified Format".
            name = f"{path}\t" if " " in path else path
            for line in difflib.unified_diff(before, after, name, name):
                yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"

    def noted(self) -> Iterator[tuple[str, int, str]]:
        """Why fixes were not made: path, line (0 for the whole file) and reason."""
        for (path, line), why in sorted(self.notes.items()):
            yield path, line, why

    def write(self) -> bool:
        """Replace every file that changes, each as a whole.

        Returns:
            Whether all were; one that somebody else has changed since is left alone.

        Raises:
            click.UsageError: a file cannot be written.
        """
        whole = True
        for path in self.texts:
            new = self.content(path)
            try:
                found = Path(path).read_bytes()
                if found == self.before[path]:
                    write_atomically(Path(path), self.texts[path], _encoding(new))
                elif found != new:
                    self.notes[path, 0] = "the file was changed meanwhile"
                    whole = False
            except OSError as error:
                raise click.UsageError(f"{path}: cannot be written: {error.strerror}") from error
        return whole


def _encoding(content: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return encoding
