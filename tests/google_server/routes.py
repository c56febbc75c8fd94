"""Which method of which service a request means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.google_server import changes, comments, drive, permissions, sheets
from tests.google_server.call import Call

Json = dict[str, Any]
Answer = Json | bytes | None

SCOPE = "https://www.googleapis.com/auth/"
SHEETS_READ = frozenset(
    {"drive", "drive.file", "drive.readonly", "spreadsheets", "spreadsheets.readonly"}
)
SHEETS_WRITE = frozenset({"drive", "drive.file", "spreadsheets"})
DRIVE_WRITE = frozenset({"drive", "drive.file"})
DRIVE_READ = DRIVE_WRITE | {"drive.readonly"}
DRIVE_LOOK = DRIVE_READ | {"drive.metadata", "drive.metadata.readonly"}


@dataclass(frozen=True, slots=True)
class Route:
    """`name` is the method's id in the discovery document of its service."""

    name: str
    verb: str
    pattern: re.Pattern[str]
    scopes: frozenset[str]
    handler: Callable[[Call], Answer]

    @property
    def service(self) -> str:
        return self.name.partition(".")[0]

    @property
    def writes(self) -> bool:
        """Whether Google counts it against the quota for writing."""
        return self.scopes in (SHEETS_WRITE, DRIVE_WRITE) and not self.name.endswith(READERS)

    def allows(self, scopes: frozenset[str]) -> bool:
        return any(scope.removeprefix(SCOPE) in self.scopes for scope in scopes)


READERS = ("getByDataFilter", "batchGetByDataFilter", "developerMetadata.get", "search")


def _route(
    name: str, verb: str, path: str, scopes: frozenset[str], handler: Callable[[Call], Answer]
) -> Route:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/:]+)", path)
    return Route(name, verb, re.compile(pattern + r"\Z"), scopes, handler)


BOOK = "/v4/spreadsheets/{spreadsheetId}"
VALUES = "sheets.spreadsheets.values"
FILES = "/drive/v3/files"

