"""Assignments: to variables, to several at once, and to parts of a value."""

from __future__ import annotations

import ast

from wfc.compiler.language import nodes as ir
from wfc.compiler.language.inference.rules import unpacking
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import anf, codes
from wfc.compiler.source.calls import is_mutation, is_operation, read_called
from wfc.compiler.source.expected import check_fits, check_value
from wfc.compiler.source.expressions import BINARY
from wfc.compiler.source.frame import Frame
from wfc.compiler.source.mutation import (
    check_root,
    has_fixed_type,
    index_nodes,
    path_nodes,
    path_of,
    refuse_slices,
    value_at,
    widen_container,
)


def read_assign(frame: Frame, node: ast.Assign) -> None:
    """``a = b = value``: the value once, then the targets from left to right."""
    first, *others = node.targets
    if not others:
        _assign_to(frame, node, first, node.value)
        return
    if isinstance(first, ast.Name):
        _assign_to(frame, node, first, node.value)
        again: ir.Expr = frame.read(ast.copy_location(ast.Name(first.id, ast.Load()), first))
        targets = others
    else:
        again = frame.bind_temporary(node, "value", frame.read(node.value))
        frame.temporaries.discard(again.id)  # it is used more than once
        targets = node.targets
    for target in targets:
        _store(frame, node, target, again)


def _assign_to(frame: Frame, node: ast.stmt, target: ast.expr, value: ast.expr) -> None:
    if isinstance(target, ast.Name):
        _assign_name(frame, node, target.id, value)
    elif isinstance(target, ast.Attribute | ast.Subscript):
        _store_part(frame, node, target, value, None)
    else:
        _store(frame, node, target, frame.read(value))


def _assign_name(
    frame: Frame,
    node: ast.stmt,
    name: str,
    value: ast.expr,
    declared: t.Type | None = None,
    annotation: str = "",
) -> None:
    span = frame.span(node)
    if declared is None:
        declared = _declared(frame, name)
    what = f"the value of '{name}'"

    def finish(read: ir.Expr) -> None:
        if declared is not None:
            read = check_fits(frame, read, declared, what)
        else:
            check_value(frame, read, what)
        frame.remember_alias(name, read, read.type)
        type_ = frame.assign(name, read.type, declared)
        frame.emit(ir.Assign(name, read, type_, annotation, span=span))

    def operate(call: ast.expr) -> None:
        read = read_called(frame, call, awaited=False, target=name, wanted=True)
        if declared is not None:
            check_fits(frame, read, declared, what)
        if not isinstance(read, ir.Name):
            frame.assign(name, read.type, declared)

    if is_operation(frame, value) or is_mutation(value):
        if annotation and declared is not None:
            frame.declare(name, declared)
        operate(value)
        return
    anf.value_to(frame, value, finish, operate)


def _declared(frame: Frame, name: str) -> t.Type | None:
    """The type that a variable was annotated with. The one of a parameter is about what callers
    give, and an assignment may give it another."""
    known = frame.layer.get(name)
    return known.declared if known and name not in frame.parameters else None


def _store(frame: Frame, node: ast.stmt, target: ast.expr, value: ir.Expr) -> None:
    """Store a value that has been read already."""
    match target:
        case ast.Name(id=name):
            declared = _declared(frame, name)
            if declared is not None:
                value = check_fits(frame, value, declared, f"the value of '{name}'")
            else:
                check_value(frame, value, f"the value of '{name}'")
            frame.remember_alias(name, value, value.type)
            type_ = frame.assign(name, value.type)
            frame.emit(ir.Assign(name, value, type_, span=frame.span(node)))
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            _unpack(frame, node, elements, value)
        case ast.Attribute() | ast.Subscript():
            _store_value(frame, node, target, value)
        case _:
            frame.refuse(
                codes.STATEMENT_NOT_YET,
                target,
                f"the target '{frame.written(target)}' is not supported yet",
                "assign to names, fields or items",
            )


