"""What of a workflow and its settings does not fit Step Functions."""

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
ALIAS: Final = Code(
    "WFC318",
    "asl-observable-alias",
    "A change of a list, dict or record that another name can see.",
    why="Step Functions copies values; a change through one name does not show through the other.",
    bad="backup = items\nitems.append(3)\ncharge(backup)",
    good="backup = list(items)\nitems.append(3)\ncharge(backup)",
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