ROUTES = (
    _route("sheets.spreadsheets.create", "POST", "/v4/spreadsheets", SHEETS_WRITE, sheets.create),
    _route("sheets.spreadsheets.get", "GET", BOOK, SHEETS_READ, sheets.get),
    _route(
        "sheets.spreadsheets.getByDataFilter", "POST", f"{BOOK}:getByDataFilter", SHEETS_WRITE,
        sheets.get_by_data_filter,
    ),
    _route(
        "sheets.spreadsheets.batchUpdate", "POST", f"{BOOK}:batchUpdate", SHEETS_WRITE,
        sheets.batch_update,
    ),
    _route(
        "sheets.spreadsheets.sheets.copyTo", "POST", f"{BOOK}/sheets/{{sheetId}}:copyTo",
        SHEETS_WRITE, sheets.copy_to,
    ),
    _route(
        "sheets.spreadsheets.developerMetadata.search", "POST", f"{BOOK}/developerMetadata:search",
        SHEETS_WRITE, sheets.metadata_search,
    ),
    _route(
        "sheets.spreadsheets.developerMetadata.get", "GET",
        f"{BOOK}/developerMetadata/{{metadataId}}", SHEETS_WRITE, sheets.metadata_get,
    ),
    _route(
        f"{VALUES}.batchGet", "GET", f"{BOOK}/values:batchGet", SHEETS_READ,
        sheets.values_batch_get,
    ),
    _route(
        f"{VALUES}.batchGetByDataFilter", "POST", f"{BOOK}/values:batchGetByDataFilter",
        SHEETS_WRITE, sheets.values_batch_get_by_data_filter,
    ),
    _route(
        f"{VALUES}.batchUpdate", "POST", f"{BOOK}/values:batchUpdate", SHEETS_WRITE,
        sheets.values_batch_update,
    ),
    _route(
        f"{VALUES}.batchUpdateByDataFilter", "POST", f"{BOOK}/values:batchUpdateByDataFilter",
        SHEETS_WRITE, sheets.values_batch_update_by_data_filter,
    ),
    _route(
        f"{VALUES}.batchClear", "POST", f"{BOOK}/values:batchClear", SHEETS_WRITE,
        sheets.values_batch_clear,
    ),
    _route(
        f"{VALUES}.batchClearByDataFilter", "POST", f"{BOOK}/values:batchClearByDataFilter",
        SHEETS_WRITE, sheets.values_batch_clear_by_data_filter,
    ),
    _route(
        f"{VALUES}.append", "POST", f"{BOOK}/values/(?P<range>.+):append", SHEETS_WRITE,
        sheets.values_append,
    ),
    _route(
        f"{VALUES}.clear", "POST", f"{BOOK}/values/(?P<range>.+):clear", SHEETS_WRITE,
        sheets.values_clear,
    ),
    _route(
        f"{VALUES}.update", "PUT", f"{BOOK}/values/(?P<range>.+)", SHEETS_WRITE,
        sheets.values_update,
    ),
    _route(f"{VALUES}.get", "GET", f"{BOOK}/values/(?P<range>.+)", SHEETS_READ, sheets.values_get),
    _route("drive.files.list", "GET", FILES, DRIVE_LOOK, drive.files_list),
    _route("drive.files.create", "POST", FILES, DRIVE_WRITE, drive.files_create),
    _route("drive.files.get", "GET", f"{FILES}/{{fileId}}", DRIVE_LOOK, drive.files_get),
    _route("drive.files.update", "PATCH", f"{FILES}/{{fileId}}", DRIVE_WRITE, drive.files_update),
    _route("drive.files.delete", "DELETE", f"{FILES}/{{fileId}}", DRIVE_WRITE, drive.files_delete),
    _route(
        "drive2.files.update", "PUT", "/upload/drive/v2/files/{fileId}", DRIVE_WRITE, drive.upload
    ),
    _route(
        "drive.files.export", "GET", f"{FILES}/{{fileId}}/export", DRIVE_READ, drive.files_export
    ),
    _route("drive.files.copy", "POST", f"{FILES}/{{fileId}}/copy", DRIVE_WRITE, drive.files_copy),
    _route(
        "drive.permissions.list", "GET", f"{FILES}/{{fileId}}/permissions", DRIVE_LOOK,
        permissions.permissions_list,
    ),
    _route(
        "drive.permissions.create", "POST", f"{FILES}/{{fileId}}/permissions", DRIVE_WRITE,
        permissions.permissions_create,
    ),
    _route(
        "drive.permissions.update", "PATCH", f"{FILES}/{{fileId}}/permissions/{{permissionId}}",
        DRIVE_WRITE, permissions.permissions_update,
    ),
    _route(
        "drive.permissions.delete", "DELETE", f"{FILES}/{{fileId}}/permissions/{{permissionId}}",
        DRIVE_WRITE, permissions.permissions_delete,
    ),
    _route(
        "drive.comments.list", "GET", f"{FILES}/{{fileId}}/comments", DRIVE_READ,
        comments.comments_list,
    ),
    _route(
        "drive.comments.create", "POST", f"{FILES}/{{fileId}}/comments", DRIVE_WRITE,
        comments.comments_create,
    ),
    _route(
        "drive.changes.getStartPageToken", "GET", "/drive/v3/changes/startPageToken", DRIVE_LOOK,
        changes.start_page_token,
    ),
    _route("drive.changes.list", "GET", "/drive/v3/changes", DRIVE_LOOK, changes.changes_list),
    _route("drive.drives.list", "GET", "/drive/v3/drives", DRIVE_READ, drive.drives_list),
    _route("drive.drives.get", "GET", "/drive/v3/drives/{driveId}", DRIVE_READ, drive.drives_get),
)  # fmt: skip


def found(verb: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of a request, and the parts of its path, decoded."""
    for route in ROUTES:
        match = route.pattern.match(path)
        if match is not None and route.verb == verb:
            return route, {name: unquote(part) for name, part in match.groupdict().items()}
    return None
