"""Shows that a workflow means the same on every engine: cases, the plain run, the comparison."""
