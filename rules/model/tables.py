"""The tabs of a plan workbook: the one definition that everything else is made from.

The header matching, the pandera schemas, the template and the guide all read this module, so a
column is added or renamed here and nowhere else. Headers and choices are Danish, as on the screen;
keys are English, as in the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from rules.model.choices import (
    ActivityStatus,
    ChoiceList,
    Choices,
    Commitment,
    Decision,
    FundingForm,
    FundingType,
    MilestoneStatus,
    Party,
    PlanStatus,
    Role,
)
from rules.text.language import Language
from rules.text.marking import N_

CONTROL_HEADER = "Kontrol"
WARNINGS_TAB = "Advarsler"
HEADER_ROW, FIRST_ROW = 3, 4
"""Where the headers stand in a workbook from the template, and the first row below them."""
HEADER_SEARCH_ROWS = 20
TOTAL_ROW_NAMES = ("I alt", "Ialt", "Total", "Sum", "Samlet")
"""Whole words that make a row a total or a subtotal."""
FIRST_YEAR, LAST_YEAR = 2000, 2060
_EMAIL_WORD = r"[^@\s.,:;<>()\[\]\"]+"
EMAIL_PATTERN = rf"^{_EMAIL_WORD}(\.{_EMAIL_WORD})*@{_EMAIL_WORD}(\.{_EMAIL_WORD})+$"


class Kind(StrEnum):
    """How the text in a cell is understood."""

    TEXT = "text"
    AMOUNT = "amount"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    EMAIL = "email"
    YEAR = "year"
    ROUND = "round"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a tab (in the form tab: one field).

    `choices` are the words allowed in a CHOICE column, or the name of the parameters' list that
    holds them. `must_be_there` is a column that rules live on, though its cells may be empty.
    `is_prefilled` says that the template or a drag may fill it in before anybody writes the row.
    `identifies` marks the columns by which a row is recognised when rows have been
    moved. `may_be_negative` is an amount that is paid back. `hint` is the template's help for the
    cell, in Danish.
    """

    key: str
    header: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: Choices = ()
    default: str | None = None
    identifies: bool = False
    hint: str = ""
    must_be_there: bool = False
    is_prefilled: bool = False
    may_be_negative: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One tab. `has_years` says that a column headed by a year holds that year's amount.

    `is_voluntary` is a tab that nobody has to keep: it is not asked for, and one of its name
    without its headers is the staff's own. `reads_prefilled` says that rows are looked at too which
    only the template has filled in. `purpose` is its description in the template, in Danish.
    """

    key: str
    tab: str
    required: bool
    columns: tuple[Column, ...]
    purpose: str
    is_form: bool = False
    has_years: bool = False
    is_voluntary: bool = False
    reads_prefilled: bool = False

    def column(self, key: str) -> Column:
        """The column with this key.

        Raises:
            KeyError: there is none.
        """
        return {column.key: column for column in self.columns}[key]

    @property
    def required_headers(self) -> set[str]:
        """The headers of the columns that must be there."""
        return {column.header for column in self.columns if column.required}


DATE_HINT = N_("Skriv datoen med dag først, for eksempel 31-12-2026.")
YEAR_HINT = N_("Skriv årstallet, for eksempel 2026.")
AMOUNT_HINT = N_("Skriv beløbet i kroner som et tal, for eksempel 250000.")

PLAN = Table(
    key="plan",
    tab="Plan",
    required=True,
    is_form=True,
    purpose="Det vigtigste om helhedsplanen: hvem, hvor, hvornår og hvor langt den er.",
    columns=(
        Column("plan_id", "Plan-id", required=True,
               hint="Planens korte navn, ens i alle planens regneark, for eksempel VAP-2024."),
        Column("name", "Plannavn", required=True, hint="Planens fulde navn."),
        Column("area", "Boligområde", Kind.CHOICE, required=True, choices=ChoiceList.AREAS,
               hint="Vælg det område, som dette regneark handler om."),
        Column("organisation", "Boligorganisation", Kind.CHOICE, required=True,
               choices=ChoiceList.ORGANISATIONS,
               hint="Vælg den boligorganisation, som har driftsansvaret."),
        Column("other_organisations", "Øvrige boligorganisationer",
               hint="Skriv de øvrige navne med semikolon imellem."),
        Column("programme", "Program", Kind.CHOICE, choices=ChoiceList.PROGRAMMES,
               default="2011-14",
               hint="Det program hos Landsbyggefonden, som planen hører under."),
        Column("starts_on", "Startdato", Kind.DATE, required=True, hint=DATE_HINT),
        Column("ends_on", "Slutdato", Kind.DATE, required=True, hint=DATE_HINT),
        Column("status", "Planstatus", Kind.CHOICE, required=True, choices=tuple(PlanStatus),
               hint="Vælg, hvor langt planen er."),
        Column("contact", "Kontaktperson", hint="Den, som kan svare på spørgsmål om planen."),
        Column("email", "E-mail", Kind.EMAIL, hint="Kontaktpersonens e-mailadresse."),
        Column("confirmed_by", "Bekræftet af",
               hint="Den ansvarlige, når alt er læst igennem og er rigtigt. Må være tom."),
        Column("confirmed_on", "Bekræftet den", Kind.DATE,
               hint="Dagen, hvor alt var rigtigt. Skriv en ny dato, når noget er ændret."),
    ),
)  # fmt: skip
PLAN_FIELD = Column("field", "Felt", required=True)
PLAN_VALUE = Column("value", "Værdi", required=True)

PREPARATION = Table(
    key="preparation",
    tab="Forberedelse",
    required=False,
    purpose="Dialogen med de fire parter, mens planen bliver til.",
    columns=(
        Column("party", "Part", Kind.CHOICE, required=True, choices=tuple(Party), identifies=True,
               is_prefilled=True,
               hint="Vælg den part, som dialogen var med."),
        Column("held_on", "Dato", Kind.DATE, required=True, identifies=True, hint=DATE_HINT),
        Column("form", "Form", hint="For eksempel møde eller workshop."),
        Column("participants", "Deltagere", hint="Hvem eller hvor mange der deltog."),
        Column("minutes", "Referat", hint="Hvor referatet ligger."),
    ),
)  # fmt: skip

ACTIVITIES = Table(
    key="activities",
    tab="Indsatser",
    required=True,
    purpose="Planens indsatser: hvad der gøres, for hvem, hvornår og for hvor meget.",
    columns=(
        Column("number", "Nr.", required=True, identifies=True, is_prefilled=True,
               hint="Et nummer, som ingen anden indsats har."),
        Column("effort_area", "Indsatsområde", Kind.CHOICE, required=True,
               choices=ChoiceList.EFFORT_AREAS, hint="Vælg et indsatsområde fra planens program."),
        Column("activity", "Aktivitet", required=True, hint="Aktivitetens navn."),
        Column("target_group", "Målgruppe", hint="Hvem indsatsen er for."),
        Column("responsible", "Ansvarlig", required=True, hint="Hvem der har ansvaret."),
        Column("starts_on", "Startdato", Kind.DATE, required=True, hint=DATE_HINT),
        Column("ends_on", "Slutdato", Kind.DATE, required=True, hint=DATE_HINT),
        Column("status", "Status", Kind.CHOICE, required=True, choices=tuple(ActivityStatus),
               is_prefilled=True,
               hint="Vælg, hvor langt indsatsen er."),
        Column("budget_oere", "Budget", Kind.AMOUNT, required=True,
               hint="Indsatsens samlede budget i kroner."),
        Column("lessons", "Erfaringer", hint="Hvad I har lært, som andre områder kan bruge."),
    ),
)  # fmt: skip

FUNDING = Table(
    key="funding",
    tab="Finansiering",
    required=True,
    has_years=True,
    purpose="Hvem der betaler hvor meget i hvert år.",
    columns=(
        Column("source", "Kilde", required=True, identifies=True,
               hint="Hvem pengene kommer fra. Rækken »I alt« findes allerede nederst."),
        Column("type", "Type", Kind.CHOICE, required=True, choices=tuple(FundingType),
               identifies=True, hint="Vælg, hvilken slags kilde det er."),
        Column("form", "Art", Kind.CHOICE, choices=tuple(FundingForm), default=FundingForm.CASH,
               is_prefilled=True, hint="Penge, timer, lokaler eller andet."),
        Column("commitment", "Tilsagn", Kind.CHOICE, required=True, choices=tuple(Commitment),
               is_prefilled=True, hint="Er der givet tilsagn om pengene?"),
        Column("total_oere", "I alt", Kind.AMOUNT,
               hint="Summen af rækkens år. Skabelonen regner den selv ud."),
        Column("remark", "Bemærkning", hint="For eksempel hvordan timer er gjort op."),
    ),
)  # fmt: skip

APPROVALS = Table(
    key="approvals",
    tab="Godkendelser",
    required=True,
    purpose="Hvem der skal godkende planen, og hvad de har besluttet.",
    columns=(
        Column("step", "Trin", Kind.CHOICE, required=True, choices=ChoiceList.STEPS,
               identifies=True, is_prefilled=True, hint="Vælg det trin, som rækken handler om."),
        Column("body", "Instans", required=True, identifies=True,
               hint="Navnet på udvalget, bestyrelsen eller mødet."),
        Column("sent_on", "Sendt", Kind.DATE, hint=DATE_HINT),
        Column("decision", "Afgørelse", Kind.CHOICE, required=True, choices=tuple(Decision),
               hint="Vælg afgørelsen."),
        Column("decided_on", "Afgørelsesdato", Kind.DATE, must_be_there=True, hint=DATE_HINT),
        Column("round_number", "Runde", Kind.ROUND,
               hint="2, når en ændring af planen skal godkendes på ny. Ellers må den være tom."),
        Column("case_number", "Sagsnr.", hint="Sagens nummer."),
        Column("remark", "Bemærkning", hint="Fri tekst."),
    ),
)  # fmt: skip

STAFF = Table(
    key="staff",
    tab="Medarbejdere",
    required=False,
    purpose="Hvem der er ansat i planen.",
    columns=(
        Column("name", "Navn", required=True, identifies=True, hint="Medarbejderens navn."),
        Column("role", "Rolle", Kind.CHOICE, required=True, choices=tuple(Role), identifies=True,
               hint="Vælg medarbejderens rolle."),
        Column("weekly_hours", "Timer pr. uge", Kind.NUMBER, required=True,
               hint="Antal timer om ugen, for eksempel 37."),
        Column("employed_from", "Ansat fra", Kind.DATE, required=True, identifies=True,
               hint=DATE_HINT),
        Column("employed_to", "Ansat til", Kind.DATE, hint="Lad den være tom uden slutdato."),
        Column("email", "E-mail", Kind.EMAIL, hint="Medarbejderens e-mailadresse."),
    ),
)  # fmt: skip

MILESTONES = Table(
    key="milestones",
    tab="Milepæle",
    required=False,
    purpose="De mål undervejs, som viser, om planen følges.",
    columns=(
        Column("number", "Nr.", identifies=True, is_prefilled=True, hint="Milepælens nummer."),
        Column("activity_number", "Indsats nr.", required=True, identifies=True,
               hint="Nummeret på indsatsen i fanen Indsatser, flere med komma imellem, "
               "eller Alle."),
        Column("milestone", "Milepæl", required=True, identifies=True, hint="Hvad der skal nås."),
        Column("due_on", "Frist", Kind.DATE, required=True, hint=DATE_HINT),
        Column("status", "Status", Kind.CHOICE, required=True, choices=tuple(MilestoneStatus),
               is_prefilled=True,
               hint="Vælg, hvor langt milepælen er."),
        Column("result", "Resultat", hint="Hvad der kom ud af det."),
    ),
)  # fmt: skip

ACCOUNTS = Table(
    key="accounts",
    tab="Regnskab",
    required=False,
    is_voluntary=True,
    purpose="Hvad der faktisk er brugt: en række for hvert år og hver type.",
    columns=(
        Column("year", "År", Kind.YEAR, required=True, identifies=True, is_prefilled=True,
               hint=YEAR_HINT),
        Column("type", "Type", Kind.CHOICE, required=True, choices=tuple(FundingType),
               identifies=True, is_prefilled=True,
               hint="Vælg den slags kilde, som pengene kom fra, som i Finansiering."),
        Column("spent_oere", "Forbrug", Kind.AMOUNT, required=True, may_be_negative=True,
               hint="Det, der er brugt i året, i kroner. Skriv en tilbagebetaling med minus."),
        Column("remark", "Bemærkning", hint="For eksempel hvorfor der er brugt mindre."),
    ),
)  # fmt: skip

REPORTS = Table(
    key="reports",
    tab="Indberetning",
    required=False,
    is_voluntary=True,
    reads_prefilled=True,
    purpose="Hvad Landsbyggefonden skal have hvert år, og hvornår det er sendt.",
    columns=(
        Column("year", "År", Kind.YEAR, required=True, identifies=True, is_prefilled=True,
               hint="Året, som indberetningen handler om. For en milepælsplan det år, den gælder."),
        Column("report", "Indberetning", Kind.CHOICE, required=True, choices=ChoiceList.REPORTS,
               identifies=True, is_prefilled=True, hint="Vælg, hvad der skal indberettes."),
        Column("due_on", "Frist", Kind.DATE, is_prefilled=True,
               hint="Lad den være tom, hvis programmets frist gælder."),
        Column("sent_on", "Sendt", Kind.DATE, hint="Dagen, hvor indberetningen blev sendt."),
        Column("remark", "Bemærkning", hint="Fri tekst."),
    ),
)  # fmt: skip


class WarningsColumn(NamedTuple):
    """A column of Advarsler: its header, in Danish, and its width in characters."""

    header: str
    width: float


WARNINGS_COLUMNS = (
    WarningsColumn(N_("Alvor"), 12.0),
    WarningsColumn(N_("Kode"), 10.0),
    WarningsColumn(N_("Fane"), 16.0),
    WarningsColumn(N_("Celle"), 9.0),
    WarningsColumn(N_("Felt"), 22.0),
    WarningsColumn(N_("Besked"), 60.0),
    WarningsColumn(N_("Sådan retter du"), 52.0),
    WarningsColumn(N_("Først set"), 20.0),
)
LINK_AT = 3
"""The place of »Celle« in a row, from 0: its text leads to the cell."""


def warnings_headers(language: Language) -> tuple[str, ...]:
    """The headers of Advarsler in a language."""
    return tuple(language.text(column.header) for column in WARNINGS_COLUMNS)


YEAR_AMOUNT = Column("amount_oere", "", Kind.AMOUNT)
"""What a column headed by a year holds."""

TABLES = (PLAN, PREPARATION, ACTIVITIES, FUNDING, APPROVALS, STAFF, MILESTONES, ACCOUNTS, REPORTS)
