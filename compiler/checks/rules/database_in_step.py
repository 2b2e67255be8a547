"""WFC146: a plain step that writes to the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.reading.terms import Term

_WRITES: Final = re.compile(r"\s*(insert|update|delete|merge|replace|upsert)\b", re.IGNORECASE)
_EXECUTES: Final = frozenset({"execute", "executemany", "exec", "fetchval", "fetchrow"})


class DatabaseInStep(Rule):
    code = "WFC146"
    name = "database-write-in-step"
    summary = "A plain step writes to a database."
    why = (
        "A step's effect and the record of the step are two things: a crash between them makes "
        "the step run again and writes the row twice. A transaction commits both at once on an "
        "engine that can. Where the database is not the application's own, make the write "
        "idempotent and suppress the warning."
    )
    bad = (
        "@step\n"
        "def book(order: str) -> None:\n"
        '    cursor.execute("insert into booking values (%s)", [order])'
    )
    good = (
        "@transaction\n"
        "def book(order: str, db: Connection = injected) -> None:\n"
        '    db.execute(text("insert into booking values (:o)"), {"o": order})'
    )
    severity = "warning"
    where = frozenset({"step"})
    kinds = ("call",)

    VALID = (
        "import sqlite3\nfrom wfc import step\n\n@step\ndef find(order: str) -> int:\n"
        "    return sqlite3.connect('a').execute('select 1').fetchone()[0]\n",
    )
    INVALID = (
        "import sqlite3\nfrom sqlalchemy import text\n"
        "from wfc import step\n\n@step\ndef book(order: str, db: object) -> None:\n"
        "    sqlite3.connect('a').execute('INSERT INTO t VALUES (1)')  # WFC146\n"
        "    db.execute(text('update t set a = 1'))  # WFC146\n",
    )

    @classmethod
    def holds_for(cls, engine: LintEngine) -> bool:
        return bool(engine.transactions)

    def check(self, at: Sighting) -> Iterator[Finding]:
        method = at.use.written.rpartition(".")[2]
        if method not in _EXECUTES or not at.use.args:
            return
        if _WRITES.match(_text(at.use.args[0])):
            message = f"`{at.use.written}()` writes to a database from a plain step"
            yield Finding(message, "make it a transaction")


def _text(term: Term) -> str:
    match term:
        case ("constant", str() as text):
            return text
        case ("call", _, (("constant", str() as text), *_)):
            return text
    return ""
