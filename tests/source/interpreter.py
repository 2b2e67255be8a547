"""Runs structured IR as Python would: the tests compare it with the plain run of the source."""

from __future__ import annotations

import builtins
import datetime
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from wfc.compiler.language import nodes as n
from wfc.compiler.language.typing import hierarchy

Values = dict[str, Any]
LIBRARIES = {"math": math, "json": json, "datetime": datetime}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    operator: eval(f"lambda a, b: a {operator} b")
    for operator in ("+", "-", "*", "/", "//", "%", "**", "|", "&", "^", "<<", ">>")
}
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    operator: eval(f"lambda a, b: a {operator} b")
    for operator in ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not")
}
UNARY: dict[str, Callable[[Any], Any]] = {
    "-": lambda a: -a,
    "+": lambda a: +a,
    "~": lambda a: ~a,
    "not": lambda a: not a,
}


class Raised(Exception):
    """An error of the program, by the name of its class."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name, message)
        self.name = name
        self.message = message


class Jump(Exception):
    """``break``, ``continue`` or ``return``."""

    def __init__(self, kind: str, value: Any = None) -> None:
        self.kind = kind
        self.value = value


class Interpreter:
    """One module. ``namespace`` gives records, enums and constants; ``step`` answers steps.

    Args:
        step: called with the name of a step and its arguments; raises :class:`Raised`.
    """

    def __init__(
        self, module: n.Module, namespace: Mapping[str, Any], step: Callable[[str, Values], Any]
    ) -> None:
        self.module = module
        self.namespace = namespace
        self.step = step
        self.sites: list[str] = []

    def run(self, name: str, arguments: Values) -> Any:
        workflow = next(one for one in self.module.workflows if one.name == name)
        return self.call(workflow, arguments)

    def call(self, function: n.Workflow | n.Helper, arguments: Values) -> Any:
        variables = dict(arguments)
        for parameter in function.parameters:
            if parameter.name not in variables:
                assert parameter.default is not None
                variables[parameter.name] = self.value(parameter.default, {})
        try:
            self.block(function.body, variables)
        except Jump as jump:
            return jump.value
        return None

    # --- Statements ---

    def block(self, block: n.Block, v: Values) -> None:
        for statement in block:
            self.statement(statement, v)

    def statement(self, s: n.Statement, v: Values) -> None:
        match s:
            case n.Assign():
                v[s.target] = self.value(s.value, v)
            case n.AugmentedAssign():
                before = v[s.target]
                value = self.value(s.value, v)
                if isinstance(before, list) and s.operator == "+":
                    before += value
                else:
                    v[s.target] = BINARY[s.operator](before, value)
            case n.Unpack():
                values = list(self.value(s.value, v))
                v.update(zip(s.targets, values, strict=True))
            case n.Store():
                self.store(s, v)
            case n.Delete():
                owner, key = self.place(s.name, s.path, v)
                del owner[key]
            case n.Mutate():
                owner = self.walk(v[s.name], s.path, v)
                arguments = [self.value(argument, v) for argument in s.args]
                result = self.guard(lambda: getattr(owner, s.method)(*arguments))
                if s.target is not None:
                    v[s.target] = result
            case n.StepCall():
                self.sites.append(s.site)
                result = self.step(s.step, {a.name: self.value(a.value, v) for a in s.args})
                if s.target is not None:
                    v[s.target] = result
            case n.WorkflowCall():
                self.sites.append(s.site)
                given = {a.name: self.value(a.value, v) for a in s.args}
                result = self.run(s.workflow, given)
                if s.target is not None:
                    v[s.target] = result
            case n.Sleep():
                self.sites.append(s.site)
                self.value(s.seconds, v)
            case n.If():
                self.block(s.then if self.value(s.test, v) else s.orelse, v)
            case n.While() | n.For():
                self.loop(s, v)
            case n.Break():
                raise Jump("break")
            case n.Continue():
                raise Jump("continue")
            case n.Return():
                raise Jump("return", self.value(s.value, v))
            case n.Raise():
                self.throw(s, v)
            case n.Try():
                self.attempt(s, v)
            case n.Pass():
                pass

    def loop(self, s: n.While | n.For, v: Values) -> None:
        rounds = iter(self.value(s.iterable, v)) if isinstance(s, n.For) else None
        while True:
            if isinstance(s, n.While):
                self.block(s.prelude, v)
                if not self.value(s.test, v):
                    break
            else:
                assert rounds is not None
                try:
                    item = next(rounds)
                except StopIteration:
                    break
                self.bind(s.target, item, v)
            try:
                self.block(s.body, v)
            except Jump as jump:
                if jump.kind == "break":
                    return
                if jump.kind == "return":
                    raise
        self.block(s.orelse, v)

    def bind(self, target: n.Target, item: Any, v: Values) -> None:
        items = list(item) if target.unpack else [item]
        v.update(zip(target.names, items, strict=True))

    def attempt(self, s: n.Try, v: Values) -> None:
        try:
            self.block(s.body, v)
        except Raised as error:
            for handler in s.handlers:
                if any(hierarchy.catches(self.module, e, error.name) for e in handler.errors):
                    self.handle(handler, error, v)
                    return
            raise
        self.block(s.orelse, v)

    def handle(self, handler: n.Handler, error: Raised, v: Values) -> None:
        outer = v.get("<active>")
        v["<active>"] = error
        if handler.name:
            v[handler.name] = error
        try:
            self.block(handler.body, v)
        finally:
            v["<active>"] = outer
            if handler.name:
                v.pop(handler.name, None)

    def throw(self, s: n.Raise, v: Values) -> None:
        if s.error is None:
            raise v[s.again] if s.again else v["<active>"]
        message = "" if s.message is None else self.value(s.message, v)
        raise Raised(s.error, repr(message) if s.error == "KeyError" else message)

    def store(self, s: n.Store, v: Values) -> None:
        value = self.value(s.value, v)
        owner, key = self.place(s.name, s.path, v)
        last = s.path[-1]
        if s.operator is not None:
            now = getattr(owner, key) if isinstance(last, n.FieldKey) else owner[key]
            value = BINARY[s.operator](now, value)
        if isinstance(last, n.FieldKey):
            setattr(owner, key, value)
        else:
            self.guard(lambda: owner.__setitem__(key, value))

    def place(self, name: str, path: tuple[n.FieldKey | n.Expr, ...], v: Values) -> Any:
        owner = self.walk(v[name], path[:-1], v)
        last = path[-1]
        return owner, last.name if isinstance(last, n.FieldKey) else self.value(last, v)

    def walk(self, owner: Any, path: tuple[n.FieldKey | n.Expr, ...], v: Values) -> Any:
        for part in path:
            if isinstance(part, n.FieldKey):
                owner = getattr(owner, part.name)
            else:
                owner = owner[self.value(part, v)]
        return owner

    # --- Expressions ---

    def guard(self, compute: Callable[[], Any]) -> Any:
        """Errors of Python become errors of the program."""
        try:
            return compute()
        except (Raised, Jump):
            raise
        except Exception as error:
            raise Raised(type(error).__name__, str(error)) from error

    def value(self, e: n.Expr, v: Values) -> Any:
        return self.guard(lambda: self.evaluate(e, v))

    def evaluate(self, e: n.Expr, v: Values) -> Any:
        match e:
            case n.Constant():
                return e.value
            case n.Name():
                return v[e.id]
            case n.GlobalName():
                return self.namespace[e.id]
            case n.EnumMember():
                return self.namespace[e.enum][e.member]
            case n.Attribute():
                return getattr(self.value(e.value, v), e.name)
            case n.Subscript():
                return self.value(e.value, v)[self.value(e.index, v)]
            case n.Slice():
                bounds = [
                    None if b is None else self.value(b, v) for b in (e.lower, e.upper, e.step)
                ]
                return self.value(e.value, v)[slice(*bounds)]
            case n.Unary():
                return UNARY[e.operator](self.value(e.operand, v))
            case n.Binary():
                return BINARY[e.operator](self.value(e.left, v), self.value(e.right, v))
            case n.Compare():
                return self.compare(e, v)
            case n.Boolean():
                for operand in e.operands:
                    result = self.value(operand, v)
                    if bool(result) == (e.operator == "or"):
                        break
                return result
            case n.Conditional():
                return self.value(e.then if self.value(e.test, v) else e.orelse, v)
            case n.FString():
                return "".join(
                    part if isinstance(part, str) else self.formatted(part, v) for part in e.parts
                )
            case n.ListDisplay():
                return self.items(e.items, v)
            case n.TupleDisplay():
                return tuple(self.items(e.items, v))
            case n.SetDisplay():
                return set(self.items(e.items, v))
            case n.DictDisplay():
                made: dict[Any, Any] = {}
                for key, item in e.entries:
                    if key is None:
                        made.update(self.value(item, v))
                    else:
                        made[self.value(key, v)] = self.value(item, v)
                return made
            case n.Lambda():
                return lambda *given: self.value(
                    e.body, {**v, **dict(zip(e.parameters, given, strict=True))}
                )
            case n.Call():
                return self.function(e.function)(
                    *(self.class_or_value(argument, v) for argument in e.args),
                    **{name: self.value(argument, v) for name, argument in e.keywords},
                )
            case n.Method():
                return getattr(self.value(e.value, v), e.name)(
                    *(self.value(argument, v) for argument in e.args),
                    **{name: self.value(argument, v) for name, argument in e.keywords},
                )
            case n.HelperCall():
                helper = next(one for one in self.module.helpers if one.name == e.helper)
                return self.call(helper, {a.name: self.value(a.value, v) for a in e.args})
            case n.Construct():
                given = {name: self.value(item, v) for name, item in e.fields}
                return self.namespace[e.record](**given)
            case n.Comprehension():
                return self.comprehension(e, v)
            case n.ErrorMessage():
                return v[e.name].message
            case n.ErrorName():
                return v[e.name].name

    def compare(self, e: n.Compare, v: Values) -> Any:
        left = self.value(e.left, v)
        result: Any = True
        for operator, operand in e.rest:
            right = self.value(operand, v)
            result = COMPARISONS[operator](left, right)
            if not result:
                return result
            left = right
        return result

    def formatted(self, part: n.Formatted, v: Values) -> str:
        value = self.value(part.value, v)
        convert = {"s": str, "r": repr, "a": ascii}.get(part.conversion)
        return format(convert(value) if convert else value, part.spec)

    def items(self, items: tuple[n.Expr | n.Starred, ...], v: Values) -> list[Any]:
        found: list[Any] = []
        for item in items:
            if isinstance(item, n.Starred):
                found.extend(self.value(item.value, v))
            else:
                found.append(self.value(item, v))
        return found

    def function(self, name: str) -> Callable[..., Any]:
        first, *rest = name.split(".")
        found: Any = LIBRARIES.get(first) if rest else getattr(builtins, first)
        for part in rest:
            found = getattr(found, part)
        result: Callable[..., Any] = found
        return result

    def class_or_value(self, e: n.Expr, v: Values) -> Any:
        if isinstance(e, n.GlobalName) and e.id not in self.namespace:
            return self.function(e.id)
        return self.value(e, v)

    def comprehension(self, e: n.Comprehension, v: Values) -> Any:
        rows: list[Values] = [dict(v)]
        for clause in e.clauses:
            grown: list[Values] = []
            for row in rows:
                for item in self.value(clause.iterable, row):
                    inner = dict(row)
                    self.bind(clause.target, item, inner)
                    if all(self.value(condition, inner) for condition in clause.conditions):
                        grown.append(inner)
            rows = grown
        if e.key is not None:
            return {self.value(e.key, row): self.value(e.element, row) for row in rows}
        values = [self.value(e.element, row) for row in rows]
        return set(values) if e.kind == "set" else values
