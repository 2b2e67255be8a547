"""The activities of hidden_names: its workflows reach the world through them."""

import os as temporal_os
from functools import cache

from sqlalchemy import Engine, create_engine
from temporalio import activity

from shared import FreshInput, ItertoolsInput, OsInput


@cache
def engine() -> Engine:
    """The application's database."""
    return create_engine(temporal_os.environ.get("DATABASE_URL", "sqlite:///app.db"))


@activity.defn
def fresh(input: FreshInput) -> int:
    return input.amount + 1


@activity.defn
def itertools(input: ItertoolsInput) -> int:
    return input.amount + 2


@activity.defn
def os(input: OsInput) -> None:
    with engine().begin() as db:
        print(db.dialect.name, input.amount)
