"""The embedded engine: runs a compiled workflow durably in this process, on DBOS and SQLite."""

NEEDS_DBOS = "this needs DBOS; install it with: pip install 'wfc-compiler[dbos]'"
