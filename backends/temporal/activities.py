"""``activities.py``: the steps of a module as activities."""

from __future__ import annotations

from wfc.backends.python.printing.layout import arguments, lay_out
from wfc.backends.python.printing.references import identifiers, used_names
from wfc.backends.python.printing.text import quote
from wfc.backends.python.program.definitions import add_imports, blocks, join_blocks
from wfc.backends.python.program.names import Unit, parameter_name
from wfc.backends.python.program.plan import Plan, guarded_errors
from wfc.backends.python.program.program import Program
from wfc.backends.python.program.steps import Assigned, Filling, Frame, Opened, Unfilled, Written
from wfc.backends.temporal.placement import LOCAL, Placement, activity_names, defined
from wfc.compiler.language import nodes as ir


class Activities(Program, partial=True):
    """What Temporal answers about steps."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._activities = Unit(plan.names, LOCAL)
        self._helpers: set[str] = set()

    def step_frame(self, step: ir.Step) -> Frame:
        """An activity: a function of one input."""
        own = {p.name for p in step.parameters} - {"input"}
        name = parameter_name(identifiers(step.body) | own)
        head = [self._activity_decorator(step)]
        guard = self._guard(step)
        if guard and not step.asynchronous:
            head.append(f"@{guard}")
        return Frame(
            [*head, *self._activity_signature(step, name)],
            arguments={p.name: f"{name}.{p.name}" for p in step.parameters if not p.injected},
            around=[guard] if guard and step.asynchronous else [],
        )

    def _activity_decorator(self, step: ir.Step) -> str:
        decorator = f"@{self._activities.library('temporalio', 'activity')}.defn"
        if step.label and step.label != step.name:
            decorator += f"(name={quote(step.label)})"
        return decorator

    def _guard(self, step: ir.Step) -> str:
        errors = guarded_errors(step)
        return f"{self._helper('retry_only_on')}({', '.join(errors)})" if errors else ""

    def _activity_signature(self, step: ir.Step, name: str) -> list[str]:
        keyword = "async def" if step.asynchronous else "def"
        result = f" -> {step.returns_annotation}" if step.returns_annotation else ""
        given: list[str] = []
        if any(p.injected is None for p in step.parameters):
            input_class = self.plan.names.input_class(step)
            self._activities.imports.member("shared", input_class)
            given = [f"{name}: {input_class}"]
        return lay_out(f"{keyword} {step.name}", arguments(given), f"{result}:")

    # --- Injected parameters ---------------------------------------------------------------------

    def idempotency_key(self, step: ir.Step) -> Filling:
        return Assigned(f"{self._helper('idempotency_key')}()")

    def run_id(self, step: ir.Step) -> Filling:
        return Assigned(f"{self._activities.library('temporalio', 'activity')}.info().workflow_id")

    def connection(self, step: ir.Step) -> Filling:
        return Opened(f"{self._helper('engine')}().begin()")

    def heartbeat(self, step: ir.Step) -> Filling:
        return Written(f"{self._activities.library('temporalio', 'activity')}.heartbeat")

    def callback_token(self, step: ir.Step) -> Filling:
        raise Unfilled("CallbackToken", step)

    # --- The module ------------------------------------------------------------------------------

    def activities_module(self, placement: Placement) -> str:
        """The text of the module."""
        functions = [self.step(step) for step in self.plan.steps]
        own = blocks(placement.activities)
        writers = {
            "idempotency_key": self._key_function,
            "retry_only_on": self._guard_function,
            "engine": self._engine_function,
        }
        helpers = [write() for name, write in writers.items() if name in self._helpers]
        names = activity_names(self.plan.steps)
        names |= {name for item in placement.activities for name in used_names(item.source)}
        imports = self._activities.imports
        add_imports(self.module, names, imports)
        for name in sorted(defined(placement.shared) & names):
            imports.member("shared", name)
        name = self.module.name
        head = [f'"""The activities of {name}: its workflows reach the world through them."""']
        return "\n".join([*join_blocks([head, imports.lines(), *own, *helpers, *functions]), ""])

    def _helper(self, name: str) -> str:
        """A function that activities of this module share, written because it is used."""
        self._helpers.add(name)
        return self._activities.own(name)

    def _key_function(self) -> list[str]:
        activity = self._activities.library("temporalio", "activity")
        return [
            f"def {self._activities.own('idempotency_key')}() -> str:",
            '    """A text that is the same in every attempt of the current activity."""',
            f"    info = {activity}.info()",
            '    return f"{info.workflow_run_id}:{info.activity_id}"',
        ]

    def _guard_function(self) -> list[str]:
        manager = self._activities.library("contextlib", "contextmanager")
        iterator = self._activities.library("collections.abc", "Iterator")
        application = self._activities.library("temporalio.exceptions", "ApplicationError")
        cancelled = self._activities.library("temporalio.exceptions", "CancelledError")
        return [
            f"@{manager}",
            f"def {self._activities.own('retry_only_on')}(*errors: type[Exception])"
            f" -> {iterator}[None]:",
            '    """Retry an activity on these errors only: any other one fails it at once."""',
            "    try:",
            "        yield",
            "    except Exception as error:",
            f"        if isinstance(error, ({cancelled}, *errors)):",
            "            raise",
            f"        raise {application}(",
            "            str(error), type=type(error).__name__, non_retryable=True",
            "        ) from error",
        ]

    def _engine_function(self) -> list[str]:
        os = self._activities.module("os")
        cache = self._activities.library("functools", "cache")
        engine = self._activities.library("sqlalchemy", "Engine")
        create = self._activities.library("sqlalchemy", "create_engine")
        return [
            f"@{cache}",
            f"def {self._activities.own('engine')}() -> {engine}:",
            '    """The application\'s database."""',
            f'    return {create}({os}.environ.get("DATABASE_URL", "sqlite:///app.db"))',
        ]
