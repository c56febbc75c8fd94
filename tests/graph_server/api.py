"""The answers of Graph, and of the addresses that it hands out."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from tests.graph_server.model import Item, Library, Session, identity
from tests.graph_server.office import rewritten
from tests.graph_server.tokens import CLIENT_ID
from tests.loopback import Answer, Request

if TYPE_CHECKING:
    from tests.graph_server.server import GraphServer

Json = dict[str, Any]
GRAPH = "https://graph.microsoft.com/v1.0"
PIECE = 327_680
_OURS = identity("helhedsplan", CLIENT_ID)
_LIVES_FOR = timedelta(hours=1)
_USUAL_PAGE, _LARGEST_PAGE = 200, 1000


class RefusalError(Exception):
    """The error body of Graph: concepts/errors.md."""

    def __init__(self, status: int, code: str, message: str = "", inner: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.inner = status, code, message, inner

    def answer(self, headers: dict[str, str] | None = None) -> Answer:
        request_id = secrets.token_hex(8)
        inner: Json = {"date": "2026-11-30T08:00:00", "request-id": request_id}
        if self.inner:
            inner["code"] = self.inner
        error = {"code": self.code, "message": self.message or self.code, "innerError": inner}
        body = json.dumps({"error": error}).encode()
        return Answer(self.status, body, headers={"request-id": request_id, **(headers or {})})


def gone(what: str = "The resource could not be found.") -> RefusalError:
    return RefusalError(404, "itemNotFound", what)


def told(body: Json, code: int = 200) -> Answer:
    return Answer(code, json.dumps(body).encode())


def answered(server: GraphServer, request: Request, *, is_stale: bool) -> Answer:
    """What the service would say; stale, where it gives out what was there before."""
    try:
        return _answered(server, request, is_stale=is_stale)
    except RefusalError as refusal:
        return refusal.answer()


def _answered(server: GraphServer, request: Request, *, is_stale: bool) -> Answer:
    for pattern, verb, handler, is_signed in _ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found and verb == request.verb:
            _look_at_token(server, request, is_signed=is_signed)
            return handler(_Call(server, request, is_stale), *map(unquote, found.groups()))
    raise RefusalError(501, "notSupported", f"{request.verb} {request.path}")


def _look_at_token(server: GraphServer, request: Request, *, is_signed: bool) -> None:
    """A token where none belongs is refused: driveitem-createuploadsession.md, remarks."""
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if (shown in server.tokens.given) != is_signed or (shown and not is_signed):
        raise RefusalError(401, "unauthenticated", "The caller is not authenticated.")


@dataclass
class _Call:
    server: GraphServer
    request: Request
    is_stale: bool

    def library(self, drive: str) -> Library:
        if drive not in self.server.libraries:
            raise gone()
        return self.server.libraries[drive]

    def item(self, drive: str, item_id: str) -> tuple[Library, Item]:
        library = self.library(drive)
        if item_id not in library.items:
            raise gone()
        return library, library.items[item_id]

    def item_at(self, drive: str, path: str) -> tuple[Library, Item]:
        library = self.library(drive)
        if (found := library.at(path)) is None:
            raise gone()
        return library, found

    def shown(self, library: Library, item: Item) -> Json:
        """A driveItem with the fields that were asked for: query-parameters.md, $select."""
        whole = library.told(item, tells_applications=self.server.tells_applications)
        wanted = self.request.one("$select")
        return {k: v for k, v in whole.items() if not wanted or k in wanted.split(",")}

    def page(self, entries: list[Json]) -> Answer:
        """driveitem-list-children.md: 200 entries unless asked otherwise, then @odata.nextLink."""
        asked = int(self.request.one("$top", str(_USUAL_PAGE)))
        size = min(asked, self.server.page_size or _LARGEST_PAGE)
        start = int(self.request.one("$skiptoken", "0"))
        body: Json = {"value": entries[start : start + size]}
        if start + size < len(entries):
            query = {**self.request.query, "$skiptoken": [str(start + size)]}
            text = "&".join(f"{name}={quote(value[-1])}" for name, value in query.items())
            body["@odata.nextLink"] = f"https://graph.microsoft.com{self.request.path}?{text}"
        return told(body)


def _site(call: _Call, host: str, path: str) -> Answer:
    """site-getbypath.md. Without the permission for it a site is refused: (guess) 403."""
    if f"https://{host}{path}" != call.server.site:
        raise gone("Requested site could not be found")
    if not call.server.tokens.roles:
        raise RefusalError(403, "accessDenied")
    return told({"id": "site-1", "webUrl": call.server.site})


def _drives(call: _Call, _site_id: str) -> Answer:
    """drive-list.md."""
    libraries = call.server.libraries.values()
    return call.page([{"id": o.id, "name": o.name, "webUrl": o.address} for o in libraries])


def _drive(call: _Call, _site_id: str) -> Answer:
    """drive-get.md: the first library is the site's own."""
    one = next(iter(call.server.libraries.values()))
    return told({"id": one.id, "name": one.name, "webUrl": one.address})


