"""Fields of states: JSON data with JSONata where a value is computed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, assert_never

from wfc.backends.asl.jsonata import codes
from wfc.backends.asl.jsonata.constants import integer
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.displays import record_fields
from wfc.backends.asl.jsonata.expressions import is_too_large, translate, whole_value
from wfc.backends.asl.jsonata.extras import Extended
from wfc.backends.asl.jsonata.fragment import ATOM, Fragment, block, call, field, literal, record
from wfc.backends.asl.jsonata.kinds import Kinds
from wfc.backends.asl.jsonata.operators import truth
from wfc.backends.asl.jsonata.prelude import PRELUDE, with_dependencies
from wfc.backends.asl.jsonata.text import text_of
from wfc.backends.asl.machine.names import VariableNames
from wfc.backends.asl.machine.scope import (
    AssignedError,
    ErrorValue,
    Pending,
    Scope,
    Value,
    occurrences,
)
from wfc.compiler.language import nodes as ir

if TYPE_CHECKING:
    from wfc.backends.asl.jsonata.helpers import Helpers

Json: TypeAlias = Any

# Step Functions stops at about 100 nested evaluations.
DEEPEST: Final = 80


class Formulas:
    """Translates the expressions of one workflow; raises :class:`Unfit` for one that has no exact
    form. ``reads`` are the parts of errors in variables that the translated expressions read."""

    def __init__(self, module: ir.Module, names: VariableNames) -> None:
        self.module = module
        self.names = names
        self.kinds = Kinds(module)
        self.reads: defaultdict[str, set[str]] = defaultdict(set)
        self._constants = {c.name: c.value for c in module.constants}

    @cached_property
    def _helpers(self) -> Helpers:
        """The module's helper functions; few workflows call one."""
        from wfc.backends.asl.jsonata.helpers import Helpers

        return Helpers(self.module.helpers, lambda: self._context({}, Counter()), self.names.new)

    # Expressions

    def fragment(self, expr: Extended, scope: Scope, *, whole: bool = False) -> Fragment:
        """The expression as JSONata, complete but for the prelude.

        Raises:
            Unfit: it has no exact form.
        """
        expr, values = _resolved(expr, scope.values)
        c = self._context(values, _uses(expr, values))
        return self._finished(c, expr, (whole_value if whole else translate)(c, expr))

    def _finished(self, c: Context, expr: Extended, fragment: Fragment) -> Fragment:
        bindings = [*c.hoisted, *((b.name, b.fragment) for b in fragment.bindings)]
        fragment = block(bindings, fragment) if bindings else fragment
        if fragment.depth + 1 > DEEPEST:
            c.refuse(
                codes.TOO_DEEP,
                expr,
                f"this expression nests {fragment.depth} evaluations deep, and Step Functions stops"
                " near 100",
                "assign a part of it to a variable first",
            )
        return fragment

    def expression(self, fragment: Fragment) -> str:
        """``{% fragment %}``, with the functions that it needs in front."""
        definitions = self._definitions(fragment.needs)
        if not definitions:
            return f"{{% {fragment.text} %}}"
        text = fragment.text
        if fragment.power == ATOM and text.startswith("( ") and text.endswith(" )"):
            text = text[2:-2]
        return f"{{% ( {'; '.join([*definitions, text])} ) %}}"

    def _definitions(self, needs: frozenset[str]) -> list[str]:
        if not needs:
            return []
        functions = self._functions(needs)
        wanted = {name for name in needs if name in PRELUDE}
        for name in functions:
            wanted |= {n for n in self._helpers.by_function[name].needs if n in PRELUDE}
        prelude = [f"${name} := {PRELUDE[name].body}" for name in with_dependencies(wanted)]
        own = [f"${name} := {self._helpers.by_function[name].text}" for name in functions]
        return prelude + own

    def _functions(self, needs: frozenset[str]) -> list[str]:
        """The helpers of the module, callees first."""
        found: dict[str, None] = {}

        def visit(name: str) -> None:
            for other in sorted(self._helpers.by_function[name].needs):
                if other not in PRELUDE:
                    visit(other)
            found.setdefault(name)

        for name in sorted(needs):
            if name not in PRELUDE:
                visit(name)
        return list(found)

    # Fields

    def condition(self, expr: ir.Expr, scope: Scope) -> str:
        """A Choice's condition."""
        c = self._context(scope.values, _uses(expr, scope.values))
        return self.expression(self._finished(c, expr, truth(c, expr)))

    def field(self, expr: Extended, scope: Scope) -> Json:
        """A value for Arguments, Assign or Output: plain JSON as far as it is constant."""
        expr, values = _resolved(expr, scope.values)
        inner = Scope(dict(values))
        known = integer(expr, self._constants)
        if known is not None:
            return known
        # partial: anything else is one expression
        match expr:
            case ir.Constant(value) if not is_too_large(value):
                return self._constant(value)
            case ir.Unary("-", ir.Constant(int() | float() as value)) if not isinstance(
                value, bool
            ):
                return -value
            case ir.EnumMember(enum, member):
                return self._constant(dict(self.kinds.enum(enum).members)[member])
            case ir.GlobalName(name) if name in self._constants:
                return self.field(self._constants[name], inner)
            case ir.ListDisplay(items) | ir.TupleDisplay(items):
                plain = [item for item in items if not isinstance(item, ir.Starred)]
                if len(plain) == len(items):
                    return [self.field(item, inner) for item in plain]
            case ir.DictDisplay(entries):
                keys = [key.value for key, _ in entries if isinstance(key, ir.Constant)]
                if len(set(keys)) == len(entries) and all(isinstance(key, str) for key in keys):
                    values_ = [self.field(value, inner) for _, value in entries]
                    return dict(zip(keys, values_, strict=True))
            case ir.Construct():
                c = self._context(values, Counter())
                return {name: self.field(v, inner) for name, v in record_fields(c, expr)}
        return self.expression(self.fragment(expr, inner, whole=True))

    def _constant(self, value: str | int | float | bool | None) -> Json:
        if isinstance(value, str) and ("${" in value or _looks_computed(value)):
            return self.expression(literal(value))
        return value

    def assigned(self, name: str, value: Value) -> Json | AssignedError:
        """The value of a variable for Assign."""
        match value:
            case Fragment():
                return self.expression(value)
            case Pending(expr, scope):
                return self.field(expr, Scope(dict(scope)))
            case ErrorValue(kind, message):
                return AssignedError(name, self.assigned(name, kind), self.assigned(name, message))
            case _:
                assert_never(value)

    def copied(self, name: str) -> Fragment:
        """All that a variable of the machine holds."""
        self.reads[name] |= {"type", "message"}
        return Fragment(f"${self.names(name)}")

    def cause(self, message: ir.Expr, scope: Scope, *, told: bool = False) -> Json:
        """The Cause of a Fail with this message; ``told``: in the form of a failed Lambda function,
        whose message is in a field."""
        if isinstance(message, ir.Constant) and not told:
            return self._constant(str(message.value))
        c = self._context(scope.values, _uses(message, scope.values))
        fragment = text_of(c, message)
        return self.expression(self._finished(c, message, _told(fragment) if told else fragment))

    def error_field(
        self, name: str, part: Literal["type", "message"], scope: Scope, *, told: bool = False
    ) -> Json:
        c = self._context(scope.values, Counter())
        fragment = c.error_part(name, part)
        return self.expression(
            self._finished(c, ir.Name(name), _told(fragment) if told else fragment)
        )

    # Variables

    def _context(self, values: Mapping[str, Value], uses: Counter[int]) -> Context:
        outer = _Variables(values, uses, self.names, self.reads)
        return Context(
            kinds=self.kinds,
            constants=self._constants,
            outer=outer.lookup,
            error_part=outer.error_part,
            translate=translate,
            helper_call=lambda call: self._helpers.call(call),
            parameter=self.names,
            describe=source_text,
        )


