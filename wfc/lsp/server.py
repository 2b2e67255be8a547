"""The server: takes what the editor says, checks when typing pauses, and answers."""

from __future__ import annotations

import asyncio
import traceback
from typing import Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from wfc.lsp.actions import FIX_ALL, KINDS, fix_all, quick_fixes, wanted
from wfc.lsp.analysis import Analyser, Result
from wfc.lsp.documents import Document
from wfc.lsp.page_files import PageFiles
from wfc.lsp.view import Client, View
from wfc.tool.version import version

PAUSE: Final = 0.2
"""Seconds without a change after which a text is checked."""


class Server(LanguageServer):
    """Holds the open documents and what is known about them.

    Documents are synchronised as whole texts: pygls splits lines at characters that are no line
    ends in LSP, and would put a partial change into the wrong place behind a form feed.
    """

    def __init__(self) -> None:
        super().__init__("wfc", version(), text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.client = Client()
        self.pages = PageFiles()
        self.documents: dict[str, Document] = {}
        self.views: dict[str, View] = {}
        self.analyser = Analyser(self.warn)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.warned: set[str] = set()
        self.changed: set[str] | None = set()
        self.due = 0.0
        self.checking: asyncio.Task[None] | None = None

    # --- What the editor says ---------------------------------------------------------------------

    def start(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.client = Client.of(
            self.client_capabilities, self.server_capabilities.position_encoding
        )
        self.read_folders()
        if self.client.watches_files:
            watchers = [
                types.FileSystemWatcher(pattern) for pattern in ("**/*.py", "**/pyproject.toml")
            ]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            kind = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            registration = types.Registration("wfc-files", kind, options)
            self.client_register_capability(types.RegistrationParams([registration]))

    def read_folders(self) -> None:
        uris = list(self.workspace.folders) or [self.workspace.root_uri]
        paths = (to_fs_path(uri) for uri in uris if uri)
        self.analyser.folders = tuple(path for path in paths if path)

    def put(self, uri: str, text: str, version: int | None, *, pause: float) -> None:
        """A document was opened or changed."""
        document = Document(uri, to_fs_path(uri) or uri, text, version)
        self.documents[uri] = document
        self.check_soon({document.path}, pause)

    def close(self, uri: str) -> None:
        """A document counts again as it is on disk."""
        document = self.documents.pop(uri, None)
        self.views.pop(uri, None)
        empty = types.PublishDiagnosticsParams(uri, [])
        self.text_document_publish_diagnostics(empty)
        if document is not None:
            self.check_soon({document.path}, 0)

    def disk_changed(self) -> None:
        self.analyser.forget_disk()
        self.check_soon(None, 0)

    # --- Checking ---------------------------------------------------------------------------------

    def check_soon(self, paths: set[str] | None, pause: float) -> None:
        """Check the projects of some paths, or all of them, after a pause in which nothing else is
        asked for."""
        known = self.changed
        self.changed = None if paths is None or known is None else known | paths
        self.due = asyncio.get_running_loop().time() + pause
        if self.checking is None or self.checking.done():
            self.checking = asyncio.create_task(self.check())

    async def check(self) -> None:
        while self.changed is None or self.changed:
            while (rest := self.due - asyncio.get_running_loop().time()) > 0:
                await asyncio.sleep(rest)
            changed, self.changed = self.changed, set()
            documents = list(self.documents.values())
            try:
                for result in await asyncio.to_thread(self.analyser.check, documents, changed):
                    self.publish(result)
            except Exception:
                self.report_defect()

    def publish(self, result: Result) -> None:
        """Show what was found, unless the document has changed meanwhile."""
        uri = result.checked.uri
        if self.documents.get(uri) != result.checked:
            return
        view = View(result, self.client, self.pages)
        found = [shown for _, shown in view.diagnostics]
        before = self.views.get(uri)
        self.views[uri] = view
        if before is not None and before.result.checked == result.checked:
            shown_before = [shown for _, shown in before.diagnostics]
            if found == shown_before:
                return
        params = types.PublishDiagnosticsParams(uri, found, result.checked.version)
        self.text_document_publish_diagnostics(params)

    async def settled(self, uri: str) -> View | None:
        """What is known about a document once nothing is left to be checked."""
        while self.checking is not None and not self.checking.done():
            self.due = 0
            await asyncio.shield(self.checking)
        return self.views.get(uri)

    # --- What the editor asks ---------------------------------------------------------------------

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        view = await self.settled(params.text_document.uri)
        if view is None:
            return []
        only = params.context.only
        found: list[types.CodeAction] = []
        if wanted(only, types.CodeActionKind.QuickFix):
            found += quick_fixes(view, params.range)
        if wanted(only, FIX_ALL):
            whole = await asyncio.to_thread(fix_all, view, self.recheck)
            found += [whole] if whole else []
        return found

    def recheck(self, document: Document) -> Result:
        """A document with another text, beside the others as they are."""
        others = [other for other in self.documents.values() if other.uri != document.uri]
        results = self.analyser.check([*others, document], {document.path})
        return next(result for result in results if result.checked is document)

    # --- Messages ---------------------------------------------------------------------------------

    def warn(self, text: str) -> None:
        """Show a message once. Called from the thread that checks."""
        if text not in self.warned and self.loop is not None:
            self.warned.add(text)
            params = types.ShowMessageParams(types.MessageType.Warning, f"wfc: {text}")
            self.loop.call_soon_threadsafe(self.window_show_message, params)

    def report_defect(self) -> None:
        text = f"wfc {version()}: internal error; please report it\n{traceback.format_exc()}"
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, text))


def create_server() -> Server:
    """A server that listens to nothing yet: :meth:`start_io` and :meth:`start_tcp` begin."""
    server = Server()

    @server.feature(types.INITIALIZED)
    def initialized(params: types.InitializedParams) -> None:
        server.start()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        server.analyser.forget_disk()
        server.put(document.uri, document.text, document.version, pause=0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = server.workspace.get_text_document(params.text_document.uri)
        version = params.text_document.version
        server.put(params.text_document.uri, document.source, version, pause=PAUSE)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.disk_changed()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.disk_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.read_folders()
        server.disk_changed()

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        view = await server.settled(params.text_document.uri)
        return view.hover(params.position) if view else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(list(KINDS)))
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await server.actions(params)

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        server.pages.close()

    return server
