"""WFC116: reading state that outlives the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wfc.compiler.checks.engines import instead
from wfc.compiler.checks.expressions import MUTATORS
from wfc.compiler.checks.facts import Use
from wfc.compiler.checks.rules.base import Finding, Rule
from wfc.compiler.checks.symbols import Target

if TYPE_CHECKING:
    from wfc.compiler.checks.callgraph import Visit
    from wfc.compiler.checks.context import Context


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
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        term = use.term
        match term:
            case ("attr", base, str() as method) if use.kind == "call":
                if method in MUTATORS:  # reported as a write
                    return
                term = base
        for variable in context.symbols.variables(term, visit.file, visit.receiver):
            changer = context.changed_by(variable)
            if changer:
                message = f"`{variable.name}` is changed by `{changer}` while the program runs"
                yield Finding(message, instead(visit.engine, "shared"))
                return
