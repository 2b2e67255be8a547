"""The command line: one file per command behind a lazy group."""

from wfc.cli.group import main

__all__ = ["main"]
