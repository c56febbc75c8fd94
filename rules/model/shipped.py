"""The shipped parameters: what holds where the configuration says nothing, each with its source."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from rules.model.choices import FundingType
from rules.model.parameter_types import (
    HOUSE_RULE,
    UNCONFIRMED,
    ApprovalStep,
    Area,
    EffortArea,
    Limit,
    Organisation,
    Programme,
    ReportingDuty,
)
from rules.model.parameters import Parameters
from rules.text.marking import N_

HELP = N_("Områdesekretariatet i Helsingør Kommune")
"""Whom the guide of a new workbook names for help."""


_REPORTS_2011 = "lbf.dk, Indberetningskrav til indsatser inden for 2011-14-midlerne"


def _effort_areas(*names: str) -> tuple[EffortArea, ...]:
    return tuple(EffortArea(name) for name in names)


SHIPPED = Parameters(
    areas=(
        Area("Vapnagaard", "Boliggården", ("Vapnagård",), "omraadeinfo.dk"),
        Area("Nøjsomhed", "Boliggården", ("Nøjsomheden",), "omraadeinfo.dk"),
        Area("Tibberupparken", "Nordkysten", (), "omraadeinfo.dk"),
        Area("Ellekildehave", "Nordkysten", ("Ellekilde Have",), UNCONFIRMED),
    ),
    organisations=(
        Organisation("Boliggården", ("Boliggaarden", "Boligselskabet Boliggården")),
        Organisation("Nordkysten", ("Boligselskabet Nordkysten",)),
    ),
    programmes=(
        Programme("2011-14", _effort_areas(
            "Børn, unge og familie", "Uddannelse, beskæftigelse og erhverv",
            "Beboernetværk, inddragelse og demokrati", "Sundhed", "Udsatte grupper",
            "Kultur og fritid", "Image og kommunikation",
        ), "lbf.dk, ansøgning 2011-14; omraadeinfo.dk", (
            ReportingDuty("Reguleringskonto", (6, 30), _REPORTS_2011, is_accounts=True,
                          spellings=("Reguleringskontoopgørelse", "Regnskab")),
            ReportingDuty("Målopfyldelse", (6, 30), HOUSE_RULE, is_local_practice=True,
                          spellings=("Målopfyldelsesskema", "Målopfyldelsesskemaer")),
            ReportingDuty("Milepælsplan", None, _REPORTS_2011, spellings=("Milepælsplaner",)),
        )),
        Programme("2015-18", _effort_areas(
            "Tryghed og trivsel", "Kriminalpræventiv indsats", "Uddannelse og beskæftigelse",
            "Forebyggelse og forældreansvar",
        ), "lbf.dk, ansøgning 2015-18"),
        Programme("2019-26", _effort_areas(
            "Uddannelse og livschancer", "Beskæftigelse", "Kriminalitetsforebyggelse",
            "Sammenhængskraft og medborgerskab",
        ), "lbf.dk, ansøgning 2019-26"),
    ),
    default_programme="2011-14",
    steps=(
        ApprovalStep("Prækvalifikation", mandatory=False,
                     spellings=("Prækvalificering", "Prækval"),
                     definite="prækvalifikationen"),
        ApprovalStep("Politisk udvalg",
                     spellings=("Politiske udvalg", "Fagudvalg", "Fagudvalget", "Økonomiudvalg",
                                "Økonomiudvalget"),
                     definite="det politiske udvalg"),
        ApprovalStep("Byråd", ("Politisk udvalg",), spellings=("Byrådet",), definite="Byrådet"),
        ApprovalStep("Boligorganisation", follows=("Byråd",),
                     spellings=("Boligorganisationen", "Organisationsbestyrelse",
                                "Organisationsbestyrelsen", "Repræsentantskab",
                                "Repræsentantskabet"),
                     definite="boligorganisationen"),
        ApprovalStep("Beboerdemokrati", follows=("Byråd",),
                     spellings=("Beboerdemokratiet", "Afdelingsmøde", "Afdelingsmødet",
                                "Afdelingsbestyrelse", "Afdelingsbestyrelsen"),
                     definite="beboerdemokratiet"),
        ApprovalStep("Styregruppe", follows=("Boligorganisation", "Beboerdemokrati"),
                     spellings=("Styregruppen", "Boligsocial bestyrelse",
                                "Bystrategisk Partnerskab"),
                     definite="styregruppen"),
        ApprovalStep("Landsbyggefonden",
                     requires=("Politisk udvalg", "Byråd", "Boligorganisation", "Beboerdemokrati",
                               "Styregruppe"),
                     follows=("Prækvalifikation",), spellings=("LBF",),
                     definite="Landsbyggefonden"),
    ),
    choice_aliases={
        "Landsbyggefonden": ("LBF",),
        "Kommune": ("Kommunen", "Helsingør Kommune"),
        "Boligorganisation": ("Boligorganisationen",),
        "Boligafdeling": ("Boligafdelingen", "Afdeling", "Afdelingen"),
        "Anden": ("Andet", "Andre"),
        "Beboerdemokrater": ("Beboerdemokrati", "Beboerdemokratiet"),
        "Godkendt": ("Tiltrådt", "Vedtaget", "Bevilget", "Imødekommet"),
        "Afvist": ("Afslået",),
    },
    preliminary_step="Prækvalifikation",
    organisation_step="Boligorganisation",
    final_step="Landsbyggefonden",
    local_types=(FundingType.MUNICIPALITY, FundingType.ORGANISATION, FundingType.DEPARTMENT),
    minimum_local_share=Limit(
        Fraction(1, 4), date(2011, 1, 1), "lbf.dk, organisation og økonomiske rammer"
    ),
    low_grant_share=Limit(Fraction(1, 2), date(2011, 1, 1), HOUSE_RULE),
    shortest_years=Limit(3, date(2011, 1, 1), "omraadeinfo.dk: typisk 3-4 år"),
    longest_years=Limit(4, date(2011, 1, 1), "omraadeinfo.dk: typisk 3-4 år"),
    expiry_notice_months=Limit(
        18, date(2011, 1, 1), "lbf.dk: begynd ansøgningen omkring 1½ år før planens start"
    ),
    weekly_hours=Limit(Decimal(37), date(2011, 1, 1), HOUSE_RULE),
    spending_deviation_share=Limit(Fraction(1, 10), date(2026, 12, 1), HOUSE_RULE),
    spending_deviation_kroner=Limit(100_000, date(2026, 12, 1), HOUSE_RULE),
    report_notice_days=Limit(30, date(2026, 12, 1), HOUSE_RULE),
)  # fmt: skip
