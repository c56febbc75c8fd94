"""How Google is asked for comments; one that does not know them is not asked again. Pure."""

from __future__ import annotations

MODE = "COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS"
"""Threads of comments, where the account may see them."""
THREADS = "comments(anchorId,headPost(content),replies(content)),"
ANCHORS = "commentAnchors(anchorId,range),"


def without_comments(mask: str) -> str:
    """The mask as it was before spreadsheets had comments in them."""
    return mask.replace(THREADS, "").replace(ANCHORS, "")
