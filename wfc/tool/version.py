"""The version of wfc, read from the installed distribution when somebody asks."""

from __future__ import annotations


def version() -> str:
    """Such as ``1.2.0``; ``0.0.0`` in a checkout that is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("wfc-compiler")
    except PackageNotFoundError:
        return "0.0.0"
