"""The shape of one state: its type, its fields and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wfc.backends.asl.checker import tables as tables
from wfc.backends.asl.checker.flow import is_distributed
from wfc.backends.asl.checker.report import (
    MISSING,
    VALUE,
    JsonObject,
    Language,
    Report,
    is_expression,
    is_placeholder,
    objects,
    step,
)
from wfc.backends.asl.checker.values import (
    LONGEST,
    check_choice,
    check_fields,
    check_number,
    check_text,
    is_number,
    is_open,
    is_timestamp,
)

# AWS service quotas: Express workflows, HTTP Tasks, parallel children of a Map Run.
EXPRESS_SECONDS: Final = 300
HTTP_SECONDS: Final = 60
MAP_CHILDREN: Final = 10_000

_RUNNING: Final = frozenset(("Task", "Pass", "Wait", "Parallel", "Map"))
_DISTRIBUTED_ONLY: Final = (
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
)


def check_state(
    state: JsonObject, path: str, language: Language, report: Report, *, express: bool
) -> None:
    """ASL-R8, R11 to R16, R25, R26, R28, R33, R44, R51, R53, R55, R57 for one state; with an
    unknown type nothing else is said."""
    kind = state.get("Type")
    if kind is None:
        report.add(MISSING, path, "Type is missing")
        return
    if is_placeholder(kind):
        return
    if not isinstance(kind, str) or kind not in tables.TYPES:
        report.add("ASL-R11", step(path, "Type"), f"there is no state type {kind!r}")
        return
    _StateChecker(state, path, language, report, express).check(kind)


class _StateChecker:
    def __init__(
        self, state: JsonObject, path: str, language: Language, report: Report, express: bool
    ) -> None:
        self.state = state
        self.path = path
        self.language: Language = language
        self.report = report
        self.express = express

    def at(self, *keys: str | int) -> str:
        return step(self.path, *keys)

    def check(self, kind: str) -> None:
        self.fields(kind)
        self.transition(kind)
        if isinstance(self.state.get("Assign", {}), Mapping) is False:
            self.report.add(VALUE, self.at("Assign"), "Assign is an object of variables")
        if "Retry" in self.state:
            self.retriers()
        if "Catch" in self.state:
            self.catchers()
        check = {
            "Task": self.task,
            "Wait": self.wait,
            "Choice": self.choice,
            "Parallel": self.parallel,
            "Map": self.map,
            "Fail": self.fail,
        }.get(kind)
        if check is not None:
            check()

    def fields(self, kind: str) -> None:
        allowed = tables.STATE[self.language][kind]
        other = tables.STATE["JSONPath" if self.language == "JSONata" else "JSONata"][kind]
        for key in self.state:
            if key in allowed:
                continue
            if key == "Assign":
                self.report.add("ASL-R33", self.at(key), f"a {kind} state cannot assign variables")
            elif key in other:
                message = f"a {kind} state in {self.language} has no field {key!r}"
                self.report.add("ASL-R12", self.at(key), message)
            else:
                message = f"a {kind} state has no field {key!r}"
                self.report.add("ASL-R12", self.at(key), message)
        for one, another in tables.EXCLUSIVE:
            if one in self.state and another in self.state and (one, another) != ("Next", "End"):
                message = f"a state has {one} or {another}, not both"
                self.report.add("ASL-R12", self.at(another), message)
        check_text(self.state, "Comment", self.path, self.report)
        check_choice(self.state, "QueryLanguage", self.path, self.report, ("JSONata", "JSONPath"))

    def transition(self, kind: str) -> None:
        """ASL-R8: exactly one of Next and End."""
        if kind not in _RUNNING:
            return
        target, end = self.state.get("Next"), self.state.get("End")
        if "End" in self.state and end is not True and not (end is False and "Next" in self.state):
            self.report.add("ASL-R8", self.at("End"), "End is true, or not there")
        elif "Next" in self.state and end is True:
            self.report.add("ASL-R8", self.path, "a state has Next or End, not both")
        elif "Next" not in self.state and end is not True:
            self.report.add("ASL-R8", self.path, "a state has Next or End")
        if "Next" in self.state and not isinstance(target, str):
            self.report.add(VALUE, self.at("Next"), "Next is the name of a state")

    # Errors --------------------------------------------------------------------------------------

    def retriers(self) -> None:
        retriers = self.listed(self.state, "Retry", self.path, empty=True)
        for index, (retrier, place) in enumerate(retriers):
            check_fields(retrier, tables.RETRIER, place, self.report, "a retrier")
            self.errors(retrier, place, last=index == len(retriers) - 1, what="retrier")
            check_number(retrier, "IntervalSeconds", place, self.report, least=1)
            check_number(retrier, "MaxAttempts", place, self.report, least=0)
            check_number(retrier, "MaxDelaySeconds", place, self.report, least=1)
            check_number(retrier, "BackoffRate", place, self.report, least=1, whole=False)
            check_choice(retrier, "JitterStrategy", place, self.report, ("FULL", "NONE"))

    def catchers(self) -> None:
        catchers = self.listed(self.state, "Catch", self.path, empty=True)
        for index, (catcher, place) in enumerate(catchers):
            allowed = tables.CATCHER[self.language]
            check_fields(catcher, allowed, place, self.report, "a catcher")
            self.errors(catcher, place, last=index == len(catchers) - 1, what="catcher")
            if not isinstance(catcher.get("Next"), str):
                self.report.add(MISSING, place, "a catcher names the next state in Next")

    def errors(self, owner: JsonObject, path: str, *, last: bool, what: str) -> None:
        """ASL-R15, R16, R51 and R53."""
        names = owner.get("ErrorEquals")
        place = step(path, "ErrorEquals")
        if not isinstance(names, list) or not names:
            self.report.add(MISSING, place, f"a {what} lists the errors it is for")
            return
        for index, name in enumerate(names):
            if not isinstance(name, str):
                self.report.add(VALUE, step(place, index), "the name of an error is text")
            elif name.startswith("States.") and name not in tables.ERRORS:
                message = f"there is no error {name!r}; names that start with States. are reserved"
                self.report.warn("ASL-R53", step(place, index), message)
        if "States.ALL" in names and len(names) > 1:
            self.report.add("ASL-R15", place, "States.ALL stands alone")
        if "States.ALL" in names and not last:
            self.report.add("ASL-R16", place, f"the {what} for States.ALL is the last one")

    # Types ---------------------------------------------------------------------------------------

    def task(self) -> None:
        resource = self.state.get("Resource")
        if resource is None:
            self.report.add(MISSING, self.path, "a Task names its Resource")
        elif is_expression(resource):
            self.report.add("ASL-R44", self.at("Resource"), "Resource is constant")
        check_text(self.state, "Resource", self.path, self.report)
        credentials = self.state.get("Credentials", {})
        if not isinstance(credentials, Mapping) and not is_open(credentials):
            self.report.add(VALUE, self.at("Credentials"), "Credentials is an object")
        for key in ("TimeoutSeconds", "HeartbeatSeconds"):
            check_number(self.state, key, self.path, self.report, least=1, most=LONGEST)
        timeout, heartbeat = self.state.get("TimeoutSeconds"), self.state.get("HeartbeatSeconds")
        if is_number(timeout) and is_number(heartbeat) and heartbeat >= timeout:  # type: ignore[operator]
            message = f"HeartbeatSeconds ({heartbeat}) is below TimeoutSeconds ({timeout})"
            self.report.add("ASL-R14", self.at("HeartbeatSeconds"), message)
        text = resource if isinstance(resource, str) else ""
        if text.endswith(":states:::http:invoke") and is_number(timeout) and timeout > HTTP_SECONDS:  # type: ignore[operator]
            message = f"an HTTP Task lasts at most {HTTP_SECONDS} seconds"
            self.report.add("ASL-R26", self.at("TimeoutSeconds"), message)
        waits = text.endswith((".sync", ".sync:2", ".waitForTaskToken")) or ":activity:" in text
        if self.express and waits:
            message = "an Express workflow has request/response integrations only"
            self.report.add("ASL-R55", self.at("Resource"), message)

    def wait(self) -> None:
        keys = [
            key
            for key in ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")
            if key in self.state
        ]
        if len(keys) != 1:
            self.report.add(MISSING, self.path, "a Wait has one of Seconds and Timestamp")
        check_number(
            self.state, "Seconds", self.path, self.report, least=0, most=LONGEST, rule="ASL-R28"
        )
        seconds = self.state.get("Seconds")
        if self.express and is_number(seconds) and seconds > EXPRESS_SECONDS:  # type: ignore[operator]
            message = f"an Express workflow lasts at most {EXPRESS_SECONDS} seconds"
            self.report.add("ASL-R57", self.at("Seconds"), message)
        timestamp = self.state.get("Timestamp")
        if "Timestamp" in self.state and not is_open(timestamp) and not is_timestamp(timestamp):
            message = "Timestamp is a time in RFC 3339 form, as 2030-01-31T12:00:00Z"
            self.report.add("ASL-R28", self.at("Timestamp"), message)

    def choice(self) -> None:
        """ASL-R13 and the rules' shape."""
        for rule, place in self.listed(self.state, "Choices", self.path, rule="ASL-R13"):
            if not isinstance(rule.get("Next"), str):
                self.report.add(MISSING, place, "a Choice rule names the next state in Next")
            if self.language == "JSONata":
                self.condition(rule, place)
            else:
                _check_rule(rule, place, self.report, top=True)
        check_text(self.state, "Default", self.path, self.report)

    def condition(self, rule: JsonObject, path: str) -> None:
        check_fields(rule, tables.RULE, path, self.report, "a Choice rule in JSONata")
        condition = rule.get("Condition")
        if "Condition" not in rule:
            self.report.add(MISSING, path, "a Choice rule has a Condition")
        elif not isinstance(condition, bool) and not is_expression(condition):
            message = "Condition is an expression, {% ... %}"
            self.report.add(VALUE, step(path, "Condition"), message)

    def parallel(self) -> None:
        self.listed(self.state, "Branches", self.path)

    def map(self) -> None:
        processor = self.state.get("ItemProcessor", self.state.get("Iterator"))
        if not isinstance(processor, Mapping):
            self.report.add(MISSING, self.path, "a Map has an ItemProcessor")
            return
        config = processor.get("ProcessorConfig", {})
        place = self.at("ItemProcessor", "ProcessorConfig")
        if not isinstance(config, Mapping):
            self.report.add(VALUE, place, "ProcessorConfig is an object")
            return
        check_fields(
            config, frozenset(("Mode", "ExecutionType")), place, self.report, "ProcessorConfig"
        )
        check_choice(config, "Mode", place, self.report, ("INLINE", "DISTRIBUTED"))
        check_choice(config, "ExecutionType", place, self.report, ("STANDARD", "EXPRESS"))
        distributed = is_distributed(self.state)
        if distributed and "ExecutionType" not in config:
            self.report.add(MISSING, place, "a Distributed Map has an ExecutionType")
        if not distributed:
            for key in _DISTRIBUTED_ONLY:
                if key in self.state:
                    message = f"{key} needs a Distributed Map (Mode DISTRIBUTED)"
                    self.report.warn("ASL-R12", self.at(key), message)
        items = self.state.get("Items", [])
        if not isinstance(items, (list, Mapping)) and not is_open(items):
            self.report.add(VALUE, self.at("Items"), "Items is a list, or an expression")
        self.map_limits()
        self.map_parts()

    def map_limits(self) -> None:
        check_number(
            self.state,
            "MaxConcurrency",
            self.path,
            self.report,
            least=0,
            most=MAP_CHILDREN,
            rule="ASL-R25",
        )
        check_number(self.state, "ToleratedFailureCount", self.path, self.report, least=0)
        check_number(
            self.state,
            "ToleratedFailurePercentage",
            self.path,
            self.report,
            least=0,
            most=100,
            whole=False,
        )

    def map_parts(self) -> None:
        """ItemReader, ItemBatcher and ResultWriter."""
        for key, table in (
            ("ItemReader", tables.READER),
            ("ItemBatcher", tables.BATCHER),
            ("ResultWriter", tables.WRITER),
        ):
            part = self.state.get(key)
            if isinstance(part, Mapping):
                check_fields(part, table[self.language], self.at(key), self.report, key)
            elif key in self.state and not is_placeholder(part):
                self.report.add(VALUE, self.at(key), f"{key} is an object")

    def fail(self) -> None:
        for key in ("Error", "Cause"):
            check_text(self.state, key, self.path, self.report)
        error = self.state.get("Error")
        if isinstance(error, str) and error.startswith("States."):
            message = "names of errors that start with States. are reserved"
            self.report.warn("ASL-R53", self.at("Error"), message)

    def listed(
        self, owner: JsonObject, key: str, path: str, *, empty: bool = False, rule: str = MISSING
    ) -> list[tuple[JsonObject, str]]:
        """The objects of a list that has to be there."""
        value: Any = owner.get(key)
        place = step(path, key)
        if key not in owner:
            self.report.add(MISSING, path, f"{key} is missing")
            return []
        if not isinstance(value, list):
            self.report.add(VALUE, place, f"{key} is a list")
            return []
        if not value and not empty:
            self.report.add(rule, place, f"{key} is empty")
        for index, item in enumerate(value):
            if not isinstance(item, Mapping):
                self.report.add(VALUE, step(place, index), f"an entry of {key} is an object")
        return objects(value, place)


