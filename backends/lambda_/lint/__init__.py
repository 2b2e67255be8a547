"""What the linter knows of Lambda durable functions."""

from __future__ import annotations

from typing import Final

from wfc.compiler.checks.engines.engine import LintEngine
from wfc.compiler.checks.wordsets import words

_SDK: Final = "aws_durable_execution_sdk_python"

ENGINE: Final = LintEngine(
    name="lambda",
    title="Lambda durable functions",
    packages=(_SDK,),
    workflows=frozenset({f"{_SDK}.durable_execution", f"{_SDK}.durable_with_child_context"}),
    steps=frozenset({f"{_SDK}.durable_step", f"{_SDK}.durable_wait_for_callback"}),
    context_methods=words("step invoke wait_for_callback wait_for_condition"),
    contexts=words("ctx context durable_context"),
    aliases={f"{_SDK}.execution": _SDK, f"{_SDK}.context": _SDK},
    modules={"WFC106": "boto3 botocore aioboto3 aiobotocore"},
    pure="""
        botocore.config.Config botocore.exceptions.* boto3.dynamodb.conditions.*
        boto3.dynamodb.types.* boto3.s3.transfer.TransferConfig
    """,
    raises_to_stop=True,
    instead={
        "io": "wrap the call in context.step(...)",
        "shared": "read it in context.step(...), or make it part of the event",
        "input": "use context.wait_for_callback(...)",
        "parallel": "use context.parallel(...) or context.map(...)",
        "time": "read the clock in context.step(...)",
        "random": "draw the number in context.step(...)",
        "uuid": "make the id in context.step(...)",
        "sleep": "use context.wait(...)",
        "environment": "read it in context.step(...), or make it part of the event",
        "first": "use context.parallel(...)",
        "state": "keep it in a local variable and return it from steps",
        "log": "use context.logger, which is silent in a replay",
    },
)
