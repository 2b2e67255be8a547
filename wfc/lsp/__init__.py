"""The language server: the linter's findings, their rules and their fixes inside an editor.

Only ``wfc lsp`` imports this package, because pygls and lsprotocol come with the extra ``lsp``.
"""
