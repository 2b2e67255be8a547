"""What the names of a module mean, found without importing anything."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import Final

from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.table import function
from wfc.compiler.language.limits import Limits

BUILTIN_NAMES: Final = frozenset(vars(builtins))
# Exceptions that ``except Exception`` catches.
BUILTIN_EXCEPTIONS: Final = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception)
)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def root_of(node: ast.expr) -> ast.expr:
    """What a dotted name starts with: ``a`` of ``a.b.c``."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


class ModuleScope(MutableStruct, eq=False):
    """The names of a module: imports by what they stand for, definitions by kind."""

    limits: Limits = Limits()
    imports: dict[str, str] = field(factory=dict)
    records: dict[str, ir.Record] = field(factory=dict)
    enums: dict[str, ir.Enum] = field(factory=dict)
    errors: dict[str, ir.ErrorClass] = field(factory=dict)
    constants: dict[str, ir.ConstantDefinition] = field(factory=dict)
    steps: dict[str, ir.Step] = field(factory=dict)
    workflows: dict[str, ir.Workflow] = field(factory=dict)
    helpers: dict[str, ir.Helper] = field(factory=dict)
    support: dict[str, ir.Support] = field(factory=dict)
    functions: dict[str, FunctionNode] = field(factory=dict)
    """Undecorated functions; those that workflows call become helpers."""
    constant_nodes: dict[str, ast.expr] = field(factory=dict)
    """The values of the constants, as written."""
    frozensets: set[str] = field(factory=set)
    """The constants that are one; a workflow may only look into them."""
    policies: dict[str, ir.RetryPolicy] = field(factory=dict)
    """Module-level names of retry policies. They end in the steps that use them."""
    aliases: dict[str, ast.expr] = field(factory=dict)
    """Module-level names that stand for a type."""
    keyword_only: dict[str, frozenset[str]] = field(factory=dict)
    """Fields of a dataclass that cannot be given by position."""
    formatted_enums: set[str] = field(factory=set)
    """Enums whose members format as their value: StrEnum and IntEnum."""
    other_names: dict[str, ast.expr] = field(factory=dict)
    """Names of the module that are assigned another name, once."""
    foreign_errors: dict[str, ast.expr] = field(factory=dict)
    """Exception classes of the module with a base whose own bases are not known here."""
    deferred: dict[str, list[Diagnostic]] = field(factory=dict)
    """Classes that wfc cannot read, with the reasons. Steps may use them all the same; the reasons
    are reported when a workflow or a signature does."""

    def defined(self, name: str) -> bool:
        """Whether the module binds the name, by import or definition."""
        return any(
            name in names
            for names in (
                self.imports,
                self.records,
                self.enums,
                self.errors,
                self.constants,
                self.policies,
                self.steps,
                self.workflows,
                self.functions,
                self.support,
            )
        )

    def qualified(self, node: ast.expr) -> str | None:
        """The full dotted name of an imported thing or a builtin: ``dt.timedelta`` is
        ``datetime.timedelta``, ``len`` is ``len``. None for anything else."""
        match node:
            case ast.Name(id=name):
                if name in self.imports:
                    return self.imports[name]
                return name if name in BUILTIN_NAMES and not self.defined(name) else None
            case ast.Attribute(value=value, attr=attr):
                owner = self.qualified(value)
                if owner is not None and function(f"{owner}.{attr}"):
                    return f"{owner}.{attr}"
                if owner is None or (owner in BUILTIN_NAMES and not self.imported(value)):
                    return None
                return f"{owner}.{attr}"
        return None

    def unaliased(self, node: ast.expr) -> ast.expr:
        """What a name stands for that is only another name of a class: ``Late = BankTimeout``."""
        seen: set[str] = set()
        while isinstance(node, ast.Name) and node.id in self.other_names and node.id not in seen:
            seen.add(node.id)
            node = self.other_names[node.id]
        return node

    def imported(self, node: ast.expr) -> bool:
        """Whether a dotted name starts at an import."""
        root = root_of(node)
        return isinstance(root, ast.Name) and root.id in self.imports

    def error_known(self, name: str) -> bool:
        """Whether the name is an exception class of the module or a builtin one."""
        return name in self.errors or (name in BUILTIN_EXCEPTIONS and not self.defined(name))

    def known_names(self) -> Iterable[str]:
        """Names worth proposing for a misspelt one."""
        return [
            *self.steps,
            *self.workflows,
            *self.functions,
            *self.constants,
            *self.records,
            *self.enums,
            *self.errors,
        ]