def _unpack(frame: Frame, node: ast.stmt, elements: list[ast.expr], value: ir.Expr) -> None:
    names = [element.id for element in elements if isinstance(element, ast.Name)]
    if len(names) != len(elements) or not names:
        for element in elements:
            if not isinstance(element, ast.Name):
                frame.refuse(
                    codes.STATEMENT_NOT_YET,
                    element,
                    f"'{frame.written(element)}' as a target of unpacking is not supported yet",
                    "unpack into plain names, and assign them on in statements of their own",
                )
        for part in [part for element in elements for part in ast.walk(element)]:
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                frame.assign(part.id, t.NEVER)
        return
    judgement = unpacking(frame.module, value.type, len(names))
    if judgement.problem:
        frame.problems.add(codes.TYPE_ERROR, value.span, judgement.problem)
    frame.note_errors(value, judgement.raises, [value])
    found = judgement.type
    if isinstance(found, t.TupleType) and len(found.items) == len(names):
        types = found.items
    else:
        types = (t.ANY,) * len(names)
    kept = tuple(frame.assign(name, type_) for name, type_ in zip(names, types, strict=True))
    frame.emit(ir.Unpack(tuple(names), value, kept, span=frame.span(node)))


# --- Annotated and augmented ------------------------------------------------------------------


def read_annotated(frame: Frame, node: ast.AnnAssign) -> None:
    """``name: type = value``; without a value the type is only remembered."""
    type_ = frame.annotations.read(node.annotation)
    annotation = frame.text.segment(node.annotation)
    if not isinstance(node.target, ast.Name):
        frame.refuse(
            codes.STATEMENT_NOT_YET,
            node.target,
            "an annotation of something that is no variable is not supported yet",
            "annotate the field where it is declared",
        )
        return
    if node.value is None:
        frame.declare(node.target.id, type_)
        return
    _assign_name(frame, node, node.target.id, node.value, type_, annotation)


def read_augmented(frame: Frame, node: ast.AugAssign) -> None:
    """``target op= value``."""
    if type(node.op) not in BINARY:
        frame.refuse(codes.STATEMENT_NEVER, node, "matrix multiplication cannot be supported")
        return
    operator = BINARY[type(node.op)]
    if not isinstance(node.target, ast.Name):
        assert isinstance(node.target, ast.Attribute | ast.Subscript)
        _store_part(frame, node, node.target, node.value, operator)
        return
    name = node.target.id
    if not frame.is_local(name):
        frame.read(ast.copy_location(ast.Name(name, ast.Load()), node.target))
        return
    before = frame.read(ast.copy_location(ast.Name(name, ast.Load()), node.target))
    if isinstance(before.type, t.ListType) and not check_root(
        frame, node.target, node, "extending"
    ):
        return
    value = frame.read(node.value)
    result = frame.typed(ir.Binary(operator, before, value, span=frame.span(node)), [before, value])
    type_ = frame.assign(name, result.type)
    if t.BOOL in t.members(before.type) and t.BOOL not in t.members(type_):
        # The statement says one type, which is not the one that the variable had.
        frame.emit(ir.Assign(name, result, type_, span=frame.span(node)))
        return
    frame.emit(ir.AugmentedAssign(name, operator, value, type_, span=frame.span(node)))


# --- Parts of values --------------------------------------------------------------------------


def _store_part(
    frame: Frame,
    node: ast.stmt,
    target: ast.Attribute | ast.Subscript,
    value: ast.expr,
    operator: ir.BinaryOperator | None,
) -> None:
    root, way = path_nodes(target)
    indices = index_nodes(way)
    if operator is not None and frame.effectful(value) and indices:
        frame.refuse(
            codes.OPERATION_PLACE,
            value,
            "an operation in an augmented assignment to an item is not supported yet",
            "assign its result to a variable first",
        )
        return
    if refuse_slices(frame, way):
        return
    read, *subscripts = anf.operands(frame, [value, *indices])
    _finish_store(frame, node, root, way, read, subscripts, operator)


def _store_value(
    frame: Frame, node: ast.stmt, target: ast.Attribute | ast.Subscript, value: ir.Expr
) -> None:
    root, way = path_nodes(target)
    if refuse_slices(frame, way):
        return
    subscripts = anf.operands(frame, index_nodes(way))
    _finish_store(frame, node, root, way, value, subscripts, None)


