"""From the text of a file to the module that it defines."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Final, TypeGuard, assert_never

from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.span import Span
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.limits import Limits
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.walk import statements
from wfc.compiler.source import codes
from wfc.compiler.source.annotations import Annotations
from wfc.compiler.source.carried import check_carried_code
from wfc.compiler.source.classes import ClassReader, classify, definition_source
from wfc.compiler.source.constants import frozen_items
from wfc.compiler.source.functions import FunctionReader
from wfc.compiler.source.names import FunctionNode, ModuleScope
from wfc.compiler.source.policies import is_retry, kind_of, read_retry
from wfc.compiler.source.problems import Problems
from wfc.compiler.source.signatures import SignatureReader
from wfc.compiler.source.sites import cleaned

_TYPE_ALIASES: Final = {"typing.TypeAlias", "typing_extensions.TypeAlias"}


class ModuleReader:
    """Reads one module, pass by pass; see :func:`wfc.compiler.pipeline.read`."""

    def __init__(self, path: str, tree: ast.Module, problems: Problems, limits: Limits) -> None:
        self.path = path
        self.tree = tree
        self.problems = problems
        self.text = problems.text
        self.scope = ModuleScope(limits)
        self.annotations = Annotations(self.scope, problems)
        self.functions = FunctionReader(self.scope, problems, self.annotations)
        self.signatures = SignatureReader(
            self.scope, problems, self.annotations, self.functions.constant
        )
        self.functions.signatures = self.signatures
        self.classes = ClassReader(self.scope, problems, self.annotations, self.functions.constant)
        self.imports: list[ir.Import] = []
        self.support: list[ir.Support] = []
        self.workflow_nodes: list[FunctionNode] = []
        self.step_nodes: list[FunctionNode] = []
        self._once = _bound_once(tree)

    # --- Passes ---

    def check_errors(self) -> None:
        """Exception classes whose place in the hierarchy is not known, and decides something."""
        for node in self.tree.body:
            if isinstance(node, ast.If | ast.Try | ast.With):
                self._check_nested_errors(node)
        named = self._named_errors() - {"Exception", "BaseException", *self.scope.errors}
        for name, base in self.scope.foreign_errors.items():
            if named:
                written = self.text.segment(base)
                self.problems.add(
                    codes.ERROR_CLASS,
                    base,
                    f"what '{written}' derives from is not visible here, so whether "
                    f"'{min(named)}' catches '{name}' cannot be told",
                    f"derive '{name}' from a class of this module or of Python",
                )

    def _check_nested_errors(self, node: ast.stmt) -> None:
        for inner in ast.walk(node):
            if isinstance(inner, ast.ClassDef) and classify(inner, self.scope) == "error":
                self.problems.add(
                    codes.ERROR_CLASS,
                    self._head(inner),
                    f"the exception '{inner.name}' inside of a statement of the module cannot be "
                    "supported: which class the name stands for depends on the process",
                    "define it outside of the 'if' or 'try', once",
                )

    def _named_errors(self) -> set[str]:
        """The classes that handlers and retries of the module name."""
        functions = (*self.scope.workflows.values(), *self.scope.helpers.values())
        tries = (
            one
            for function in functions
            for one in statements(function.body)
            if isinstance(one, ir.Try)
        )
        found = {error for one in tries for handler in one.handlers for error in handler.errors}
        policies = [step.retry for step in self.scope.steps.values() if step.retry]
        return found.union(*(policy.errors for policy in policies))

    def read_imports(self) -> None:
        """Every import statement of the module, and what its names stand for."""
        for node in self.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)

    def read_definitions(self) -> None:
        """Classes, constants and everything else but the functions of wfc, in source order."""
        self._announce()
        for node in self.tree.body[self._after_docstring() :]:
            match node:
                case ast.Import() | ast.ImportFrom():
                    pass
                case ast.ClassDef():
                    self._class(node)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._function(node)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._assignment(node, name, None, value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    self._assignment(node, name, node.annotation, value)
                case _ if type(node).__name__ == "TypeAlias":  # Python 3.12 and later
                    self._type_alias(node)
                case _:
                    self._support(node)
        self._defer_users()

    def read_signatures(self) -> None:
        """The heads of steps and workflows."""
        for node in self.step_nodes:
            self.scope.steps[node.name] = self.signatures.step(node)
        for node in self.workflow_nodes:
            self.scope.workflows[node.name] = self.signatures.workflow(node)
        self._check_labels("step", self.scope.steps.values())
        self._check_labels("workflow", self.scope.workflows.values())

    def check_steps(self) -> None:
        """What steps take with them into generated code."""
        wfc_functions = {id(node) for node in (*self.step_nodes, *self.workflow_nodes)}
        definitions: dict[str, ast.stmt] = {}
        for node in self.tree.body:
            if not isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in wfc_functions:
                definitions |= dict.fromkeys(_names_bound(node), node)
        for name in self.scope.policies:
            definitions.pop(name, None)
        check_carried_code(self.step_nodes, definitions, self.scope, self.problems)

    def read_workflows(self) -> None:
        """The bodies of the workflows, and of the helpers they call."""
        for node in self.workflow_nodes:
            self.scope.workflows[node.name] = self.functions.workflow(node)
        self.problems.replay(self.functions.helper_problems)

    def module(self) -> ir.Module:
        """The module, with definitions in source order."""
        scope = self.scope
        for name, node in scope.functions.items():
            if name not in scope.helpers:
                self.support.append(self._support_of(node, (name,)))
        return ir.Module(
            name=PurePath(self.path).stem,
            path=self.path,
            docstring=ast.get_docstring(self.tree) or "",
            imports=tuple(self.imports),
            records=tuple(scope.records.values()),
            enums=tuple(scope.enums.values()),
            errors=tuple(scope.errors.values()),
            constants=tuple(scope.constants.values()),
            support=tuple(sorted(self.support, key=lambda one: (one.span.line, one.span.column))),
            helpers=tuple(sorted(scope.helpers.values(), key=lambda one: one.span.line)),
            steps=tuple(scope.steps.values()),
            workflows=tuple(scope.workflows.values()),
        )

    def _check_labels(self, kind: str, definitions: Iterable[ir.Step | ir.Workflow]) -> None:
        """Labels name files, functions and registrations of engines, some without letter case."""
        seen: dict[str, ir.Step | ir.Workflow] = {}
        for definition in definitions:
            other = seen.setdefault(cleaned(definition.label), definition)
            if other is not definition:
                self.problems.add(
                    codes.DUPLICATE_DEFINITION,
                    self._first_line(definition.span),
                    f"the {kind} '{definition.label}' has the same name as the one in line "
                    f"{other.span.line}, letter case and underscores apart",
                    "give one of them another name with name=",
                )

    def _first_line(self, span: Span) -> Span:
        end = len(self.text.lines[span.line - 1].rstrip()) + 1
        return Span(span.line, span.column, span.line, end)

    # --- Imports ---

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        names = list(self._imported(node))
        self.scope.imports.update(names)
        written = self.text.segment(node)
        self.imports.append(
            ir.Import(source=written, names=tuple(names), span=self.text.span(node))
        )

    def _imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                yield bound, alias.name if alias.asname else bound
            return
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                self._star_import(node, module)
            elif module != "__future__":
                dot = "" if module.endswith(".") else "."
                yield alias.asname or alias.name, f"{module}{dot}{alias.name}"

    def _star_import(self, node: ast.ImportFrom, module: str) -> None:
        self.problems.add(
            codes.STAR_IMPORT,
            node,
            f"'from {module} import *' cannot be supported: it hides which names are meant",
            "name what you import",
        )

    # --- Definitions ---

    def _after_docstring(self) -> int:
        return 0 if ast.get_docstring(self.tree) is None else 1

    def _announce(self) -> None:
        """Names that may be used before their definition: classes in annotations, functions."""
        seen: dict[str, ast.stmt] = {}
        for node in self.tree.body:
            defined = isinstance(node, _DEFINITIONS)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and self._overload(node):
                continue
            for name in _bound_names(node):
                other = seen.get(name)
                if other is not None and (defined or isinstance(other, _DEFINITIONS)):
                    self._duplicate(node, name, other)
                elif defined and name in self.scope.imports:
                    self._duplicate(node, name, None)
                seen[name] = node
            if isinstance(node, ast.ClassDef):
                self._announce_class(node)

    def _overload(self, node: ast.ClassDef | FunctionNode) -> bool:
        """Whether a function is a signature for type checkers only."""
        return any(self.scope.qualified(one) == "typing.overload" for one in node.decorator_list)

    def _announce_class(self, node: ast.ClassDef) -> None:
        kind = classify(node, self.scope)
        if kind in ("dataclass", "typeddict"):
            self.scope.records[node.name] = ir.Record(
                name=node.name,
                kind="typeddict" if kind == "typeddict" else "dataclass",
                fields=(),
            )
        elif kind == "enum":
            self.scope.enums[node.name] = ir.Enum(name=node.name, members=())
        elif kind == "error":
            self.scope.errors[node.name] = ir.ErrorClass(name=node.name, bases=("Exception",))

    def _duplicate(self, node: ast.stmt, name: str, first: ast.stmt | None) -> None:
        where = f" in line {first.lineno}" if first is not None else " by an import"
        self.problems.add(
            codes.DUPLICATE_DEFINITION,
            self._head(node),
            f"the name '{name}' is defined already{where}",
            "give one of them another name",
        )

    def _head(self, node: ast.stmt) -> Span:
        """The first line of a definition."""
        return self._first_line(self.text.span(node))

    def _class(self, node: ast.ClassDef) -> None:
        scope = self.scope
        self.functions.classes_changed()
        kind = classify(node, scope)
        mark = self.problems.mark()
        if kind == "dataclass" or kind == "typeddict":
            scope.records[node.name] = self.classes.record(node, kind)
        elif kind == "enum":
            scope.enums[node.name] = self.classes.enum(node)
        elif kind == "error":
            scope.errors[node.name] = self.classes.error(node)
        else:
            self._support(node)
        if self.problems.mark() > mark:
            self._defer(node, mark)
        elif kind == "dataclass":
            self.classes.check_order(scope.records[node.name])
        self.functions.classes_changed()

    def _defer(self, node: ast.ClassDef, mark: int) -> None:
        """A class that cannot be read is left to the steps."""
        self.scope.deferred[node.name] = self.problems.roll_back(mark)
        self.scope.records.pop(node.name, None)
        self.scope.enums.pop(node.name, None)
        self.scope.errors.pop(node.name, None)
        self._support(node)

    def _defer_users(self) -> None:
        """Records with fields of a class that cannot be read cannot be read either."""
        nodes = {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}
        waiting = list(self.scope.deferred)
        while waiting:
            name = waiting.pop()
            for record in list(self.scope.records.values()):
                if any(_mentions(field.type, name) for field in record.fields):
                    self._defer(nodes[record.name], self.problems.mark())
                    self.scope.deferred[record.name] = self.scope.deferred[name]
                    waiting.append(record.name)
        self.functions.classes_changed()

    def _function(self, node: FunctionNode) -> None:
        kind = kind_of(node, self.scope)
        if kind == "workflow":
            self.workflow_nodes.append(node)
        elif kind is not None:
            self.step_nodes.append(node)
        elif self._overload(node):
            self._support(node)
        else:
            self.scope.functions[node.name] = node

    def _assignment(
        self, node: ast.stmt, name: str, annotation: ast.expr | None, value: ast.expr
    ) -> None:
        if name in self._once and isinstance(value, ast.Name | ast.Attribute):
            self.scope.other_names[name] = value
        if annotation is not None and self.scope.qualified(annotation) in _TYPE_ALIASES:
            self.scope.aliases[name] = value
            self._support(node)
            return
        if name in self._once and is_retry(value, self.scope):
            policy = read_retry(value, self.scope, self.problems)
            self.scope.policies[name] = replace(policy, name=name)
            return
        items = frozen_items(value, self.scope)
        constant = self.functions.constant(items or value) if name in self._once else None
        if constant is None:
            if name in self._once and annotation is None and self._is_type(value):
                self.scope.aliases[name] = value
            self._support(node)
            return
        mark = self.problems.mark()
        if annotation is None or isinstance(constant.type, t.SetType):
            type_ = constant.type
        else:
            type_ = self._declared(annotation, constant)
        if self.problems.mark() > mark:
            self.problems.roll_back(mark)
            self._support(node)
            return
        if items is not None:
            self.scope.frozensets.add(name)
        self.scope.constant_nodes[name] = value
        self.scope.constants[name] = ir.ConstantDefinition(
            name=name,
            value=constant,
            type=type_,
            span=self.text.span(node),
            source=definition_source(self.text, node),
        )

    def _type_alias(self, node: ast.stmt) -> None:
        name: ast.expr = getattr(node, "name")  # noqa: B009
        value: ast.expr = getattr(node, "value")  # noqa: B009
        if isinstance(name, ast.Name):
            self.scope.aliases[name.id] = value
        self._support(node)

    def _declared(self, annotation: ast.expr, constant: ir.Expr) -> t.Type:
        if self.annotations.wrapper(annotation) == "Final" and not isinstance(
            annotation, ast.Subscript
        ):
            return constant.type
        return self.annotations.read(annotation)

    def _is_type(self, value: ast.expr) -> bool:
        """Whether an assigned expression names a type: ``Money = int``, ``Lines = list[Line]``."""
        if not isinstance(value, ast.Name | ast.Attribute | ast.Subscript | ast.BinOp):
            return False
        mark = self.problems.mark()
        self.annotations.read(value)
        fine = self.problems.mark() == mark
        self.problems.roll_back(mark)
        return fine

    def _support(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if isinstance(node, ast.If) and _runs_as_script(node.test):
            return
        support = self._support_of(node, tuple(_names_bound(node)))
        self.support.append(support)
        for name in support.names:
            self.scope.support[name] = support

    def _support_of(self, node: ast.stmt, names: tuple[str, ...]) -> ir.Support:
        return ir.Support(
            name=names[0] if names else "",
            names=names,
            span=self.text.span(node),
            source=definition_source(self.text, node),
        )


def _runs_as_script(test: ast.expr) -> bool:
    """``__name__ == "__main__"``: what follows is no part of the module when it is imported."""
    match test:
        case ast.Compare(
            left=ast.Name(id="__name__"),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value="__main__")],
        ):
            return True
    return False


def _mentions(type_: t.Type, name: str) -> bool:
    """Whether a type is made of a record or enum."""
    match type_:
        case t.RecordType(name=own) | t.EnumType(name=own):
            return own == name
        case t.ListType(element=inner) | t.DictType(value=inner):
            return _mentions(inner, name)
        case t.TupleType(items=items) | t.UnionType(members=items):
            return any(_mentions(item, name) for item in items)
        case (
            t.Scalar() | t.AnyType() | t.NeverType() | t.SetType() | t.LiteralType() | t.ErrorType()
        ):
            return False
        case _:
            assert_never(type_)


def _names_bound(node: ast.stmt) -> list[str]:
    """The module-level names that a statement binds; functions and classes are not entered."""
    names: dict[str, None] = {}
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        match current:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names[current.name] = None
                continue
            case (
                ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp()
            ):
                continue
            case ast.Name(id=name, ctx=ast.Store()):
                names[name] = None
            case ast.alias(name=name, asname=asname) if name != "*":
                names[(asname or name).partition(".")[0]] = None
        stack.extend(reversed(list(ast.iter_child_nodes(current))))
    return list(names)


def _bound_once(tree: ast.Module) -> set[str]:
    """Names that the module binds in one place, and that no function declares global."""
    counts: dict[str, int] = {}
    for node in tree.body:
        for name in _names_bound(node):
            counts[name] = counts.get(name, 0) + 1
    for part in ast.walk(tree):
        if isinstance(part, ast.Global):
            for name in part.names:
                counts[name] = counts.get(name, 0) + 2
    return {name for name, count in counts.items() if count == 1}


_DEFINITIONS: Final = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _bound_names(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of the module defines or assigns."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                yield from (one.id for one in ast.walk(target) if _is_stored(one))
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            yield name


def _is_stored(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
