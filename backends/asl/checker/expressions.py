"""Every expression and path of a state: that it parses, reads only what is there, and which
variables it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from wfc.backends.asl.checker import paths as check_paths
from wfc.backends.asl.checker.report import (
    SYNTAX,
    VALUE,
    JsonObject,
    Language,
    Report,
    is_expression,
    is_placeholder,
    objects,
    step,
)
from wfc.backends.asl.checker.tables import INTRINSICS, PATH_OPERATORS
from wfc.compiler.data.struct import Struct
from wfc.grammar.jsonata import JsonataError
from wfc.grammar.jsonata_scope import FUNCTIONS, outside
from wfc.grammar.jsonata_tree import Variable


class Read(Struct):
    """A state needs the variable ``name`` at its entry. ``call`` says that it is called."""

    name: str
    path: str
    language: Language
    call: bool = False


_STATES: Final = frozenset(("input", "context"))
_RESULT_TYPES: Final = frozenset(("Task", "Parallel", "Map"))
# Fields of a state that hold no template of the state itself.
_NO_TEMPLATE: Final = frozenset(
    (
        "Type",
        "Comment",
        "QueryLanguage",
        "Next",
        "End",
        "Default",
        "Resource",
        "Choices",
        "Catch",
        "Retry",
        "Branches",
        "ItemProcessor",
        "Iterator",
        "Label",
    )
)
_PATHS: Final = frozenset(
    (
        "InputPath",
        "OutputPath",
        "ItemsPath",
        "SecondsPath",
        "TimestampPath",
        "TimeoutSecondsPath",
        "HeartbeatSecondsPath",
        "MaxConcurrencyPath",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentagePath",
        "MaxItemsPerBatchPath",
        "MaxInputBytesPerBatchPath",
        "MaxItemsPath",
    )
)
_PATHS_OR_CALLS: Final = frozenset(("ErrorPath", "CausePath"))
_TEMPLATES: Final = frozenset(
    (
        "Parameters",
        "ResultSelector",
        "ItemSelector",
        "Assign",
        "Credentials",
        "BatchInput",
    )
)
_OBJECTS: Final = frozenset(("ItemReader", "ItemBatcher", "ResultWriter", "ReaderConfig"))


def check_expressions(
    state: JsonObject, path: str, language: Language, report: Report
) -> list[Read]:
    """Check all templates of one state; what it reads is in the order of the text."""
    checker = _JsonataState if language == "JSONata" else _JsonPathState
    return checker(report).check(state, path)


class _JsonataState:
    """ASL-R18, R43, R45, R47 and R48."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.reads: list[Read] = []

    def check(self, state: JsonObject, path: str) -> list[Read]:
        results = _STATES | {"result"} if state.get("Type") in _RESULT_TYPES else _STATES
        for key, value in state.items():
            if key not in _NO_TEMPLATE:
                allowed = results if key in ("Assign", "Output") else _STATES
                self.template(value, step(path, key), allowed)
        for rule, rule_path in objects(state.get("Choices"), step(path, "Choices")):
            for key in ("Condition", "Assign", "Output"):
                if key in rule:
                    self.template(rule[key], step(rule_path, key), _STATES)
        for catcher, catcher_path in objects(state.get("Catch"), step(path, "Catch")):
            for key in ("Assign", "Output"):
                if key in catcher:
                    place = step(catcher_path, key)
                    self.template(catcher[key], place, _STATES | {"errorOutput"})
        return self.reads

    def template(self, value: object, path: str, allowed: frozenset[str]) -> None:
        for text, place in _strings(value, path):
            if is_expression(text):
                self.expression(text[2:-2], place, allowed)
            elif text.startswith("{%") or text.endswith("%}") or is_expression(text.strip()):
                message = "an expression starts with {% and ends with %}, with nothing around them"
                self.report.add("ASL-R43", place, message)

    def expression(self, text: str, path: str, allowed: frozenset[str]) -> None:
        try:
            reads = outside(text)
        except JsonataError as error:
            self.report.add("ASL-R18", path, f"not JSONata: {error}")
            return
        except RecursionError:
            self.report.add("ASL-R18", path, "not JSONata: nested too deeply")
            return
        for node in reads.bare:
            shown = f"${node.name}" if isinstance(node, Variable) else "a field without its object"
            message = f"{shown} cannot stand at top level; write $states.input or a variable"
            self.report.add("ASL-R48", path, message)
        for field in reads.states:
            if field.name not in allowed:
                self.report.add("ASL-R47", path, f"$states.{field.name} is not available here")
        guarded = {variable.name for variable in reads.guarded}
        for called in dict.fromkeys(call.name for call in reads.calls):
            if called == "eval":
                self.report.add("ASL-R45", path, "$eval is not supported; $parse reads JSON")
            else:
                self.reads.append(Read(called, path, "JSONata", call=True))
        for name in dict.fromkeys(variable.name for variable in reads.variables):
            if name != "states" and name not in FUNCTIONS and name not in guarded:
                self.reads.append(Read(name, path, "JSONata"))


