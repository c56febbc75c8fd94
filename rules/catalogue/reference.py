"""One rule explained in full, for the rules' page and the command `rules CODE`.

Both show why it holds, its source, since when, an example of wrong and right, the message and what
to do. The message is the one that the rule itself gives for the wrong example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rules.catalogue.catalogue import check_plan, check_run, notice_of
from rules.catalogue.example_plan import example_workbook
from rules.gate.gate import Gate
from rules.judging.rule import Case, Context, Example, ExampleCell, Rule, Wording
from rules.model.finding import Notice
from rules.model.plan import Plan
from rules.model.run_index import entry_of
from rules.model.shipped import SHIPPED
from rules.text.language import DANISH, Language
from rules.text.marking import N_

EXAMPLE_DAY = date(2026, 11, 23)
"""The day on which the examples are judged."""
MILDER = {
    "STR-01": N_(" (info, når fanen godt må mangle)"),
    "FIN-09": N_(" (info, når der er penge tilovers)"),
    "IBR-01": N_(" (advarsel, når fristen er lokal praksis)"),
}


@dataclass(frozen=True, slots=True)
class ExplainedRule:
    """A rule with its texts. `wording` is the message about the wrong example.

    `wording` is None where the example is described in words. `others` are the rule's other
    wordings, with `…` in the place of what differs from finding to finding.
    """

    rule: Rule
    severity: str
    wrong: str
    right: str
    wording: Wording | None
    others: tuple[Wording, ...]


def explain(rules: Sequence[Rule], language: Language = DANISH) -> Iterator[ExplainedRule]:
    """Each rule in full; the examples are judged by the rules, all of them in one go."""
    notices = _example_notices(rules, language)
    for rule in rules:
        notice = notices.get(rule.code)
        texts = [(language.text(one.message), language.text(one.fix)) for one in rule.wordings]
        others = [one for one in texts if notice is None or not _is_worded(notice, *one)]
        yield ExplainedRule(
            rule=rule,
            severity=language.text(rule.severity) + language.text(MILDER.get(rule.code, "")),
            wrong=in_words(rule.wrong, language),
            right=in_words(rule.right, language),
            wording=Wording(notice.message, notice.fix) if notice else None,
            others=tuple(Wording(_blank(message), _blank(fix)) for message, fix in others),
        )


def _example_notices(rules: Sequence[Rule], language: Language) -> dict[str, Notice]:
    """The message about each rule's wrong example, by code, where that is cells."""
    typed = {rule.code: rule.wrong for rule in rules if not isinstance(rule.wrong, str)}
    if not typed:
        return {}
    passed = Gate(SHIPPED).check([example_workbook(edits) for edits in typed.values()])
    context = Context(SHIPPED, EXAMPLE_DAY)
    notices = {}
    for code, one in zip(typed, passed, strict=True):
        findings = [
            *one.findings,
            *check_plan(Case(Plan((one.workbook,)), context)),
            *check_run((entry_of(one.workbook),), context),
        ]
        finding = next(f for f in findings if f.code == code)
        notices[code] = notice_of(finding, language)
    return notices


def _is_worded(notice: Notice, message: str, fix: str) -> bool:
    return all(
        re.fullmatch(re.sub(r"\\\{.*?\\\}", ".+", re.escape(template)), text)
        for template, text in ((message, notice.message), (fix, notice.fix))
    )


def _blank(template: str) -> str:
    """A wording with `…` where the facts of a finding go."""
    return re.sub(r"\{\w+(:\w+)?\}", "…", template)


def in_words(example: Example, language: Language) -> str:
    """An example as a sentence: which cells, and what is in them."""
    if isinstance(example, str):
        return language.text(example)
    return "; ".join(_cell(typed, language) for typed in example) + "."


def _cell(typed: ExampleCell, language: Language) -> str:
    text = typed.text.removeprefix("'")
    template = language.text("{tab}, række {row} under overskriften, {column}: {shown}")
    if typed.tab == "Plan":
        template = language.text("{tab}, feltet {column}: {shown}")
    elif typed.row == 0:
        template = language.text("{tab}, overskriften {column} skrevet som {shown}")
    return template.format(
        tab=typed.tab,
        row=typed.row,
        column=typed.column,
        shown=f"`{text}`" if text else language.text("en tom celle"),
    )
