"""Field masks: `sheets(properties(sheetId,title),data.rowData)`, as a parameter and in updates."""

from __future__ import annotations

import re
from typing import Any

from tests.google_server.errors import invalid

Json = dict[str, Any]
Mask = dict[str, Any]  # name -> the mask of what stands in it; {} takes everything

TOKEN = re.compile(r"[A-Za-z_*][\w]*|[(),./]")


def parsed(text: str) -> Mask:
    """A mask as a tree.

    Raises:
        RefusalError: it cannot be read.
    """
    tokens = TOKEN.findall(text.replace(" ", ""))
    if "".join(tokens) != text.replace(" ", ""):
        raise invalid(f"Invalid field mask: {text}")
    tree, rest = _list(tokens)
    if rest:
        raise invalid(f"Invalid field mask: {text}")
    return tree


def _list(tokens: list[str]) -> tuple[Mask, list[str]]:
    tree: Mask = {}
    while tokens and tokens[0] != ")":
        tokens = _path(tokens, tree)
        if tokens[:1] == [","]:
            tokens = tokens[1:]
    return tree, tokens


def _path(tokens: list[str], tree: Mask) -> list[str]:
    """Put one path into the tree; what is left of the tokens."""
    name, tokens = tokens[0], tokens[1:]
    known = tree.get(name)
    if tokens[:1] == ["("]:
        inner, tokens = _list(tokens[1:])
        if tokens[:1] != [")"]:
            raise invalid("Invalid field mask: a parenthesis is open")
        tree[name] = {**(known or {}), **inner} if known != {} else {}
        return tokens[1:]
    if tokens[:1] and tokens[0] in "./":
        if len(tokens) < 2:
            raise invalid("Invalid field mask: it ends in a dot")
        below: Mask = known if known is not None else {}
        whole = known == {}
        tokens = _path(tokens[1:], below)
        tree[name] = {} if whole else below
        return tokens
    tree[name] = {}
    return tokens


def masked(value: Any, mask: Mask) -> Any:
    """Only what the mask names."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [masked(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        if name in mask:
            kept[name] = masked(inner, mask[name])
    return kept


def wants(mask: Mask, *path: str) -> bool:
    """Whether a mask reaches this field."""
    tree = mask
    for name in path:
        if not tree or "*" in tree:
            return True
        if name not in tree:
            return False
        tree = tree[name]
    return True


def merged(old: Json, new: Json, mask: Mask) -> Json:
    """`old` with the masked fields as they stand in `new`; masked and absent means cleared."""
    if not mask or "*" in mask:
        return dict(new)
    result = dict(old)
    for name, inner in mask.items():
        if not inner or isinstance(new.get(name), list):
            if name in new:
                result[name] = new[name]
            else:
                result.pop(name, None)
            continue
        below = merged(old.get(name) or {}, new.get(name) or {}, inner)
        if below:
            result[name] = below
        else:
            result.pop(name, None)
    return result
