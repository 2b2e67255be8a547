"""From a file to the structured IR: the whole way on one page."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from wfc.compiler.data.collector import collector_paused
from wfc.compiler.data.struct import Struct
from wfc.compiler.diagnostics.model import Code, Diagnostic, has_errors, in_source_order
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.limits import WIDEST, Limits
from wfc.compiler.source import codes
from wfc.compiler.source.content import content_of
from wfc.compiler.source.encoding import decode, undecodable
from wfc.compiler.source.problems import Problems
from wfc.compiler.source.text import SourceText

if TYPE_CHECKING:
    import ast


class Reading(Struct):
    """A file as read. ``module`` is None when a diagnostic is an error; ``text`` is empty when the
    file could not be read at all. ``partial`` is the module with the workflows that have no error,
    when others have one: good for finding more problems, not for compiling."""

    module: ir.Module | None
    diagnostics: tuple[Diagnostic, ...]
    text: str
    partial: ir.Module | None = None


def read_file(path: str, limits: Limits = WIDEST) -> Reading:
    """Read a workflow module from a file. Nothing is raised and nothing of it is executed.

    Args:
        path: the file, as the user named it.
        limits: what the targets of the module can hold.
    """
    try:
        os.path.basename(path).encode()
        data = content_of(path)
    except OSError as error:
        return _unreadable(path, error)
    except UnicodeEncodeError:  # what is generated is named after it
        message = "the name of the file is no UTF-8 text; rename it"
        return Reading(None, (codes.FILE_UNREADABLE.at(path, NOWHERE, message),), "")
    try:
        text = decode(data)
    except SyntaxError as error:  # of an unknown encoding
        message = f"this is not valid Python: {error.msg}"
        found = codes.SYNTAX_ERROR.at(path, Span(1, 1, 1, 2), message)
        return Reading(None, (found,), "")
    except UnicodeDecodeError as error:
        return Reading(None, (undecodable(path, error),), "")
    return read(path, text, limits)


def read(path: str, text: str | None = None, limits: Limits = WIDEST) -> Reading:
    """Read a workflow module: its definitions, and its workflows as structured IR.

    Args:
        path: names the file in diagnostics; it is read when no text is given.
        text: the source.
        limits: what the targets of the module can hold.

    Returns:
        the module and every problem found, in source order.
    """
    if text is None:
        return read_file(path, limits)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        found = codes.EMPTY_FILE.at(path, Span(1, 1, 1, 1), "the file is empty")
        return Reading(None, (found,), text)
    problems = Problems(path, SourceText(text))
    with collector_paused():
        tree = _parse(problems)
        module = _module(path, tree, problems, limits) if tree is not None else None
    if module is not None and not has_errors(problems.found):
        _verify(module, problems)
    diagnostics = tuple(in_source_order(problems.found))
    if module is None or not has_errors(diagnostics):
        return Reading(module, diagnostics, text)
    from wfc.compiler.language.verify.module import verify
    from wfc.compiler.source.partial import without_errors

    rest = without_errors(module, diagnostics)
    return Reading(None, diagnostics, text, None if rest is None or verify(rest) else rest)


def _verify(module: ir.Module, problems: Problems) -> None:
    """Whether what was read obeys the rules of the IR. What breaks one is not compiled."""
    from wfc.compiler.language.verify.module import verify

    for found in verify(module):
        where = f"'{found.definition}': " if found.definition else ""
        problems.add(
            codes.UNSOUND,
            found.span if found.span.line else Span(1, 1, 1, 1),
            f"wfc cannot vouch for this module: {where}{found.message}",
            "write this part in another way, and report it: wfc should say more about it",
        )


def _module(path: str, tree: ast.Module, problems: Problems, limits: Limits) -> ir.Module:
    """One line per pass."""
    from wfc.compiler.source.order import check_order
    from wfc.compiler.source.reader import ModuleReader
    from wfc.compiler.source.recursion import check_recursion

    problems.text.read_comments()
    reader = ModuleReader(path, tree, problems, limits)
    reader.read_imports()
    reader.read_definitions()
    reader.read_signatures()
    reader.check_steps()
    reader.read_workflows()
    reader.check_errors()
    check_recursion(reader.scope.workflows, problems)
    check_order(tree, problems)
    module = reader.module()
    if not module.workflows:
        problems.add(
            codes.NO_WORKFLOW,
            Span(1, 1, 1, 1),
            "the file defines no workflow",
            "decorate a function with @workflow from wfc",
        )
    return module


def _parse(problems: Problems) -> ast.Module | None:
    """The syntax tree, as Python itself accepts it; the code is compiled but never run."""
    import ast
    import warnings

    text = problems.text
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.text, problems.path)
            compile(tree, problems.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        line = min(max(error.lineno or 1, 1), len(text.lines))
        column = max(error.offset or 1, 1)
        end_line, end_column = error.end_lineno or line, error.end_offset or column + 1
        if (end_line, end_column) <= (line, column) or end_line > len(text.lines):
            end_line, end_column = line, column + 1
        problems.add(
            codes.SYNTAX_ERROR,
            Span(line, column, end_line, end_column),
            f"this is not valid Python: {error.msg}",
        )
    except ValueError:
        problems.add(
            codes.SYNTAX_ERROR, Span(1, 1, 1, 1), "this is not valid Python: it has null bytes"
        )
    except (RecursionError, MemoryError):
        problems.add(
            codes.TOO_DEEP,
            Span(1, 1, 1, 1),
            "the file nests expressions or blocks too deeply for Python itself",
            "assign parts of the deepest expression to variables",
        )
    else:
        return tree
    return None


def _unreadable(path: str, error: OSError) -> Reading:
    code: Code = codes.FILE_UNREADABLE
    message = f"the file cannot be read: {error.strerror or error}"
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        code, message = codes.FILE_MISSING, "there is no such file"
    elif error.errno == errno.EISDIR or os.path.isdir(path):
        code, message = codes.FILE_IS_DIRECTORY, "this is a folder; name one Python file"
    return Reading(None, (code.at(path, NOWHERE, message),), "")
