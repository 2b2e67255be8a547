"""One convention of imports: the nodes of the language are ``ir``, its types are ``t``."""

from __future__ import annotations

import ast

from tests.house.dispatch import sources

NODES = "wfc.compiler.language.nodes"
OWN = "compiler/language/nodes/"


def test_nodes_and_types_are_imported_as_modules() -> None:
    odd = []
    for path, text in sources():
        if path.startswith(OWN):
            continue
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.ImportFrom(module="wfc.compiler.language.nodes", names=names):
                    fine = [(one.name, one.asname) for one in names] == [("types", "t")]
                case ast.ImportFrom(module="wfc.compiler.language", names=names):
                    found = {one.name: one.asname for one in names}
                    fine = found.get("nodes", "ir") == "ir"
                case ast.ImportFrom(module=str(module)) if module.startswith(f"{NODES}."):
                    fine = module == f"{NODES}.base"
                case ast.ImportFrom(level=level) if level:
                    fine = False
                case _:
                    continue
            if not fine:
                odd.append(f"{path}:{node.lineno}")
    assert not odd
