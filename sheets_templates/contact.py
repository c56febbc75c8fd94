"""Whom the guide in a new workbook tells to ask, where the configuration names nobody."""

from __future__ import annotations

HELP = "Områdesekretariatet i Helsingør Kommune"
