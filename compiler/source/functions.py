"""Bodies of workflows and helpers."""

from __future__ import annotations

import ast

from wfc.compiler.data.struct import MutableStruct, field, replace
from wfc.compiler.diagnostics.model import Diagnostic
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.source import codes
from wfc.compiler.source.annotations import Annotations
from wfc.compiler.source.calls import read_operation_to
from wfc.compiler.source.expressions import read_expression
from wfc.compiler.source.facts import FunctionFacts, gather_facts
from wfc.compiler.source.flow import Variable, join
from wfc.compiler.source.frame import Frame, Kind
from wfc.compiler.source.names import FunctionNode, ModuleScope
from wfc.compiler.source.problems import Problems
from wfc.compiler.source.signatures import SignatureReader
from wfc.compiler.source.sites import name_sites
from wfc.compiler.source.statements import read_block


class FunctionReader(MutableStruct, eq=False):
    """Reads function bodies of one module. Helpers are read when a workflow first calls them."""

    scope: ModuleScope
    problems: Problems
    annotations: Annotations
    signatures: SignatureReader | None = None
    helper_raises: dict[str, frozenset[str]] = field(factory=dict)
    helper_problems: list[Diagnostic] = field(factory=list)
    _module: ir.Module | None = None
    _reading: list[str] = field(factory=list)

    # --- Constants ---

    def constant(self, node: ast.expr) -> ir.Expr | None:
        """A constant expression of the module; None when it is something else."""
        mark = self.problems.mark()
        if isinstance(node, ast.Name) and node.id in self.scope.functions:
            return None
        frame = self._frame("constant", FunctionFacts(), {})
        value = frame.read(node)
        if self.problems.mark() > mark or frame.out:
            self.problems.roll_back(mark)
            return None
        return value

    # --- Helpers ---

    def helper(self, name: str, call: ast.AST) -> ir.Helper | None:
        """The helper of that name, read on its first call; None when it cannot be one."""
        if name in self.scope.helpers:
            return self.scope.helpers[name]
        node = self.scope.functions[name]
        if name in self._reading:
            cycle = [*self._reading[self._reading.index(name) :], name]
            self.problems.add(
                codes.RECURSIVE_HELPER,
                call,
                f"a helper that calls itself ({' -> '.join(cycle)}) cannot be supported",
                "write a loop",
            )
            return None
        if not self._may_be_helper(node, call):
            return None
        mark = self.problems.mark()
        self._reading.append(name)
        helper = self._read_helper(node)
        self._reading.pop()
        # A caller that is read again takes back its problems, but not those of a helper.
        self.helper_problems += self.problems.roll_back(mark)
        self.scope.helpers[name] = helper
        return helper

    def _may_be_helper(self, node: FunctionNode, call: ast.AST) -> bool:
        if isinstance(node, ast.AsyncFunctionDef):
            reason = "it is an async def"
        elif node.decorator_list:
            reason = "it has a decorator"
        else:
            return True
        self.problems.add(
            codes.CALL_OF_SUPPORT,
            call,
            f"calling '{node.name}' in a workflow cannot be supported: {reason}",
            "make it a step or a pure helper function",
        )
        return False

    def _read_helper(self, node: FunctionNode) -> ir.Helper:
        assert self.signatures is not None
        helper = self.signatures.helper(node)
        facts = gather_facts(node, self.scope)
        frame = self._frame("helper", facts, {})
        frame.returns = helper.returns
        body = self._read_body(frame, node, helper.parameters)
        self.helper_raises[node.name] = frozenset(frame.raised)
        returns = helper.returns
        if node.returns is None:
            ends = [*frame.returned, *([t.NONE] if frame.layer.live else [])]
            returns = join(ends)
        return replace(helper, body=body, returns=returns)

    # --- Workflows ---

    def workflow(self, node: FunctionNode) -> ir.Workflow:
        """A workflow with its body."""
        signature = self.scope.workflows[node.name]
        facts = gather_facts(node, self.scope)
        sites = name_sites(node, facts, self.scope, self.problems)
        frame = self._frame("workflow", facts, sites)
        frame.asynchronous = signature.asynchronous
        frame.returns = signature.returns
        body = self._read_body(frame, node, signature.parameters)
        return replace(signature, body=body, temporaries=frozenset(frame.temporaries))

    # --- Both ---

    def _frame(self, kind: Kind, facts: FunctionFacts, sites: dict[int, str]) -> Frame:
        return Frame(
            module=self.module(),
            scope=self.scope,
            problems=self.problems,
            annotations=self.annotations,
            kind=kind,
            facts=facts,
            sites=sites,
            expression=read_expression,
            operation=read_operation_to,
            helper=self.helper,
            helper_raises=self.helper_raises,
            taken=set(facts.locals),
        )

    def module(self) -> ir.Module:
        """What is known of the module so far, for the types of expressions."""
        if self._module is None:
            self._module = ir.Module(
                name="",
                records=tuple(self.scope.records.values()),
                enums=tuple(self.scope.enums.values()),
                errors=tuple(self.scope.errors.values()),
            )
        return self._module

    def classes_changed(self) -> None:
        """A class has been read."""
        self._module = None

    def _read_body(
        self, frame: Frame, node: FunctionNode, parameters: tuple[ir.Parameter, ...]
    ) -> ir.Block:
        for parameter in parameters:
            declared = parameter.type if parameter.annotation else None
            frame.layer.set(parameter.name, Variable(parameter.type, True, declared))
            frame.parameters.add(parameter.name)
        statements = node.body[1:] if ast.get_docstring(node) is not None else node.body
        mark = self.problems.mark()
        try:
            read_block(frame, statements)
        except RecursionError:
            self.problems.roll_back(mark)
            self.problems.add(
                codes.TOO_DEEP,
                node,
                f"the body of '{node.name}' is nested too deeply, which cannot be supported",
                "move inner blocks into helper functions or child workflows",
            )
            return ()
        unknown = (codes.STATEMENT_NOT_YET, codes.STATEMENT_NEVER)
        read = not any(found.code in unknown for found in self.problems.found[mark:])
        if frame.layer.live and read:
            self._check_end(frame, node)
        return tuple(frame.out)

    def _check_end(self, frame: Frame, node: FunctionNode) -> None:
        """The end of the body can be reached: the function returns None there."""
        if node.returns is None or t.optional(frame.returns):
            return
        returns = self.problems.text.segment(node.returns)
        self.problems.add(
            codes.TYPE_ERROR,
            node.returns,
            f"'{node.name}' may end without return, but its result is {returns}",
            "return a value on every way, or annotate '| None'",
        )
