"""The words to choose from in a plan workbook, and the lists of them that may be configured."""

from __future__ import annotations

from enum import StrEnum


class PlanStatus(StrEnum):
    """How far a plan is, in the order that it gets there."""

    DRAFT = "Under udarbejdelse"
    FOR_APPROVAL = "Til godkendelse"
    APPROVED = "Godkendt"
    RUNNING = "I gang"
    FINISHED = "Afsluttet"


class ActivityStatus(StrEnum):
    """How far an activity is."""

    PLANNED = "Planlagt"
    RUNNING = "I gang"
    FINISHED = "Afsluttet"
    DROPPED = "Udgået"


class MilestoneStatus(StrEnum):
    """How far a milestone is."""

    PLANNED = "Planlagt"
    RUNNING = "I gang"
    REACHED = "Nået"
    DROPPED = "Udgået"


class Decision(StrEnum):
    """What a body decided about a plan."""

    PENDING = "Afventer"
    APPROVED = "Godkendt"
    REJECTED = "Afvist"
    NOT_RELEVANT = "Ikke relevant"


class Party(StrEnum):
    """The four parties that a plan is prepared in dialogue with."""

    COORDINATION = "Koordinerende indsats"
    MUNICIPALITY = "Kommune"
    ORGANISATION = "Boligorganisation"
    RESIDENTS = "Beboerdemokrater"


class FundingType(StrEnum):
    """Who the money comes from."""

    FOUNDATION_LBF = "Landsbyggefonden"
    MUNICIPALITY = "Kommune"
    ORGANISATION = "Boligorganisation"
    DEPARTMENT = "Boligafdeling"
    FOUNDATION = "Fond"
    OTHER = "Anden"


class FundingForm(StrEnum):
    """What the co-financing consists of: money, or something with a value."""

    CASH = "Kontant"
    HOURS = "Timer"
    PREMISES = "Lokaler"
    OTHER = "Andet"


class Commitment(StrEnum):
    """Whether the money is promised (*tilsagn*)."""

    YES = "Ja"
    NO = "Nej"
    PENDING = "Afventer"


class Role(StrEnum):
    """What an employee of the plan does."""

    PROJECT_LEADER = "Projektleder"
    SOCIAL_WORKER = "Boligsocial medarbejder"
    COORDINATOR = "Koordinator"
    OTHER = "Andet"


class ChoiceList(StrEnum):
    """The lists of choices that are parameters, and may be configured."""

    AREAS = "areas"
    ORGANISATIONS = "organisations"
    PROGRAMMES = "programmes"
    EFFORT_AREAS = "effort_areas"
    STEPS = "steps"
    REPORTS = "reports"


OF_PROGRAMME = (ChoiceList.EFFORT_AREAS, ChoiceList.REPORTS)
"""The lists that differ from programme to programme."""
Choices = tuple[str, ...] | ChoiceList
