"""Why a workflow does not fit Step Functions."""

from __future__ import annotations

from typing import Final

from wfc.compiler.diagnostics.model import Code

UNKNOWN_NAME: Final = Code(
    "WFC309",
    "asl-unknown-name",
    "A setting names a step or workflow that the module does not have, but for one that looks like"
    " it.",
    why="Without an ARN the machine gets a placeholder such as ${ChargeCard}, which a deployer has"
    " to fill in. The name may belong to another module, so this is a warning.",
    bad='[tool.wfc.asl.functions]\ncharge_crad = "arn:aws:lambda:..."',
    good='[tool.wfc.asl.functions]\ncharge_card = "arn:aws:lambda:..."',
    severity="warning",
)
NOT_EXACT: Final = Code(
    "WFC310",
    "asl-not-exact",
    "An expression has no exact JSONata form.",
    why="Step Functions evaluates expressions as JSONata. Where JSONata gives another value than"
    " Python, silently, the expression is refused instead of approximated.",
    bad="code = text.title()",
    good="code = make_title(text)  # a @step",
    refusal="cannot be supported",
)
NOT_YET: Final = Code(
    "WFC311",
    "asl-not-supported-yet",
    "A construct that could be compiled to Step Functions, but is not yet.",
    why="The construct has a meaning on Step Functions; the compiler does not emit it yet.",
    bad='label = f"{total:^12}"',
    good="label = centre(total)  # a @step",
    refusal="not supported yet",
)
OPERANDS: Final = Code(
    "WFC312",
    "asl-mixed-operands",
    "An operator whose operands may be of types that JSONata treats differently.",
    why="Python raises TypeError for None + 'a' or 1 < 'a'; JSONata converts or fails in its own"
    " way. The types must say which case it is.",
    bad="name = first + last          # last: str | None",
    good="name = f\"{first}{last or ''}\"",
    refusal="cannot be supported",
)
FLOAT_TEXT: Final = Code(
    "WFC313",
    "asl-float-text",
    "The text of a float without a fixed format.",
    why="A float with an integral value prints as '1.0' in Python and as '1' in Step Functions, and"
    " JSONata rounds the text to 15 digits.",
    bad='f"{price}"',
    good='f"{price:.2f}"',
    refusal="cannot be supported",
)
EQUALITY: Final = Code(
    "WFC314",
    "asl-bool-or-number",
    "An equality test in which a bool may meet a number, or a value its look-alike.",
    why="True == 1 holds in Python and does not in JSONata; a dataclass, a tuple or an enum member"
    " is plain JSON data in Step Functions and equals other data of the same form.",
    bad="if answer == 1:              # answer: Any",
    good="answer: int = ask()",
    refusal="cannot be supported",
)
FLOAT_SUM: Final = Code(
    "WFC315",
    "asl-float-sum",
    "sum() over floats.",
    why="CPython 3.12 changed how it rounds; the number is not the same on all engines.",
    bad="total = sum(prices)",
    good="total = 0.0\nfor price in prices:\n    total = total + price",
    refusal="cannot be supported",
)
FLOAT_POWER: Final = Code(
    "WFC316",
    "asl-float-power",
    "** on floats, or with an exponent that may be negative.",
    why="The last digit differs between mathematical libraries.",
    bad="area = side ** 2             # side: float",
    good="area = side * side",
    refusal="cannot be supported",
)
DICT_ORDER: Final = Code(
    "WFC317",
    "asl-dict-order",
    "An iteration over a dict or a set whose order could be observed.",
    why="Step Functions does not keep the order of an object's keys: '10' can come before 'a'.",
    bad="for key in prices:\n    charge(key)",
    good="for key in sorted(prices):\n    charge(key)",
    refusal="cannot be supported",
)
ALIAS: Final = Code(
    "WFC318",
    "asl-observable-alias",
    "A change of a list, dict or record that another name can see.",
    why="Step Functions copies values; a change through one name does not show through the other.",
    bad="backup = items\nitems.append(3)\ncharge(backup)",
    good="backup = list(items)\nitems.append(3)\ncharge(backup)",
    refusal="cannot be supported",
)
UNKNOWN_TYPE: Final = Code(
    "WFC319",
    "asl-unknown-type",
    "A value whose type is needed is not known.",
    why="JSONata has one function for the length of a list, another for that of a text. The type of"
    " the value decides.",
    bad="def fetch(url: str): ...      # a @step\nn = len(fetch(url))",
    good="def fetch(url: str) -> list[str]: ...\nn = len(fetch(url))",
    refusal="cannot be supported",
)
TOO_DEEP: Final = Code(
    "WFC320",
    "asl-too-deep",
    "An expression that nests deeper than Step Functions evaluates.",
    why="Step Functions stops an evaluation at about 100 nested steps; the compiler keeps to 80.",
    bad="x = f(f(f(...)))",
    good="part = f(f(...))\nx = f(part)",
    refusal="cannot be supported",
)
RETRY_DELAY: Final = Code(
    "WFC321",
    "asl-retry-delay",
    "A retry policy that Step Functions cannot follow.",
    why="IntervalSeconds and MaxDelaySeconds are whole seconds from 1 up, BackoffRate at least 1.",
    bad='@step(retry=Retry(first_delay="500ms"))',
    good='@step(retry=Retry(first_delay="1s"))',
    refusal="cannot be supported",
)
DURATION: Final = Code(
    "WFC322",
    "asl-duration",
    "A sleep or timeout that is not a whole number of seconds within the limits.",
    why="Wait takes whole seconds from 0 to 99,999,999, TimeoutSeconds from 1 to 99,999,999.",
    bad='sleep("1500ms")',
    good='sleep("2s")',
    refusal="cannot be supported",
)
HEARTBEAT: Final = Code(
    "WFC323",
    "asl-heartbeat",
    "A heartbeat that is not shorter than the timeout.",
    why="HeartbeatSeconds has to be smaller than TimeoutSeconds, or the machine is refused.",
    bad='@step(timeout="10s", heartbeat="30s")',
    good='@step(timeout="30s", heartbeat="10s")',
    refusal="cannot be supported",
)
TOO_LARGE: Final = Code(
    "WFC324",
    "asl-too-large",
    "A machine or a constant above a size limit of Step Functions.",
    why="A definition has at most 1,048,576 characters, a state's data at most 262,144 bytes (AWS"
    " service quotas).",
    bad="TABLE = [...]                 # 300 kB",
    good="table = read_table()          # a @step that reads it where it is needed",
    refusal="cannot be supported",
)
HELPER: Final = Code(
    "WFC325",
    "asl-helper",
    "A helper function with a statement that has no JSONata form yet.",
    why="A helper becomes one JSONata function: assignments, if, return, and for loops that run to"
    " their end.",
    bad="def first_large(xs: list[int]) -> int:\n    for x in xs:\n        if x > 9:\n"
    "            return x\n    return 0",
    good="def first_large(xs: list[int]) -> int:\n    large = [x for x in xs if x > 9]\n"
    "    return large[0] if large else 0",
    refusal="not supported yet",
)
ENDLESS: Final = Code(
    "WFC326",
    "asl-endless",
    "A workflow that never ends.",
    why="A machine needs a state that ends it; a run may make at most 25,000 history events.",
    bad="while True:\n    poll()",
    good="while True:\n    if poll():\n        return",
    refusal="cannot be supported",
)
NAMES: Final = Code(
    "WFC328",
    "asl-names-collide",
    "Two steps or workflows get the same placeholder.",
    why="A deployer fills in ARNs for placeholders such as ${PullSettlement}, made from the names"
    " of steps and child workflows; two names may differ only in underscores or in case.",
    bad="def pull_settlement(): ...\ndef pullSettlement(): ...",
    good="def pull_settlement(): ...\ndef fetch_settlement(): ...",
    refusal="cannot be supported",
)
ARN: Final = Code(
    "WFC329",
    "asl-arn",
    "A setting gives a step or workflow something that is no ARN.",
    why="[tool.wfc.asl.functions] and [tool.wfc.asl.state_machines] hold ARNs by name. The machine"
    " calls what they say; it could not call this.",
    bad='[tool.wfc.asl.functions]\ncharge_card = ""',
    good="[tool.wfc.asl.functions]\n"
    'charge_card = "arn:aws:lambda:eu-central-1:123456789012:function:charge-card"',
    refusal="cannot be supported",
)
CHILD_ERROR: Final = Code(
    "WFC330",
    "asl-child-error",
    "A handler for an error that the expressions of a child workflow may raise.",
    why="A failing expression ends the child's execution with States.QueryEvaluationError. The name"
    " of the Python error is somewhere in the text of its cause, where a machine cannot rely on it."
    " `except Exception` that does not look at the error is fine.",
    bad="@workflow\ndef share(total: int, heads: int) -> int:\n    return total // heads\n\n\n"
    "try:\n    part = share(total, heads)\nexcept ZeroDivisionError:\n    part = 0",
    good="@workflow\ndef share(total: int, heads: int) -> int:\n    if heads == 0:\n"
    '        raise NoHeads("nobody")\n    return total // heads\n\n\n'
    "try:\n    part = share(total, heads)\nexcept NoHeads:\n    part = 0",
    refusal="cannot be supported",
)
