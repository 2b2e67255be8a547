"""Names in a machine: variables, states, placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# AWS service quotas and API model: names of states and variables have at most 80 characters.
LONGEST: Final = 80

# The functions of JSONata 2.0.6 and those that Step Functions adds (docs.jsonata.org and AWS,
# "Transforming data with JSONata"). A variable of such a name would hide the function.
_FUNCTIONS: Final = """
abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl
decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor
formatBase formatInteger formatNumber fromMillis hash join keys length lookup lowercase map match
max merge millis min not now number pad parse parseInteger partition power random range reduce
replace reverse round shuffle sift single sort split spread sqrt string substring substringAfter
substringBefore sum toMillis trim type uppercase uuid zip
"""
RESERVED: Final = frozenset({*_FUNCTIONS.split(), "states"})

_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+|[0-9]+")


def placeholder(name: str) -> str:
    """The name under which a deployer fills in an ARN: ``PullSettlement`` for pull_settlement."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_") if part)


def words(name: str) -> str:
    """A name as words: ``debit_platform`` and ``DebitPlatform`` are ``Debit platform``."""
    parts = [part for piece in name.split("_") for part in _WORD.findall(piece) or [piece]]
    text = " ".join(part if part.isupper() and len(part) > 1 else part.lower() for part in parts)
    return text[:1].upper() + text[1:]


def shortened(text: str, limit: int = LONGEST) -> str:
    """The text, or its beginning with a suffix that depends on all of it."""
    if len(text) <= limit:
        return text
    return f"{text[: limit - 8].rstrip()}~{_digest(text)}"


def _digest(text: str) -> str:
    import hashlib  # loading OpenSSL takes longer than most machines take to compile

    return hashlib.sha256(text.encode()).hexdigest()[:6]


class StateNames:
    """Names of states: unique over the machine, at most 80 characters."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, wanted: str) -> str:
        wanted = _CONTROL.sub(" ", wanted).strip() or "State"
        name, number = shortened(wanted), 2
        while name in self._taken:
            name = shortened(wanted, LONGEST - len(str(number)) - 1) + f" {number}"
            number += 1
        self._taken.add(name)
        return name


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class VariableNames:
    """The names of a workflow's variables in its machine. A reserved name gets a trailing
    underscore; two names stay two."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        for name in sorted(set(names), key=lambda name: (not self._fits(name), name)):
            self._add(name)

    def __call__(self, name: str) -> str:
        return self._names[name] if name in self._names else self._add(name)

    def new(self, wanted: str) -> str:
        """A name for something that is no variable of the source."""
        name = wanted if self._fits(wanted) else self._fitting(wanted)
        while name in self._taken:
            name += "_"
        self._taken.add(name)
        return name

    def _add(self, name: str) -> str:
        self._names[name] = self.new(name)
        return self._names[name]

    def _fits(self, name: str) -> bool:
        plain = name[0].isalpha() and not name.startswith("py_") and len(name) <= LONGEST
        return plain and name not in RESERVED

    def _fitting(self, name: str) -> str:
        bare = name.lstrip("_")
        if not bare or not bare[0].isalpha() or bare.startswith("py_"):
            bare = f"v_{bare}" if bare else "value"
        if len(bare) > LONGEST - 2:
            bare = f"{bare[: LONGEST - 10]}_{_digest(bare)}"
        return f"{bare}_" if bare in RESERVED else bare

    def needlessly_reserved(self, machine: str) -> dict[str, str]:
        """The reserved names of variables that hide no function which the machine calls, by the
        names that they have in the machine.

        Args:
            machine: the text of the machine.
        """
        wanted = RESERVED.intersection(self._names) - {"states"}
        called = frozenset(_REFERENCE.findall(machine)) if wanted else wanted
        return {self._names[name]: name for name in sorted(wanted - called)}


_REFERENCE: Final = re.compile(r"\$([A-Za-z]\w*)")
