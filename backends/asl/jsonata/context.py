"""What the translation of one expression knows, and how it says that something does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal, NoReturn, TypeAlias

from wfc.backends.asl.jsonata import codes
from wfc.backends.asl.jsonata.fragment import SPLIT_DEPTH, Fragment, bound, combine
from wfc.backends.asl.jsonata.kinds import Kinds
from wfc.backends.asl.jsonata.prelude import PRELUDE, raises
from wfc.compiler.data.struct import replace
from wfc.compiler.diagnostics.model import Code
from wfc.compiler.language import nodes as ir

if TYPE_CHECKING:
    from wfc.backends.asl.jsonata.extras import Extended
    from wfc.backends.asl.jsonata.helpers import Function


class Unfit(Exception):
    """An expression has no exact form; the pieces of a diagnostic."""

    def __init__(self, code: Code, node: ir.Node, message: str, instead: str) -> None:
        super().__init__(message)
        self.code = code
        self.node = node
        self.message = message
        self.instead = instead


Outer: TypeAlias = "Callable[[Context, str], Fragment]"
ErrorPart: TypeAlias = "Callable[[Context, str, Literal['type', 'message']], Fragment]"

_ROOT: Final = re.compile(r"\$[^\s.\[(]+")


class Context:
    """Translates one expression: variables to code, fresh names for temporaries.

    Args:
        kinds: the module's types.
        constants: the module's constants by name.
        outer: what a variable is that no comprehension or helper binds.
        error_part: the name or message of a caught error.
        translate: the translation of one expression.
        helper_call: the JSONata function of a helper, and its arguments in order.
        parameter: the JSONata name for a variable of the source.
        describe: the source text of an expression, for messages.
    """

    def __init__(
        self,
        *,
        kinds: Kinds,
        constants: Mapping[str, ir.Expr],
        outer: Outer,
        error_part: ErrorPart,
        translate: Callable[[Context, Extended], Fragment],
        helper_call: Callable[[ir.HelperCall], tuple[Function, list[ir.Expr]]],
        parameter: Callable[[str], str],
        describe: Callable[[ir.Expr], str],
    ) -> None:
        self.kinds = kinds
        self.constants = constants
        self.helper_call = helper_call
        self.parameter = parameter
        self.source_text = describe
        self._local: dict[str, Fragment] = {}
        self._outer = outer
        self._error_part = error_part
        self._translate = translate
        self._temporaries = 0
        self.lambdas = 0
        # Values that the expression uses in several places, or in a lambda, in front of all of it.
        self.hoisted: list[tuple[str, Fragment]] = []

    def value(self, expr: Extended) -> Fragment:
        """The expression as JSONata.

        Raises:
            Unfit: it has no exact form.
        """
        return self._translate(self, expr)

    def lookup(self, name: str, default: Fragment | None = None) -> Fragment:
        """What a variable holds."""
        if name in self._local:
            return self._local[name]
        if default is not None:
            return default
        return self._outer(self, name)

    def knows(self, name: str) -> bool:
        """Whether a comprehension, a lambda or a helper's body binds the name."""
        return name in self._local

    def error_part(self, name: str, part: Literal["type", "message"]) -> Fragment:
        """The class name or the message of a caught error."""
        return self._error_part(self, name, part)

    def declare(self, name: str, fragment: Fragment) -> None:
        """A variable of a helper's body, from here to the end of the scope."""
        self._local[name] = fragment

    @contextmanager
    def assigned(self, names: Mapping[str, Fragment]) -> Iterator[None]:
        """Variables of a comprehension, a lambda or a branch, in scope for a while."""
        before = self._local
        self._local = {**before, **names}
        try:
            yield
        finally:
            self._local = before

    @contextmanager
    def outside(self, outer: Outer, error_part: ErrorPart) -> Iterator[None]:
        """Translate a value that was assigned earlier, with the variables of that place."""
        before = (self._local, self._outer, self._error_part, self.lambdas)
        self._local, self._outer, self._error_part, self.lambdas = {}, outer, error_part, 0
        try:
            yield
        finally:
            self._local, self._outer, self._error_part, self.lambdas = before

    def hides(self, fragment: Fragment) -> bool:
        """Whether a local name stands for something else inside the code."""
        names = (_ROOT.match(fragment.text) or [""])[0][1:]
        return any(local.text == f"${names}" for local in self._local.values())

    @contextmanager
    def inside_lambda(self, names: Mapping[str, Fragment]) -> Iterator[None]:
        self.lambdas += 1
        try:
            with self.assigned(names):
                yield
        finally:
            self.lambdas -= 1

    def temporary(self) -> str:
        """A name that no variable of the source has."""
        self._temporaries += 1
        return f"_{self._temporaries}"

    def hoist(self, fragment: Fragment) -> Fragment:
        """The fragment in a variable in front of the whole expression."""
        name = self.temporary()
        self.hoisted += [(binding.name, binding.fragment) for binding in fragment.bindings]
        self.hoisted.append((name, replace(fragment, bindings=())))
        return Fragment(f"${name}", raises=fragment.raises)

    def bind(self, fragment: Fragment) -> Fragment:
        """The fragment in a variable of its own, unless writing it twice costs nothing."""
        return fragment if fragment.simple else bound(self.temporary(), fragment)

    def call(self, helper: str, *args: Fragment) -> Fragment:
        """A call of a function of the prelude."""
        fragment = combine(
            f"${helper}({', '.join(arg.text for arg in args)})", args, raises=raises(helper)
        )
        depth = max(fragment.depth, 1 + PRELUDE[helper].depth)
        return replace(fragment, depth=depth, needs=fragment.needs | {helper})

    def ordered(self, left: Fragment, right: Fragment) -> tuple[Fragment, Fragment]:
        """Two operands of which the left is evaluated first: bindings of the right that may fail
        must not come before it."""
        if left.raises and any(binding.fragment.raises for binding in right.bindings):
            left = bound(self.temporary(), left)
        return left, right

    def shallow(self, fragment: Fragment) -> Fragment:
        """The code, in a variable if it nests deeply."""
        return bound(self.temporary(), fragment) if fragment.depth > SPLIT_DEPTH else fragment

    def describe(self, node: ir.Expr) -> str:
        return f"'{self.source_text(node)}'"

    def refuse(self, code: Code, node: ir.Node, message: str, instead: str) -> NoReturn:
        raise Unfit(code, node, message, instead)

    def not_yet(self, node: ir.Node, what: str, instead: str) -> NoReturn:
        self.refuse(codes.NOT_YET, node, f"{what} on Step Functions is not supported yet", instead)

    def inexact(self, node: ir.Node, what: str, instead: str) -> NoReturn:
        self.refuse(codes.NOT_EXACT, node, f"{what} has no exact form in JSONata", instead)

    def unknown(self, node: ir.Expr, needed: str, why: str) -> NoReturn:
        """A type is needed that the source does not give."""
        self.refuse(
            codes.UNKNOWN_TYPE,
            node,
            f"{why}, and {self.describe(node)} is {node.type}",
            f"annotate it, or the step it comes from, as {needed}",
        )
