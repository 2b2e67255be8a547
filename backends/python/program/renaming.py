"""The body of a step whose parameters are reached in another way, such as fields of an input."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator, Mapping

from wfc.backends.python.printing.layout import WIDTH
from wfc.backends.python.printing.text import indented

# These see the local variables of a function by name.
_INSPECTORS = frozenset({"locals", "vars", "eval", "exec", "dir"})


def with_names_replaced(
    body: str, texts: Mapping[str, str], indent: int, *, asynchronous: bool
) -> tuple[str, list[str]]:
    """The body with parameters replaced by expressions, where that means the same.

    Args:
        body: the statements of a function, without indentation.
        texts: what to write for each parameter.
        indent: where the body will stand; it says which lines get too long.
        asynchronous: whether the function is ``async def``.

    Returns:
        The new body and the parameters that it still uses by name. A parameter that the function
        binds again, or looks up in another way, stays; so do all where lines would get too long.
    """
    if not texts or not body.strip():
        return body, []
    keyword = "async def" if asynchronous else "def"
    lines = "\n".join(indented(body, 4))
    source = f"{keyword} step({', '.join(texts)}):\n{lines}\n    pass\n"
    used = {name for name in texts if name in _loaded(source)}
    fixed = used & _rebound(source, used)
    chosen = {name: text for name, text in texts.items() if name in used - fixed}
    if not chosen:
        return body, [name for name in texts if name in fixed]
    changed = _rename(body, chosen)
    if changed is None or _longest(changed) + indent > max(WIDTH, _longest(body) + indent):
        return body, [name for name in texts if name in used]
    return changed, [name for name in texts if name in fixed]


def _longest(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)


def _loaded(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def _rebound(source: str, names: set[str]) -> set[str]:
    """The parameters that do not stand for the same value everywhere in the function."""
    if _loaded(source) & _INSPECTORS:
        return names
    (function,) = symtable.symtable(source, "step", "exec").get_children()
    own = {name for name in names if function.lookup(name).is_assigned()}
    inner = {
        name
        for table in _tables(function)
        for name in names & set(table.get_identifiers())
        if not table.lookup(name).is_free() or table.lookup(name).is_assigned()
    }
    return own | inner | {name for name in names if _shown_by_name(source, name)}


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _tables(child)


def _shown_by_name(source: str, name: str) -> bool:
    """Whether an f-string might print the name itself: ``f"{amount=}"``."""
    text = source.replace(" ", "")
    return f"{name}=}}" in text or f"{name}=!" in text or f"{name}=:" in text


def _rename(body: str, texts: Mapping[str, str]) -> str | None:
    """The body with the names replaced, or None where the places of all names cannot be told:
    before Python 3.12 the syntax tree misplaces some parts of f-strings."""
    tree = ast.parse(body)
    lines = [line.encode() for line in body.split("\n")]
    names = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in texts]
    places = {(name.lineno - 1, name.col_offset): name.id for name in names}
    for (line, column), name in sorted(places.items(), reverse=True):
        old = lines[line]
        rest = old[column + len(name.encode()) :]
        lines[line] = old[:column] + texts[name].encode() + rest
    try:
        changed = b"\n".join(lines).decode()
        same = ast.dump(ast.parse(changed)) == ast.dump(_Renamer(texts).visit(tree))
    except (SyntaxError, UnicodeDecodeError):
        return None
    return changed if same else None


class _Renamer(ast.NodeTransformer):
    """What the change has to come to."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        text = self.texts.get(node.id)
        return node if text is None else ast.parse(text, mode="eval").body
