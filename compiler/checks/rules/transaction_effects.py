"""WFC145: transactions that reach outside their database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting
from wfc.compiler.checks.wordsets import words

_OUTSIDE: Final = frozenset({"WFC106", "WFC107"})
_OWN_CONNECTION: Final = words("""
    sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine psycopg.connect
    psycopg2.connect sqlite3.connect asyncpg.connect psycopg.AsyncConnection.connect
""")
_ENDINGS: Final = frozenset({"commit", "rollback"})


class TransactionEffects(Rule):
    code = "WFC145"
    name = "transaction-side-effect"
    summary = "A transaction calls the outside, commits by itself, or opens its own connection."
    why = (
        "The engine runs a transaction again when the database reports a conflict, and commits "
        "it together with the record of the step. A call to the outside then happens twice; a "
        "commit of its own, or writes over another connection, are not undone with the rest."
    )
    bad = (
        "@transaction\n"
        "def book(order: str, db: Connection = injected) -> None:\n"
        '    db.execute(text("insert into booking values (:o)"), {"o": order})\n'
        "    requests.post(URL, json={})\n"
        "    db.commit()"
    )
    good = (
        "@transaction\n"
        "def book(order: str, db: Connection = injected) -> None:\n"
        '    db.execute(text("insert into booking values (:o)"), {"o": order})\n\n'
        "@step\n"
        "def announce(order: str) -> None:\n"
        "    requests.post(URL, json={})"
    )
    where = frozenset({"transaction"})
    kinds = ("call",)

    VALID = (
        "from wfc import transaction, Connection, injected\nfrom sqlalchemy import text\n\n"
        "@transaction\n"
        "def book(order: str, db: Connection = injected) -> None:\n"
        "    db.execute(text('insert into booking values (1)'))\n",
    )
    INVALID = (
        "import requests, sqlalchemy\nfrom wfc import transaction, Connection, injected\n\n"
        "@transaction\n"
        "def book(order: str, db: Connection = injected) -> None:\n"
        "    requests.post(order)  # WFC145\n"
        "    db.commit()  # WFC145\n"
        "    sqlalchemy.create_engine('sqlite://')  # WFC145\n",
    )

    @classmethod
    def holds_for(cls, engine: LintEngine) -> bool:
        return bool(engine.transactions)

    def check(self, at: Sighting) -> Iterator[Finding]:
        shown = f"`{at.use.written}()`"
        if any(rule.code in _OUTSIDE for rule in at.context.names.rules_of(at.use, at.targets)):
            message = f"{shown} reaches outside the database and cannot be rolled back"
            yield Finding(message, "move it into a step of its own")
        elif not _OWN_CONNECTION.isdisjoint(at.names):
            message = f"{shown} opens a connection of its own"
            yield Finding(message, "use the connection that the engine passes in")
        elif (
            at.use.written.rpartition(".")[2] in _ENDINGS
            and "." in at.use.written
            and not at.use.args
        ):
            message = f"{shown} ends the transaction, which is the engine's to end"
            yield Finding(message, "leave it to the engine: raise an error to roll back")
