"""The command line as a module: ``python -m wfc``."""

from wfc.cli import main

main()
