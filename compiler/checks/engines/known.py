"""One look-up for what several engines declare."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from wfc.compiler.checks.engines.author import WFC
from wfc.compiler.checks.engines.engine import Kind, LintEngine, Note


class LintEngines:
    """The engines whose workflows are checked.

    Args:
        others: all but the author API of wfc, which is always among them.
    """

    def __init__(self, others: Iterable[LintEngine]) -> None:
        self.all = every = (WFC, *others)
        self.roles: dict[str, tuple[Kind, LintEngine]] = {}
        self.by_package: dict[str, LintEngine] = {}
        self.of_methods: dict[str, tuple[str, LintEngine]] = {}
        self.classes: dict[str, tuple[str, LintEngine]] = {}
        self.aliases: dict[str, str] = {}
        self.star_members: dict[str, frozenset[str]] = {}
        for engine in every:
            self.roles |= dict.fromkeys(engine.workflows, ("workflow", engine))
            self.roles |= dict.fromkeys(engine.steps, ("step", engine))
            self.roles |= dict.fromkeys(engine.transactions, ("transaction", engine))
            self.by_package |= dict.fromkeys(engine.packages, engine)
            self.of_methods |= {end: (name, engine) for end, name in engine.of_methods.items()}
            self.classes |= {name: (made, engine) for name, made in engine.classes.items()}
            self.aliases |= engine.aliases
            self.star_members |= engine.star_members
        self.packages = self.by_package.keys()
        self.marks = [package.encode() for package in self.packages]
        self.context_methods = _union(engine.context_methods for engine in every)
        self.contexts = _union(engine.contexts for engine in every)
        self.datasources = _union(engine.datasources for engine in every)
        self.operations = tuple(name for engine in every for name in engine.operations)
        self.coroutines = _union(engine.coroutines for engine in every)
        self.gathers = _union(engine.gathers for engine in every)
        self.replaying = _union(engine.replaying for engine in every)
        self.unreplayed = _union(engine.unreplayed for engine in every)
        self.passing = _union(engine.passing for engine in every)
        self.mentions = _union(engine.mentions for engine in every)
        ends = "|".join(map(re.escape, sorted(_union(engine.inside_only for engine in every))))
        self.inside_only = re.compile(rf"(?:\w+\.)*(?:{ends})" if ends else r"(?!)")

    def owner(self, name: str) -> LintEngine | None:
        """The engine to whose SDK a dotted name belongs."""
        return self.by_package.get(name.partition(".")[0])

    def mark(self, text: str) -> bool:
        """Whether a text may define a workflow."""
        return any(package in text for package in self.packages)

    def is_context(self, text: str) -> bool:
        """Whether a variable has the name that people give the context of a handler."""
        return text.rpartition(".")[2] in self.contexts

    def is_context_method(self, text: str) -> bool:
        """Whether a callee of unknown type, by its text, runs what it is given apart from the
        workflow: ``ctx.step``."""
        owner, _, method = text.rpartition(".")
        return method in self.context_methods and self.is_context(owner)

    def notes(self, code: str) -> list[Note]:
        """What engines add to the page of a rule."""
        return [engine.notes[code] for engine in self.all if code in engine.notes]

    def titles(self, holds: Callable[[LintEngine], object], joint: str = "and") -> str:
        """The engines for which something holds, in a sentence."""
        return listed([engine.title for engine in self.all if holds(engine)], joint)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def listed(words: list[str], joint: str) -> str:
    """``A``, ``A and B``, ``A, B and C``"""
    return f" {joint} ".join([*filter(None, [", ".join(words[:-1])]), *words[-1:]])


def sentences(parts: Iterable[str]) -> str:
    """Parts as sentences one after the other; the first stays as it is, the last has no end."""
    first, *rest = [part for part in parts if part] or [""]
    return ". ".join([first, *(part[:1].upper() + part[1:] for part in rest)])
