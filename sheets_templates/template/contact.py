"""Whom the guide in a new workbook tells to ask, where the configuration names nobody."""

from __future__ import annotations

from rules.text.marking import N_

HELP = N_("Områdesekretariatet i Helsingør Kommune")