def _root_children(call: _Call, drive: str) -> Answer:
    library = call.library(drive)
    return call.page([call.shown(library, one) for one in library.children("root")])


def _children(call: _Call, drive: str, item_id: str) -> Answer:
    library, item = call.item(drive, item_id)
    if item.refuses:
        raise RefusalError(*item.refuses)
    return call.page([call.shown(library, one) for one in library.children(item.id)])


def _children_at(call: _Call, drive: str, path: str) -> Answer:
    library, item = call.item_at(drive, path)
    return call.page([call.shown(library, one) for one in library.children(item.id)])


def _get(call: _Call, drive: str, item_id: str) -> Answer:
    return told(call.shown(*call.item(drive, item_id)))


def _get_at(call: _Call, drive: str, path: str) -> Answer:
    return told(call.shown(*call.item_at(drive, path)))


def _delete(call: _Call, drive: str, item_id: str) -> Answer:
    """driveitem-delete.md: 412 where if-match does not fit; (guess) an open file is locked."""
    library, item = call.item(drive, item_id)
    _look_at_guard(item, call.request.headers.get("if-match", ""))
    _look_at_lock(item)
    del library.items[item.id]
    return Answer(204)


def _content(call: _Call, drive: str, item_id: str) -> Answer:
    """driveitem-get-content.md: 302 to a pre-authenticated address."""
    _library, item = call.item(drive, item_id)
    key = secrets.token_hex(12)
    item.has_checksum |= call.server.tells_checksums == "once downloaded"  # resources/hashes.md
    call.server.handed_out[key] = item.older if call.is_stale and item.older else item.content
    where = f"{call.server.site}/_layouts/15/download.aspx?tempauth={key}"
    return Answer(302, headers={"Location": where})


def _download(call: _Call) -> Answer:
    key = call.request.one("tempauth")
    if key not in call.server.handed_out:
        raise RefusalError(403, "accessDenied")
    return Answer(200, call.server.handed_out[key], "application/octet-stream")


def _versions(call: _Call, drive: str, item_id: str) -> Answer:
    """driveitem-list-versions.md; the newest first (learn.microsoft.com/answers 1054547)."""
    _library, item = call.item(drive, item_id)
    entries = []
    for one in reversed(item.versions):
        by = one.by if call.server.tells_applications else {"user": one.by["user"]}
        at = f"{one.at:%Y-%m-%dT%H:%M:%SZ}"
        entries.append(
            {"id": one.id, "size": len(one.content), "lastModifiedDateTime": at,
             "lastModifiedBy": by}
        )  # fmt: skip
    return call.page(entries)


