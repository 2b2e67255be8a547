"""How workflow code of the Temporal Python SDK says what plain Python says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, assert_never

from wfc.backends.python.printing.expressions import Level
from wfc.backends.python.printing.layout import INDENT, Bracket, Chain, Doc, call, join, lay_out
from wfc.backends.python.printing.text import comment_lines, fresh, quote
from wfc.backends.python.program.dialect import Dialect
from wfc.backends.python.program.names import Unit, parameter_name
from wfc.backends.python.program.plan import Plan
from wfc.backends.python.program.steps import Fillings
from wfc.backends.temporal.durations import timedelta
from wfc.backends.temporal.policies import Policies
from wfc.compiler.data.struct import MutableStruct, field
from wfc.compiler.diagnostics.words import snake_case
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.derive import blocks, bound
from wfc.compiler.language.inference.sign import NeverNegative
from wfc.compiler.language.nodes import types as t
from wfc.compiler.language.typing.hierarchy import catches, subclasses
from wfc.compiler.language.walk import bound_names, inner_names, statements, used_names

_EVERYTHING: Final = frozenset({"Exception", "BaseException"})
# More classes than this are given a name.
_MANY: Final = 2


class Needs(MutableStruct):
    """What the workflows of a package need beside them: ``helpers`` are functions of their module,
    ``caught`` the classes that they catch, ``groups`` the error classes that they name together,
    ``steps`` what they import from the activities and ``shared`` what from the common module."""

    helpers: set[str] = field(factory=set)
    caught: set[str] = field(factory=set)
    groups: dict[str, tuple[str, ...]] = field(factory=dict)
    steps: set[str] = field(factory=set)
    shared: set[str] = field(factory=set)


class TemporalDialect(Dialect):
    """The ``run`` method of one workflow class."""

    def __init__(
        self,
        plan: Plan,
        unit: Unit,
        workflow: ir.Workflow,
        fillings: Callable[[ir.Step], Fillings],
        policies: Policies,
        needs: Needs,
    ) -> None:
        super().__init__(plan, unit, workflow, fillings)
        self.policies = policies
        self.needs = needs
        self._never_negative = NeverNegative(plan.module, workflow)
        self._locals = used_names(workflow.body)
        self._rebound = bound_names(workflow.body) | inner_names(workflow.body)
        self._parameters = {p.name for p in workflow.parameters}
        # A name that only handlers bind is free again behind them.
        self._assigned = self._parameters | inner_names(workflow.body)
        self._assigned.update(name for node in statements(workflow.body) for name in bound(node))
        own = self._locals - (self._parameters - self._rebound)
        self.input = parameter_name(own | plan.names.defined)
        # Caught errors by the name that the source gives them.
        self._errors: dict[str, str] = {}
        # The variable of the handler at hand: a bare `raise` raises its error.
        self._innermost = ""
        self._loops = _in_loops(workflow.body)
        self._counters: dict[str, str] = {}

    def library(self, name: str) -> str:
        module, _, member = name.rpartition(".")
        if module == "datetime":
            return self.unit.library(module, member)
        return super().library(name)

    def sdk(self, name: str, module: str = "temporalio.exceptions") -> str:
        """A name of the Temporal SDK, imported."""
        return self.unit.library(module, name)

    @property
    def api(self) -> str:
        """The module ``temporalio.workflow``."""
        return self.sdk("workflow", "temporalio")

    def helper(self, name: str) -> str:
        """A function of the generated module, written because it is used."""
        self.needs.helpers.add(name)
        return self.unit.own(name)

    def _builtin(self, name: str) -> str:
        return self.unit.builtin(name, self._parameters | self._rebound)

    def variable(self, name: str) -> Doc:
        if name in self._parameters and name not in self._rebound:
            return f"{self.input}.{name}"
        return name

    def return_value(self, value: ir.Expr) -> Doc:
        return self.bare(value)

    # --- Operations -------------------------------------------------------------------------------

    def sent(self, function: ir.Step | ir.Workflow, arguments: Sequence[ir.Argument]) -> list[Doc]:
        """The one argument of an activity or child workflow, if it takes any."""
        if not any(p.injected is None for p in function.parameters):
            return []
        name = self.plan.names.input_class(function)
        self.needs.shared.add(name)
        given = [self.keyword(a.name, a.value) for a in arguments if not a.implied]
        return [call(name, given)]

    def run(self, node: ir.StepCall, step: ir.Step, given: Sequence[Doc]) -> Doc:
        self.needs.steps.add(step.name)
        items: list[Doc] = [step.name, *given]
        items.append(join("start_to_close_timeout=", self._timeout(step)))
        if step.heartbeat is not None:
            items.append(join("heartbeat_timeout=", self._duration(step.heartbeat)))
        items.append(join("retry_policy=", self.policies.of(step)))
        items.append(f"summary={self._summary(node)}")
        return self.awaited(call(f"{self.api}.execute_activity", items, exploded=True))

    def child(self, node: ir.WorkflowCall, workflow: ir.Workflow, given: Sequence[Doc]) -> Doc:
        items: list[Doc] = [
            f"{self.plan.names.workflow_class(workflow)}.run",
            *given,
            f"id={self._child_id(node)}",
            f"parent_close_policy={self.api}.ParentClosePolicy.REQUEST_CANCEL",
        ]
        if workflow.timeout is not None:
            items.append(join("execution_timeout=", self._duration(workflow.timeout)))
        items.append(f"static_summary={self._summary(node)}")
        return self.awaited(call(f"{self.api}.execute_child_workflow", items, exploded=True))

    def sleep(self, node: ir.Sleep) -> Doc:
        summary = f"summary={self._summary(node)}"
        return self.awaited(call(f"{self.api}.sleep", [self._length(node.seconds), summary]))

    def _length(self, seconds: ir.Expr) -> Doc:
        """How long to sleep. A moment in the past is no error in the source, and is one here."""
        if isinstance(seconds, ir.Constant) and isinstance(seconds.value, int | float):
            return self._duration(max(seconds.value, 0))
        if seconds in self._never_negative:
            return self.expression(seconds, Level.LAMBDA)
        return call(self._builtin("max"), [self.expression(seconds, Level.LAMBDA), "0"])

    def _timeout(self, step: ir.Step) -> Doc:
        if step.timeout is not None:
            return self._duration(step.timeout)
        name = self.unit.own("DEFAULT_STEP_TIMEOUT")
        self.needs.shared.add(name)
        return name

    def _duration(self, seconds: float) -> Doc:
        return timedelta(seconds, self.sdk("timedelta", "datetime"))

    def _summary(self, node: ir.Operation) -> str:
        if not self.plan.options.source_locations:
            return quote(node.site)
        file = self.module.path.replace("\\", "/").rpartition("/")[2] or self.module.name
        return quote(f"{node.site} ({file}:{node.span.line})")

    def _child_id(self, node: ir.WorkflowCall) -> str:
        """The id of a child workflow: below its parent's, numbered where a loop starts several."""
        text = f"{{{self.api}.info().workflow_id}}/{node.site}"
        if node.site in self._loops:
            counter = self._counters.setdefault(
                node.site, fresh(f"{node.site}_runs", self._locals | self.plan.names.taken)
            )
            text += f"/{{{self._builtin('next')}({counter})}}"
        return f'f"{text}"'

    # --- Errors -----------------------------------------------------------------------------------

    def error_message(self, name: str) -> Doc:
        return f"{self.helper('error_message')}({self._errors[name]})"

    def error_message_in_text(self, name: str) -> Doc:
        return self.error_message(name)

    def error_name(self, name: str) -> Doc:
        return f"{self.helper('error_type')}({self._errors[name]})"

    def raise_(self, node: ir.Raise, indent: int) -> list[str]:
        if node.error is None:
            caught = self._errors.get(node.again or "", "")
            again = caught and caught != self._innermost
            return [" " * indent + (f"raise {caught}" if again else "raise")]
        items: list[Doc] = [
            self._message(node),
            f"type={quote(node.error)}",
            "non_retryable=True",
        ]
        error = call(self.sdk("ApplicationError"), items)
        return lay_out("raise ", error, self.cause(node), indent)

    def cause(self, node: ir.Raise) -> str:
        if node.suppress:
            return " from None"
        return f" from {self._errors[node.cause]}" if node.cause else ""

    def _message(self, node: ir.Raise) -> Doc:
        """What ``str(error)`` says: a KeyError shows its key as Python writes it."""
        message = node.message
        if message is None:
            return '""'
        quoted = catches(self.module, "KeyError", node.error or "")
        if isinstance(message, ir.Constant):
            return quote(repr(message.value) if quoted else str(message.value))
        if quoted:
            return call(self._builtin("repr"), [self.item(message)])
        if message.type == t.STR:
            return self.item(message)
        return call(self._builtin("str"), [self.item(message)])

    def handlers(self, node: ir.Try, indent: int) -> list[str]:
        """One ``except`` clause for what Temporal raises, and inside it the handlers of the source
        by the class name that the error had where it was raised. A cancellation passes through."""
        if not node.handlers:
            return []
        variable = self._error_variable(node)
        classes = self._failures(node.body)
        caught: Doc = classes[0] if len(classes) == 1 else Bracket("(", tuple(classes), ")")
        inner = indent + INDENT
        outer, self._innermost = self._innermost, variable
        lines = lay_out("except ", caught, f" as {variable}:", indent)
        if self._catches_all(node) and classes != [self.sdk("ApplicationError")]:
            lines += self._pass_cancellation(variable, inner)
        lines += self._branches(node.handlers, variable, inner)
        self._innermost = outer
        return lines

    def _catches_all(self, node: ir.Try) -> bool:
        return any(_EVERYTHING & set(handler.errors) for handler in node.handlers)

    def _pass_cancellation(self, variable: str, indent: int) -> list[str]:
        pad = " " * indent
        return [f"{pad}if {self.sdk('is_cancelled_exception')}({variable}):", f"{pad}    raise"]

    def _branches(self, handlers: Sequence[ir.Handler], variable: str, indent: int) -> list[str]:
        pad = " " * indent
        first = handlers[0]
        if _EVERYTHING & set(first.errors):
            return [*comment_lines(first.comment, indent), *self._handler(first, variable, indent)]
        if len(handlers) == 1:
            return [
                *comment_lines(first.comment, indent),
                *lay_out("if ", self._other(first, variable), ":", indent),
                f"{pad}    raise",
                *self._handler(first, variable, indent),
            ]
        lines = [f"{pad}match {self._kind(variable)}:"]
        seen: set[str] = set()
        for handler in handlers:
            lines += comment_lines(handler.comment, indent + INDENT)
            lines += self._case(handler, seen, indent + INDENT)
            lines += self._handler(handler, variable, indent + 2 * INDENT)
            if _EVERYTHING & set(handler.errors):
                return lines
        return [*lines, f"{pad}    case _:", f"{pad}        raise"]

    def _case(self, handler: ir.Handler, seen: set[str], indent: int) -> list[str]:
        """``case "CardDeclined" | "CardExpired":``, without the classes of earlier cases."""
        if _EVERYTHING & set(handler.errors):
            return [" " * indent + "case _:"]
        every = [n for error in handler.errors for n in subclasses(self.module, error)]
        names = [name for name in dict.fromkeys(every) if name not in seen]
        hidden = len(names) < len(set(every))
        seen.update(names)
        if len(names) <= _MANY or hidden:
            first, *rest = map(quote, names or every[:1])
            pattern = Chain(first, tuple((" | ", name) for name in rest))
            return lay_out("case ", pattern if rest else first, ":", indent)
        word = fresh("kind", self._assigned | set(self._errors.values()))
        test = join(f"{word} if {word} in ", self._classes(handler.errors))
        return lay_out("case ", test, ":", indent)

    def _handler(self, handler: ir.Handler, variable: str, indent: int) -> list[str]:
        before = dict(self._errors)
        if handler.name:
            self._errors[handler.name] = variable
        lines = self.block(handler.body, indent)
        self._errors = before
        return lines

    def _kind(self, variable: str) -> str:
        return f"{self.helper('error_type')}({variable})"

    def _other(self, handler: ir.Handler, variable: str) -> Doc:
        """The test that an error is none of a handler's."""
        names = [n for error in handler.errors for n in subclasses(self.module, error)]
        if len(names) == 1:
            return f"{self._kind(variable)} != {quote(names[0])}"
        return join(f"{self._kind(variable)} not in ", self._classes(handler.errors))

    def _classes(self, errors: Sequence[str]) -> Doc:
        """The classes and all below them; one with many of these below it has a name."""
        items: list[str] = []
        for error in errors:
            names = subclasses(self.module, error)
            if len(names) <= _MANY:
                items += map(quote, names)
                continue
            group = self.unit.own(_group_name(error))
            self.needs.groups[group] = names
            items.append(f"*{group}")
        if len(items) == 1 and items[0].startswith("*"):
            return items[0][1:]
        return Bracket("(", tuple(items), ")")

    def _error_variable(self, node: ir.Try) -> str:
        """The name of the first handler that has one; a name that is free where none has."""
        names = [handler.name for handler in node.handlers]
        chosen = next(filter(None, names), None)
        # A handler without that name may read a variable of that name.
        if chosen and (chosen not in self._assigned or set(names) == {chosen}):
            return chosen
        return fresh("error", self._assigned | set(self._errors.values()) | {self.input})

    def _failures(self, body: ir.Block) -> list[str]:
        """The classes that operations and ``raise`` in a block raise."""
        found: set[str] = set()
        for statement in statements(body):
            match statement:
                case ir.StepCall():
                    found.add("ActivityError")
                case ir.WorkflowCall():
                    found.add("ChildWorkflowError")
                case ir.Raise(error=str()):
                    found.add("ApplicationError")
                case (
                    ir.Assign()
                    | ir.AugmentedAssign()
                    | ir.Unpack()
                    | ir.Store()
                    | ir.Delete()
                    | ir.Mutate()
                    | ir.Sleep()
                    | ir.If()
                    | ir.While()
                    | ir.For()
                    | ir.Break()
                    | ir.Continue()
                    | ir.Try()
                    | ir.Raise()
                    | ir.Return()
                    | ir.Pass()
                ):
                    pass
                case _:
                    assert_never(statement)
        found = found or {"ApplicationError"}
        self.needs.caught |= found
        return [self.sdk(name) for name in sorted(found)]

    # --- Layout -----------------------------------------------------------------------------------

    def body(self, indent: int) -> list[str]:
        # Which counters there are is known when the statements are printed.
        lines = self.block(self.workflow.body, indent)
        return [*self.prologue(indent), *lines]

    def prologue(self, indent: int) -> list[str]:
        """Variables for parameters that the workflow binds again, and counters of children."""
        pad = " " * indent
        copies = [
            f"{pad}{p.name} = {self.input}.{p.name}"
            for p in self.workflow.parameters
            if p.name in self._rebound
        ]
        if self._counters:
            itertools = self.unit.module("itertools")
            copies += [f"{pad}{name} = {itertools}.count(1)" for name in self._counters.values()]
        return copies


def _in_loops(body: ir.Block) -> frozenset[str]:
    """The sites of child workflows that a loop may start more than once."""
    return frozenset(_repeated(body, looped=False, guarded=False))


def _repeated(block: ir.Block, *, looped: bool, guarded: bool) -> Iterator[str]:
    """A call in a loop is not repeated where the block returns behind it, unless a ``try`` inside
    the loop may catch what it raises."""
    leaves = bool(block) and isinstance(block[-1], ir.Return) and not guarded
    for statement in block:
        # partial: blocks() is total
        match statement:
            case ir.WorkflowCall(site=site):
                if looped and not leaves:
                    yield site
            case ir.While() | ir.For():
                for inner in blocks(statement):
                    yield from _repeated(inner, looped=True, guarded=False)
            case ir.Try():
                for inner in blocks(statement):
                    yield from _repeated(inner, looped=looped, guarded=looped)
            case _:
                for inner in blocks(statement):
                    yield from _repeated(inner, looped=looped, guarded=guarded)


def _group_name(name: str) -> str:
    """``OSError`` as ``OS_ERRORS``, ``OutOfStock`` as ``OUT_OF_STOCK_ERRORS``."""
    return f"{snake_case(name).removesuffix('_error').upper()}_ERRORS"
