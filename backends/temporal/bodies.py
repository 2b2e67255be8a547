"""The body of a step inside an activity: parameters become fields of the activity's input."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterator, Mapping

from wfc.backends.python.layout import WIDTH
from wfc.backends.python.text import indented

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
    if not body.strip():
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
    if _longest(changed) + indent > max(WIDTH, _longest(body) + indent):
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


def _rename(body: str, texts: Mapping[str, str]) -> str:
    import libcst as cst

    class Renamer(cst.CSTTransformer):
        """Replaces names in expressions; those of attributes, keywords and imports stay."""

        def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
            text = texts.get(original_node.value)
            return updated_node if text is None else cst.parse_expression(text)

        def leave_Attribute(
            self, original_node: cst.Attribute, updated_node: cst.Attribute
        ) -> cst.Attribute:
            return updated_node.with_changes(attr=original_node.attr)

        def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
            return updated_node.with_changes(keyword=original_node.keyword)

        def leave_MatchKeywordElement(
            self,
            original_node: cst.MatchKeywordElement,
            updated_node: cst.MatchKeywordElement,
        ) -> cst.MatchKeywordElement:
            return updated_node.with_changes(key=original_node.key)

        def visit_Import(self, node: cst.Import) -> bool:
            return False

        def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
            return False

    return cst.parse_module(body).visit(Renamer()).code
