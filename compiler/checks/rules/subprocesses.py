"""WFC107: other programs."""

from __future__ import annotations

from wfc.compiler.checks.judging.tables import NameRule


class Subprocesses(NameRule):
    code = "WFC107"
    name = "subprocess"
    summary = "A workflow starts another program."
    why = (
        "The program runs again in every replay, and its output may differ from what the first "
        "run went on with."
    )
    bad = '@workflow\ndef build(tag: str) -> None:\n    subprocess.run(["make", tag], check=True)'
    good = (
        "@step\n"
        "def make(tag: str) -> None:\n"
        '    subprocess.run(["make", tag], check=True)\n\n'
        "@workflow\n"
        "def build(tag: str) -> None:\n"
        "    make(tag)"
    )
    says = "starts another program"
    calls = """
        os.system os.popen os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp
        os.execvpe os.fork os.forkpty os.posix_spawn os.posix_spawnp os.spawnl os.spawnle os.spawnlp
        os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe os.startfile os.wait os.waitpid
        os.wait3 os.wait4 os.kill os.killpg posix.system posix.fork pty.spawn pty.fork
        asyncio.create_subprocess_exec asyncio.create_subprocess_shell
        asyncio.AbstractEventLoop.subprocess_exec asyncio.AbstractEventLoop.subprocess_shell
    """
    modules = "subprocess pexpect sh plumbum invoke anyio.run_process"
    pure = "subprocess.list2cmdline"

    VALID = (
        "import subprocess\nfrom wfc import step, workflow\n\n@step\ndef build() -> int:\n"
        "    return subprocess.run(['make']).returncode\n\n"
        "@workflow\n"
        "def f() -> int:\n"
        "    return build()\n",
    )