def _told(message: Fragment) -> Fragment:
    return call("string", record([(literal("errorMessage"), message)]))


class _Variables:
    """The variables outside of any comprehension."""

    def __init__(
        self,
        values: Mapping[str, Value],
        uses: Counter[int],
        names: VariableNames,
        reads: defaultdict[str, set[str]],
    ) -> None:
        self.values = values
        self.uses = uses
        self.names = names
        self.reads = reads
        self.resolved: dict[int, Fragment] = {}

    def lookup(self, c: Context, name: str) -> Fragment:
        value = self.values.get(name)
        if value is None:
            return Fragment(f"${self.names(name)}")
        if isinstance(value, ErrorValue):
            raise AssertionError(f"an error is no value: {name}")
        return self._written(c, value)

    def error_part(self, c: Context, name: str, part: Literal["type", "message"]) -> Fragment:
        value = self.values.get(name)
        if value is None:
            self.reads[name].add(part)
            return field(Fragment(f"${self.names(name)}"), part)
        if isinstance(value, ErrorValue):
            found = value.name if part == "type" else value.message
            return self._written(c, found)
        return field(self._written(c, value), part)

    def _written(self, c: Context, value: Fragment | Pending) -> Fragment:
        """The value where it is used: in place, or hoisted when it is used more than once, when a
        local name would hide what it means, or when it has to be evaluated in any case."""
        if id(value) in self.resolved:
            return self.resolved[id(value)]
        fragment = value if isinstance(value, Fragment) else self._computed(c, value)
        if fragment.simple and not (c.lambdas and c.hides(fragment)):
            return fragment
        if self.uses[id(value)] <= 1 and not c.lambdas and not fragment.raises:
            return fragment
        fragment = c.hoist(fragment)
        self.resolved[id(value)] = fragment
        return fragment

    def _computed(self, c: Context, value: Pending) -> Fragment:
        inner = _Variables(value.scope, self.uses, self.names, self.reads)
        inner.resolved = self.resolved
        with c.outside(inner.lookup, inner.error_part):
            return translate(c, value.expr)


def _looks_computed(text: str) -> bool:
    return text.startswith("{%") or text.endswith("%}")


def _resolved(expr: Extended, values: Mapping[str, Value]) -> tuple[Extended, Mapping[str, Value]]:
    """The expression itself in place of a variable that waits to hold it."""
    while isinstance(expr, ir.Name):
        value = values.get(expr.id)
        if not isinstance(value, Pending):
            break
        expr, values = value.expr, value.scope
    return expr, values


def _uses(expr: Extended, values: Mapping[str, Value]) -> Counter[int]:
    """How often each waiting value is written in the expression, values in values included."""
    found: Counter[int] = Counter()
    pending: list[tuple[Extended, Mapping[str, Value]]] = [(expr, values)]
    while pending:
        current, scope = pending.pop()
        for name in occurrences(current):
            for value in _parts(scope.get(name)):
                found[id(value)] += 1
                if found[id(value)] == 1 and isinstance(value, Pending):
                    pending.append((value.expr, value.scope))
    return found


def _parts(value: Value | None) -> Sequence[Fragment | Pending]:
    if value is None:
        return ()
    return (value.name, value.message) if isinstance(value, ErrorValue) else (value,)


def source_text(expr: ir.Expr) -> str:
    """The expression as Python, on one line; the printer is imported only for a message."""
    from wfc.backends.asl.machine.wording import python_text

    return python_text(expr)
