"""What the DBOS backend refuses (WFC35x)."""

from __future__ import annotations

from wfc.compiler.diagnostics.model import Code

TRANSACTION_TIMEOUT = Code(
    "WFC350",
    "dbos-transaction-timeout",
    "A @transaction with a timeout or a heartbeat has no DBOS form.",
    "DBOS stops waiting for a step by cancelling a coroutine. A transaction runs in SQLAlchemy's "
    "blocking calls, which cannot be cancelled: it could still commit after the workflow was told "
    "that it timed out. The database itself can end a statement.",
    bad='@transaction(timeout="5s")\n'
    "def debit(account: str, db: Connection = injected) -> None: ...",
    good="@transaction\ndef debit(account: str, db: Connection = injected) -> None:\n"
    "    db.execute(text(\"SET LOCAL statement_timeout = '5s'\"))",
    refusal="cannot be supported",
)
ASYNC_TRANSACTION = Code(
    "WFC351",
    "dbos-async-transaction",
    "A @transaction written as `async def` has no DBOS form yet.",
    "The generated module opens its transactions with SQLAlchemy's synchronous connection, which "
    "is what `Connection` stands for.",
    bad="@transaction\nasync def debit(account: str, db: Connection = injected) -> None: ...",
    good="@transaction\ndef debit(account: str, db: Connection = injected) -> None: ...",
    refusal="not supported yet",
)
CAPPED_DELAY = Code(
    "WFC352",
    "dbos-capped-retry-delay",
    "The retry delays of this step reach a cap that DBOS does not have.",
    "DBOS multiplies the delay after each attempt and knows one cap, an hour. With a lower "
    "`max_delay` the step would wait longer than it was told to.",
    bad='Retry(attempts=10, first_delay="1s", backoff=2.0, max_delay="30s")',
    good='Retry(attempts=10, first_delay="10s", backoff=1.0)',
    refusal="not supported yet",
)
JITTER = Code(
    "WFC353",
    "dbos-no-jitter",
    "DBOS does not spread retry delays.",
    "Each wait has its full length, which is the longest that `jitter=True` allows. Nothing else "
    "changes.",
    bad="Retry(BankDown, jitter=True)",
    good="Retry(BankDown)",
    severity="info",
)
INJECTED = Code(
    "WFC355",
    "dbos-injected-parameter",
    "DBOS has nothing to put into this injected parameter yet.",
    "The DBOS backend fills `IdempotencyKey`, `RunId`, `Heartbeat` and, in a @transaction, "
    "`Connection`.",
    bad="@step\ndef debit(account: str, db: Connection = injected) -> None: ...",
    good="@transaction\ndef debit(account: str, db: Connection = injected) -> None: ...",
    refusal="not supported yet",
)
AMBIGUOUS_UNION = Code(
    "WFC356",
    "dbos-ambiguous-union",
    "Recorded JSON data does not say which member of this union it stands for.",
    "DBOS records values as JSON data and the generated module turns them back into records, enums "
    "and moments by their annotation. Two members with the same JSON form cannot be told apart.",
    bad="@step\ndef find(id: str) -> Customer | Supplier: ...",
    good="@step\ndef find(id: str) -> Found:  # a record with a field `kind`",
    refusal="not supported yet",
)
NAME_TAKEN = Code(
    "WFC357",
    "dbos-name-taken",
    "A name of the module is one that the generated module needs.",
    "The generated module imports DBOS and a few modules of the standard library by their own "
    "names, as a reader expects.",
    bad="class DBOS: ...",
    good="class DbosClient: ...",
    refusal="not supported yet",
)
WORKFLOW_TIMEOUT = Code(
    "WFC358",
    "dbos-workflow-timeout",
    "A timeout of a whole workflow is not compiled to DBOS yet.",
    "DBOS cancels a workflow that runs too long, and shows it as cancelled, which is another "
    "outcome than an error.",
    bad='@workflow(timeout="1h")',
    good='@step(timeout="1h")',
    refusal="not supported yet",
)
NESTED_TRANSACTION = Code(
    "WFC359",
    "dbos-nested-transaction",
    "A step calls a @transaction.",
    "DBOS opens a transaction for an operation of the workflow. Called from inside a step the "
    "function would find none.",
    bad="@step\ndef settle(id: str) -> None:\n    debit(id)  # a @transaction",
    good="@workflow\ndef settle(id: str) -> None:\n    debit(id)",
    refusal="not supported yet",
)
