"""The definitions of a file: functions with their parameters and defaults, lambdas, classes."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from wfc.compiler.checks.reading import terms
from wfc.compiler.checks.reading.expressions import Expressions
from wfc.compiler.checks.reading.facts import Class, Decorator, Function, Parameter, Variable
from wfc.compiler.checks.reading.scope import Scope, bound_names
from wfc.compiler.checks.reading.spelling import written
from wfc.compiler.checks.reading.terms import Term


class Definitions(Expressions):
    """Notes definitions. The bodies of functions wait until the module's top level is walked.
    ``owner`` is the class whose body is walked; ``prefix`` starts the names of what is defined
    inside; ``conditions`` counts the branches around."""

    owner: str
    conditions: int
    prefix: str
    walrus: bool
    waiting: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, Scope]]

    def block(self, body: Sequence[ast.stmt]) -> None:
        raise NotImplementedError

    @property
    def in_function(self) -> bool:
        return self.scope.parent is not None

    def qualify(self, name: str) -> str:
        return f"{self.prefix}{name}"

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        qualname = self.unique(self.qualify(node.name))
        found = self.declare(node, qualname)
        found.decorators = tuple(self.decorator(d) for d in node.decorator_list)
        found.annotation = self.annotation(node.returns)
        found.asynchronous = isinstance(node, ast.AsyncFunctionDef)
        if self.owner and not self.in_function:
            self.method(node.name, qualname, found)
        elif self.in_function:
            self.scope.bind(node.name, ("def", qualname))
        else:
            self.define(node, qualname)

    def define(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, name: str
    ) -> None:
        """A name of the module. What another branch of a condition defined is kept beside it."""
        before = self.facts.names.get(node.name)
        if before is not None and before != name and self.conditions:
            other = Variable(("def", before), self.place(node))
            self.facts.variables.setdefault(node.name, other)
        self.facts.names[node.name] = name

    def method(self, name: str, qualname: str, found: Function) -> None:
        """A method of the class that is being read. A property keeps its getter under its name,
        what is registered for a generic method leaves the method alone."""
        methods = self.facts.classes[self.owner].methods
        for decorator in found.decorators:
            accessor = decorator.written.rpartition(".")[2]
            if accessor in ("setter", "deleter") and name in methods:
                methods[f"{name}.{accessor}"] = qualname
                return
            if accessor == "register" and name in methods:
                return
        methods[name] = qualname
        self.scope.now[name] = ("def", qualname)

    def unique(self, qualname: str) -> str:
        """A later definition of the same name (a property's setter, an overload) gets a number."""
        name, number = qualname, 2
        while name in self.facts.functions:
            name, number = f"{qualname}#{number}", number + 1
        return name

    def declare(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, qualname: str
    ) -> Function:
        """Note a function and put its body on the list; its defaults are evaluated here."""
        owner = self.owner if not isinstance(node, ast.Lambda) else self.scope.owner or self.owner
        line, column, *_ = self.place(node)
        found = Function(qualname, (line, column, line, column), owner)
        if not self.dry:
            self.facts.functions[qualname] = found
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        found.parameters = tuple(Parameter(a.arg, self.annotation(a.annotation)) for a in every)
        start = len(self.scope.function.uses)
        defaults = self.default_arguments(arguments)
        if not self.in_function:
            found.defaults = self.scope.function.uses[start:]
        names, foreign = bound_names(node, self.walrus)
        for parameter in found.parameters:
            parameter.replaceable = parameter.name in defaults
        scope = Scope(found, self.scope, owner, names, defaults=defaults)
        for name, statement in foreign.items():
            if statement is ast.Global:
                scope.shared.add(name)
            else:  # the function around may use what this one assigns
                scope.loads[name] = {"use"}
        if not self.dry:
            self.waiting.append((node, scope))
        return found

    def default_arguments(self, arguments: ast.arguments) -> dict[str, Term]:
        """What parameters stand for when the caller leaves them out, where that may be called."""
        positional = [*arguments.posonlyargs, *arguments.args]
        given = positional[len(positional) - len(arguments.defaults) :]
        pairs = [
            *zip(given, arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        found: dict[str, Term] = {}
        for parameter, default in pairs:
            if default is None:
                continue
            term = self.visit(default)
            self.pass_on(default, term)
            if term is not None and term[0] in ("name", "attr", "def"):
                found[parameter.arg] = ("default", parameter.arg, term)
        return found

    def visit_lambda(self, node: ast.Lambda) -> Term:
        line, column, *_ = self.place(node)
        qualname = f"{self.prefix}<lambda>:{line}:{column}"
        self.declare(node, qualname)
        return ("def", qualname)

    def walk_function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> None:
        outer = self.scope, self.owner, self.prefix
        self.scope, self.owner, self.prefix = scope, "", f"{scope.function.qualname}."
        self.bind_parameters(node, scope)
        if isinstance(node, ast.Lambda):
            self.returned(self.visit(node.body))
        else:
            self.block(node.body)
        scope.mark_logged()
        scope.mark_compared()
        self.scope, self.owner, self.prefix = outer

    def bind_parameters(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope
    ) -> None:
        for parameter in scope.function.parameters:
            default = scope.defaults.get(parameter.name)
            scope.bind(parameter.name, terms.one_of([parameter.annotation, default]))
        scope.given = {parameter.name for parameter in scope.function.parameters}
        if not scope.owner or isinstance(node, ast.Lambda):
            return
        parameters = [*node.args.posonlyargs, *node.args.args]
        marks = {written(d).rpartition(".")[2] for d in node.decorator_list}
        if not parameters or "staticmethod" in marks:
            return
        kind = "class" if "classmethod" in marks or node.name == "__new__" else "self"
        receiver = parameters[0].arg
        scope.bind(receiver, (kind, scope.owner))
        scope.ever[receiver] = {(kind, scope.owner): None}

    def class_statement(self, node: ast.ClassDef) -> None:
        qualname = self.qualify(node.name)
        line, column, *_ = self.place(node)
        found = Class(qualname, (line, column, line, column))
        self.facts.classes[qualname] = found
        found.bases = tuple(self.base(base) for base in node.bases)
        found.decorators = tuple(self.decorator(d) for d in node.decorator_list)
        if self.in_function:
            self.scope.bind(node.name, ("def", qualname))
        elif not self.owner:
            self.define(node, qualname)
        else:
            self.facts.classes[self.owner].attributes[node.name] = Variable(
                ("def", qualname), found.place
            )
        outer = self.scope, self.owner, self.prefix
        body = Scope(Function(qualname, found.place), self.scope.parent, qualname)
        if self.in_function:
            body.parent = self.scope
            body.shared = bound_class_names(node)
        self.scope, self.owner, self.prefix = body, qualname, f"{qualname}."
        body.parent, held = None, body.parent
        self.block(node.body)
        body.parent = held
        uses = self.scope.function.uses
        self.scope, self.owner, self.prefix = outer
        self.scope.function.uses.extend(uses)

    def base(self, node: ast.expr) -> Term:
        self.dry += 1
        term = self.chain(node.value if isinstance(node, ast.Subscript) else node)
        self.dry -= 1
        return term

    def decorator(self, node: ast.expr) -> Decorator:
        place = self.place(node)
        if not isinstance(node, ast.Call):
            return Decorator(self.quietly(node), False, (), place, written(node))
        term = self.quietly(node.func)
        keywords = tuple((k.arg or "**", self.quietly(k.value)) for k in node.keywords)
        return Decorator(term, True, keywords, place, written(node.func))


def bound_class_names(node: ast.ClassDef) -> set[str]:
    return {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)}