def _restore(call: _Call, drive: str, item_id: str, version: str) -> Answer:
    """driveitemversion-restoreversion.md: a new version with the old content."""
    library, item = call.item(drive, item_id)
    _look_at_lock(item)
    wanted = [one for one in item.versions if one.id == version]
    if not wanted:
        raise gone()
    server = call.server
    item.hold(wanted[0].content, server.tick(), _OURS, keeps=library.keeps_versions)
    return Answer(204)


def _look_at_guard(item: Item, guard: str) -> None:
    if guard and not item.fits(guard):
        message = "ETag does not match current item's value"
        raise RefusalError(412, "resourceModified", message)  # skilion/onedrive#366


def _look_at_lock(item: Item) -> None:
    """423: microsoft-graph-explorer-v4#3435, onedrive-api-docs#1199; msgraph-sdk-java#366."""
    if item.checked_out_by:
        message = "The file is currently checked out or locked for editing by another user."
        raise RefusalError(423, "accessDenied", message)
    if item.opened_by and item.lock_says_session:
        message = "An upload session already exists for this file"
        raise RefusalError(409, "nameAlreadyExists", message)
    if item.opened_by:
        message = "The resource you are attempting to access is locked"
        raise RefusalError(423, "notAllowed", message, "resourceLocked")
    if item.refuses:
        raise RefusalError(*item.refuses)


def _open_session(call: _Call, drive: str, item_id: str) -> Answer:
    library, item = call.item(drive, item_id)
    guard = call.request.headers.get("if-match", "")
    _look_at_guard(item, guard)
    _look_at_lock(item)
    return _session(call, library, Session(item.parent, item.name, item, item.guard))


def _open_session_at(call: _Call, drive: str, path: str) -> Answer:
    library = call.library(drive)
    folder, _, name = path.strip("/").rpartition("/")
    parent = library.at(folder)
    if folder and parent is None:
        raise gone()
    behaviour = json.loads(call.request.content)["item"]["@microsoft.graph.conflictBehavior"]
    if library.at(path) is not None and behaviour == "fail":
        raise RefusalError(409, "nameAlreadyExists", "The specified item name already exists.")
    return _session(call, library, Session(parent.id if parent else "root", name, None, ""))


def _session(call: _Call, library: Library, session: Session) -> Answer:
    key = secrets.token_hex(12)
    session.ends_at = call.server.now + _LIVES_FOR
    call.server.sessions[key] = (library, session)
    call.server.session_keys.append(key)
    where = f"{call.server.site}/_api/v2.0/uploadSession?guid={key}&tempauth={secrets.token_hex(8)}"
    return told({"uploadUrl": where, "expirationDateTime": f"{session.ends_at:%Y-%m-%dT%H:%M:%SZ}"})


def _session_of(call: _Call) -> tuple[str, Library, Session]:
    """An ended session is not found: rclone#9767, abraunegg/onedrive#3859."""
    key = call.request.one("guid")
    if key not in call.server.sessions:
        raise gone("The upload session was not found")
    library, session = call.server.sessions[key]
    if call.server.now > session.ends_at:
        del call.server.sessions[key]
        raise gone("The upload session was not found")
    return key, library, session


def _upload(call: _Call) -> Answer:
    key, library, session = _session_of(call)
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", call.request.headers.get("content-range", ""))
    if found is None:
        raise RefusalError(400, "invalidRequest")
    first, last, total = map(int, found.groups())
    if first != len(session.data) or (session.total and total != session.total):
        raise RefusalError(416, "invalidRange", inner="fragmentOutOfOrder")
    if last - first + 1 != len(call.request.content):
        raise RefusalError(400, "invalidRange", inner="fragmentLengthMismatch")
    if last + 1 < total and len(call.request.content) % PIECE:
        raise RefusalError(400, "invalidRange")
    session.total = total
    session.data += call.request.content
    if len(session.data) < total:
        return _state(session, 202)
    try:
        item = _committed(call.server, library, session)
    except RefusalError:
        del session.data[first:]
        raise
    del call.server.sessions[key]
    answer = library.told(item, tells_applications=call.server.tells_applications)
    if call.server.rewrites == "later":
        item.versions[-1].content = rewritten(item.content, item.changes)
        item.changes += 1
        item.content_changes += 1
    return told(answer, 200 if session.target else 201)


