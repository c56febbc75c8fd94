"""The server, to be started inside a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl

from tests.graph_server.api import RefusalError, answered, told
from tests.graph_server.faults import AFTERWARDS, BROKEN, SILENT, STATUS, Fault, Faults
from tests.graph_server.model import BEGIN, Item, Library, Session, identity
from tests.graph_server.tokens import TENANT, Tokens
from tests.loopback import Answer, LoopbackServer, Request

SITE = "https://contoso.sharepoint.com/sites/Helhedsplaner"
_PAGE = b"<html><body>Bad Gateway</body></html>"


class GraphServer(LoopbackServer):
    """SharePoint behind Graph, as far as the store needs it, on 127.0.0.1.

    `staff` is called before each request is answered. How an Office file is rewritten, whether a
    commit is guarded and whether applications are named is documented nowhere: see `api`.
    Time goes on by a second with each change, since the service tells it in seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tokens = Tokens()
        self.site = SITE
        first = Library("Dokumenter", f"{SITE}/Delte%20dokumenter")
        self.libraries = {first.id: first}
        self.sessions: dict[str, tuple[Library, Session]] = {}
        self.session_keys: list[str] = []
        self.handed_out: dict[str, bytes] = {}
        self.faults = Faults()
        self.staff: Callable[[Request], None] | None = None
        self.page_size = 0
        self.rewrites: Literal["at once", "later", "never"] = "at once"
        self.guards_commit = True
        self.tells_applications = True
        self.tells_checksums: Literal["at once", "once downloaded", "never"] = "at once"
        self.now = BEGIN

    @property
    def library(self) -> Library:
        return next(iter(self.libraries.values()))

    def time(self) -> float:
        return self.now.timestamp()

    def tick(self, seconds: float = 1) -> datetime:
        """A moment that was not told of yet."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def answer(self, request: Request) -> Answer | None:
        """Answer one request; None closes the connection without a word."""
        with self._lock:
            self.asked.append(request)
            if self.staff is not None:
                self.staff(request)
            fault = self.faults.take(request.path)
            answer = self._answer_with(request, fault)
        if fault in SILENT:
            self._stopping.wait(self.faults.silence_seconds)
        return answer

    def _answer_with(self, request: Request, fault: Fault | None) -> Answer | None:
        answer = None
        if fault is None or fault in AFTERWARDS:
            answer = self._answered(request, is_stale=fault is Fault.STALE)
        if fault in STATUS:
            return RefusalError(*STATUS[fault]).answer(self._retry_after(fault))
        if fault in (Fault.GATEWAY_PAGE, Fault.GATEWAY_PAGE_AFTER):
            return Answer(502, _PAGE, "text/html")
        if fault is Fault.CUT_SHORT and answer is not None:
            return replace(answer, is_cut_short=True)
        return None if fault in SILENT or fault in BROKEN else answer

    def _retry_after(self, fault: Fault) -> dict[str, str]:
        is_throttled = fault in (Fault.TOO_MANY, Fault.UNAVAILABLE, Fault.BANDWIDTH)
        return {"Retry-After": self.faults.retry_after} if is_throttled else {}

    def _answered(self, request: Request, *, is_stale: bool) -> Answer:
        if request.path == f"/{TENANT}/v2.0/.well-known/openid-configuration":
            return told(self.tokens.discovery())
        if request.path == f"/{TENANT}/oauth2/v2.0/token":
            code, body = self.tokens.answer(dict(parse_qsl(request.content.decode())))
            return told(body, code)
        if "/oauth2/" in request.path or request.path.endswith("openid-configuration"):
            return told({"error": "invalid_tenant", "error_codes": [90002]}, 400)
        return answered(self, request, is_stale=is_stale)

    # What people do

    def folder(self, path: str) -> str:
        """The id of a folder, made where it is missing."""
        here = "root"
        for name in filter(None, path.split("/")):
            known = {one.name: one for one in self.library.children(here)}
            item = known.get(name) or Item(
                name, here, identity("Mette Holm"), BEGIN, is_folder=True
            )
            self.library.items[item.id] = item
            here = item.id
        return here

    def put(self, path: str, content: bytes, who: str = "Mette Holm", **more: Any) -> Item:
        """Let somebody lay a file into the library, or save it again."""
        with self._lock:
            folder, _, name = path.rpartition("/")
            item = self.library.at(path)
            if item is None:
                item = Item(name, self.folder(folder), identity(who), self.now, **more)
                self.library.items[item.id] = item
            at, keeps = self.tick(), self.library.keeps_versions
            item.hold(content, at, identity(who), keeps=keeps)
            item.has_checksum = self.tells_checksums == "at once"
            return item

    def item(self, path: str) -> Item:
        found = self.library.at(path)
        assert found is not None, path
        return found

    def content(self, path: str) -> bytes:
        return self.item(path).content

    def paths(self) -> list[str]:
        """Every file that is there."""
        library = self.library
        return sorted(library.path_of(one) for one in library.items.values() if not one.is_folder)

    def drop(self, path: str) -> None:
        """Let somebody delete a file."""
        with self._lock:
            del self.library.items[self.item(path).id]
