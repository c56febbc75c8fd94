"""Above the rows of Godkendelser: the next step, worked out as rules/judging/procedure.py does it.

One formula for each step says whether it is done: every body that has decided approved last, and
nobody is still waited for. Three things that the rule knows are left to it: decisions of one body
on one day count in the order of their rows there, days to come count as no day, and a later round
of approval is known by its Runde alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rules.judging.procedure import Procedure, procedures_of
from rules.model.choices import ChoiceList, Decision
from rules.model.parameter_types import ApprovalStep
from rules.model.parameters import Parameters
from rules.model.plan import Approval, Plan, PlanForm, TabLayout, Workbook
from rules.model.tables import APPROVALS, FIRST_ROW, HEADER_ROW
from rules.text.cell_names import CellRange, column_letters
from rules.text.danish import name_key
from sheets_templates.drawing.appearance import Signal, Style
from sheets_templates.drawing.design import ConditionalFormat, DesignedCell, Entry, Formula
from sheets_templates.template.layout import (
    LAST_FORMATTED_ROW,
    LEGEND,
    NumberedRow,
    TabHead,
    in_quotes,
    number_of,
)
from sheets_templates.template.lists import LISTS_TAB, STEP_COLUMN

NEXT_STEP_ROW, NEXT_STEP_COLUMN = 2, 2
_LAST_ROW = 204
"""How far down the steps are worked out: two hundred approvals are far more than a plan has."""


def step_columns(parameters: Parameters, procedure: Procedure) -> tuple[tuple[Entry, ...], ...]:
    """For the hidden tab: the steps, whether each is done, whether each may be next."""
    names = tuple(step.name for step in parameters.steps)
    is_done = {name: procedure.steps[name].is_done for name in names}
    done: list[Entry] = []
    ready: list[Entry] = []
    letter = column_letters(STEP_COLUMN + 1)
    for row, step in enumerate(parameters.steps, 2):
        done.append(Formula(f"=IFERROR({_done(step, parameters)},0)", int(is_done[step.name])))
        is_ready = not is_done[step.name] and all(is_done[other] for other in step.requires)
        required = "".join(f"*${letter}${2 + names.index(other)}" for other in step.requires)
        text = f"(1-${letter}${row}){required}" if step.mandatory else "0"
        ready.append(Formula(f"={text}", int(step.mandatory and is_ready)))
    return names, tuple(done), tuple(ready)


def approvals_head(parameters: Parameters, procedure: Procedure) -> TabHead:
    """The step that is next. Its rows that are not approved are coloured; green if none is left."""
    said = parameters.language.text
    last = 1 + len(parameters.steps)
    columns = [CellRange(2, at, last, at) for at in (STEP_COLUMN, STEP_COLUMN + 2)]
    names, ready = (f"{LISTS_TAB}!{column.fixed_name}" for column in columns)
    all_done = said("Alle trin er godkendt.")
    explained = said("Det første trin, som mangler og kan behandles nu. Dets rækker er blå.")
    text = f"=IFERROR(INDEX({names},MATCH(1,{ready},0)),{in_quotes(all_done)})"
    result = procedure.next_step() or all_done
    shown = CellRange(NEXT_STEP_ROW, NEXT_STEP_COLUMN, NEXT_STEP_ROW, NEXT_STEP_COLUMN)
    place = shown.fixed_name
    step, decision = (
        f"${column_letters(number_of(APPROVALS, key))}{FIRST_ROW}" for key in ("step", "decision")
    )
    undecided = f'{decision}<>"{Decision.APPROVED}",{decision}<>"{Decision.NOT_RELEVANT}"'
    rows = CellRange(FIRST_ROW, 1, LAST_FORMATTED_ROW, len(APPROVALS.columns))
    is_next = f"AND(LEN({step})>0,TRIM({step})={place},{undecided})"
    return TabHead(
        (said(LEGEND), explained),
        NEXT_STEP_COLUMN + 1,
        {
            (NEXT_STEP_ROW, 1): DesignedCell(said("Næste trin"), Style.FACT_LABEL),
            (NEXT_STEP_ROW, NEXT_STEP_COLUMN): DesignedCell(Formula(text, result), Style.FACT),
        },
        (
            ConditionalFormat(rows, is_next, Signal.NEXT_STEP),
            ConditionalFormat(shown, f"{place}={in_quotes(all_done)}", Signal.MET),
        ),
        (CellRange(NEXT_STEP_ROW, 1, NEXT_STEP_ROW, NEXT_STEP_COLUMN),),
    )


def _range(key: str) -> str:
    number = number_of(APPROVALS, key)
    return f"{APPROVALS.tab}!{CellRange(FIRST_ROW, number, _LAST_ROW, number).fixed_name}"


def _is_step(step: ApprovalStep) -> str:
    """1 for each row of the step, by any of its spellings."""
    typed = f"TRIM({_range('step')})"
    spellings = "+".join(f"({typed}={in_quotes(name)})" for name in (step.name, *step.spellings))
    return f"(({spellings})>0)"


def _decided(decision: Decision, *, from_day: bool) -> str:
    """For each row: how many rows of its step and body say this; `from_day` on the day or later."""
    step, body, decided, day = (_range(key) for key in ("step", "body", "decision", "decided_on"))
    later = f',{day},">="&{day}' if from_day else ""
    same_round = f'{_range("round_number")},IF({_last_round()}>1,{_last_round()},"<>-1")'
    same = f"{step},{step},{body},{body},{same_round}"
    return f"COUNTIFS({same},{decided},{in_quotes(decision)}{later})"


def _last_round() -> str:
    """The highest Runde that is typed; 1 where none is."""
    return f"MAX(1,{_range('round_number')})"


def _done(step: ApprovalStep, parameters: Parameters) -> str:
    is_step, decision, last = _is_step(step), _range("decision"), _last_round()
    in_round = f"((({_range('round_number')}={last})+({last}=1))>0)"

    def rows(condition: str) -> str:
        return f"SUMPRODUCT({is_step}*{in_round}*{condition})"

    says = {d: f"({decision}={in_quotes(d)})" for d in Decision}
    yes_and_no = Decision.APPROVED, Decision.REJECTED
    never_decided = "+".join(_decided(one, from_day=False) for one in yes_and_no)
    rejected = f"{says[Decision.REJECTED]}*({_decided(Decision.APPROVED, from_day=True)}=0)"
    waiting = f"{says[Decision.PENDING]}*(({never_decided})=0)"
    unread = f"(1-{'-'.join(says.values())})"
    open_rows = "+".join(map(rows, (rejected, waiting, unread)))
    absent = f"--({last}>1)"  # a later round needs only the steps that it has rows for
    if not step.mandatory:  # a filled row that names no step might be the one that is absent
        known = "+".join(_is_step(one) for one in parameters.steps)
        filled = f"((LEN({_range('step')})+LEN({_range('body')})+LEN({decision}))>0)"
        absent = f"--(SUMPRODUCT({filled}*(({known})=0))=0)"
    return f"IF({rows('1')}=0,{absent},--({open_rows}=0))"


def procedure_of_rows(parameters: Parameters, given: Sequence[NumberedRow]) -> Procedure:
    """How far the given rows are, by the rule."""
    columns = {column.key: number_of(APPROVALS, column.key) for column in APPROVALS.columns}
    layout = TabLayout(APPROVALS.tab, HEADER_ROW, columns)
    decisions = {name_key(decision): decision for decision in Decision}
    meaning, steps = parameters.meaning(ChoiceList.STEPS), parameters.words(ChoiceList.STEPS)

    def approval(row: int, entries: NumberedRow) -> Approval:
        typed = {key: entries.get(number) for key, number in columns.items()}
        texts = {key: text for key, text in typed.items() if isinstance(text, str) and text.strip()}
        step, decided_on = meaning(texts.get("step", "")), typed["decided_on"]
        return Approval(
            row=row,
            step=step if step in steps else None,
            body=texts.get("body"),
            sent_on=None,
            decision=decisions.get(name_key(texts.get("decision", ""))),
            decided_on=decided_on if isinstance(decided_on, date) else None,
            round_number=number if isinstance(number := typed["round_number"], int) else 1,
            case_number=None,
            remark=None,
        )

    approvals = tuple(approval(row, entries) for row, entries in enumerate(given, FIRST_ROW))
    layouts = {APPROVALS.key: layout}
    workbook = Workbook("", (), frozenset(), layouts, PlanForm(), approvals=approvals)
    return procedures_of(Plan((workbook,)), parameters, date.max)[-1]
