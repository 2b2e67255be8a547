"""Expressions at random, and the syntax trees that their text has to have."""

from __future__ import annotations

import ast
from collections.abc import Callable
from random import Random
from typing import Any, assert_never

from wfc.compiler.language import nodes as ir

NAMES = ("x", "total", "a_rather_long_variable", "another_variable_that_is_long")
BINARY: tuple[ir.BinaryOperator, ...] = (
    *("+", "-", "*", "/", "//", "%"),
    *("**", "|", "&", "^", "<<", ">>"),
)
COMPARISONS: tuple[ir.ComparisonOperator, ...] = (
    *("==", "!=", "<", "<=", ">", ">="),
    *("in", "not in", "is", "is not"),
)
VALUES = (0, -1, 7, 2.5, -0.5, True, None, "", "text", "it's", 'say "hi"', "line\nbreak", "{x}")


class Expressions:
    """Makes expressions of every class, nested at most ``depth`` deep."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def any(self, depth: int) -> ir.Expr:
        if depth <= 0:
            return self.random.choice((self.constant, self.name))()
        makers: tuple[Callable[[int], ir.Expr], ...] = (
            self.chain,
            self.access,
            self.display,
            self.call,
            self.comprehension,
            self.other,
        )
        return self.random.choice(makers)(depth - 1)

    def some(self, depth: int, least: int = 0, most: int = 4) -> tuple[ir.Expr, ...]:
        return tuple(self.any(depth) for _ in range(self.random.randint(least, most)))

    def constant(self) -> ir.Expr:
        return ir.Constant(self.random.choice(VALUES))

    def name(self) -> ir.Expr:
        chosen = self.random.choice(NAMES)
        return self.random.choice((ir.Name, ir.GlobalName))(chosen)

    def chain(self, depth: int) -> ir.Expr:
        match self.random.randrange(5):
            case 0:
                operator = self.random.choice(BINARY)
                return ir.Binary(operator, self.any(depth), self.any(depth))
            case 1:
                rest = tuple(
                    (self.random.choice(COMPARISONS), one) for one in self.some(depth, 1, 3)
                )
                return ir.Compare(self.any(depth), rest)
            case 2:
                word = self.random.choice(("and", "or"))
                return ir.Boolean(word, self.some(depth, 2, 4))
            case 3:
                return ir.Conditional(self.any(depth), self.any(depth), self.any(depth))
        sign = self.random.choice(("-", "+", "~", "not"))
        return ir.Unary(sign, self.any(depth))

    def access(self, depth: int) -> ir.Expr:
        value = self.any(depth)
        match self.random.randrange(3):
            case 0:
                return ir.Attribute(value, "field_of_a_record")
            case 1:
                return ir.Subscript(value, self.any(depth))
        lower, upper, step = (
            self.any(depth) if self.random.random() < 0.6 else None for _ in "123"
        )
        return ir.Slice(value, lower, upper, step)

    def display(self, depth: int) -> ir.Expr:
        items = tuple(
            ir.Starred(one) if self.random.random() < 0.2 else one for one in self.some(depth)
        )
        match self.random.randrange(4):
            case 0:
                return ir.ListDisplay(items)
            case 1:
                return ir.TupleDisplay(items)
            case 2:
                return ir.SetDisplay(items or (self.any(depth),))
        keys = [self.any(depth) if self.random.random() < 0.8 else None for _ in items]
        values = [one.value if isinstance(one, ir.Starred) else one for one in items]
        return ir.DictDisplay(tuple(zip(keys, values, strict=True)))

    def call(self, depth: int) -> ir.Expr:
        args = self.some(depth)
        keywords = tuple(
            (f"option_{index}", one) for index, one in enumerate(self.some(depth, 0, 2))
        )
        match self.random.randrange(4):
            case 0:
                return ir.Call(self.random.choice(("sum", "sorted", "len")), args, keywords)
            case 1:
                return ir.Method(self.any(depth), "method_of_it", args, keywords)
            case 2:
                given = [ir.Argument("p", one, positional=True) for one in args]
                given += [ir.Argument(name, one) for name, one in keywords]
                return ir.HelperCall("helper_function", tuple(given))
        fields = (*((f"f{i}", one) for i, one in enumerate(args)), *keywords)
        return ir.Construct("SomeRecord", fields, positional=len(args))

    def comprehension(self, depth: int) -> ir.Expr:
        clauses = tuple(
            ir.Clause(self.target(), self.any(depth), self.some(depth, 0, 2))
            for _ in range(self.random.randint(1, 2))
        )
        kind = self.random.choice(("list", "set", "dict", "generator", "generator"))
        key = self.any(depth) if kind == "dict" else None
        made = ir.Comprehension(kind, key, self.any(depth), clauses)
        alone = kind == "generator" and self.random.random() < 0.7
        return ir.Call("sum", (made,)) if alone else made

    def target(self) -> ir.Target:
        match self.random.randrange(3):
            case 0:
                return ir.Target(("item",), (), unpack=True)
            case 1:
                return ir.Target(("key", "item"), (), unpack=True)
        return ir.Target(("item",), ())

    def other(self, depth: int) -> ir.Expr:
        match self.random.randrange(4):
            case 0:
                parameters = self.random.choice(((), ("item",), ("item", "other")))
                return ir.Lambda(parameters, self.any(depth))
            case 1:
                return ir.EnumMember("Colour", "BRIGHT_RED")
            case 2:
                return self.random.choice((ir.ErrorMessage, ir.ErrorName))("error")
        parts: list[str | ir.Formatted] = ["it's {", self.random.choice(VALUES[-6:])]
        for one in self.some(depth, 1, 2):
            parts.insert(self.random.randrange(len(parts)), ir.Formatted(one))
        return ir.FString(tuple(parts))


def parsed(text: str) -> Any:
    return ast.parse(text, mode="eval").body


def tree(node: ir.Expr | ir.Starred) -> ast.expr:
    """The syntax tree of an expression in Python. An f-string has no one form: it stands here as
    the call of a function that takes its values, as in ``comparable``."""
    match node:
        case ir.Starred(value=value):
            return ast.Starred(tree(value), ast.Load())
        case ir.Constant(value=value):
            negative = isinstance(value, int | float) and value < 0
            return (
                ast.UnaryOp(ast.USub(), ast.Constant(-value)) if negative else ast.Constant(value)
            )
        case ir.Name(id=name) | ir.GlobalName(id=name):
            return ast.Name(name, ast.Load())
        case ir.EnumMember(enum=enum, member=member):
            return ast.Attribute(ast.Name(enum, ast.Load()), member, ast.Load())
        case ir.Attribute(value=value, name=name):
            return ast.Attribute(tree(value), name, ast.Load())
        case ir.Subscript(value=value, index=index):
            return ast.Subscript(tree(value), tree(index), ast.Load())
        case ir.Slice(value=value, lower=lower, upper=upper, step=step):
            bounds = [one and tree(one) for one in (lower, upper, step)]
            return ast.Subscript(tree(value), ast.Slice(*bounds), ast.Load())
        case ir.Unary(operator=operator, operand=operand):
            return ast.UnaryOp(parsed(f"{operator} x").op, tree(operand))
        case ir.Binary(operator=operator, left=left, right=right):
            return ast.BinOp(tree(left), parsed(f"x {operator} y").op, tree(right))
        case ir.Compare(left=left, rest=rest):
            operators = [parsed(f"x {operator} y").ops[0] for operator, _ in rest]
            return ast.Compare(tree(left), operators, [tree(one) for _, one in rest])
        case ir.Boolean(operator=operator, operands=operands):
            return ast.BoolOp(parsed(f"x {operator} y").op, list(map(tree, operands)))
        case ir.Conditional(test=test, then=then, orelse=orelse):
            return ast.IfExp(tree(test), tree(then), tree(orelse))
        case ir.FString(parts=parts):
            values = [part.value for part in parts if isinstance(part, ir.Formatted)]
            # A string shows the message of an error without a call.
            return called("text", [_shown(value) for value in values])
        case ir.ListDisplay(items=items):
            return ast.List(list(map(tree, items)), ast.Load())
        case ir.TupleDisplay(items=items):
            return ast.Tuple(list(map(tree, items)), ast.Load())
        case ir.SetDisplay(items=items):
            return ast.Set(list(map(tree, items)))
        case ir.DictDisplay(entries=entries):
            keys = [key and tree(key) for key, _ in entries]
            return ast.Dict(keys, [tree(value) for _, value in entries])
        case ir.Lambda(parameters=names, body=body):
            return ast.Lambda(
                ast.arguments([], [ast.arg(n) for n in names], None, [], [], None, []), tree(body)
            )
        case ir.Call(function=function, args=args, keywords=keywords):
            return called(function, args, keywords)
        case ir.Method(value=value, name=name, args=args, keywords=keywords):
            call = called("", args, keywords)
            call.func = ast.Attribute(tree(value), name, ast.Load())
            return call
        case ir.HelperCall(helper=helper, args=bound):
            plain = [one.value for one in bound if one.positional]
            return called(helper, plain, [(o.name, o.value) for o in bound if not o.positional])
        case ir.Construct(record=record, fields=fields, positional=count):
            return called(record, [value for _, value in fields[:count]], fields[count:])
        case ir.Comprehension():
            return comprehension(node)
        case ir.ErrorMessage(name=name):
            return called("str", [ir.Name(name)])
        case ir.ErrorName(name=name):
            return ast.Attribute(called("type", [ir.Name(name)]), "__name__", ast.Load())
        case _:
            assert_never(node)


def _shown(value: ir.Expr) -> ir.Expr:
    return ir.Name(value.name) if isinstance(value, ir.ErrorMessage) else value


def called(name: str, args: tuple[ir.Expr, ...] | list[ir.Expr], keywords: object = ()) -> ast.Call:
    named = [ast.keyword(key, tree(value)) for key, value in keywords]
    return ast.Call(ast.Name(name, ast.Load()), list(map(tree, args)), named)


def comprehension(node: ir.Comprehension) -> ast.expr:
    clauses = [
        ast.comprehension(target(c.target), tree(c.iterable), list(map(tree, c.conditions)), 0)
        for c in node.clauses
    ]
    if node.key is not None:
        return ast.DictComp(tree(node.key), tree(node.element), clauses)
    kinds = {"list": ast.ListComp, "set": ast.SetComp, "generator": ast.GeneratorExp}
    return kinds[node.kind](tree(node.element), clauses)


def target(node: ir.Target) -> ast.expr:
    names: list[ast.expr] = [ast.Name(name, ast.Store()) for name in node.names]
    return ast.Tuple(names, ast.Store()) if node.unpack else names[0]


class Comparable(ast.NodeTransformer):
    """A parsed tree with its f-strings, and the ``str.format`` that stands for some, as ``tree``
    writes them."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        values = [self.visit(p.value) for p in node.values if isinstance(p, ast.FormattedValue)]
        return ast.Call(ast.Name("text", ast.Load()), values, [])

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node.func:
            case ast.Attribute(value=ast.Constant(value=str()), attr="format"):
                return ast.Call(ast.Name("text", ast.Load()), node.args, [])
        return node


def comparable(text: str) -> str:
    """What the text of an expression means, to compare with ``ast.dump(tree(...))``."""
    module = Comparable().visit(ast.parse(text))
    (statement,) = module.body
    return ast.dump(statement.value)
