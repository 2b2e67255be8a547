"""Checks of workflow code that need no engine: the determinism linter.

The linter reads files with :mod:`ast` and never imports them. It works in two halves. The first
looks at one file alone and notes what its functions use (:mod:`facts`, :mod:`extract`); what it
notes depends on the text only, so it can be cached. The second resolves names across files
(:mod:`symbols`), walks the calls from every workflow (:mod:`callgraph`) and lets the rules judge
each use that it meets (:mod:`rules`).
"""
