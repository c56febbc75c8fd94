"""What Google would say: from a request to the bytes of its answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.google_server import discovery, fields, pages, routes
from tests.google_server.call import Call
from tests.google_server.errors import (
    RefusalError,
    as_text,
    bad_request,
    html,
    invalid_fields,
    refused,
)
from tests.google_server.fields import Mask
from tests.google_server.oauth import scope_missing, unauthenticated
from tests.google_server.render import tidy
from tests.google_server.routes import Route
from tests.loopback import Answer, Request

if TYPE_CHECKING:
    from tests.google_server.server import GoogleServer

Json = dict[str, Any]


def answered(server: GoogleServer, request: Request, *, stale: bool = False) -> Answer:
    """What Google would say; stale, as long as the latest write has not come round."""
    try:
        return _answered(server, request, stale)
    except RefusalError as refusal:
        return Answer(refusal.code, refusal.body.encode(), refusal.content_type)


def _answered(server: GoogleServer, request: Request, stale: bool) -> Answer:
    if request.path in ("/token", "/oauth2/v4/token"):
        form = {name: given[-1] for name, given in parse_qs(request.content.decode()).items()}
        return Answer(200, as_text(server.tokens.answer(form)).encode())
    looked_at = pages.page(server, request.verb, request.path, request.content)
    if looked_at is not None:
        return Answer(200, looked_at.encode(), "text/html; charset=UTF-8")
    asked = request.path.removesuffix("/").replace("/:", ":")
    found = routes.found(request.verb, asked)
    if found is None:
        raise html(
            404, "Not Found", f"The requested URL {request.path} was not found on this server."
        )
    route, path = found
    token = server.tokens.caller(request.headers.get("authorization"), request.query.get("key"))
    if token.who == "anyone" and not route.allows(token.scopes):
        raise unauthenticated()
    if not route.allows(token.scopes):
        raise scope_missing(route.name)
    server.quota.count(route, token.who)
    call = Call(
        server.world, token.who, path, request.query, _body(route, request), _mask(route, request),
        request.content, request.content_type, stale,
    )  # fmt: skip
    return _finished(server, route, call, route.handler(call))


def _body(route: Route, request: Request) -> Json:
    """The JSON of a request that takes some, checked against the published type."""
    wrong = discovery.unknown_parameters(route.name, request.query)
    published = discovery.method(route.name) or {}
    body: Json = {}
    if request.content.strip() and request.content_type in ("application/json", ""):
        try:
            body = json.loads(request.content)
        except ValueError:
            raise refused(400, "Invalid JSON payload received. Unexpected token.") from None
        if "request" in published:
            schema = published["request"]["$ref"]
            body = discovery.as_meant(route.service, schema, body)
            within = "data" if schema == "ValueRange" else ""
            wrong += discovery.misfits(route.service, schema, body, within)
    body = without_nulls(body)
    if wrong and route.service == "sheets":
        message = "\n".join(one.text for one in wrong)
        raise bad_request(message, [(one.path, one.text) for one in wrong])
    return body


def without_nulls(value: Any) -> Any:
    """A field that is null is one that is not there; in a list of values it stays."""
    if isinstance(value, dict):
        return {name: without_nulls(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [without_nulls(one) for one in value]
    return value


def _mask(route: Route, request: Request) -> Mask:
    text = request.query.get("fields", request.query.get("$fields", [""]))[-1]
    text = text or request.headers.get("x-goog-fieldmask", "")
    if not text:
        return {}
    mask = fields.parsed(text)
    published = (discovery.method(route.name) or {}).get("response")
    if published is not None:
        wrong = discovery.unknown_field(route.service, published["$ref"], mask)
        if wrong is not None:
            raise invalid_fields(wrong)
    return mask


def _finished(server: GoogleServer, route: Route, call: Call, answer: routes.Answer) -> Answer:
    """The answer as bytes: tidied, masked, and checked against the published type."""
    if answer is None:
        return Answer(204, b"")
    if isinstance(answer, bytes):
        return Answer(200, answer, call.one("mimeType", "application/octet-stream"))
    whole = tidy(answer, call.mask) if route.service == "sheets" else answer
    shown: Json = fields.masked(whole, call.mask)
    server.check_answer(route, shown)
    if call.one("prettyPrint") == "false":
        return Answer(200, json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode())
    return Answer(200, as_text(shown).encode())
