"""WFC117: print and logging."""

from __future__ import annotations

from collections.abc import Iterator

from wfc.compiler.checks.engines.known import LintEngines, listed
from wfc.compiler.checks.engines.requests import FixRequest
from wfc.compiler.checks.judging.rule import Finding, Rule
from wfc.compiler.checks.judging.sighting import Sighting

_LOGGING = (
    "logging.debug logging.info logging.warning logging.error logging.exception logging.critical "
    "logging.log logging.Logger.debug logging.Logger.info logging.Logger.warning "
    "logging.Logger.error logging.Logger.exception logging.Logger.critical logging.Logger.log "
    "logging.warn logging.Logger.warn warnings.warn warnings.warn_explicit"
)
_LIBRARIES = " ".join(
    f"{logger}.{method}"
    for logger in ("structlog.get_logger()", "loguru.logger")
    for method in ("debug", "info", "warning", "error", "exception", "critical", "log")
)
_PRINTING = (
    "builtins.print pprint.pprint pprint.pp rich.print rich.console.Console.print click.echo "
    "click.secho typer.echo typer.secho traceback.print_exc traceback.print_stack "
    "sys.stdout.write sys.stdout.writelines sys.stdout.flush "
    "sys.stderr.write sys.stderr.writelines sys.stderr.flush"
)
_OUTPUT = frozenset(f"{_PRINTING} {_LOGGING} {_LIBRARIES}".split())

_METHODS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


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

    INVALID = (
        "import logging, sys\nfrom wfc import workflow\n\n"
        "logger = logging.getLogger(__name__)\n\n"
        "@workflow\n"
        "def f() -> None:\n"
        "    print('started')  # WFC117\n"
        "    logger.info('started')  # WFC117\n"
        "    logging.warning('started')  # WFC117\n"
        "    sys.stderr.write('started')  # WFC117\n",
    )

    @classmethod
    def fixing_among(cls, engines: LintEngines) -> str:
        loggers = [engine.logger[0] for engine in engines.all if engine.logger]
        return (
            f"--unsafe-fixes: in {engines.titles(lambda engine: engine.logger)} workflows "
            "print(text) and the methods of a logger become those of "
            f"{listed(loggers, 'or')}. Unsafe because the lines go to another logger, whose level "
            "and handlers are its own."
        )

    def check(self, at: Sighting) -> Iterator[Finding]:
        if not _OUTPUT.isdisjoint(at.names):
            message = f"`{at.use.written}()` repeats its line on replay"
            yield Finding(message, at.engine.advice("log"), fix=_fix(at))


def _fix(at: Sighting) -> FixRequest | None:
    if at.engine.logger is None or len(at.names) != 1:
        return None
    (name,) = at.names
    logger, needs = at.engine.logger
    method = name.rpartition(".")[2]
    if name == "builtins.print" and len(at.use.args) == 1 and not at.use.keywords:
        method = "info"
    elif not name.startswith("logging.") or method not in _METHODS:
        return None
    return FixRequest(f"Use {logger}.{method}()", "unsafe", "callee", f"{logger}.{method}", needs)