def _check_rule(rule: JsonObject, path: str, report: Report, *, top: bool) -> None:
    """A Choice rule in JSONPath: one comparison, or And, Or, Not of rules."""
    extra = {"Next", "Assign", "Comment"} if top else {"Comment"}
    combined = [key for key in ("And", "Or", "Not") if key in rule]
    operators = [key for key in rule if key in tables.OPERATORS]
    for key in rule:
        if key not in extra and key not in combined and key not in operators and key != "Variable":
            report.add("ASL-R12", step(path, key), f"a Choice rule has no field {key!r} here")
    if len(combined) + len(operators) != 1:
        report.add(MISSING, path, "a Choice rule has one comparison, or one of And, Or and Not")
        return
    if operators:
        if "Variable" not in rule:
            report.add(MISSING, path, "a comparison names its Variable")
        _check_operand(operators[0], rule[operators[0]], step(path, operators[0]), report)
        return
    key = combined[0]
    inner = [rule[key]] if key == "Not" else rule[key]
    if not isinstance(inner, list) or not inner:
        report.add(VALUE, step(path, key), f"{key} is a list of rules, not empty")
        return
    for index, item in enumerate(inner):
        place = step(path, key) if key == "Not" else step(path, key, index)
        if isinstance(item, Mapping):
            _check_rule(item, place, report, top=False)
        else:
            report.add(VALUE, place, "a rule is an object")


def _check_operand(operator: str, value: object, path: str, report: Report) -> None:
    if is_placeholder(value) or operator in tables.PATH_OPERATORS:
        return
    if operator in tables.TEST_OPERATORS or operator == "BooleanEquals":
        fits, what = isinstance(value, bool), "true or false"
    elif operator.startswith("Numeric"):
        fits, what = is_number(value), "a number"
    elif operator.startswith("Timestamp"):
        fits, what = is_timestamp(value), "a time in RFC 3339 form"
    else:
        fits, what = isinstance(value, str), "text"
    if not fits:
        report.add(VALUE, path, f"{operator} compares with {what}")
