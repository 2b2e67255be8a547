"""The command line: one file per command behind a lazy group."""

import sys
from typing import NoReturn

# What a shell reports for a process that Ctrl-C has ended: 128 + SIGINT.
INTERRUPTED = 130


def main() -> NoReturn:
    """Entry point of the ``wfc`` script. Ctrl-C ends it quietly, even while it is still loading."""
    try:
        from wfc.cli.group import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
