"""Exception classes whose place in the hierarchy cannot be seen."""

import requests
from requests import RequestException as Base

from wfc import step, workflow


class Api(requests.HTTPError): ...


class Other(Base): ...


try:
    from library import Known
except ImportError:

    class Known(Exception): ...


@step
def call() -> None: ...


@workflow
def main() -> str:
    try:
        call()
    except OSError:
        return "offline"
    return "ok"
