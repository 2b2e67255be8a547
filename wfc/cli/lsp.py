"""``wfc lsp``: the language server."""

from __future__ import annotations

import click


@click.command("lsp")
@click.option(
    "--tcp",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Listen on this port of the loopback interface in place of standard input.",
)
def command(tcp: int | None) -> None:
    """Serve an editor: findings of wfc lint while you type, their rules, and their fixes.

    Speaks the Language Server Protocol on standard input and output. Checks open documents with
    their unsaved text, and what their workflows call in other files. Reads [tool.wfc] of the
    project's pyproject.toml.

    \b
    Examples:
      wfc lsp
      wfc lsp --tcp 2087

    \b
    Neovim 0.11 (init.lua):
      vim.lsp.config('wfc', {
        cmd = { 'wfc', 'lsp' },
        filetypes = { 'python' },
        root_markers = { 'pyproject.toml', '.git' },
      })
      vim.lsp.enable('wfc')

    \b
    Helix (languages.toml):
      [language-server.wfc]
      command = "wfc"
      args = ["lsp"]
      [[language]]
      name = "python"
      language-servers = ["wfc", "pyright"]

    VS Code and others: name `wfc lsp` as the server of Python files in a generic LSP client.
    """
    try:
        from wfc.lsp.server import create_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.UsageError(
            "the language server needs pygls: pip install 'wfc-compiler[lsp]'"
        ) from error
    server = create_server()
    if tcp is None:
        server.start_io()
    else:
        server.start_tcp("127.0.0.1", tcp)
