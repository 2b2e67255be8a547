"""Restate. It is no compile target yet; the linter checks its handlers."""
