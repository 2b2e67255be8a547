"""Cases for ``wfc verify``: what each run is given, what its steps answer, what should come out.

The form is described by ``cases.schema.json`` beside this module.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from wfc.compiler.data.struct import Struct, field
from wfc.compiler.diagnostics.model import Code, Diagnostic, Refused
from wfc.compiler.diagnostics.span import NOWHERE, Span
from wfc.compiler.diagnostics.words import closest
from wfc.compiler.language import nodes as ir
from wfc.compiler.language.limits import WIDEST, Limits
from wfc.compiler.language.typing.hierarchy import canonical
from wfc.testing.data_file import DataFile, read_data_file
from wfc.tool import codes
from wfc.tool.inputs import check_input, is_unicode, value_problems


class Answer(Struct):
    """What one attempt of a step does: return ``returns``, or raise ``raises`` with ``message``."""

    returns: Any = None
    raises: str = ""
    message: str = ""


class Group(Struct):
    """Answers to successive attempts, the last one again and again, of calls whose arguments hold
    everything in ``when``."""

    when: Mapping[str, Any]
    answers: tuple[Answer, ...]


class Expectation(Struct):
    """How a run should end; ``message`` is None when the case does not say."""

    result: Any = None
    error: str = ""
    message: str | None = None


class Case(Struct):
    """One run of one workflow; ``steps`` holds the groups of each step in the order of the file."""

    name: str
    workflow: str
    input: Mapping[str, Any]
    steps: Mapping[str, Sequence[Group]] = field(factory=dict)
    expect: Expectation | None = None


def schema_text() -> str:
    """The JSON Schema of cases files."""
    return files("wfc.testing").joinpath("cases.schema.json").read_text(encoding="utf-8")


def read_cases(path: Path, module: ir.Module, limits: Limits = WIDEST) -> list[Case]:
    """The cases in a YAML or JSON file, checked against the module.

    Args:
        path: a name ending in ``.json`` is read as JSON, any other as YAML.
        module: the module whose workflows the cases run.
        limits: what the engines that they are going to run on can hold.

    Raises:
        Refused: the file cannot be read or is wrong; all its problems are reported.
        YamlMissing: it is YAML and PyYAML is not installed.
    """
    file = read_data_file(path)
    reader = _Reader(file, module, limits)
    cases = reader.cases()
    if reader.problems:
        raise Refused(reader.problems)
    return cases


Place = tuple[str | int, ...]


class _Reader:
    """Turns the data of a cases file into cases and collects every problem on the way."""

    def __init__(self, file: DataFile, module: ir.Module, limits: Limits) -> None:
        self.file = file
        self.module = module
        self.limits = limits
        self.steps = {step.name: step for step in module.steps}
        self.workflows = {workflow.name: workflow for workflow in module.workflows}
        self.problems: list[Diagnostic] = []

    def cases(self) -> list[Case]:
        top = self._object(self.file.data, (), ("workflow", "cases"), required=("cases",))
        if top is None:
            return []
        default = top.get("workflow")
        entries = top.get("cases")
        if not isinstance(entries, list) or not entries:
            if "cases" in top:
                self._problem(codes.CASES_INVALID, ("cases",), "cases must be a list of cases")
            return []
        self._check_texts(entries, ("cases",))
        found = [self._case(entry, ("cases", i), default) for i, entry in enumerate(entries)]
        self._check_names(found)
        return [case for case in found if case is not None]

    def _case(self, entry: Any, at: Place, default: Any) -> Case | None:
        keys = ("name", "workflow", "input", "steps", "expect")
        entry = self._object(entry, at, keys)
        if entry is None:
            return None
        name = entry.get("name", f"case {int(at[-1]) + 1}")
        if not isinstance(name, str) or not name.strip():
            self._problem(codes.CASES_INVALID, (*at, "name"), "name must be a text")
        place: Place = (*at, "workflow") if "workflow" in entry else ("workflow",)
        workflow = self._workflow(entry.get("workflow", default), place, at)
        case_input = entry.get("input", {})
        if workflow is not None:
            case_input = self._checked_input(case_input, (*at, "input"), workflow)
        steps = self._object(entry.get("steps", {}), (*at, "steps"), None) or {}
        groups = {
            step: self._groups(step, answers, (*at, "steps", step))
            for step, answers in steps.items()
        }
        expect = self._expectation(entry["expect"], (*at, "expect")) if "expect" in entry else None
        return Case(str(name), workflow.name if workflow else "", case_input, groups, expect)

    def _workflow(self, name: Any, at: Place, case: Place) -> ir.Workflow | None:
        if name is None:
            if len(self.workflows) == 1:
                return next(iter(self.workflows.values()))
            known = ", ".join(self.workflows)
            self._problem(codes.CASES_INVALID, case, f"say which workflow: {known}")
            return None
        if not isinstance(name, str):
            self._problem(codes.CASES_INVALID, at, "workflow must be the name of one")
            return None
        if name not in self.workflows:
            self._unknown("workflow", name, self.workflows, at)
            return None
        return self.workflows[name]

    def _checked_input(self, data: Any, at: Place, workflow: ir.Workflow) -> Any:
        try:
            return check_input(data, self.module, workflow, self.limits)
        except Refused as refused:
            for problem in refused.diagnostics:
                span = self._span(at)
                text = f"{self._case_text(at)}: {problem.message}"
                self.problems.append(
                    problem.code.at(self.file.path, span, text, instead=problem.instead)
                )
        return data

    def _groups(self, name: str, answers: Any, at: Place) -> tuple[Group, ...]:
        step = self.steps.get(name)
        if step is None:
            self._unknown("step", name, self.steps, at)
        entries = answers if isinstance(answers, list) else [answers]
        if not entries:
            self._problem(codes.CASES_INVALID, at, f"step {name} has an empty list of answers")
        groups: dict[int, tuple[Mapping[str, Any], list[Answer]]] = {}
        for index, entry in enumerate(entries):
            place: Place = (*at, index) if isinstance(answers, list) else at
            keys = ("when", "returns", "raises", "message")
            entry = self._object(entry, place, keys)
            if entry is None:
                continue
            when = self._when(entry.get("when", {}), step, (*place, "when"))
            answer = self._answer(name, step, entry, place)
            for known, collected in groups.values():
                if known == when:
                    collected.append(answer)
                    break
            else:
                groups[index] = (when, [answer])
        return tuple(Group(when, tuple(collected)) for when, collected in groups.values())

    def _when(self, when: Any, step: ir.Step | None, at: Place) -> Mapping[str, Any]:
        if not isinstance(when, dict):
            self._problem(codes.CASES_INVALID, at, "when must name arguments and their values")
            return {}
        if step is not None:
            known = [item.name for item in step.parameters if item.injected is None]
            for name in when:
                if name not in known:
                    self._unknown(f"argument of {step.name}", name, known, (*at, name))
        return when

    def _answer(self, name: str, step: ir.Step | None, entry: dict[str, Any], at: Place) -> Answer:
        if ("returns" in entry) == ("raises" in entry):
            text = f"step {name}: give either `returns` or `raises`"
            self._problem(codes.CASES_INVALID, at, text)
            return Answer()
        message = entry.get("message")
        if message is not None and (not isinstance(message, str) or "returns" in entry):
            text = "message must be a text, beside `raises`"
            self._problem(codes.CASES_INVALID, (*at, "message"), text)
        if "raises" in entry:
            error = self._error(entry["raises"], (*at, "raises"))
            if error == "StopIteration" and step is not None and step.asynchronous:
                text = f"{name} is an async def, where Python makes a RuntimeError of StopIteration"
                self._problem(codes.CASES_INVALID, (*at, "raises"), text)
            # What the time limit of a step says on every engine.
            default = f"{name} timed out" if error == "TimeoutError" else ""
            return Answer(raises=error, message=default if message is None else str(message))
        value = entry["returns"]
        if step is not None:
            for text in value_problems(value, self.module, step.returns, self.limits):
                place = (*at, "returns")
                self._problem(codes.CASES_WRONG_VALUE, place, f"{name} returns: {text}")
        return Answer(returns=value)

    def _error(self, name: Any, at: Place) -> str:
        if not isinstance(name, str) or not name.isidentifier():
            self._problem(codes.CASES_INVALID, at, f"an error is the name of a class, not {name!r}")
            return "Exception"
        builtin = getattr(builtins, name, None)
        if isinstance(builtin, type) and not issubclass(builtin, Exception):
            self._problem(codes.CASES_INVALID, at, f"{name} is no kind of Exception")
        own = any(error.name == name for error in self.module.errors)
        return name if own else canonical(name)

    def _expectation(self, entry: Any, at: Place) -> Expectation | None:
        entry = self._object(entry, at, ("result", "error", "message"))
        if entry is None:
            return None
        if ("result" in entry) == ("error" in entry):
            self._problem(codes.CASES_INVALID, at, "expect either a `result` or an `error`")
            return None
        if "result" in entry:
            return Expectation(result=entry["result"])
        message = entry.get("message")
        return Expectation(error=self._error(entry["error"], (*at, "error")), message=message)

    def _check_texts(self, data: Any, at: Place) -> None:
        """Names and messages; values are checked by their types."""
        match data:
            case str() if not is_unicode(data):
                text = f"{_path(at)} has a lone surrogate, which is no Unicode character"
                self._problem(codes.CASES_INVALID, at, text)
            case list():
                for index, item in enumerate(data):
                    self._check_texts(item, (*at, index))
            case dict():
                for name, item in data.items():
                    if name not in ("input", "returns"):
                        self._check_texts(item, (*at, name))

    def _check_names(self, cases: Sequence[Case | None]) -> None:
        seen: set[str] = set()
        for index, case in enumerate(cases):
            if case is None:
                continue
            if case.name in seen:
                text = "a case before this one has the same name"
                self._problem(codes.CASES_INVALID, ("cases", index, "name"), text)
            seen.add(case.name)

    # Problems

    def _object(
        self,
        data: Any,
        at: Place,
        known: Sequence[str] | None,
        required: Sequence[str] = (),
    ) -> dict[str, Any] | None:
        """The data when it is an object, without its unknown members."""
        if not isinstance(data, dict):
            text = f"{_path(at)} must be an object with {', '.join(known or ['names'])}"
            self._problem(codes.CASES_INVALID, at, text)
            return None
        for name in required:
            if name not in data:
                self._problem(codes.CASES_INVALID, at, f"{_path(at)} lacks '{name}'")
        for name in data:
            if known is not None and name not in known:
                self._unknown("field", name, known, (*at, name), codes.CASES_INVALID)
        return data

    def _unknown(
        self,
        kind: str,
        name: Any,
        known: Iterable[str],
        at: Place,
        code: Code = codes.CASES_UNKNOWN_NAME,
    ) -> None:
        names = list(known)
        close = closest(str(name), names)
        hint = f"did you mean '{close}'?" if close else f"there are {', '.join(names) or 'none'}"
        text = f"{self._case_text(at)}: there is no {kind} '{name}'"
        self.problems.append(code.at(self.file.path, self._span(at), text, instead=hint))

    def _problem(self, code: Code, at: Place, message: str) -> None:
        text = f"{self._case_text(at)}: {message}"
        self.problems.append(code.at(self.file.path, self._span(at), text))

    def _case_text(self, at: Place) -> str:
        """Which case a place is in, by its name."""
        if len(at) < 2 or at[0] != "cases":
            return "the cases file"
        entry = self.file.data["cases"][at[1]]
        name = entry.get("name") if isinstance(entry, dict) else None
        return f"case '{name}'" if isinstance(name, str) else f"case {int(at[1]) + 1}"

    def _span(self, at: Place) -> Span:
        """The place in the file, or the closest one around it that is known."""
        for length in range(len(at), -1, -1):
            if at[:length] in self.file.places:
                return self.file.places[at[:length]]
        return NOWHERE


def _path(at: Place) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at)
    return text.removeprefix(".") or "the file"
