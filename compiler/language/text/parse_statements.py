"""Reads statements of the IR's text form out of the parser's tree."""

from __future__ import annotations

from typing import Any, cast

from wfc.compiler.data.struct import MutableStruct, field, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.text.expressions import Scope
from wfc.compiler.language.text.parse_expressions import ExpressionReader
from wfc.compiler.language.text.parse_types import Branch, misplaced, name_of, text_of, trees
from wfc.compiler.language.text.printer import mutation_type


class BlockReader(MutableStruct):
    """Reads the statements of one function, in the order of the text, which binds its names."""

    scope: Scope
    steps: dict[str, ir.Step]
    workflows: dict[str, ir.Workflow]
    temporaries: set[str] = field(factory=set)
    expressions: ExpressionReader = field(init=False)

    def __post_init__(self) -> None:
        self.expressions = ExpressionReader(self.scope)

    def block(self, branch: Any) -> ir.Block:
        return tuple(self.statement(one) for one in trees(branch)) if branch is not None else ()

    def statement(self, branch: Any) -> ir.Statement:
        if not hasattr(branch, "data"):
            words: dict[str, ir.Statement] = {
                "break": ir.Break(),
                "continue": ir.Continue(),
                "pass": ir.Pass(),
            }
            return words[str(branch)]
        match branch.data:
            case "assign" | "augmented" | "unpack" | "store" | "delete" | "mutate":
                return self.change(branch)
            case "operation":
                (started,) = trees(branch)
                return self.started(started, None)
            case "sleep":
                seconds, *text, site = trees(branch)
                said = text_of(text[0]) if text else ""
                return ir.Sleep(_site(site), self.read(seconds), said)
            case "if":
                return self.conditional(branch)
            case "while":
                prelude, test, body, orelse = branch.children
                first = self.block(prelude)
                condition = self.read(test)
                inside = self.block(body)
                return ir.While(condition, inside, self.block(orelse), first)
            case "for":
                target, iterable, body, orelse = branch.children
                source = self.read(iterable)
                bound = self.expressions.target(target, source)
                inside = self.block(body)
                return ir.For(bound, source, inside, self.block(orelse))
            case "try":
                return self.attempt(branch)
            case "raise":
                return self.raising(branch)
            case "return":
                found = trees(branch)
                if not found:
                    return ir.Return(ir.Constant(None, type=t.NONE), bare=True)
                return ir.Return(self.read(found[0]))
        raise misplaced("a statement is expected here", branch)

    def read(self, branch: Branch) -> ir.Expr:
        return self.expressions.read(branch)

    def bind(self, branch: Branch) -> tuple[str, t.Type]:
        """A variable and its type: the one written, or the one that it has had before."""
        name, type_ = self.expressions.binding(branch)
        found = type_ if type_ is not None else self.scope.variables.get(name, t.ANY)
        self.scope.bind(name, found)
        return name, found

    # --- Changes ---

    def change(self, branch: Branch) -> ir.Statement:
        match branch.data:
            case "assign":
                return self.assign(branch)
            case "augmented":
                binding, change, value = trees(branch)
                source = self.read(value)
                name, type_ = self.bind(binding)
                return ir.AugmentedAssign(name, cast(Any, str(change)[:-1]), source, type_)
            case "unpack":
                bindings, value = trees(branch)
                source = self.read(value)
                found = [self.bind(one) for one in trees(bindings)]
                names, types = tuple(one for one, _ in found), tuple(one for _, one in found)
                return ir.Unpack(names, source, types)
            case "store":
                name, path, *change, value = trees(branch)
                operator = str(change[0])[:-1] if change else None
                keys = self.path(path)
                return ir.Store(name_of(name), keys, self.read(value), cast(Any, operator))
            case "delete":
                name, path = trees(branch)
                return ir.Delete(name_of(name), self.path(path))
        mutation, *written = trees(branch)
        mutate = self.mutation(mutation)
        return replace(mutate, type=self.expressions.type(written[0])) if written else mutate

    def assign(self, branch: Branch) -> ir.Statement:
        let, binding, annotated, value = cast("list[Any]", branch.children)
        if let is not None:
            self.temporaries.add(self.expressions.binding(binding)[0])
        if value.data == "mutation":
            mutate = self.mutation(value)
            name, type_ = self.bind(binding)
            return replace(mutate, target=name, type=type_)
        if value.data == "started":
            return self.started(value, binding)
        source = self.read(value)
        name, type_ = self.bind(binding)
        annotation = text_of(annotated.children[0]) if annotated is not None else ""
        return ir.Assign(name, source, type_, annotation)

    def path(self, branch: Branch) -> tuple[ir.FieldKey | ir.Expr, ...]:
        return tuple(
            ir.FieldKey(name_of(one.children[0]))
            if one.data == "field_key"
            else self.read(one.children[0])
            for one in trees(branch)
        )

    def mutation(self, branch: Branch) -> ir.Mutate:
        name, path, arguments = trees(branch)
        *keys, method = self.path(path)
        if not isinstance(method, ir.FieldKey):
            raise misplaced("a method is expected here", branch)
        args = tuple(self.read(one) for one in trees(arguments))
        mutate = ir.Mutate(name_of(name), tuple(keys), method.name, args)
        return replace(mutate, type=mutation_type(self.scope, mutate))

    # --- Operations ---

    def started(self, branch: Branch, binding: Branch | None) -> ir.Statement:
        word, called, arguments, written, site = cast("list[Any]", branch.children)
        name = name_of(called)
        is_step = word.type == "STEP"
        definition: ir.Step | ir.Workflow | None = (self.steps if is_step else self.workflows).get(
            name
        )
        parameters = definition.parameters if definition else ()
        args = self.expressions.arguments(parameters, arguments)
        target = None
        type_: t.Type = definition.returns if definition else t.ANY
        if written is not None:
            type_ = self.expressions.type(written)
        if binding is not None:
            target, type_ = self.bind(binding)
        if is_step:
            return ir.StepCall(_site(site), name, args, target, type_)
        return ir.WorkflowCall(_site(site), name, args, target, type_)

    # --- Branches, errors ---

    def conditional(self, branch: Branch) -> ir.Statement:
        test, then, *others, orelse = cast("list[Any]", branch.children)
        arms = [(self.read(test), self.block(then))]
        for one in others:
            condition, block = one.children
            arms.append((self.read(condition), self.block(block)))
        rest = self.block(orelse)
        for condition, inside in reversed(arms):
            rest = (ir.If(condition, inside, rest),)
        return rest[0]

    def attempt(self, branch: Branch) -> ir.Statement:
        body, *others = trees(branch)
        inside = self.block(body)
        handlers = tuple(self.handler(one) for one in others if one.data == "handler")
        ends = {one.data: self.block(one.children[0]) for one in others if one.data != "handler"}
        return ir.Try(inside, handlers, ends.get("else", ()), ends.get("finally", ()))

    def handler(self, branch: Branch) -> ir.Handler:
        names, bound, body = cast("list[Any]", branch.children)
        name = None if bound is None else name_of(bound)
        if name is not None:
            self.scope.bind(name, t.ErrorType("Exception"))
        return ir.Handler(tuple(map(name_of, names.children)), name, self.block(body))

    def raising(self, branch: Branch) -> ir.Statement:
        name, message, cause = cast("list[Any]", branch.children)
        error = None if name is None else name_of(name)
        again = None
        if error is not None and isinstance(self.scope.variables.get(error), t.ErrorType):
            error, again = None, error
        text = None if message is None else self.read(message)
        suppress = cause is not None and cause.type == "NONE"
        source = None if cause is None or suppress else name_of(cause)
        return ir.Raise(error, text, again, source, suppress)


def _site(branch: Branch) -> str:
    (token,) = cast("list[Any]", branch.children)
    return text_of(token) if token.type == "STRING" else str(token)[1:]
