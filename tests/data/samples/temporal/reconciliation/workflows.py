"""Reconcile a day's settlements of the bank with our own ledger."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities import alert_accounting, fetch_settlements, flag, open_books, post
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        AlertAccountingInput,
        Discrepancy,
        FetchSettlementsInput,
        FlagInput,
        PostInput,
        ReconcileInput,
        Report,
    )

NO_RETRY = RetryPolicy(maximum_attempts=1)


@workflow.defn
class ReconcileWorkflow:
    """Compare each settlement of a day with the ledger.

    Args:
        day: such as 2026-01-31.
        tolerance: accounting is called when the differences add up to more cents than this.
    """

    @workflow.run
    async def run(self, input: ReconcileInput) -> Report:
        await workflow.execute_activity(
            open_books,
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="open_books",
        )
        matched = 0
        total = 0
        difference = 0
        discrepancies: list[Discrepancy] = []

        fetch_settlements_result = await workflow.execute_activity(
            fetch_settlements,
            FetchSettlementsInput(day=input.day),
            start_to_close_timeout=timedelta(minutes=1),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(minutes=10),
                backoff_coefficient=1.0,
                maximum_attempts=5,
                non_retryable_error_types=["TemporalTimeout:StartToClose"],
            ),
            summary="fetch_settlements",
        )
        for settlement in fetch_settlements_result:
            total += settlement.amount
            booked = await workflow.execute_activity(
                post,
                PostInput(
                    settlement_id=settlement.id,
                    merchant_id=settlement.merchant_id,
                    amount=settlement.amount,
                ),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="post",
            )
            if booked == settlement.amount:
                matched += 1
                continue
            await workflow.execute_activity(
                flag,
                FlagInput(
                    settlement_id=settlement.id, bank=settlement.amount, ledger=booked
                ),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="flag",
            )
            discrepancies.append(Discrepancy(settlement.id, settlement.amount, booked))
            difference += abs(settlement.amount - booked)

        if difference > input.tolerance:
            await workflow.execute_activity(
                alert_accounting,
                AlertAccountingInput(day=input.day, difference=difference),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="alert_accounting",
            )
        return Report(input.day, matched, total, discrepancies)
