"""The command ``wfc lsp`` itself: how it begins and ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

LSP = [sys.executable, "-m", "wfc", "lsp"]


def test_the_server_ends_with_its_client() -> None:
    done = subprocess.run(LSP, input=b"", capture_output=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, b"")


def test_without_pygls_the_command_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError('no pygls', name='pygls')\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}

    done = subprocess.run(LSP, env=environment, capture_output=True, text=True, timeout=60)

    assert done.returncode == 2
    assert "pip install 'wfc-compiler[lsp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_of_the_loopback_interface() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*LSP, "--tcp", str(port)])
    try:
        body = json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
        ).encode()
        with connected(port) as connection:
            connection.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            connection.settimeout(60)
            assert connection.recv(4096).startswith(b"Content-Length:")
    finally:
        process.kill()
        process.wait()


def connected(port: int) -> socket.socket:
    """A connection, once something listens."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_no_other_command_needs_the_language_server() -> None:
    code = (
        "import sys; from wfc.cli.group import cli\n"
        "cli(['lint', '--list'], standalone_mode=False)\n"
        "assert not {'pygls', 'lsprotocol'} & set(sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (0, "")
