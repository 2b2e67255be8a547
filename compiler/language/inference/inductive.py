"""Properties of expressions that a variable has when everything that is bound to it has them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.row import Fact, Row
from wfc.compiler.language.library.table import called, method_calls


class Property(ABC):
    """Knows which expressions of a function have a property, as far as its text shows."""

    def __init__(self, module: ir.Module) -> None:
        self._module = module
        self._names: set[str] = set()

    @abstractmethod
    def __contains__(self, expr: ir.Expr) -> bool: ...

    def all(self, exprs: Iterable[ir.Expr]) -> bool:
        return all(expr in self for expr in exprs)

    def told(self, expr: ir.Call | ir.Method, fact_of: Callable[[Row], Fact | None]) -> bool:
        """Whether a fact of its row says that a call has the property; of a method, one of each row
        that it may be."""
        found = [called(expr)] if isinstance(expr, ir.Call) else method_calls(self._module, expr)
        facts = [(one, fact_of(one.row)) for one in found if one is not None]
        return bool(facts) and all(
            fact is not None and fact(operands, lambda one: one in self) for operands, fact in facts
        )

    def settle(self, bindings: Iterable[tuple[str, Sequence[ir.Expr] | None]]) -> None:
        """Find the variables that have it: assume that all have, and drop those for which that does
        not hold, until none is left to drop.

        Args:
            bindings: for everything that binds a variable, the expressions that must have the
                property for the variable to have it; None where nothing can be said.
        """
        known: dict[str, list[Sequence[ir.Expr] | None]] = {}
        for name, exprs in bindings:
            known.setdefault(name, []).append(exprs)
        self._names = set(known)
        before = -1
        while before != len(self._names):
            before = len(self._names)
            # In the order of the source, so that one pass follows a chain of assignments.
            for name, bound in known.items():
                if not all(exprs is not None and self.all(exprs) for exprs in bound):
                    self._names.discard(name)
