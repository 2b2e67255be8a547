"""Helper functions of the module as JSONata functions: assignments, if and return."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wfc.backends.asl.jsonata import codes
from wfc.backends.asl.jsonata.comprehensions import source
from wfc.backends.asl.jsonata.context import Context
from wfc.backends.asl.jsonata.displays import object_
from wfc.backends.asl.jsonata.extras import Extended, Unpacked, augmented
from wfc.backends.asl.jsonata.fragment import (
    Fragment,
    block,
    call,
    closed,
    conditional,
    field,
    literal,
    variable,
)
from wfc.backends.asl.jsonata.fragment import function as function_literal
from wfc.backends.asl.jsonata.operators import concatenation, truth
from wfc.compiler.data.struct import Struct, replace
from wfc.compiler.language import nodes as ir
from wfc.compiler.language import walk
from wfc.compiler.language.derive import blocks, bound


class Function(Struct):
    """A helper in JSONata. ``needs`` are the functions its body calls; ``depth`` is how deep an
    evaluation of the body nests."""

    name: str
    text: str
    depth: int
    raises: bool
    needs: frozenset[str]


class Helpers:
    """The helpers of a module, each translated when it is first called."""

    def __init__(
        self,
        helpers: Sequence[ir.Helper],
        context: Callable[[], Context],
        name_of: Callable[[str], str],
    ) -> None:
        self._helpers: Mapping[str, ir.Helper] = {helper.name: helper for helper in helpers}
        self._context = context
        self._name_of = name_of
        self._functions: dict[str, Function] = {}
        self.by_function: dict[str, Function] = {}

    def call(self, expr: ir.HelperCall) -> tuple[Function, list[ir.Expr]]:
        """The function and its arguments in the order of its parameters, defaults filled in."""
        helper = self._helpers[expr.helper]
        given = {argument.name: argument.value for argument in expr.args}
        arguments = [given.get(p.name, p.default) for p in helper.parameters]
        return self._function(helper), [value for value in arguments if value is not None]

    def _function(self, helper: ir.Helper) -> Function:
        if helper.name not in self._functions:
            c = self._context()
            names = {p.name: variable(c.parameter(p.name)) for p in helper.parameters}
            with c.inside_lambda(names):
                body = _block(c, helper, helper.body, literal(None))
            fragment = function_literal([c.parameter(p.name) for p in helper.parameters], body)
            function = Function(
                self._name_of(helper.name),
                fragment.text,
                body.depth,
                fragment.raises,
                fragment.needs,
            )
            self._functions[helper.name] = function
            self.by_function[function.name] = function
        return self._functions[helper.name]


def _block(c: Context, helper: ir.Helper, body: ir.Block, after: Fragment) -> Fragment:
    """The value of a run of statements; ``after`` is what follows when none of them returns."""
    steps: list[tuple[str, Fragment]] = []
    for position, statement in enumerate(body):
        # partial: _steps() refuses what it does not know
        match statement:
            case ir.Return(value):
                return _closed(steps, c.value(value))
            case ir.Raise(error, message) if error is not None:
                if error in c.kinds.errors:
                    return c.refuse(
                        codes.HELPER,
                        statement,
                        f"raising '{error}' in the helper '{helper.name}' on Step Functions is not"
                        " supported yet",
                        "raise it in the workflow",
                    )
                return _closed(steps, _raised(c, error, message))
            case ir.If() if _branches(statement):
                rest = body[position + 1 :]
                then = _block(c, helper, (*statement.then, *rest), after)
                orelse = _block(c, helper, (*statement.orelse, *rest), after)
                return _closed(steps, conditional(truth(c, statement.test), then, orelse))
            case _:
                steps += _steps(c, helper, statement)
    return _closed(steps, after)


def _closed(steps: list[tuple[str, Fragment]], result: Fragment) -> Fragment:
    if not steps:
        return closed(result)
    return block(steps, closed(result))


def _branches(statement: ir.Statement) -> bool:
    """Whether a statement ends the helper on some path."""
    if isinstance(statement, ir.Return | ir.Raise):
        return True
    inner = blocks(statement)
    return isinstance(statement, ir.If) and any(_branches(one) for block in inner for one in block)


def _raised(c: Context, error: str, message: ir.Expr | None) -> Fragment:
    if message is None:
        return call("error", literal(error), raises=True)
    text = concatenation(c, [literal(f"{error}: "), c.value(message)])
    return call("error", text, raises=True)


def _steps(c: Context, helper: ir.Helper, statement: ir.Statement) -> list[tuple[str, Fragment]]:
    # partial: every other statement is refused below
    match statement:
        case ir.Pass():
            return []
        case ir.Assign(target, value):
            return _bound(c, target, value)
        case ir.AugmentedAssign(target):
            return _bound(c, target, augmented(statement))
        case ir.Unpack(targets, ir.TupleDisplay(items) | ir.ListDisplay(items)) if not any(
            isinstance(item, ir.Starred) for item in items
        ):
            return _simultaneous(c, targets, items)
        case ir.Unpack(targets, value):
            return _unpacked(c, targets, value)
        case ir.If():
            return _merged(c, helper, statement)
        case ir.For(orelse=()) if not any(map(_leaves, walk.statements(statement.body))):
            return _folded(c, helper, statement)
    what = "this loop" if isinstance(statement, ir.For | ir.While) else "this statement"
    if isinstance(statement, ir.Store | ir.Mutate):
        what = "a change of a list or dict"
    return c.refuse(
        codes.HELPER,
        statement,
        f"{what} in the helper '{helper.name}' on Step Functions is not supported yet",
        "use a for loop that runs to its end, a comprehension or sum(...), or make the helper a"
        " step",
    )


def _emitted(fragment: Fragment, name: str) -> list[tuple[str, Fragment]]:
    before = [(binding.name, binding.fragment) for binding in fragment.bindings]
    return [*before, (name, replace(fragment, bindings=()))]


def _bound(c: Context, target: str, value: Extended) -> list[tuple[str, Fragment]]:
    name = c.parameter(target)
    steps = _emitted(c.value(value), name)
    c.declare(target, variable(name))
    return steps


def _simultaneous(
    c: Context, targets: Sequence[str], values: Sequence[ir.Expr | ir.Starred]
) -> list[tuple[str, Fragment]]:
    """``a, b = b, a``: everything on the right is evaluated before a name changes."""
    steps: list[tuple[str, Fragment]] = []
    temporaries: list[str] = []
    for value in values:
        assert not isinstance(value, ir.Starred)
        temporaries.append(c.temporary())
        steps += _emitted(c.value(value), temporaries[-1])
    for target, temporary in zip(targets, temporaries, strict=True):
        steps.append((c.parameter(target), variable(temporary)))
        c.declare(target, variable(c.parameter(target)))
    return steps


def _unpacked(c: Context, targets: Sequence[str], value: ir.Expr) -> list[tuple[str, Fragment]]:
    temporary = c.temporary()
    steps = _emitted(c.value(value), temporary)
    c.declare(temporary, variable(temporary))
    owner = ir.Name(temporary, type=value.type, span=value.span)
    for index, target in enumerate(targets):
        steps += _bound(c, target, Unpacked(owner, index, len(targets)))
    return steps


def _merged(c: Context, helper: ir.Helper, statement: ir.If) -> list[tuple[str, Fragment]]:
    """``if`` without a return: each variable that a branch sets gets the branch's value, or keeps
    its own."""
    test = c.temporary()
    steps = _emitted(truth(c, statement.test), test)
    changes: dict[str, None] = {}
    for branch in (statement.then, statement.orelse):
        for inner in branch:
            changes.update(dict.fromkeys(_targets(inner)))
    values: list[tuple[str, str]] = []
    for target in changes:
        sides: list[Fragment] = []
        for branch in (statement.then, statement.orelse):
            with c.assigned({}):
                inner_steps = [step for s in branch for step in _steps(c, helper, s)]
                sides.append(_closed(inner_steps, c.lookup(target, literal(None))))
        temporary = c.temporary()
        steps.append((temporary, conditional(variable(test), *sides)))
        values.append((target, temporary))
    for target, temporary in values:
        steps.append((c.parameter(target), variable(temporary)))
        c.declare(target, variable(c.parameter(target)))
    return steps


def _leaves(statement: ir.Statement) -> bool:
    return isinstance(statement, ir.Return | ir.Raise | ir.Break | ir.Continue)


def _folded(c: Context, helper: ir.Helper, statement: ir.For) -> list[tuple[str, Fragment]]:
    """A ``for`` that only computes: a reduction over the variables that it changes."""
    clause = ir.Clause(statement.target, statement.iterable)
    found = source(c, clause, ordered=True)
    if found.limit is not None:
        c.not_yet(statement, "a loop over zip() in a helper", "loop over one list")
    targets = dict.fromkeys(name for inner in statement.body for name in _targets(inner))
    kept = [name for name in targets if c.knows(name)]
    if not kept:
        return []
    before = {name: c.lookup(name) for name in kept}
    state, result = c.temporary(), c.temporary()
    single = len(kept) == 1
    with c.inside_lambda({**found.names, **_state(c, kept)}):
        end = _whole_state(c, kept, _state(c, kept))
        body = _block(c, helper, statement.body, end)
        if not single:
            unpacked = [(c.parameter(name), field(variable(state), name)) for name in kept]
            body = block(unpacked, body)
    parameter = c.parameter(kept[0]) if single else state
    turn = function_literal([parameter, *found.parameters], body)
    start = _whole_state(c, kept, before)
    steps = _emitted(call("reduce", found.items, turn, start), result)
    for name in kept:
        value = variable(result) if single else field(variable(result), name)
        steps.append((c.parameter(name), value))
        c.declare(name, variable(c.parameter(name)))
    return steps


def _state(c: Context, names: Sequence[str]) -> dict[str, Fragment]:
    return {name: variable(c.parameter(name)) for name in names}


def _whole_state(c: Context, names: Sequence[str], values: Mapping[str, Fragment]) -> Fragment:
    """The variables of a loop as one value."""
    if len(names) == 1:
        return values[names[0]]
    return object_(c, [(literal(name), values[name]) for name in names])


def _targets(statement: ir.Statement) -> list[str]:
    own = () if isinstance(statement, ir.For) else bound(statement)
    inner = (one for block in blocks(statement) for one in block)
    return [*own, *(name for one in inner for name in _targets(one))]
