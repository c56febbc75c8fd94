"""The rules as text: the list, and one rule explained as the rules' page explains it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.catalogue.catalogue import RULE_BY_CODE, RULES
from rules.catalogue.reference import ExplainedRule, explain
from sync.i18n.language import _, spoken


def listed() -> Iterator[str]:
    """A line for each rule: code, severity, title."""
    for rule in RULES:
        yield f"{rule.code}  {_(rule.severity):9} {_(rule.title)}"


def in_full(code: str) -> Iterator[str]:
    """One rule, with all that docs/regler.md says about it.

    Raises:
        KeyError: there is no such rule.
    """
    (one,) = explain([RULE_BY_CODE[code.upper()]], spoken())
    return _lines(one)


def _lines(one: ExplainedRule) -> Iterator[str]:
    rule = one.rule
    yield f"{rule.code}  {_(rule.title)}"
    yield ""
    yield _line(_("Alvor:"), one.severity)
    yield _line(_("Kilde:"), _(rule.source))
    yield _line(_("Gælder fra:"), spoken().day(rule.since))
    yield _line(_("Hvorfor:"), _(rule.why))
    yield ""
    yield _line(_("Forkert:"), _plain(one.wrong))
    if one.wording:
        yield _line(_("Kontrollen:"), one.wording.message)
        yield _line(_("Ret det:"), one.wording.fix)
    yield _line(_("Rigtigt:"), _plain(one.right))
    if one.others:
        yield ""
        yield _("Kontrollen kan også skrive:") if one.wording else _("Kontrollen skriver:")
        for other in one.others:
            yield f"  {other.message}"
            yield f"    {_('Ret det:')} {other.fix}"


def _line(name: str, text: str) -> str:
    return f"{name:13} {text}"


def _plain(text: str) -> str:
    """Without the marks of a page: »…« in their place."""
    return "".join(
        part if number % 2 == 0 else spoken().quote(part)
        for number, part in enumerate(text.split("`"))
    )
