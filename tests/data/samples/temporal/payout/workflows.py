"""Pay a merchant what the bank settled for them."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    TimeoutError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from activities import (
        credit_merchant,
        debit_platform,
        pull_settlement,
        reverse_debit,
        verify_identity,
        write_audit,
    )
    from shared import (
        DEFAULT_STEP_TIMEOUT,
        CreditMerchantInput,
        DebitPlatformInput,
        PayoutInput,
        PullSettlementInput,
        ReverseDebitInput,
        VerifyIdentityInput,
        WriteAuditInput,
    )

KYC_THRESHOLD = 50_000

NO_RETRY = RetryPolicy(maximum_attempts=1)


def error_message(error: ActivityError) -> str:
    """The message of the error that made an activity fail."""
    if isinstance(error.cause, TimeoutError):
        return f"{error.activity_type} timed out"
    if isinstance(error.cause, FailureError) and error.cause.failure:
        # `error.cause.message` is "Application error" where the message is empty.
        return error.cause.failure.message
    return str(error.cause)


@workflow.defn
class PayoutWorkflow:
    """Move a merchant's settlement from the platform's account to theirs."""

    @workflow.run
    async def run(self, input: PayoutInput) -> str:
        settlement = await workflow.execute_activity(
            pull_settlement,
            PullSettlementInput(merchant_id=input.merchant_id),
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=2),
                backoff_coefficient=2.0,
                maximum_attempts=3,
                non_retryable_error_types=["TemporalTimeout:StartToClose"],
            ),
            summary="pull_settlement",
        )

        # Large payouts need an extra know-your-customer check.
        if input.amount > KYC_THRESHOLD:
            await workflow.execute_activity(
                verify_identity,
                VerifyIdentityInput(merchant_id=input.merchant_id),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="verify_identity",
            )

        try:
            await workflow.execute_activity(
                debit_platform,
                DebitPlatformInput(settlement_id=settlement.id, amount=input.amount),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="debit_platform",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            raise ApplicationError(
                f"platform debit failed: {error_message(error)}",
                type="PayoutFailed",
                non_retryable=True,
            ) from error

        try:
            await workflow.execute_activity(
                credit_merchant,
                CreditMerchantInput(merchant_id=input.merchant_id, amount=input.amount),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="credit_merchant",
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            # The platform has paid already: give the money back before failing.
            await workflow.execute_activity(
                reverse_debit,
                ReverseDebitInput(settlement_id=settlement.id, amount=input.amount),
                start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
                retry_policy=NO_RETRY,
                summary="reverse_debit",
            )
            raise

        await workflow.execute_activity(
            write_audit,
            WriteAuditInput(
                merchant_id=input.merchant_id,
                settlement_id=settlement.id,
                amount=input.amount,
            ),
            start_to_close_timeout=DEFAULT_STEP_TIMEOUT,
            retry_policy=NO_RETRY,
            summary="write_audit",
        )
        return f"paid {input.amount} to {input.merchant_id}"
