"""Durable workflows as ordinary Python.

A workflow module imports what it needs from here. Called as plain functions, workflows and steps
run in the process, with no engine; ``wfc compile`` turns the same file into Step Functions,
Temporal or DBOS.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfc.author.decorators import step, transaction, workflow
    from wfc.author.injection import Connection, Heartbeat, IdempotencyKey, RunId, injected
    from wfc.author.operations import sleep
    from wfc.author.retry import Retry

    __version__: str

__all__ = [
    "Connection",
    "Heartbeat",
    "IdempotencyKey",
    "Retry",
    "RunId",
    "__version__",
    "injected",
    "sleep",
    "step",
    "transaction",
    "workflow",
]

# The command line imports this package too, and needs none of these: each is loaded when a module
# asks for it.
_MODULES = {
    "Connection": "injection",
    "Heartbeat": "injection",
    "IdempotencyKey": "injection",
    "Retry": "retry",
    "RunId": "injection",
    "injected": "injection",
    "sleep": "operations",
    "step": "decorators",
    "transaction": "decorators",
    "workflow": "decorators",
}


def __getattr__(name: str) -> object:
    import importlib

    if name == "__version__":
        return importlib.import_module("wfc.tool.version").version()
    if name not in _MODULES:
        raise AttributeError(f"module 'wfc' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(f"wfc.author.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
