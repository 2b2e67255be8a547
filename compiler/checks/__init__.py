"""Checks of workflow code that need no engine: the determinism linter.

The linter reads files with :mod:`ast` and never imports them. It works in two halves. The first
looks at one file alone and notes what its functions use (:mod:`reading`); what it notes depends on
the text only, so it can be cached. The second resolves names across files and walks the calls from
every workflow (:mod:`calls`), and lets the rules judge each use that it meets (:mod:`rules`, by
means of :mod:`judging`). A rule may offer a fix (:mod:`fixes`). :mod:`linting` is a whole run.
"""
