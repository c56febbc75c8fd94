"""Waivers (undtagelser): findings that the secretariat has accepted, for a time and with a reason.

Pure. A waiver is tied to the finding that it matched first, and to that finding's facts: when rows
move the waiver follows, and when a fact changes the finding is open again. What ties them is
remembered between runs by the waiver's own contents; a waiver that is written anew is a new one.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rules.catalogue.catalogue import RULE_BY_CODE, notice_of
from rules.model.finding import Finding
from rules.text.danish import name_key
from rules.text.language import DANISH
from rules.text.marking import N_
from rules.text.quoting import quoted
from sync.findings.packed_findings import facts_digest
from sync.findings.waiver_lines import TakenOver, Tie, Waiver, WaiverLine, WaiverStatus
from sync.i18n.language import _

_WHAT_TO_DO = {
    WaiverStatus.HOLDS: "",
    WaiverStatus.EXPIRED: N_(
        "Skriv en ny dato, hvis det stadig er accepteret. Slet ellers linjen."
    ),
    WaiverStatus.CHANGED: N_(
        "Der står noget andet nu, end da det blev accepteret. Skriv en ny dato eller begrundelse, "
        "hvis det også er accepteret. Slet ellers linjen."
    ),
    WaiverStatus.NOT_NEEDED: N_("Det er rettet i regnearket. Linjen kan slettes."),
    WaiverStatus.MATCHES_NONE: N_(
        "Ingen plan har den kode på det sted. Skriv Plan-id, Kode, Fane og Sted, som de står i "
        "overblikkets fane Advarsler."
    ),
    WaiverStatus.AMBIGUOUS: N_("Skriv Regneark, Fane og Sted, så linjen kun passer på ét sted."),
    WaiverStatus.NOT_ALLOWED: N_("Den kode kan ikke accepteres. Den skal rettes i regnearket."),
}


@dataclass
class Waivers:
    """The waivers of a run: asked plan by plan, then for what became of each of them.

    `never` are the codes that nobody can accept; `ties` are remembered from earlier runs.
    `taken_over` are those whose ties were an earlier version's.
    """

    waivers: Sequence[Waiver]
    never: Collection[str]
    ties: Mapping[str, Tie]
    today: date
    taken_over: TakenOver = field(default_factory=TakenOver)
    _standing: dict[str, WaiverStatus] = field(default_factory=dict)
    _tied: dict[str, Tie] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_plan: dict[str, list[Waiver]] = defaultdict(list)
        for waiver in self.waivers:
            standing = self._standing_by_itself(waiver)
            if standing is WaiverStatus.HOLDS:
                self._by_plan[name_key(waiver.plan_id)].append(waiver)
                standing = WaiverStatus.MATCHES_NONE
            self._standing[waiver.key] = standing

    def _standing_by_itself(self, waiver: Waiver) -> WaiverStatus:
        if waiver.problem:
            return WaiverStatus.INCOMPLETE
        if waiver.code in self.never:
            return WaiverStatus.NOT_ALLOWED
        if waiver.until is None or waiver.until < self.today:
            return WaiverStatus.EXPIRED
        return WaiverStatus.HOLDS

    def accepted(self, plan_id: str | None, findings: Mapping[str, Finding]) -> dict[str, Waiver]:
        """Of a plan's findings, by identity, those that are accepted, each with its waiver."""
        accepted: dict[str, Waiver] = {}
        for waiver in self._by_plan.get(name_key(plan_id or ""), ()):
            tie = self.ties.get(waiver.key)
            if tie is None:
                standing, identity = _matched(waiver, findings)
            else:
                standing, identity = _tied(tie, findings), tie.finding
                self._take_over(waiver, tie, standing)
            self._standing[waiver.key] = standing
            if standing is WaiverStatus.HOLDS:
                accepted.setdefault(identity, waiver)
                self._tied[waiver.key] = Tie(identity, facts_digest(findings[identity]))
        return accepted

    def _take_over(self, waiver: Waiver, tie: Tie, standing: WaiverStatus) -> None:
        """Note what becomes of a tie that was made by a sentence."""
        if tie.facts or tie.is_asked_again:
            return
        if standing is WaiverStatus.HOLDS:
            self.taken_over.kept.append(waiver)
        elif standing is WaiverStatus.CHANGED:
            self.taken_over.asked_again.append(waiver)
            self._tied[waiver.key] = replace(tie, is_asked_again=True)

    def to_remember(self) -> dict[str, Tie]:
        """The ties of the waivers that stand there still, for the next run."""
        known = {w.key: self.ties[w.key] for w in self.waivers if w.key in self.ties}
        return known | self._tied

    def lines(self) -> list[WaiverLine]:
        """Every waiver in the order in which they stand, with what became of it."""
        return [
            WaiverLine(waiver, standing, waiver.problem or _(_WHAT_TO_DO[standing]))
            for waiver in self.waivers
            for standing in (self._standing[waiver.key],)
        ]


def _tied(tie: Tie, findings: Mapping[str, Finding]) -> WaiverStatus:
    finding = findings.get(tie.finding)
    if finding is None:
        return WaiverStatus.NOT_NEEDED
    if tie.facts:
        is_same = facts_digest(finding) == tie.facts
    else:
        is_same = sentence_digest(finding) == tie.said
    return WaiverStatus.HOLDS if is_same else WaiverStatus.CHANGED


def _matched(waiver: Waiver, findings: Mapping[str, Finding]) -> tuple[WaiverStatus, str]:
    fitting = [identity for identity, finding in findings.items() if fits(waiver, finding)]
    if not fitting:
        return WaiverStatus.MATCHES_NONE, ""
    return (WaiverStatus.HOLDS, fitting[0]) if len(fitting) == 1 else (WaiverStatus.AMBIGUOUS, "")


def fits(waiver: Waiver, finding: Finding) -> bool:
    """Whether the line names the finding by its code, workbook, tab and spot."""
    place = finding.place
    if finding.code != waiver.code:
        return False
    if waiver.workbook and name_key(waiver.workbook) != name_key(place.workbook):
        return False
    if waiver.tab and name_key(waiver.tab) != name_key(place.tab or ""):
        return False
    if not waiver.spot:
        return True
    keys = {name_key(part) for part in finding.identity.split("|")}
    return (place.cell or "").casefold() == waiver.spot.casefold() or name_key(waiver.spot) in keys


def sentence_digest(finding: Finding) -> str:
    """What the first released version tied a waiver to: the finding's message in Danish."""
    return hashlib.blake2b(notice_of(finding, DANISH).message.encode(), digest_size=16).hexdigest()


def with_problem(waiver: Waiver) -> Waiver:
    """The waiver with what it lacks said in it, where it lacks something."""
    return replace(waiver, problem=_lacking(waiver))


def _lacking(waiver: Waiver) -> str:
    if not waiver.plan_id:
        return _("Skriv planens Plan-id.")
    if not waiver.code:
        return _("Skriv koden, for eksempel FIN-08.")
    if waiver.code not in RULE_BY_CODE:
        return _("Der er ingen regel med koden »{code}«.").format(code=quoted(waiver.code))
    if not waiver.reason:
        return _("Skriv en begrundelse.")
    if not waiver.by:
        return _("Skriv, hvem der har accepteret det.")
    if waiver.until is None:
        return _("Skriv den sidste dag, det gælder, for eksempel 31-12-2027.")
    return ""
