"""Names that the generated module would like to use itself."""

from wfc import Retry, step, workflow

CONFIG = "mine"


class Trouble(Exception):
    """It does not work."""


@step(retry=Retry(Trouble, attempts=2))
def as_json(run_step: str) -> str:
    """A step with the name of a helper."""
    return run_step + CONFIG


@workflow
def as_recorded(run_step: str, ERRORS: int = 0) -> str:
    """A workflow with the name of a helper."""
    try:
        return as_json(run_step)  # wfc: name first
    except Trouble as error:
        return f"{type(error).__name__} {ERRORS}"
