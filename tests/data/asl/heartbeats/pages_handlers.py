"""The steps of pages, one AWS Lambda handler for each."""

import asyncio
import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache, wraps
from typing import Any

import boto3
from sqlalchemy import Connection, Engine, create_engine, text

logger = logging.getLogger("pages")


class Unreachable(Exception):
    """The site does not answer."""


@dataclass
class Page:
    url: str
    size: int


@cache
def engine() -> Engine:
    """The application's database; warm starts of the function keep the pool."""
    return create_engine(os.environ.get("DATABASE_URL", "sqlite:///app.db"))


logger_2 = logging.getLogger(__name__)
step_functions = boto3.client("stepfunctions")


def answers_by_token(
    work: Callable[[dict[str, Any], Callable[..., None]], Any],
) -> Callable[[dict[str, Any], object], None]:
    """Answer a Task by its token, and tell it that the step is alive until then.

    The Task invokes the function asynchronously and ignores what it returns. The
    function needs MaximumRetryAttempts 0, because the Task retries, and these
    permissions: states:SendTaskHeartbeat, SendTaskSuccess, SendTaskFailure.
    """

    @wraps(work)
    def handler(event: dict[str, Any], context: object) -> None:
        token = event["TaskToken_2"]

        def beat(*details: object) -> None:
            step_functions.send_task_heartbeat(taskToken=token)

        try:
            beat()
            output = json.dumps(work(event, beat), allow_nan=False)
            step_functions.send_task_success(taskToken=token, output=output)
        except (
            step_functions.exceptions.TaskDoesNotExist,
            step_functions.exceptions.TaskTimedOut,
        ):
            logger_2.warning("the Task of %s is over", work.__name__)
        except Exception as error:
            logger_2.exception("%s failed", work.__name__)
            name = type(error).__name__
            # The cause has at most 32,768 characters.
            cause = {"errorMessage": str(error)[:16_000], "errorType": name}
            step_functions.send_task_failure(
                taskToken=token,
                error=name,
                cause=json.dumps(cause, ensure_ascii=False),
            )

    return handler


def load(
    url: str,
    limit: int = 2,
    TaskToken: str = "",
    *,
    key: str,
    beat: Callable[..., None],
) -> list[Page]:
    """Load the pages of a site."""
    pages = []
    for number in range(limit):
        beat(number, url)
        if limit == 9:
            raise Unreachable(f'"{url}" \\ é' + "x" * 40_000)
        pages.append(Page(f"{url}/{number}", number))
    logger.info("%s pages", len(pages))
    return pages


@answers_by_token
def load_handler(event: dict[str, Any], beat: Callable[..., None]) -> Any:
    result = load(
        event["url"], event["limit"], event["TaskToken"], key=event["key"], beat=beat
    )
    return [asdict(item) for item in result]


async def measure(size: float, beat: Callable[..., None]) -> float:
    return size * 1e308


@answers_by_token
def measure_handler(event: dict[str, Any], beat: Callable[..., None]) -> Any:
    return asyncio.run(measure(float(event["size"]), beat))


def keep(url: str, beat: Callable[..., None], db: Connection) -> None:
    db.execute(text("create table if not exists pages (url text)"))
    db.execute(text("insert into pages values (:url)"), {"url": url})
    beat()
    if url == "bad":
        raise ValueError(url)


@answers_by_token
def keep_handler(event: dict[str, Any], beat: Callable[..., None]) -> None:
    with engine().begin() as db:
        keep(event["url"], beat, db)


def note(url: str, beat: Callable[..., None]) -> str:
    beat("nobody waits")
    return url


def note_handler(event: dict[str, Any], context: object) -> Any:
    return note(event["url"], lambda *details: None)
