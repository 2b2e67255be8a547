"""One mistake is one finding: what a reported call returns is not reported again."""

from __future__ import annotations

from collections import defaultdict

from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.checks.reading.terms import Term


class Reported:
    """The findings of one function, by code.

    ``thread = Thread(...)`` is reported, and ``thread.start()`` after it is not; neither is
    ``pick()`` after ``pick = partial(random.choice, names)``, nor ``env.get("A")`` after ``env =
    os.environ``. Whatever is spelled out again is reported again."""

    def __init__(self) -> None:
        self._calls: defaultdict[str, set[Term]] = defaultdict(set)
        self._handed: defaultdict[str, set[Term]] = defaultdict(set)
        self._read: defaultdict[str, set[Term]] = defaultdict(set)

    def note(self, code: str, use: Use) -> None:
        known = {"call": self._calls, "pass": self._handed, "read": self._read}.get(use.kind)
        if known is not None:
            known[code].add(use.term)

    def covers(self, code: str, use: Use) -> bool:
        """Whether a use is made on a value whose origin is reported."""
        if use.kind not in ("call", "read", "pass", "iterate"):
            return False
        return self._covers(code, use.term, not _spelled_out(use))

    def _covers(self, code: str, term: Term, by_variable: bool) -> bool:
        match term:
            case ("attr" | "item", tuple() as base, *_):
                if by_variable and base in self._read[code]:
                    return True
                return self._covers(code, base, by_variable)
            case ("call", callee, tuple() as args):
                if callee in self._calls[code] or any(arg in self._handed[code] for arg in args):
                    return True
                return any(self._covers(code, part, by_variable) for part in (callee, *args))
            case ("one of", tuple() as options):
                return all(self._covers(code, option, by_variable) for option in options)
        return False


def _spelled_out(use: Use) -> bool:
    """Whether the text starts with the name that the term starts with; otherwise a variable stands
    for a part of it."""
    term = use.term
    while term is not None and term[0] in ("attr", "item", "call"):
        term = term[1]
    if term is None or term[0] not in ("name", "module"):
        return True
    start = use.written.partition(".")[0].partition("(")[0].partition("[")[0]
    return start == str(term[1])
