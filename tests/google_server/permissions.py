"""Who a file is shared with: `permissions` of the Drive API."""

from __future__ import annotations

from typing import Any

from tests.google_server.call import Call
from tests.google_server.drive import visible
from tests.google_server.errors import drive_refused
from tests.google_server.world import RANKS, File, permission

Json = dict[str, Any]
DEFAULT_FIELDS = ("kind", "id", "type", "role")


def _shown(call: Call, one: Json) -> Json:
    return one if call.mask else {name: one[name] for name in DEFAULT_FIELDS}


def permissions_list(call: Call) -> Json:
    file = visible(call, call.path["fileId"], "writer")
    found = [_shown(call, one) for one in file.permissions]
    return {"kind": "drive#permissionList", "permissions": found}


def permissions_create(call: Call) -> Json:
    file = visible(call, call.path["fileId"], "writer")
    kind, role = call.body.get("type"), call.body.get("role")
    if kind not in ("user", "group", "domain", "anyone") or role not in RANKS:
        message = "The permission type field is required." if not kind else "Invalid role."
        raise drive_refused(400, "required", message, location=("parameter", "permission.type"))
    name = call.body.get("emailAddress") or call.body.get("domain")
    if kind != "anyone" and not name:
        message = (
            "The specified emailAddress is invalid or not applicable for the given permission type."
        )
        raise drive_refused(400, "invalidSharingRequest", message)
    new = permission(kind, role, name if kind != "anyone" else None)
    if role == "owner" and file.owner != name:
        _hand_over(call, file, new)
    file.permissions = [one for one in file.permissions if one["id"] != new["id"]] + [new]
    call.world.touched(file)
    return _shown(call, new)


def _hand_over(call: Call, file: File, new: Json) -> None:
    """Ownership goes to somebody else; the owner so far stays on as a writer."""
    if not call.flag("transferOwnership"):
        message = (
            "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        )
        raise drive_refused(403, "forbidden", message, location=("parameter", "transferOwnership"))
    for one in file.permissions:
        if one["role"] == "owner":
            one["role"] = "writer"
    file.owner = new["emailAddress"]


def permissions_update(call: Call) -> Json:
    file = visible(call, call.path["fileId"], "writer")
    one = _found(call, file)
    role = call.body.get("role", one["role"])
    if role == "owner":
        _hand_over(call, file, one)
    one["role"] = role
    if "pendingOwner" in call.body:
        one["pendingOwner"] = call.body["pendingOwner"]
    call.world.touched(file)
    return _shown(call, one)


def permissions_delete(call: Call) -> None:
    """Take a file away from somebody: it is one more change that they learn of."""
    own = call.world.files.get(call.path["fileId"])
    leaving = own is not None and any(
        one["id"] == call.path["permissionId"]
        and one.get("emailAddress", "").casefold() == call.who.casefold()
        for one in own.permissions
    )
    file = visible(call, call.path["fileId"], "reader" if leaving else "writer")
    one = _found(call, file)
    if one["role"] == "owner":
        message = "The owner of a file cannot be removed."
        raise drive_refused(403, "cannotRemoveOwner", message)
    before = frozenset(call.world.audience(file))
    file.permissions.remove(one)
    call.world.touched(file, None, before)


def _found(call: Call, file: File) -> Json:
    for one in file.permissions:
        if one["id"] == call.path["permissionId"]:
            return one
    message = f"Permission not found: {call.path['permissionId']}."
    raise drive_refused(404, "notFound", message, location=("parameter", "permissionId"))
