"""Methods that change their object, and assignments to parts of a value."""

from __future__ import annotations

import ast

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.library.row import Operands, Share, bind, formals, shares
from wfc.compiler.language.library.table import METHODS, kind_of, methods
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing import kinds
from wfc.compiler.source import anf, codes
from wfc.compiler.source.expected import check_fits
from wfc.compiler.source.flow import Variable
from wfc.compiler.source.frame import Frame

Path = tuple["ir.FieldKey | ir.Expr", ...]


def path_nodes(node: ast.expr) -> tuple[ast.Name | None, list[ast.Attribute | ast.Subscript]]:
    """The variable at the root of ``name.field[index]...``, and the way from it."""
    way: list[ast.Attribute | ast.Subscript] = []
    while isinstance(node, ast.Attribute | ast.Subscript):
        way.append(node)
        node = node.value
    way.reverse()
    return (node if isinstance(node, ast.Name) else None), way


def check_root(frame: Frame, root: ast.Name | None, node: ast.AST, what: str) -> bool:
    """Whether the changed value belongs to a local variable that has a value."""
    if root is None:
        frame.refuse(
            codes.STATEMENT_NOT_YET,
            node,
            f"{what} something that is no variable is not supported yet",
            "assign the value to a variable first",
        )
        return False
    if root.id in frame.module_aliases:
        frame.refuse(
            codes.MODULE_STATE,
            node,
            f"{what} '{root.id}' cannot be supported: it is '{frame.module_aliases[root.id]}' of "
            "the module",
            "copy it first",
        )
        return False
    if frame.is_local(root.id):
        frame.read(root)
        return True
    if root.id in frame.scope.constants or root.id in frame.scope.support:
        frame.refuse(
            codes.MODULE_STATE,
            node,
            f"{what} '{root.id}' cannot be supported: it belongs to the module",
            "copy it into a local variable",
        )
        return False
    frame.read(root)
    return False


def index_nodes(way: list[ast.Attribute | ast.Subscript]) -> list[ast.expr]:
    """The subscripts of a path, in the order of their evaluation."""
    return [part.slice for part in way if isinstance(part, ast.Subscript)]


def path_of(frame: Frame, way: list[ast.Attribute | ast.Subscript], indices: list[ir.Expr]) -> Path:
    """The path of a store, with its subscripts read."""
    found: list[ir.FieldKey | ir.Expr] = []
    rest = iter(indices)
    for part in way:
        if isinstance(part, ast.Attribute):
            found.append(ir.FieldKey(part.attr, span=frame.span(part)))
        else:
            found.append(next(rest))
    return tuple(found)


def refuse_slices(frame: Frame, way: list[ast.Attribute | ast.Subscript]) -> bool:
    for part in way:
        if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Slice):
            frame.refuse(
                codes.STATEMENT_NOT_YET,
                part,
                "changing a slice is not supported yet",
                "build a new list",
            )
            return True
    return False


def value_at(frame: Frame, root: ast.Name, path: Path) -> ir.Expr:
    """The expression that reads a path, typed; what is wrong with it is reported."""
    expr = frame.read(root)
    for part in path:
        if isinstance(part, ir.FieldKey):
            expr = _field(frame, expr, part)
        else:
            subscript = ir.Subscript(expr, part, span=part.span)
            expr = frame.typed(subscript, [expr, part])
    return expr


def _field(frame: Frame, value: ir.Expr, key: ir.FieldKey) -> ir.Expr:
    if isinstance(value.type, t.AnyType):
        return frame.refuse(
            codes.TYPE_NEEDED,
            key.span,
            f"the type of the value is not known, so '.{key.name}' has no meaning",
            "annotate it with a record",
        )
    return frame.typed(ir.Attribute(value, key.name, span=key.span), [value])


# --- Methods ----------------------------------------------------------------------------------


def read_mutation(
    frame: Frame, node: ast.Call, function: ast.Attribute, *, target: str | None, wanted: bool
) -> ir.Expr:
    """``name.path.method(args)`` as a statement; the result stands for its value."""
    root, way = path_nodes(function.value)
    nothing = frame.nothing(node)
    if not check_root(frame, root, node, f"'.{function.attr}' on") or root is None:
        return nothing
    if refuse_slices(frame, way) or _refuse_keywords(frame, node, function.attr):
        return nothing
    indices = index_nodes(way)
    values = anf.operands(frame, [*indices, *node.args])
    path = path_of(frame, way, values[: len(indices)])
    mark = frame.problems.mark()
    receiver = value_at(frame, root, path)
    args = _fitting(frame, receiver, function.attr, tuple(values[len(indices) :]))
    method = frame.typed(
        ir.Method(receiver, function.attr, args, span=frame.span(node)), [receiver, *args]
    )
    if frame.problems.mark() > mark:
        return nothing
    _grow(frame, root.id, path, function.attr, receiver, args)
    type_: t.Type = method.type
    if wanted and target is None:
        target = frame.temporary(node, f"{root.id}_{function.attr}")
    if target is not None:
        type_ = frame.assign(target, type_)
    frame.emit(ir.Mutate(root.id, path, function.attr, args, target, type_, span=frame.span(node)))
    if target is None:
        return ir.Constant(None, type=t.NONE, span=frame.span(node))
    return ir.Name(target, type=method.type, span=frame.span(node))


