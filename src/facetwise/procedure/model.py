"""The procedure noun: what was done, where, under what guidance, for whom it is billed.

Unknown is a value here. Nothing is filled in that was not said; `coding` asks for what it needs.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from facetwise.anatomy import Kind, Question, Side
from facetwise.errors import FacetwiseError


class BadProcedureError(FacetwiseError):
    """A procedure file or mapping that does not have the shape it should have."""

    id = "procedure/unreadable"


class Technique(StrEnum):
    """What was done."""

    INTRA_ARTICULAR = "intra-articular"
    MEDIAL_BRANCH_BLOCK = "medial-branch-block"
    THERMAL = "thermal-ablation"
    COOLED = "cooled-ablation"
    PULSED = "pulsed"
    CHEMICAL = "chemical"
    CRYO = "cryo"
    LASER = "laser"
    CYST = "cyst-aspiration"
    INTERLAMINAR = "interlaminar-epidural"
    TRANSFORAMINAL = "transforaminal-epidural"
    SI_JOINT = "si-joint-injection"
    SI_NERVE_BLOCK = "si-nerve-block"
    SI_NERVE_ABLATION = "si-nerve-ablation"
    TRIGGER_POINT = "trigger-point"


FACET_INJECTIONS = frozenset({Technique.INTRA_ARTICULAR, Technique.MEDIAL_BRANCH_BLOCK})
THERMAL_ABLATIONS = frozenset({Technique.THERMAL, Technique.COOLED})
OTHER_ABLATIONS = frozenset({Technique.PULSED, Technique.CHEMICAL, Technique.CRYO, Technique.LASER})
"""Denervation that is not thermal."""
ABLATIONS = THERMAL_ABLATIONS | OTHER_ABLATIONS


class Purpose(StrEnum):
    """Why it was done."""

    DIAGNOSTIC_FIRST = "diagnostic-first"
    DIAGNOSTIC_SECOND = "diagnostic-second"
    DIAGNOSTIC = "diagnostic"
    THERAPEUTIC = "therapeutic"
    ABLATION = "ablation"

    @property
    def diagnostic(self) -> bool:
        """Whether it is any of the diagnostic purposes."""
        return self is not Purpose.THERAPEUTIC and self is not Purpose.ABLATION


class Guidance(StrEnum):
    """Imaging by which the needle was placed; `NONE` means that there was none."""

    FLUOROSCOPY = "fluoroscopy"
    CT = "ct"
    ULTRASOUND = "ultrasound"
    MRI = "mri"
    NONE = "none"


class Sedation(StrEnum):
    """Sedation or anesthesia beyond what was injected."""

    NONE = "none"
    LOCAL = "local"
    MODERATE = "moderate"
    DEEP = "deep"
    MONITORED = "monitored-anesthesia-care"
    GENERAL = "general"


class ClaimType(StrEnum):
    """Whose claim the lines are for."""

    PRACTITIONER = "practitioner"
    HOSPITAL = "hospital-outpatient"
    ASC = "asc"


@dataclass(frozen=True, slots=True)
class Target:
    """A joint, nerve, foramen or interspace, and the side of it; None when no side is known."""

    kind: Kind
    name: str
    sides: frozenset[Side] | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """A drug that was injected.

    Attributes:
        name: generic name in lower case.
        milligrams: total amount given in the session; None when not stated.
    """

    name: str
    milligrams: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    """One technique applied to its targets.

    Attributes:
        technique, purpose, guidance: None when not known.
        temperature: of an ablation, degrees Celsius.
        muscles: muscles injected, for trigger points or where no imaging was used.
        catheter: whether an epidural was given through an indwelling catheter.
        levels_stated: number of levels that the source itself counts.
    """

    technique: Technique | None
    targets: tuple[Target, ...] = ()
    purpose: Purpose | None = None
    guidance: Guidance | None = None
    temperature: Decimal | None = None
    muscles: int | None = None
    catheter: bool = False
    levels_stated: int | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """One session of one patient: everything that was done on a date.

    Attributes:
        day: the date of service.
        diagnoses: ICD-10-CM codes in the order of the claim, without dot.
        questions: what the source itself leaves open, such as an ambiguous range.
        unread: words of a text that were passed over.
    """

    interventions: tuple[Intervention, ...]
    day: date | None = None
    agents: tuple[Agent, ...] = ()
    sedation: Sedation | None = None
    place_of_service: str = ""
    payer: str = ""
    line_of_business: str = ""
    claim_type: ClaimType | None = None
    diagnoses: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    unread: tuple[str, ...] = ()
