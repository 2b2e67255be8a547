"""A run of the linter: settings, cache, child processes, suppressions, baselines."""