def _finish_store(
    frame: Frame,
    node: ast.stmt,
    root: ast.Name | None,
    way: list[ast.Attribute | ast.Subscript],
    value: ir.Expr,
    subscripts: list[ir.Expr],
    operator: ir.BinaryOperator | None,
) -> None:
    if not check_root(frame, root, node, "assigning to a part of") or root is None:
        return
    path = path_of(frame, way, subscripts)
    owner = value_at(frame, root, path[:-1])
    if not _storable(frame, owner, path[-1], node):
        return
    _check_key(frame, owner, path[-1])
    expected = _part_type(frame, owner, path[-1])
    what = f"the value of '{frame.written(way[-1])}'"
    if operator is None:
        value = check_fits(frame, value, expected, what)
    else:
        current = value_at(frame, root, path)
        result = ir.Binary(operator, current, value, span=frame.span(node))
        check_fits(frame, frame.typed(result, [current, value]), expected, what)
    frame.forget_paths(root.id)
    if len(path) == 1 and isinstance(owner.type, t.DictType | t.ListType):
        widen_container(frame, root.id, value.type)
    frame.emit(ir.Store(root.id, path, value, operator, span=frame.span(node)))


def _storable(frame: Frame, owner: ir.Expr, key: ir.FieldKey | ir.Expr, node: ast.stmt) -> bool:
    record = (
        frame.scope.records.get(owner.type.name) if isinstance(owner.type, t.RecordType) else None
    )
    if record is not None and record.frozen:
        frame.refuse(
            codes.TYPE_ERROR,
            node,
            f"the record '{record.name}' is frozen; its fields cannot be assigned",
            "make a new record with dataclasses.replace",
        )
        return False
    if isinstance(owner.type, t.TupleType) or owner.type == t.STR:
        frame.refuse(codes.TYPE_ERROR, node, f"an item of {owner.type} cannot be assigned")
        return False
    if isinstance(key, ir.FieldKey) and isinstance(owner.type, t.AnyType):
        frame.refuse(
            codes.TYPE_NEEDED,
            node,
            f"the type of the value is not known, so '.{key.name}' has no meaning",
            "annotate it with a record",
        )
        return False
    return True


def _check_key(frame: Frame, owner: ir.Expr, key: ir.FieldKey | ir.Expr) -> None:
    """A new item of a dict has a text as its key, one of a TypedDict the name of a field."""
    if isinstance(key, ir.FieldKey):
        return
    if isinstance(owner.type, t.DictType):
        check_fits(frame, key, t.STR, "a key of JSON data")
    elif isinstance(owner.type, t.RecordType) and not _key_text(key):
        frame.problems.add(
            codes.TYPE_ERROR,
            key.span,
            f"the key of a field of '{owner.type.name}' must be a constant text: each field has "
            "its own type",
            "write the field's name as a text, in a branch for each",
        )


def _part_type(frame: Frame, owner: ir.Expr, key: ir.FieldKey | ir.Expr) -> t.Type:
    """The type that a part must have. A new key of a dict raises nothing when it is stored."""
    # partial: what parts others have is judged as it is read
    match owner.type, key:
        case t.RecordType(name=record), _:
            name = key.name if isinstance(key, ir.FieldKey) else _key_text(key)
            field = next((f for f in frame.scope.records[record].fields if f.name == name), None)
            if field is not None:
                return field.type
        case t.ListType(), _ if not isinstance(key, ir.FieldKey):
            read = frame.typed(ir.Subscript(owner, key, span=key.span), [owner, key])
            return read.type if has_fixed_type(frame, owner) else t.ANY
        case t.DictType(value=value), _:
            return value if has_fixed_type(frame, owner) else t.ANY
    if isinstance(key, ir.FieldKey):
        return frame.typed(ir.Attribute(owner, key.name, span=key.span), [owner]).type
    return t.ANY


def _key_text(key: ir.Expr) -> str:
    return key.value if isinstance(key, ir.Constant) and isinstance(key.value, str) else ""


def read_delete(frame: Frame, node: ast.Delete) -> None:
    """``del name[key]``; a name itself cannot be deleted."""
    for target in node.targets:
        if not isinstance(target, ast.Subscript):
            frame.refuse(
                codes.STATEMENT_NEVER,
                target,
                f"'del {frame.written(target)}' cannot be supported",
                "delete items of lists and dicts only",
            )
            continue
        root, way = path_nodes(target)
        if refuse_slices(frame, way):
            continue
        subscripts = anf.operands(frame, index_nodes(way))
        if not check_root(frame, root, node, "deleting a part of") or root is None:
            continue
        path = path_of(frame, way, subscripts)
        value_at(frame, root, path)
        frame.forget_paths(root.id)
        frame.emit(ir.Delete(root.id, path, span=frame.span(node)))