def _refuse_keywords(frame: Frame, node: ast.Call, method: str) -> bool:
    starred = [argument for argument in node.args if isinstance(argument, ast.Starred)]
    for wrong in [*starred, *node.keywords]:
        rows = [row for overloads in methods(method).values() for row in overloads]
        takes = {one.way for row in rows for one in formals(row.signature)}
        instead = "use plain arguments"
        if isinstance(wrong, ast.keyword) and "=" in takes:
            instead = "assign a sorted list: items = sorted(items, ...)"
        elif isinstance(wrong, ast.keyword) and "**" in takes:
            instead = f"give it a dict: {method}({{...}})"
        frame.refuse(
            codes.EXPRESSION_NOT_YET,
            wrong,
            f"'{frame.written(wrong)}' of a method that changes its object is not supported yet",
            instead,
        )
        return True
    return False


def has_fixed_type(frame: Frame, owner: ir.Expr) -> bool:
    """Whether what a list or dict holds is promised: by the annotation of its variable, or because
    it is a part of another value. A variable without annotation takes the types of its values."""
    if not isinstance(owner, ir.Name):
        return True
    variable = frame.lookup(owner.id)
    return variable is not None and variable.declared is not None


def _fitting(
    frame: Frame, receiver: ir.Expr, method: str, args: tuple[ir.Expr, ...]
) -> tuple[ir.Expr, ...]:
    """The arguments of a method that adds them to a container, read as what it promises to hold."""
    if not args or not has_fixed_type(frame, receiver):
        return args
    what = f"what '.{method}()' adds"
    kept = _kept(frame, receiver, method, args)
    fitting: list[ir.Expr] = []
    for arg in args:
        expected = _held(receiver.type)
        if kept.get(id(arg)) == "parts":
            same = isinstance(receiver.type, t.ListType) and isinstance(arg, ir.ListDisplay)
            expected = receiver.type if same or isinstance(receiver.type, t.DictType) else None
        if id(arg) in kept and expected is not None:
            arg = check_fits(frame, arg, expected, what)
        fitting.append(arg)
    if kept and isinstance(receiver.type, t.DictType) and "held" in kept.values():
        check_fits(frame, args[0], t.STR, "a key of JSON data")
    return tuple(fitting)


def _kept(
    frame: Frame, receiver: ir.Expr, method: str, args: tuple[ir.Expr, ...]
) -> dict[int, Share]:
    """How an object keeps the arguments of a method, by their ``id``."""
    rows = METHODS.get(kind_of(frame.module, receiver.type), {}).get(method, ())
    found = bind(rows, args, (), receiver)
    if not isinstance(found, Operands):
        return {}
    return {id(one): share for one, share in found.named_in(shares(found.row.result.keeps or ""))}


def _held(container: t.Type) -> t.Type | None:
    """The type of what a list, set or dict holds."""
    # partial: nothing else grows
    match container:
        case t.ListType(inner) | t.SetType(inner) | t.DictType(inner):
            return inner
    return None


def _grow(
    frame: Frame,
    root: str,
    path: Path,
    method: str,
    receiver: ir.Expr,
    args: tuple[ir.Expr, ...],
) -> None:
    """A list, set or dict without annotation takes the types of what is put into it."""
    frame.forget_paths(root)
    if path:
        return
    kept = _kept(frame, receiver, method, args)
    for arg in args:
        # partial: the parts of a dict keep their own keys
        match kept.get(id(arg)), receiver.type:
            case "held", _:
                widen_container(frame, root, arg.type)
            case "parts", t.ListType() | t.SetType():
                widen_container(frame, root, kinds.elements(frame.module, arg.type))


def widen_container(frame: Frame, name: str, added: t.Type) -> None:
    """A variable's container holds values of another type from here on, unless it is declared."""
    variable = frame.layer.get(name)
    if variable is None or variable.declared is not None:
        return
    added = t.widen(added)
    # partial: other values do not grow
    match variable.type:
        case t.ListType(element=element):
            grown: t.ListType | t.SetType | t.DictType = t.ListType(t.union(element, added))
        case t.SetType(element=element):
            grown = t.SetType(t.union(element, added))
        case t.DictType(value=value):
            grown = t.DictType(t.union(value, added))
        case _:
            return
    if grown == variable.type:
        return
    frame.layer.set(name, Variable(grown, variable.bound))
    for scope in frame.tries:
        scope.assigned[name] = grown
