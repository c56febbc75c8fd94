"""Marks texts that are put into words later. Imports nothing, so that anything may use it."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802  gettext's own name for it
    """The text itself: it is put into words later, and belongs into the catalogues."""
    return text
