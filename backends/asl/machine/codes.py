"""What a machine cannot hold, beside expressions."""

from __future__ import annotations

from typing import Final

from wfc.compiler.diagnostics.model import Code

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
ENDLESS: Final = Code(
    "WFC326",
    "asl-endless",
    "A workflow that never ends.",
    why="A machine needs a state that ends it; a run may make at most 25,000 history events.",
    bad="while True:\n    poll()",
    good="while True:\n    if poll():\n        return",
    refusal="cannot be supported",
)
