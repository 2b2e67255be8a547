"""Why a workflow does not fit Temporal."""

from __future__ import annotations

from typing import Final

from wfc.compiler.diagnostics.model import Code

SETTING: Final = Code(
    "WFC340",
    "temporal-setting",
    "A setting in [tool.wfc.temporal] cannot be used.",
    why="The table holds `step_timeout`, the limit of steps without a timeout of their own, and"
    " `task_queue`, the name of the queue that worker and client share.",
    bad='[tool.wfc.temporal]\nstep_timeout = "soon"',
    good='[tool.wfc.temporal]\nstep_timeout = "10 minutes"',
)
STEP_IN_STEP: Final = Code(
    "WFC341",
    "temporal-step-calls-step",
    "A step calls another step.",
    why="On Temporal a step is an activity with one argument; an activity that calls another one as"
    " a function would need a second form of it.",
    bad="@step\ndef charge(order: Order) -> str:\n    return authorise(order)  # another @step",
    good="@step\ndef charge(order: Order) -> str:\n    return bank.authorise(order)  # no @step",
    refusal="not supported yet",
)
ASYNC_TRANSACTION: Final = Code(
    "WFC342",
    "temporal-async-transaction",
    "A transaction is an `async def`.",
    why="The connection of a transaction is SQLAlchemy's synchronous one; in an async activity it"
    " would hold up every other activity of the worker.",
    bad="@transaction\nasync def book(amount: int, db: Connection = injected) -> None: ...",
    good="@transaction\ndef book(amount: int, db: Connection = injected) -> None: ...",
    refusal="not supported yet",
)
AMBIGUOUS_UNION: Final = Code(
    "WFC343",
    "temporal-ambiguous-union",
    "A union of records crosses a boundary.",
    why="Temporal's data converter takes the first record whose fields are all there and ignores"
    " the others, so that a record may come back as another one.",
    bad="@step\ndef pay(method: Card | Account) -> None: ...",
    good="@step\ndef pay(card: Card | None, account: Account | None) -> None: ...",
    refusal="not supported yet",
)
PRIVATE_NAME: Final = Code(
    "WFC344",
    "temporal-private-name",
    "A name that begins with two underscores.",
    why="A workflow becomes a class and its parameters the fields of another; inside a class Python"
    " puts the name of the class into such a name (Python language reference, private name"
    " mangling).",
    bad="@workflow\ndef payout(__merchant: str) -> str: ...",
    good="@workflow\ndef payout(merchant: str) -> str: ...",
    refusal="not supported yet",
)
NAME_TAKEN: Final = Code(
    "WFC345",
    "temporal-name-taken",
    "A name of the module is one that the generated package needs.",
    why="The functions that look at errors and the data converter call Python's builtins beside the"
    " definitions of the module. The first parameter of a workflow's method hides a `self` of the"
    " module, and the Temporal SDK looks for it by that name when it reads the types of the others"
    " (temporalio.common).",
    bad="@step\ndef type(account: str) -> str: ...",
    good="@step\ndef account_type(account: str) -> str: ...",
    refusal="not supported yet",
)
JITTER: Final = Code(
    "WFC346",
    "temporal-no-jitter",
    "Temporal does not spread retry delays.",
    why="A retry policy of Temporal has no setting for it. Each wait has its full length, which is"
    " the longest that `jitter=True` allows. Nothing else changes.",
    bad="Retry(BankDown, jitter=True)",
    good="Retry(BankDown)",
    severity="info",
)
OBJECT: Final = Code(
    "WFC347",
    "temporal-object",
    "What crosses a boundary is annotated as `object`.",
    why="Temporal's data converter converts to the annotated type and knows no way to `object`;"
    " `Any` takes the data as it is.",
    bad="@step\ndef store(document: object) -> None: ...",
    good="@step\ndef store(document: Any) -> None: ...",
    refusal="not supported yet",
)
