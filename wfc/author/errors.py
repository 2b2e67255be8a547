"""The exceptions that wfc itself raises in a plain run."""

from __future__ import annotations


class BoundaryError(TypeError):
    """A value cannot cross a step or workflow boundary: it is no JSON data, or not of the type that
    the annotation says. The message names the step or workflow and the field."""


class UsageError(TypeError):
    """wfc's decorators or operations are used in a way that no engine could run."""


def shown(value: object) -> str:
    """A value in a message: ``class OSError``, ``'text'``."""
    return f"class {value.__name__}" if isinstance(value, type) else repr(value)
