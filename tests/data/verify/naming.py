"""Names that generated code and engines use themselves."""

from dataclasses import dataclass
from enum import Enum

from wfc import Retry, sleep, step
from wfc import workflow as flow


class Error(Exception):
    """A class with a common name."""


class ActivityError(Exception):
    """A class that an SDK has too."""


class ApplicationError(ActivityError):
    """Another one."""


class Status(Enum):
    """Members with names of str's methods."""

    title = "t"  # noqa: E741
    DEFAULT = "d"


@dataclass
class Input:
    """A record with common field names."""

    input: str
    result: int = 0
    type: str = "x"
    keys: int = 1


@dataclass
class RunInput:
    """A record whose name a generated class may want."""

    name: str


@step
def run(args: int, workflow: str = "w") -> int:
    """A step with a common name."""
    return args


@step(retry=Retry(Error, attempts=2))
def activity(self: str, options: int) -> str:
    """Parameters with common names."""
    return self


@step
def keep(input: Input) -> Input:
    """A step that takes and gives such a record."""
    return input


@step
def print(text: str) -> None:
    """A step with a builtin's name."""


@step
def defn(run_input: RunInput, status: Status) -> Status:
    """A record and an enum."""
    return status


@step
def input(input: int) -> int:
    """A step with a builtin's name, and a parameter with its own."""
    return input


@step
def match(case: int, type: str) -> int:
    """A step with a soft keyword's name, and a parameter with another step's."""
    return case


@step
def case(match: Input) -> Input:
    """The other step."""
    return match


def helper(state: int, states: int) -> int:
    """A helper with common names."""
    result = state * 10
    return result + states


@flow
def states(input: int, context: str) -> int:
    """Variables with the names that state machines reserve."""
    state = run(input)
    result = run(state, context)
    states = helper(result, input)
    error = states + 1
    output = error + len(context)
    return output


@flow
def workflow(self: str, timedelta: int, asyncio: int = 3) -> str:
    """Parameters with the names of libraries."""
    dbos = activity(self, timedelta)
    step = activity(dbos, options=asyncio)
    step_options = f"{dbos}{step}"
    sleep(timedelta)
    for name in range(2):
        print(f"{step_options}{name}")
    return step_options


@flow
def child(Input: int, run_step: int) -> int:
    """A child with such parameters."""
    return Input + run_step


@flow
def execute(args: list[int], kwargs: dict[str, int]) -> int:
    """Children with such arguments."""
    result = 0
    for arg in args:
        result += child(arg, run_step=kwargs["run_step"])
    return result


@flow
def records(client: Input, value: Status) -> Input:
    """Records with common field names."""
    worker = keep(client)
    worker.result += client.keys
    data = defn(RunInput(worker.input), value)
    if data is Status.title:
        worker.type = data.value
    return worker


@flow
def errors(message: str) -> str:
    """Handlers for classes with common names."""
    try:
        return activity(message, 1)
    except ApplicationError as e:
        return f"application {e}"
    except ActivityError as exc:
        error = f"activity {exc}"
        return error
    except Error as failure:
        raise ApplicationError(f"from {failure}") from failure


@flow
def case_of_names(userId: str, user_id: str, UserId: str) -> str:
    """Names that differ in case and underscores only."""
    USER_ID = userId + user_id
    userid = USER_ID + UserId
    return userid


@flow
def a_name_that_is_longer_than_state_machines_allow_their_states_to_be_and_goes_on_and_on_and_on(
    a_parameter_that_is_longer_than_state_machines_allow_their_variables_to_be_and_goes_on: int,
) -> int:
    """Long names."""
    a_variable_that_is_longer_than_state_machines_allow_their_variables_to_be_and_goes_on = (
        a_parameter_that_is_longer_than_state_machines_allow_their_variables_to_be_and_goes_on + 1
    )
    print("x")
    return a_variable_that_is_longer_than_state_machines_allow_their_variables_to_be_and_goes_on


@flow
def soft_keywords(match_: int, type: str, _: int) -> int:
    """Steps and variables that Python reads as keywords in places."""
    case_ = match(match_, type)
    match__ = case(Input(type, case_ + _))
    for _ in range(2):
        case_ += input(_)
    return case_ + match__.result