def _committed(server: GraphServer, library: Library, session: Session) -> Item:
    """The file with its new content.

    Whether the guard is looked at again here is not documented; that it was is told of in
    onedrive-api-docs#1707 (409 resourceModified), so both can be had.
    """
    item, content = session.target, bytes(session.data)
    if item is None:
        there = {one.name.casefold() for one in library.children(session.parent)}
        if session.name.casefold() in there:
            raise RefusalError(409, "nameAlreadyExists", inner="upload_name_conflict")
        item = Item(session.name, session.parent, _OURS, server.now)
        library.items[item.id] = item
    elif item.id not in library.items:
        raise gone()
    else:
        _look_at_lock(item)
        if server.guards_commit and item.guard != session.guard:
            raise RefusalError(409, "resourceModified")
    if server.rewrites == "at once":
        content = rewritten(content, item.changes)
    item.hold(content, server.tick(), _OURS, keeps=library.keeps_versions)
    return item


def _state(session: Session, code: int = 200) -> Answer:
    ends = f"{session.ends_at:%Y-%m-%dT%H:%M:%SZ}"
    ranges = [f"{len(session.data)}-"]
    return told({"expirationDateTime": ends, "nextExpectedRanges": ranges}, code)


def _session_state(call: _Call) -> Answer:
    return _state(_session_of(call)[2])


def _cancel(call: _Call) -> Answer:
    del call.server.sessions[_session_of(call)[0]]
    return Answer(204)


def _workbook(_call: _Call, *_path: str) -> Answer:
    """(Guess) an application may not: so say the pages' tables and a question of February 2026."""
    raise RefusalError(403, "accessDenied", inner="EditModeAccessDenied")


_D, _I = r"/v1\.0/drives/([^/]+)", r"/items/([^/:]+)"
_UPLOAD = r"/sites/[^/]+/_api/v2\.0/uploadSession"
_Handler = Callable[..., Answer]
_ROUTES: list[tuple[str, str, _Handler, bool]] = [
    (r"/v1\.0/sites/([^/:]+):(/[^:]+)", "GET", _site, True),
    (r"/v1\.0/sites/([^/:]+)/drives", "GET", _drives, True),
    (r"/v1\.0/sites/([^/:]+)/drive", "GET", _drive, True),
    (rf"{_D}/root/children", "GET", _root_children, True),
    (rf"{_D}/root:/(.+):/children", "GET", _children_at, True),
    (rf"{_D}{_I}/children", "GET", _children, True),
    (rf"{_D}{_I}", "GET", _get, True),
    (rf"{_D}/root:/([^:]+):?", "GET", _get_at, True),
    (rf"{_D}{_I}", "DELETE", _delete, True),
    (rf"{_D}{_I}/content", "GET", _content, True),
    (rf"{_D}{_I}/versions", "GET", _versions, True),
    (rf"{_D}{_I}/versions/([^/]+)/restoreVersion", "POST", _restore, True),
    (rf"{_D}{_I}/workbook/createSession", "POST", _workbook, True),
    (rf"{_D}{_I}/workbook/names", "GET", _workbook, True),
    (rf"{_D}{_I}/createUploadSession", "POST", _open_session, True),
    (rf"{_D}/root:/([^:]+):/createUploadSession", "POST", _open_session_at, True),
    (r"/sites/[^/]+/_layouts/15/download\.aspx", "GET", _download, False),
    (_UPLOAD, "PUT", _upload, False),
    (_UPLOAD, "GET", _session_state, False),
    (_UPLOAD, "DELETE", _cancel, False),
]
