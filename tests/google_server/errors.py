"""Google's refusals: a status, a sentence, and the body in the shape of the service that refuses.

Sheets answers in the style of its newer services (`status`, `details`), Drive in the older one
(`errors` with a domain and a reason), the token endpoint as OAuth wants it.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

Json = dict[str, Any]

STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class RefusalError(Exception):
    """An answer that is not 2xx: `code`, and a body that is ready to be sent."""

    def __init__(self, code: int, body: str, content_type: str = "application/json") -> None:
        super().__init__(body)
        self.code = code
        self.body = body
        self.content_type = f"{content_type}; charset=UTF-8"

    def about(self, prefix: str) -> RefusalError:
        """The same refusal, its message saying first what it is about."""
        body = json.loads(self.body)
        body["error"]["message"] = prefix + body["error"]["message"]
        return RefusalError(self.code, as_text(body))


def as_text(body: Json) -> str:
    """JSON as Google writes it: two blanks, letters as they are, a line's end after it."""
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode() + "\n"


def refused(
    code: int, message: str, details: list[Json] | None = None, status: str = ""
) -> RefusalError:
    """An error of the Sheets API."""
    error: Json = {"code": code, "message": message, "status": status or STATUS[code]}
    if details:
        error["details"] = details
    return RefusalError(code, as_text({"error": error}))


def invalid(message: str) -> RefusalError:
    return refused(400, message)


def not_found() -> RefusalError:
    return refused(404, "Requested entity was not found.")


def no_spreadsheet() -> RefusalError:
    """It is a file of another kind, as an .xlsx is."""
    message = "This operation is not supported for this document"
    return refused(400, message, status="FAILED_PRECONDITION")


def no_permission() -> RefusalError:
    return refused(403, "The caller does not have permission")


def invalid_fields(field: str) -> RefusalError:
    """A field mask that names what is not there."""
    description = (
        f"Error expanding 'fields' parameter. Cannot find matching fields for path '{field}'."
    )
    return bad_request("Request contains an invalid argument.", [(field, description)])


def bad_request(message: str, violations: list[tuple[str, str]]) -> RefusalError:
    """A body or mask that does not fit the published types: (field, what is wrong) each."""
    fields = [{"field": field, "description": text} for field, text in violations]
    kind = "type.googleapis.com/google.rpc.BadRequest"
    return refused(400, message, [{"@type": kind, "fieldViolations": fields}])


def drive_refused(
    code: int,
    reason: str,
    message: str,
    domain: str = "global",
    location: tuple[str, str] | None = None,
) -> RefusalError:
    """An error of the Drive API; `location` is the kind and the name of what is wrong."""
    single: Json = {"message": message, "domain": domain, "reason": reason}
    if location is not None:
        single |= {"location": location[1], "locationType": location[0]}
    return RefusalError(
        code, as_text({"error": {"code": code, "message": message, "errors": [single]}})
    )


def file_not_found(file_id: str) -> RefusalError:
    return drive_refused(
        404, "notFound", f"File not found: {file_id}.", location=("parameter", "fileId")
    )


def oauth_refused(error: str, description: str, code: int = 400) -> RefusalError:
    body = {"error": error, "error_description": description}
    return RefusalError(code, json.dumps(body, indent=2) + "\n")


def html(code: int, title: str, sentence: str) -> RefusalError:
    """The page that Google's front end sends when the service behind it is away."""
    body = (
        "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
        f"  <title>Error {code} ({title})!!1</title>\n"
        f"  <p><b>{code}.</b> <ins>That’s an error.</ins>\n"
        f"  <p>{sentence}  <ins>That’s all we know.</ins>\n"
    )
    return RefusalError(code, body, "text/html")
