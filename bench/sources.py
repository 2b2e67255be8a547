"""Writes chains of steps, the same for wfc and for its peer."""

from __future__ import annotations


def wfc_chain(steps: int) -> str:
    """A workflow of wfc that calls a step that many times."""
    calls = "".join(f"    total = add(total, {index})\n" for index in range(steps))
    return (
        '"""A chain of steps."""\n\n'
        "from wfc import step, workflow\n\n\n"
        "@step\n"
        "def add(total: int, amount: int) -> int:\n"
        '    """Add an amount."""\n'
        "    return total + amount\n\n\n"
        "@workflow\n"
        "def chain(total: int) -> int:\n"
        '    """Call the step again and again."""\n'
        f"{calls}"
        "    return total\n"
    )


def sfnx_chain(steps: int) -> str:
    """The same for sfnx."""
    calls = "".join(
        f"    total{': int' if index == 0 else ''} = aws.optimized.lambda_.invoke(\n"
        f'        FunctionName="${{Add}}", Payload={{"total": total, "amount": {index}}}\n'
        '    )["Payload"]\n'
        for index in range(steps)
    )
    return (
        '"""A chain of steps."""\n\n'
        "from typing import TypedDict\n\n"
        "from sfnx import aws, state_machine\n\n\n"
        "class Start(TypedDict):\n"
        "    total: int\n\n\n"
        "@state_machine\n"
        "def chain(input: Start):\n"
        '    """Call the step again and again."""\n'
        '    total = input["total"]\n'
        f"{calls}"
        "    return total\n"
    )
