"""The import block of a generated module: pruned, merged and sorted as isort does it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable

from wfc.backends.python.printing.layout import WIDTH, Bracket, lay_out
from wfc.compiler.language import nodes as ir


class Imports:
    """Collects what a module imports. ``local`` are modules of the generated package."""

    def __init__(self, local: Iterable[str] = ()) -> None:
        self._local = frozenset(local)
        self._modules: set[tuple[str, str]] = set()
        self._members: dict[str, set[tuple[str, str]]] = {}

    def module(self, name: str, alias: str = "") -> None:
        """``import name`` or ``import name as alias``"""
        self._modules.add((name, alias))

    def member(self, module: str, name: str, alias: str = "") -> None:
        """``from module import name`` or ``from module import name as alias``"""
        self._members.setdefault(module, set()).add((name, alias))

    def source(self, statement: ir.Import, used: Iterable[str]) -> None:
        """Those names of an import statement of the user's file that are used."""
        wanted = set(used)
        for node in ast.parse(statement.source).body:
            match node:
                case ast.Import(names=names):
                    for item in names:
                        bound = item.asname or item.name.partition(".")[0]
                        if bound in wanted:
                            self.module(item.name, item.asname or "")
                case ast.ImportFrom(module=module, names=names, level=level):
                    name = "." * level + (module or "")
                    for item in names:
                        if name == "__future__" or (item.asname or item.name) in wanted:
                            self.member(name, item.name, item.asname or "")

    def bound(self) -> frozenset[str]:
        """The names that the block binds."""
        modules = {alias or name.partition(".")[0] for name, alias in self._modules}
        members = {alias or name for found in self._members.values() for name, alias in found}
        return frozenset(modules | members)

    def roots(self) -> frozenset[str]:
        """The top-level packages that are imported from."""
        names = {name for name, _ in self._modules} | set(self._members)
        return frozenset(name.partition(".")[0] for name in names)

    def lines(self, indent: int = 0) -> list[str]:
        """The block: sections with a blank line between them; no line when nothing is imported."""
        pad = " " * indent
        sections: dict[int, list[str]] = {}
        for name, alias in sorted(self._modules, key=lambda item: _natural(item[0])):
            text = f"{pad}import {name}" + (f" as {alias}" if alias else "")
            sections.setdefault(self._section(name), []).append(text)
        for name in sorted(self._members, key=_natural):
            section = sections.setdefault(self._section(name), [])
            for items in _statements(self._members[name]):
                section += _from_import(name, items, indent)
        blocks = [sections[number] for number in sorted(sections)]
        return [line for block in blocks for line in ["", *block]][1:]

    def _section(self, module: str) -> int:
        root = module.partition(".")[0]
        if module == "__future__":
            return 0
        if root in sys.stdlib_module_names:
            return 1
        return 3 if not root or root in self._local else 2


def _statements(members: Iterable[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """The names that one statement takes: all plain ones together, each alias alone."""
    items = sorted(members, key=_member_order)
    plain = [item for item in items if not item[1]]
    aliased = [[item] for item in items if item[1]]
    return sorted([*([plain] if plain else []), *aliased], key=lambda one: _member_order(one[0]))


def _from_import(module: str, items: Iterable[tuple[str, str]], indent: int = 0) -> list[str]:
    """``from module import a, b as c``, over several lines where it is too long for one."""
    texts = tuple(f"{name} as {alias}" if alias else name for name, alias in items)
    prefix = f"from {module} import "
    lines = lay_out(prefix, ", ".join(texts), indent=indent)
    if len(lines) == 1 and len(lines[0]) <= WIDTH:
        return lines
    return lay_out(prefix, Bracket("(", texts, ")", exploded=True), indent=indent)


def _natural(name: str) -> tuple[list[tuple[int, int | str]], str]:
    """Order without regard to case, numbers by their value; a tie is settled by the text."""
    pieces = re.split(r"([0-9]+)", name.lower())
    return [(0, int(p)) if p.isdigit() else (1, p) for p in pieces if p], name


def _member_order(item: tuple[str, str]) -> tuple[int, tuple[list[tuple[int, int | str]], str]]:
    """isort's order: constants, classes, then the rest, each by name."""
    name = item[0]
    if name.isupper() and len(name) > 1:
        kind = 0
    elif name[:1].isupper():
        kind = 1
    else:
        kind = 2
    return kind, _natural(name)
