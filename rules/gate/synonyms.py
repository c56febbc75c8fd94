"""What people call our tabs and columns in their own workbooks, in Danish and English.

Only what can hardly mean anything else in its tab; about the rest a person is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

TAB_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "Plan": (
        "Stamdata", "Helhedsplan", "Planen", "Om planen", "Forside", "Master data", "Plan data",
        "Overview", "Plan information", "The plan",
    ),
    "Forberedelse": (
        "Dialog", "Forberedelser", "Proces", "Inddragelse", "Møder", "Preparation", "Dialogue",
        "Preparations", "Meetings",
    ),
    "Indsatser": (
        "Aktiviteter", "Indsats", "Aktivitet", "Aktivitetsplan", "Indsatsplan", "Activities",
        "Efforts", "Initiatives", "Actions", "Projekter", "Projects",
    ),
    "Finansiering": (
        "Økonomi", "Finansieringsplan", "Medfinansiering", "Finansieringskilder", "Funding",
        "Financing", "Finance", "Finances", "Sources of funding",
    ),
    "Godkendelser": (
        "Godkendelse", "Godkendelsesproces", "Beslutninger", "Politisk behandling", "Approvals",
        "Approval", "Decisions",
    ),
    "Medarbejdere": (
        "Ansatte", "Personale", "Bemanding", "Medarbejder", "Staff", "Employees", "Personnel",
        "Team",
    ),
    "Milepæle": ("Milepæl", "Delmål", "Mål", "Tidsplan", "Milestones", "Milestone", "Goals"),
    "Regnskab": (
        "Regnskaber", "Årsregnskab", "Forbrug", "Reguleringskonto", "Realiseret", "Accounts",
        "Spending", "Expenditure",
    ),
    "Indberetning": (
        "Indberetninger", "Indberetningsfrister", "Rapportering", "Rapporter", "Reports",
        "Reporting",
    ),
}  # fmt: skip

_START = (
    "Start", "Begynder", "Fra", "Startdag", "Start date", "Starts", "From", "Begins", "Opstart",
)  # fmt: skip
_END = ("Slut", "Slutter", "Til", "Slutdag", "End", "End date", "Ends", "To", "Afslutning")
_REMARK = ("Bemærkninger", "Note", "Noter", "Kommentar", "Kommentarer", "Remarks", "Remark",
           "Notes", "Comment", "Comments")  # fmt: skip
_MAIL = ("Mail", "Email", "E-mailadresse", "Mailadresse", "E-mail address")

COLUMN_SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Plan": {
        "Plan-id": ("Plannr.", "Plannummer", "Plan nr.", "Plan ID", "Plan number", "Id"),
        "Plannavn": ("Navn på planen", "Planens navn", "Titel", "Plan name", "Name", "Title"),
        "Boligområde": ("Område", "Boligafdeling", "Area", "Housing area", "Estate"),
        "Boligorganisation": (
            "Boligselskab", "Driftsansvarlig", "Driftsansvar", "Organisation", "Organization",
            "Housing organisation", "Housing organization",
        ),
        "Øvrige boligorganisationer": (
            "Andre boligorganisationer", "Other organisations", "Other organizations",
            "Other housing organisations",
        ),
        "Program": ("Ansøgningsrunde", "Programme", "Puljeperiode", "Bevillingsperiode"),
        "Startdato": (*_START, "Planstart", "Plan start"),
        "Slutdato": (*_END, "Planslut", "Plan end"),
        "Planstatus": ("Status", "Plan status", "Planens status"),
        "Kontaktperson": ("Kontakt", "Contact", "Contact person"),
        "E-mail": _MAIL,
    },
    "Forberedelse": {
        "Part": ("Parter", "Hvem", "Interessent", "Party", "Parties", "Stakeholder"),
        "Dato": ("Dag", "Mødedato", "Date", "Day"),
        "Form": ("Mødeform", "Type", "Kind"),
        "Deltagere": ("Antal deltagere", "Participants", "Attendees"),
        "Referat": ("Link til referat", "Minutes"),
    },
    "Indsatser": {
        "Nr.": ("Nr", "Nummer", "Indsatsnr.", "Indsatsnummer", "Aktivitetsnr.", "No.", "No",
                "Number", "#", "Id"),
        "Indsatsområde": ("Område", "Tema", "Effort area", "Focus area", "Theme", "Area"),
        "Aktivitet": ("Aktivitetsnavn", "Indsats", "Navn", "Titel", "Activity", "Name", "Title",
                      "Initiative"),
        "Målgruppe": ("Målgrupper", "Target group", "Target", "Audience"),
        "Ansvarlig": ("Tovholder", "Ansvar", "Ansvarlig person", "Responsible", "Owner", "Lead",
                      "Responsible person"),
        "Startdato": _START,
        "Slutdato": _END,
        "Status": ("Fremdrift", "State", "Progress"),
        "Budget": ("Beløb", "Budgetbeløb", "Samlet budget", "Pris", "Amount", "Cost",
                   "Total budget"),
        "Erfaringer": ("Læring", "Erfaring", "Lessons", "Lessons learned", "Experience"),
    },
    "Finansiering": {
        "Kilde": ("Finansieringskilde", "Bidragyder", "Finansiering fra", "Source", "Funder",
                  "Funding source"),
        "Type": ("Kildetype", "Slags", "Kategori", "Source type", "Kind", "Category"),
        "Art": ("Bidragets art", "Form", "Nature"),
        "Tilsagn": ("Bevilget", "Givet tilsagn", "Commitment", "Committed", "Confirmed"),
        "I alt": ("Total", "Sum", "Samlet", "Total amount"),
        "Bemærkning": _REMARK,
    },
    "Godkendelser": {
        "Trin": ("Godkendelsestrin", "Fase", "Step", "Stage"),
        "Instans": ("Udvalg", "Hvem", "Organ", "Beslutningstager", "Body", "Board", "Committee",
                    "Decision maker"),
        "Sendt": ("Fremsendt", "Sendt dato", "Sent", "Submitted", "Sent on"),
        "Afgørelse": ("Beslutning", "Resultat", "Decision", "Outcome", "Result"),
        "Afgørelsesdato": ("Beslutningsdato", "Mødedato", "Dato for afgørelse", "Decision date",
                           "Decided", "Decided on"),
        "Sagsnr.": ("Sagsnummer", "Sag", "Journalnr.", "Case number", "Case no.", "Case"),
        "Bemærkning": _REMARK,
    },
    "Medarbejdere": {
        "Navn": ("Medarbejder", "Ansat", "Name", "Employee"),
        "Rolle": ("Stilling", "Funktion", "Titel", "Role", "Position", "Job title"),
        "Timer pr. uge": ("Timer", "Ugentlige timer", "Timer/uge", "Timetal", "Hours per week",
                          "Weekly hours", "Hours"),
        "Ansat fra": (*_START, "Ansættelsesdato", "Tiltrådt", "Employed from"),
        "Ansat til": (*_END, "Fratrådt", "Employed to", "Employed until"),
        "E-mail": _MAIL,
    },
    "Milepæle": {
        "Nr.": ("Nr", "Nummer", "Milepæl nr.", "No.", "No", "Number", "#", "Id"),
        "Indsats nr.": ("Indsats", "Indsatsnr.", "Indsatsnummer", "Aktivitet nr.",
                        "Aktivitetsnr.", "Activity no.", "Activity number", "Activity"),
        "Milepæl": ("Mål", "Delmål", "Beskrivelse", "Milestone", "Goal", "Description"),
        "Frist": ("Deadline", "Dato", "Senest", "Due", "Due date"),
        "Status": ("Fremdrift", "State", "Progress"),
        "Resultat": ("Opnået", "Result", "Outcome"),
    },
    "Regnskab": {
        "År": ("Regnskabsår", "Budgetår", "Årstal", "Year", "Financial year"),
        "Type": ("Kildetype", "Kilde", "Finansieringskilde", "Slags", "Source", "Source type"),
        "Forbrug": ("Brugt", "Realiseret", "Regnskab", "Faktisk", "Faktisk forbrug", "Udgift",
                    "Udgifter", "Årets forbrug", "Beløb", "Spent", "Spending", "Actual"),
        "Bemærkning": _REMARK,
    },
    "Indberetning": {
        "År": ("Regnskabsår", "Årstal", "Year"),
        "Indberetning": ("Rapport", "Skema", "Hvad", "Report"),
        "Frist": ("Deadline", "Senest", "Afleveringsfrist", "Due", "Due date"),
        "Sendt": ("Indsendt", "Afsendt", "Afleveret", "Indberettet", "Sent", "Submitted"),
        "Bemærkning": _REMARK,
    },
}  # fmt: skip

VAGUE = frozenset(
    {
        "navn", "name", "titel", "title", "id", "#", "hvem", "type", "form", "kind", "slags",
        "område", "area", "resultat", "result", "outcome", "mål", "goal", "goals", "beskrivelse",
        "description", "activity", "indsats", "sum", "total", "status", "state", "progress",
        "beløb", "amount", "dato", "date", "dag", "day", "sag", "case", "pris", "cost", "owner",
        "lead", "team", "funktion", "fase", "part", "category", "kategori", "boligafdeling",
    }
)  # fmt: skip
"""Words that mean too much to be sure of, where they are not our own header."""
CLEAR: Mapping[str, frozenset[str]] = {
    "Medarbejdere": frozenset({"name", "titel"}),
    "Indsatser": frozenset({"activity", "owner"}),
    "Milepæle": frozenset({"dato"}),
}
"""Vague words that are clear in one tab."""

YEAR_WORDS = frozenset(
    {"år", "budget", "budgetår", "beløb", "kr", "t", "tkr", "mio", "dkk", "finansiering", "year",
     "amount", "funding", "tusind", "thousand"}
)  # fmt: skip
"""Words beside a year in a header that do not change what the amounts are."""
