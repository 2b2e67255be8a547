"""What a rule looks at."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.calls.callgraph import Visit
from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import ModuleVariable, Target
from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.reading.facts import Use
from wfc.compiler.checks.reading.terms import Term
from wfc.compiler.data.struct import Struct


class Sighting(Struct, eq=False):
    """A use in a function that a workflow runs. ``targets`` is what it may stand for; ``visit``
    says how the workflow gets there."""

    use: Use
    targets: tuple[Target, ...]
    visit: Visit
    context: Context

    @property
    def engine(self) -> LintEngine:
        return self.visit.engine

    @property
    def names(self) -> set[str]:
        """The names of what it may stand for outside the project."""
        return {target.name for target in self.targets if isinstance(target, External)}

    def resolve(self, term: Term) -> tuple[Target, ...]:
        """Everything that a term of the function may stand for."""
        return self.context.symbols.resolve(term, self.visit.file, self.visit.receiver)

    def variables(self, term: Term) -> Iterator[ModuleVariable]:
        """The module and class variables that a term of the function names."""
        return self.context.symbols.variables(term, self.visit.file, self.visit.receiver)