def _strings(value: object, path: str) -> Iterator[tuple[str, str]]:
    """The texts in a JSON value with their pointers, in order."""
    pending: list[tuple[object, str]] = [(value, path)]
    while pending:
        item, place = pending.pop()
        if isinstance(item, str):
            yield item, place
        elif isinstance(item, Mapping):
            entries = [(inner, step(place, key)) for key, inner in item.items()]
            pending.extend(reversed(entries))
        elif isinstance(item, list):
            indexed = list(enumerate(item))
            pending.extend((inner, step(place, index)) for index, inner in reversed(indexed))


class _JsonPathState:
    """ASL-R17, R29 and R42, and that every path parses."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.reads: list[Read] = []

    def check(self, state: JsonObject, path: str) -> list[Read]:
        self.fields(state, path)
        for rule, rule_path in objects(state.get("Choices"), step(path, "Choices")):
            self.rule(rule, rule_path)
        for catcher, catcher_path in objects(state.get("Catch"), step(path, "Catch")):
            self.fields(catcher, catcher_path)
        return self.reads

    def fields(self, owner: JsonObject, path: str) -> None:
        for key, value in owner.items():
            place = step(path, key)
            if key in _TEMPLATES:
                self.template(value, place)
            elif key == "ResultPath":
                self.result_path(value, place)
            elif key in _PATHS or key in _PATHS_OR_CALLS:
                self.path_field(key, value, place)
            elif key in _OBJECTS and isinstance(value, Mapping):
                self.fields(value, place)

    def path_field(self, key: str, value: object, path: str) -> None:
        if value is None and key in ("InputPath", "OutputPath"):
            return
        self.path(value, path, calls=key in _PATHS_OR_CALLS)

    def result_path(self, value: object, path: str) -> None:
        if value is None or is_placeholder(value):
            return
        reading = self.path(value, path, calls=False)
        if reading is None:
            return
        text = str(value)
        if reading.variables:
            self.reads = [read for read in self.reads if read.path != path]
            self.report.add("ASL-R42", path, "ResultPath cannot name a variable; use Assign")
        elif text.startswith("$$") or not check_paths.is_reference(text):
            self.report.add(VALUE, path, "ResultPath names one place in the input ($.a.b)")

    def rule(self, rule: JsonObject, path: str, *, nested: bool = False) -> None:
        for key in ("And", "Or"):
            for inner, inner_path in objects(rule.get(key), step(path, key)):
                self.rule(inner, inner_path, nested=True)
        if isinstance(rule.get("Not"), Mapping):
            self.rule(rule["Not"], step(path, "Not"), nested=True)
        if "Variable" in rule:
            before = len(self.reads)
            self.path(rule["Variable"], step(path, "Variable"), calls=False)
            if "IsPresent" in rule:
                del self.reads[before:]
        for key in rule:
            if key in PATH_OPERATORS:
                self.path(rule[key], step(path, key), calls=False)
        if not nested and "Assign" in rule:
            self.template(rule["Assign"], step(path, "Assign"))

    def template(self, value: object, path: str) -> None:
        """A payload template: a key that ends with ``.$`` holds a path or an intrinsic call."""
        pending: list[tuple[object, str]] = [(value, path)]
        while pending:
            item, place = pending.pop()
            if isinstance(item, list):
                indexed = list(enumerate(item))
                pending.extend((inner, step(place, index)) for index, inner in reversed(indexed))
            if not isinstance(item, Mapping):
                continue
            for key, inner in item.items():
                if str(key).endswith(".$"):
                    self.path(inner, step(place, key), calls=True)
            entries = [
                (inner, step(place, key))
                for key, inner in item.items()
                if not str(key).endswith(".$")
            ]
            pending.extend(reversed(entries))

    def path(self, value: object, path: str, *, calls: bool) -> check_paths.Reading | None:
        if is_placeholder(value):
            return None
        if not isinstance(value, str):
            self.report.add(VALUE, path, "a path is text")
            return None
        try:
            reading = check_paths.read(value) if calls else check_paths.read_path(value)
        except check_paths.PathError as error:
            self.report.add(SYNTAX, path, f"{error}: {value}")
            return None
        for name in reading.intrinsics:
            if name not in INTRINSICS:
                self.report.add("ASL-R17", path, f"there is no intrinsic function {name}")
        if reading.depth > 10:
            self.report.add("ASL-R29", path, "intrinsic functions nest at most 10 deep in a field")
        self.reads.extend(
            Read(name, path, "JSONPath")
            for name in dict.fromkeys(reading.variables)
            if name != "states"
        )
        return reading
