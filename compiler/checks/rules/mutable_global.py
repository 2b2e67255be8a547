"""WFC116: reading state that outlives the run."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.callgraph import Visit
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.expressions import MUTATORS
from wfc.compiler.checks.reading.terms import Term


class MutableGlobal(Rule):
    code = "WFC116"
    name = "mutable-global"
    summary = "A workflow reads a module or class variable that some function changes."
    why = (
        "The variable holds what the process happens to have done so far. A replay, in another "
        "process or later in the same one, finds another value there. A table that nothing "
        "changes after import is a constant and fine."
    )
    bad = (
        "CACHE: dict[str, int] = {}\n\n"
        "@step\n"
        "def load(key: str) -> int:\n"
        "    CACHE[key] = fetch(key)\n"
        "    return CACHE[key]\n\n"
        "@workflow\n"
        "def f(key: str) -> int:\n"
        "    return CACHE[key] if key in CACHE else load(key)"
    )
    good = (
        "CACHE: dict[str, int] = {}\n\n"
        "@step\n"
        "def load(key: str) -> int:\n"
        "    if key not in CACHE:\n"
        "        CACHE[key] = fetch(key)\n"
        "    return CACHE[key]\n\n"
        "@workflow\n"
        "def f(key: str) -> int:\n"
        "    return load(key)"
    )
    kinds = ("read", "call", "iterate")
    logged_is_fine = True

    VALID = (
        "from wfc import workflow\n\n"
        "RATES = {'eu': 20}\n"
        "RATES['ch'] = 8\n\n"
        "def build() -> dict[str, int]:\n"
        "    rates = {}\n"
        "    rates['x'] = 1\n"
        "    return rates\n\n"
        "@workflow\n"
        "def f(region: str) -> int:\n"
        "    return RATES[region] + RATES.get('x', 0)\n",
        "from wfc import workflow\n\n"
        "RULES = {}\n"
        "NAMES: list[str] = []\n\n"
        "def rule(name: str):\n"
        "    def register(function):\n"
        "        RULES[name] = function\n"
        "        note(name)\n"
        "        return function\n"
        "    return register\n\n"
        "def note(name: str) -> None:\n"
        "    NAMES.append(name)\n\n"
        "@rule('plain')\n"
        "def plain(x: int) -> int:\n"
        "    return x\n\n"
        "@workflow\n"
        "def f(name: str) -> int:\n"
        "    return RULES[name](len(NAMES))\n",
    )
    INVALID = (
        "from wfc import step, workflow\n\n"
        "rate = 20\n"
        "cache = {}\n\n"
        "def set_rate(value: int) -> None:\n"
        "    global rate\n"
        "    rate = value\n\n"
        "@step\n"
        "def load(key: str) -> None:\n"
        "    cache[key] = 1\n\n"
        "@workflow\n"
        "def f(amount: int) -> int:\n"
        "    if cache.get('a'):  # WFC116\n"
        "        return len(cache)  # WFC116\n"
        "    return amount * rate  # WFC116\n",
        "from wfc import step, workflow\n\n"
        "RULES = {}\n\n"
        "def register(name: str, value: int) -> None:\n"
        "    RULES[name] = value\n\n"
        "register('plain', 1)\n"
        "limit = None\n\n"
        "def get_limit() -> int:\n"
        "    global limit\n"
        "    if limit is None:\n"
        "        limit = 5\n"
        "    return limit\n\n"
        "@step\n"
        "def load(name: str) -> None:\n"
        "    register(name, 2)\n\n"
        "@workflow\n"
        "def f(name: str) -> int:\n"
        "    return RULES[name] + get_limit()  # WFC116\n",
    )

    def check(self, at: Sighting) -> Iterator[Finding]:
        term = at.use.term
        match term:
            case ("attr", base, str() as method) if at.use.kind == "call":
                if method in MUTATORS:  # reported as a write
                    return
                term = base
        for variable in at.variables(term):
            changer = at.context.changed_by(variable)
            if changer:
                if _changed_here(term, at.visit):  # reported as a write
                    return
                message = f"`{variable.name}`, which `{changer}` changes, is read"
                yield Finding(message, at.engine.advice("shared"))
                return


def _changed_here(term: Term, visit: Visit) -> bool:
    """Whether the function changes the variable itself: ``if CACHE is None: CACHE = ...``."""
    for use in visit.function.uses:
        match use.term:
            case ("attr", base, str() as method) if use.kind == "call" and base == term:
                if method in MUTATORS:
                    return True
        if use.kind == "write" and use.term == term:
            return True
    return False
