"""WFC136: worker versioning that no worker takes part in."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.backends.temporal.lint import ENGINE
from wfc.compiler.checks.calls.callgraph import Visit
from wfc.compiler.checks.judging.context import Context
from wfc.compiler.checks.judging.rule import Finding, Rule


class Versioning(Rule):
    code = "WFC136"
    name = "versioning-without-deployment"
    summary = "A Temporal workflow has a versioning behaviour, but no worker a deployment."
    why = (
        "The server refuses every task of a workflow with versioning_behavior from a worker "
        "that has no deployment_config with use_worker_versioning: the workflow hangs, and only "
        "the server's log says why."
    )
    bad = (
        "@workflow.defn(versioning_behavior=VersioningBehavior.PINNED)\n"
        "class Payout: ...\n\n"
        'worker = Worker(client, task_queue="q", workflows=[Payout])'
    )
    good = (
        "@workflow.defn(versioning_behavior=VersioningBehavior.PINNED)\n"
        "class Payout: ...\n\n"
        "worker = Worker(\n"
        "    client,\n"
        '    task_queue="q",\n'
        "    workflows=[Payout],\n"
        "    deployment_config=WorkerDeploymentConfig(\n"
        "        version=VERSION, use_worker_versioning=True\n"
        "    ),\n"
        ")"
    )
    only = ENGINE

    VALID = (
        "from temporalio import workflow\n"
        "from temporalio.worker import Worker, WorkerDeploymentConfig\n\n"
        "@workflow.defn(versioning_behavior=1)\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None: ...\n\n"
        "def worker(client):\n"
        "    return Worker(client, deployment_config=WorkerDeploymentConfig(version=1))\n",
        "from temporalio import workflow\n\n@workflow.defn(versioning_behavior=1)\n"
        "class WorkerIsElsewhere:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None: ...\n",
    )
    INVALID = (
        "from temporalio import workflow\nfrom temporalio.worker import Worker\n\n"
        "@workflow.defn(versioning_behavior=1)\n"
        "class F:  # WFC136\n"
        "    @workflow.run\n"
        "    async def run(self) -> None: ...\n\n"
        "def worker(client):\n"
        "    return Worker(client, workflows=[F])\n",
    )

    def check_function(self, visit: Visit, context: Context) -> Iterator[Finding]:
        role = visit.entry.role
        owner = visit.file.facts.classes.get(visit.function.owner)
        direct = visit.function is visit.entry.function
        if owner is None or not direct or role.decorator != "temporalio.workflow.run":
            return
        given = {name for decorator in owner.decorators for name, _ in decorator.keywords}
        mentions = context.mentions
        if "versioning_behavior" not in given or "temporalio.worker" not in mentions:
            return
        if "deployment_config" not in mentions:
            message = f"workflow `{owner.name}` has a versioning_behavior that no worker uses"
            advice = "give the Worker a deployment_config=WorkerDeploymentConfig(...)"
            yield Finding(message, advice, owner.place, whole=True)
