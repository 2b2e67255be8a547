"""WFC117: print and logging."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wfc.compiler.checks.engines import instead
from wfc.compiler.checks.externals import External
from wfc.compiler.checks.facts import Use
from wfc.compiler.checks.rules.base import Finding, Rule
from wfc.compiler.checks.symbols import Target

if TYPE_CHECKING:
    from wfc.compiler.checks.callgraph import Visit
    from wfc.compiler.checks.context import Context

_LOGGING = (
    "logging.debug logging.info logging.warning logging.error logging.exception logging.critical "
    "logging.log logging.Logger.debug logging.Logger.info logging.Logger.warning "
    "logging.Logger.error logging.Logger.exception logging.Logger.critical logging.Logger.log "
    "warnings.warn structlog.get_logger().info loguru.logger.info loguru.logger.debug "
    "loguru.logger.warning loguru.logger.error"
)
_OUTPUT = frozenset(f"builtins.print pprint.pprint rich.print click.echo {_LOGGING}".split())


class Output(Rule):
    code = "WFC117"
    name = "print-and-logging"
    summary = "A workflow prints or logs."
    why = (
        "The line appears again in every replay. That harms no result, but a reader of the log "
        "sees things happen twice that happened once. Engines have loggers that stay silent in "
        "a replay."
    )
    bad = '@workflow\ndef pay(order: str) -> None:\n    print(f"paying {order}")\n    charge(order)'
    good = (
        "@step\n"
        "def charge(order: str) -> None:\n"
        '    print(f"paying {order}")\n'
        "    ...\n\n"
        "@workflow\n"
        "def pay(order: str) -> None:\n"
        "    charge(order)"
    )
    severity = "info"
    kinds = ("call",)

    VALID = (
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        workflow.logger.info('started')\n",
        "from dbos import DBOS\n\n"
        "@DBOS.workflow()\n"
        "def f() -> None:\n"
        "    DBOS.logger.info('started')\n",
    )
    INVALID = (
        "import logging\n"
        "from wfc import workflow\n\n"
        "logger = logging.getLogger(__name__)\n\n"
        "@workflow\n"
        "def f() -> None:\n"
        "    print('started')  # WFC117\n"
        "    logger.info('started')  # WFC117\n"
        "    logging.warning('started')  # WFC117\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        if any(isinstance(target, External) and target.name in _OUTPUT for target in targets):
            message = f"`{use.written}()` repeats its line on replay"
            yield Finding(message, instead(visit.engine, "log"))
