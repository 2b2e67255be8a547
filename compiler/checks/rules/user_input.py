"""WFC120: asking a person at the terminal."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class UserInput(NameRule):
    code = "WFC120"
    name = "user-input"
    summary = "A workflow waits for somebody at the terminal."
    why = (
        "A replay asks again, and on a worker nobody is there to answer. An answer reaches a "
        "durable workflow as its input, as a message, or as the result of a step."
    )
    bad = '@workflow\ndef f() -> None:\n    if input("go on? ") == "y":\n        charge()'
    good = "@workflow\ndef f(confirmed: bool) -> None:\n    if confirmed:\n        charge()"
    says = "waits for somebody at the terminal"
    calls = """
        builtins.input builtins.breakpoint pdb.set_trace getpass.getpass click.prompt click.confirm
        click.getchar rich.prompt.Prompt.ask rich.prompt.Confirm.ask code.interact sys.stdin.read
        sys.stdin.readline
    """
    need = "input"

    VALID = (
        "from wfc import workflow\n\n@workflow\ndef f(input: str) -> str:\n"
        "    return input.strip()\n",
    )
    INVALID = (
        "from getpass import getpass\nfrom wfc import workflow\n\n@workflow\ndef f() -> str:\n"
        "    breakpoint()  # WFC120\n"
        "    return input('name: ') + getpass()  # WFC120\n",
    )
