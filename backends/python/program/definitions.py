"""What a generated module takes over from the user's file, as written: records, enums, errors,
constants, functions and the imports that they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile

from wfc.backends.python.printing.imports import Imports
from wfc.backends.python.printing.references import used_names
from wfc.compiler.data.struct import Struct, fields
from wfc.compiler.language import nodes as ir


class Selection(Struct):
    """Definitions in the order of the source, and the names that they and their users refer to."""

    definitions: tuple[ir.Definition, ...]
    names: frozenset[str]

    def of(self, *kinds: type[ir.Definition]) -> tuple[ir.Definition, ...]:
        """The definitions of these kinds."""
        return tuple(item for item in self.definitions if isinstance(item, kinds))


def definitions(module: ir.Module) -> Iterator[ir.Definition]:
    """Everything that steps and helpers can refer to, in the order of the source."""
    found: list[ir.Definition] = [
        *module.enums,
        *module.errors,
        *module.records,
        *module.constants,
        *module.support,
        *module.helpers,
    ]
    # Definitions without a place keep the order above; sorting is stable.
    yield from sorted(found, key=lambda item: item.span.line)


def bound_names(definition: ir.Definition) -> tuple[str, ...]:
    """The names that a definition binds."""
    return definition.names if isinstance(definition, ir.Support) else (definition.name,)


class Definitions:
    """The definitions of a module, by the names that they bind."""

    def __init__(self, module: ir.Module) -> None:
        self._all = tuple(definitions(module))
        self._owner = {name: item for item in self._all for name in bound_names(item)}

    def reachable(
        self, names: Iterable[str], used: Callable[[str], frozenset[str]] = used_names
    ) -> Selection:
        """The definitions that names lead to, directly or through other definitions; ``used`` says
        which names a definition refers to."""
        wanted = set(names)
        pending = [self._owner[name] for name in wanted if name in self._owner]
        found: set[int] = set()
        while pending:
            definition = pending.pop()
            if id(definition) in found:
                continue
            found.add(id(definition))
            new = used(definition.source)
            wanted |= new
            pending += [self._owner[name] for name in new if name in self._owner]
        kept = tuple(item for item in self._all if id(item) in found) if found else ()
        return Selection(kept, frozenset(wanted))


def reachable(module: ir.Module, names: Iterable[str]) -> Selection:
    """The definitions of a module that names lead to; for many questions keep a
    :class:`Definitions`."""
    return Definitions(module).reachable(names)


def with_called(
    module: ir.Module, steps: Iterable[ir.Step], names: Iterable[str]
) -> tuple[tuple[ir.Step, ...], Selection]:
    """The steps and those that they call as plain functions, and the definitions that these and
    the names lead to."""
    wanted = {step.name for step in steps}
    known, names = Definitions(module), frozenset(names)
    while True:
        chosen = tuple(step for step in module.steps if step.name in wanted)
        found = known.reachable(names.union(*map(step_names, chosen)))
        more = {step.name for step in module.steps if step.name in found.names}
        if more <= wanted:
            return chosen, found
        wanted |= more


def step_names(step: ir.Step) -> frozenset[str]:
    """The names that a step's signature and body refer to, decorators left out."""
    hints = [p.annotation for p in step.parameters if p.annotation and p.injected is None]
    names = set(used_names(step.body))
    for text in (*hints, step.returns_annotation):
        names |= used_names(text) | used_names(text.strip("\"'"))
    for parameter in step.parameters:
        if parameter.default is not None and parameter.injected is None:
            names |= constant_names(parameter.default)
    return frozenset(names)


def constant_names(node: object) -> set[str]:
    """The module-level names in an IR expression."""
    # partial: the fields of every node are looked into below
    match node:
        case ir.GlobalName(id=name) | ir.EnumMember(enum=name) | ir.HelperCall(helper=name):
            found = {name}
        case ir.Construct(record=name):
            found = {name}
        case _:
            found = set()
    if isinstance(node, tuple):
        return found.union(*(constant_names(item) for item in node))
    if isinstance(node, ir.Node):
        return found.union(*(constant_names(getattr(node, one.name)) for one in fields(node)))
    return found


def add_imports(module: ir.Module, names: Iterable[str], imports: Imports) -> None:
    """The import statements of the file for those names; never wfc's own."""
    names = frozenset(names)
    for statement in module.imports:
        if not is_wfc(statement):
            imports.source(statement, names)


def is_wfc(statement: ir.Import) -> bool:
    """Whether an import statement takes names from wfc."""
    return any(full.partition(".")[0] == "wfc" for _, full in statement.names)


def blocks(items: Iterable[ir.Definition]) -> list[list[str]]:
    """The text of definitions, one block each; neighbouring constants share one."""
    result: list[list[str]] = []
    last: ir.Definition | None = None
    for item in items:
        lines = item.source.strip("\n").splitlines()
        if result and last is not None and _belong_together(last, item):
            gap = [""] if item.span.line - last.span.end_line > 1 + _comment_height(item) else []
            result[-1] += gap + lines
        else:
            result.append(lines)
        last = item
    return result


def _belong_together(first: ir.Definition, second: ir.Definition) -> bool:
    return isinstance(first, ir.ConstantDefinition) and isinstance(second, ir.ConstantDefinition)


def _comment_height(item: ir.Definition) -> int:
    lines = item.source.strip("\n").splitlines()
    return sum(1 for _ in takewhile(lambda line: line.startswith("#"), lines))


def join_blocks(parts: Iterable[list[str]]) -> list[str]:
    """Blocks of a module with the empty lines between them."""
    lines: list[str] = []
    for gap, block in spaced(parts):
        lines += [*[""] * gap, *block] if lines else block
    return lines


def spaced(parts: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Blocks of a module, each with the number of empty lines in front of it: two around functions
    and classes, else one. Empty blocks are left out."""
    behind_tall = False
    for block in filter(None, parts):
        tall = _tall(block)
        yield 2 if tall or behind_tall else 1, block
        behind_tall = tall


def _tall(block: list[str]) -> bool:
    starts = ("def ", "async def ", "class ", "@")
    return any(line.startswith(starts) for line in block)
