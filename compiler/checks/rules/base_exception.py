"""WFC134: catching what the engine throws to stop a workflow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wfc.compiler.checks.calls.externals import External
from wfc.compiler.checks.calls.symbols import Target
from wfc.compiler.checks.engines import LAMBDA, RESTATE, TEMPORAL
from wfc.compiler.checks.judging.rule import Finding, FixRequest, Rule
from wfc.compiler.checks.reading.facts import Use

if TYPE_CHECKING:
    from wfc.compiler.checks.calls.callgraph import Visit
    from wfc.compiler.checks.judging.context import Context


_NARROWER = FixRequest("Catch Exception", "unsafe", "expression", "Exception")


class BaseExceptionCaught(Rule):
    code = "WFC134"
    name = "catches-base-exception"
    summary = "A workflow catches BaseException and does not raise it again."
    why = (
        "Temporal removes a workflow from memory by raising an internal BaseException in it, "
        "and cancels it with asyncio.CancelledError; Restate and Lambda durable functions suspend "
        "a run in the same way. A handler that swallows them goes on running code of a workflow "
        "that is being stopped."
    )
    bad = "try:\n    await charge(order)\nexcept BaseException:\n    failed = True"
    good = "try:\n    await charge(order)\nexcept ActivityError:\n    failed = True"
    engines = (TEMPORAL, RESTATE, LAMBDA)
    fixing = (
        "--unsafe-fixes: BaseException becomes Exception. Unsafe because what the handler does "
        "when a workflow is cancelled is done no more. One that asks which error it has caught "
        "stays: name asyncio.CancelledError there, beside the errors that are meant."
    )
    kinds = ("catch",)

    VALID = (
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException:\n"
        "            self.failed = True\n"
        "            raise\n"
        "        except Exception:\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException as error:\n"
        "            if not self.may_ignore(error):\n"
        "                raise\n",
    )
    INVALID = (
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException as error:  # WFC134\n"
        "            if is_cancelled_exception(error):\n"
        "                await self.undo()\n",
        "import restate\n\n"
        "service = restate.Service('s')\n\n"
        "@service.handler()\n"
        "async def run(ctx: restate.Context, x: int) -> None:\n"
        "    try:\n"
        "        await ctx.run_typed('a', print)\n"
        "    except:  # WFC134\n"
        "        pass\n",
    )
    FIXED = (
        "from temporalio import workflow\n\n"
        "@workflow.defn\n"
        "class F:\n"
        "    @workflow.run\n"
        "    async def run(self) -> None:\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except Exception:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except:  # WFC134\n"
        "            pass\n"
        "        try:\n"
        "            await workflow.sleep(1)\n"
        "        except BaseException as error:  # WFC134\n"
        "            if is_cancelled_exception(error):\n"
        "                await self.undo()\n",
    )

    def check(
        self, use: Use, targets: tuple[Target, ...], visit: Visit, context: Context
    ) -> Iterator[Finding]:
        again = use.args == (("constant", True),)
        if again or External("builtins.BaseException") not in targets:
            return
        line, column, *_ = use.place
        place = (line, column, line, column + len(use.written)) if use.written == "except" else None
        message = f"`{use.written}` also swallows what the engine raises to stop a workflow"
        fix = _NARROWER if place is None and use.written == "except BaseException" else None
        yield Finding(message, "catch Exception, or name the errors", place, fix)
