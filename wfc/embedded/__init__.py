"""The embedded engine: runs a compiled workflow durably in this process, on DBOS and SQLite."""
