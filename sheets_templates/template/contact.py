"""Whom the guide of a new workbook names for help, unless the configuration names somebody."""

from __future__ import annotations

from rules.text.marking import N_

HELP = N_("Områdesekretariatet i Helsingør Kommune")
