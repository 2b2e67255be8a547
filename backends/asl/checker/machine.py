"""The reference checker of Amazon States Language definitions, for JSONata and JSONPath.

It finds what CreateStateMachine refuses and, beyond that, what no validator catches and only a run
would show: a variable that is read before it is assigned, a retrier behind ``States.ALL``, an
assignment that an inner scope may not make. Each problem names its rule:

=============  ====================================================================================
ASL-R1         the definition has at most 1,048,576 characters
ASL-R3, R4     state names have 1 to 80 characters and are unique over the machine
ASL-R6 to R10  StartAt and targets exist; Next or End; no unreachable state; some state ends
ASL-R11, R12   known types; only fields of that type and query language
ASL-R13, R14   Choices is not empty; HeartbeatSeconds is below TimeoutSeconds
ASL-R15, R16   States.ALL stands alone and last
ASL-R17, R29   intrinsic functions exist and nest at most 10 deep
ASL-R18        JSONata parses
ASL-R19, R20   every variable is assigned somewhere before (JSONPath, JSONata)
ASL-R25 to 28  limits of Map, HTTP Tasks and Wait
ASL-R31        names of variables
ASL-R33        Assign only where it is allowed
ASL-R35, R38   scopes: no assignment to outer variables; none visible in a Distributed Map
ASL-R40        every variable is assigned on every path that leads to its use
ASL-R42        no variable in ResultPath
ASL-R43 to 48  the form of expressions; $eval; what $states holds where; no bare $ or field name
ASL-R53        names that start with States. are reserved
ASL-R55, R57   Express: no .sync, no callback, no wait beyond 5 minutes
ASL-VALUE      a value of the wrong type or out of range
ASL-MISSING    a required field is missing
ASL-SYNTAX     a path or intrinsic call that does not parse
=============  ====================================================================================

Sources: the Amazon States Language specification (states-language.net) and the AWS documentation of
Step Functions: service quotas, workflow variables, transforming data, handling errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from wfc.backends.asl.checker import tables as tables
from wfc.backends.asl.checker.expressions import Read, check_expressions
from wfc.backends.asl.checker.flow import check_names, check_scope, inner_scopes, states_of
from wfc.backends.asl.checker.report import (
    MISSING,
    VALUE,
    JsonObject,
    Language,
    Problem,
    Report,
    is_placeholder,
    step,
)
from wfc.backends.asl.checker.states import check_state
from wfc.backends.asl.checker.values import LONGEST, check_choice, check_fields, check_number
from wfc.backends.asl.checker.variables import check_variables

__all__ = ["LARGEST", "Problem", "check_machine", "check_size"]

# AWS service quotas: a definition has at most 1 MB (API model: 1,048,576 characters).
LARGEST: Final = 1_048_576


def check_machine(machine: Any, *, express: bool = False) -> list[Problem]:
    """Everything that is wrong with a definition, in one run.

    Args:
        machine: the definition as JSON data.
        express: check it as an Express workflow.
    """
    report = Report()
    if not isinstance(machine, Mapping):
        report.add(VALUE, "", "a definition is a JSON object")
        return report.problems
    check_fields(machine, tables.MACHINE, "", report, "a definition")
    check_choice(machine, "QueryLanguage", "", report, ("JSONata", "JSONPath"))
    check_number(machine, "TimeoutSeconds", "", report, least=1, most=LONGEST)
    language: Language = "JSONata" if machine.get("QueryLanguage") == "JSONata" else "JSONPath"
    reads: dict[str, list[Read]] = {}
    _check_scopes(machine, language, express, reads, report)
    check_names(machine, report)
    check_variables(machine, reads, report)
    return report.problems


def check_size(text: str) -> list[Problem]:
    """ASL-R1 for the text of a definition as it is deployed."""
    if len(text) <= LARGEST:
        return []
    message = f"a definition has at most {LARGEST:,} characters, not {len(text):,}"
    return [Problem("ASL-R1", "", message)]


def _check_scopes(
    machine: JsonObject,
    language: Language,
    express: bool,
    reads: dict[str, list[Read]],
    report: Report,
) -> None:
    """Check every state of every scope; a state's language is its own or else the machine's."""
    pending: list[tuple[JsonObject, str]] = [(machine, "")]
    while pending:
        scope, path = pending.pop()
        _check_states_field(scope, path, report)
        check_scope(scope, path, report)
        inner: list[tuple[JsonObject, str]] = []
        for name, state in states_of(scope).items():
            place = step(path, "States", name)
            own: Language = state.get("QueryLanguage", language)
            own = own if own in ("JSONata", "JSONPath") else language
            check_state(state, place, own, report, express=express)
            reads[place] = check_expressions(state, place, own, report)
            for branch, branch_path in inner_scopes(state, place):
                is_map = state.get("Type") == "Map"
                allowed = tables.PROCESSOR if is_map else tables.BRANCH
                what = "an ItemProcessor" if is_map else "a branch"
                check_fields(branch, allowed, branch_path, report, what)
                inner.append((branch, branch_path))
        pending.extend(reversed(inner))


def _check_states_field(scope: JsonObject, path: str, report: Report) -> None:
    states = scope.get("States")
    place = step(path, "States")
    if not isinstance(states, Mapping):
        report.add(MISSING, path, "States is missing")
        return
    if not states:
        report.add(MISSING, place, "States is empty")
    for name, state in states.items():
        if not isinstance(state, Mapping) and not is_placeholder(state):
            report.add(VALUE, step(place, name), "a state is an object")
