"""The choices of the Spine screen, and which of them answers which question."""

from functools import lru_cache
from typing import NamedTuple

from facetwise.coding import rulesets
from facetwise.procedure import ClaimType, Guidance, Purpose, Technique
from facetwise.tables.store import Store

ANOTHER_PAYER = "another payer"


class Option(NamedTuple):
    """One choice: what the address says, and what people read."""

    value: str
    label: str


class Group(NamedTuple):
    """Choices under a common name; blank for none."""

    label: str
    options: tuple[Option, ...]


class Control(NamedTuple):
    """A control of the screen.

    Attributes:
        name: the field of the address.
    """

    name: str
    label: str
    groups: tuple[Group, ...]


TECHNIQUES = (
    Group(
        "Facet joints and their nerves",
        (
            Option(Technique.MEDIAL_BRANCH_BLOCK, "Medial branch block"),
            Option(Technique.INTRA_ARTICULAR, "Joint injection, intra-articular"),
            Option(Technique.THERMAL, "Radiofrequency ablation, thermal"),
            Option(Technique.COOLED, "Radiofrequency ablation, cooled"),
            Option(Technique.PULSED, "Pulsed radiofrequency"),
            Option(Technique.CHEMICAL, "Chemical neurolysis"),
            Option(Technique.CRYO, "Cryoneurolysis"),
            Option(Technique.LASER, "Laser denervation"),
            Option(Technique.CYST, "Facet cyst aspiration or rupture"),
        ),
    ),
    Group(
        "Epidural",
        (
            Option(Technique.INTERLAMINAR, "Interlaminar epidural"),
            Option(Technique.TRANSFORAMINAL, "Transforaminal epidural"),
        ),
    ),
    Group(
        "Sacroiliac",
        (
            Option(Technique.SI_JOINT, "SI joint injection"),
            Option(Technique.SI_NERVE_BLOCK, "SI joint nerve block"),
            Option(Technique.SI_NERVE_ABLATION, "SI joint nerve ablation"),
        ),
    ),
    Group("Muscles", (Option(Technique.TRIGGER_POINT, "Trigger point injection"),)),
)
_PURPOSES = (
    Option(Purpose.DIAGNOSTIC_FIRST, "Diagnostic, first"),
    Option(Purpose.DIAGNOSTIC_SECOND, "Diagnostic, second"),
    Option(Purpose.DIAGNOSTIC, "Diagnostic"),
    Option(Purpose.THERAPEUTIC, "Therapeutic"),
)
_GUIDANCES = (
    Option(Guidance.FLUOROSCOPY, "Fluoroscopy"),
    Option(Guidance.CT, "CT"),
    Option(Guidance.ULTRASOUND, "Ultrasound"),
    Option(Guidance.MRI, "MRI"),
    Option(Guidance.NONE, "No imaging"),
)
_CLAIMS = (
    Option(ClaimType.PRACTITIONER, "Practitioner's"),
    Option(ClaimType.HOSPITAL, "Hospital outpatient"),
    Option(ClaimType.ASC, "Surgery center's"),
)
ANSWERED_BY = {
    "technique": "technique",
    "guidance": "guidance",
    "guidance-without-code": "guidance",
    "purpose": "purpose",
    "temperature": "temperature",
    "muscles": "muscles",
    "date": "date",
    "newer-release": "date",
    "ruleset": "payer",
    "claim-type": "claim",
    "place-of-service": "place",
    "side": "spine",
    "levels": "spine",
    "lone-nerve": "spine",
}
"""Question to the control that answers it; others are answered outside the screen or in words."""
FIELDS = {"claim": "claim_type"}
"""Controls whose field of the state has another name."""
WHAT_WAS_DONE = frozenset({"technique", "guidance", "purpose", "temperature", "muscles", "spine"})
"""Controls that words take the place of."""


@lru_cache(maxsize=4)
def controls(store: Store) -> tuple[Control, ...]:
    """Every control with a list of choices, in reading order."""
    return (
        Control("technique", "Technique", TECHNIQUES),
        Control("guidance", "Imaging", (Group("", _GUIDANCES),)),
        Control("purpose", "Purpose", (Group("", _PURPOSES),)),
        Control("payer", "Payer", (Group("", _payers()),)),
        Control("place", "Place of service", _places(store)),
        Control("claim", "Whose claim", (Group("", _CLAIMS),)),
        Control("state", "State", (Group("", _states(store)),)),
    )


def label_of(store: Store, name: str, value: str) -> str:
    """What people read for a value of the address; the value itself where it is no choice."""
    for control in controls(store):
        if control.name == name:
            for group in control.groups:
                for option in group.options:
                    if option.value == value:
                        return option.label
    return value


def few(store: Store, name: str) -> tuple[Option, ...]:
    """The choices of a control that has only a handful."""
    for control in controls(store):
        if control.name == name and len(control.groups) == 1 and len(control.groups[0].options) < 7:
            return control.groups[0].options
    return ()


def _payers() -> tuple[Option, ...]:
    known = {
        held.payers[0]: held.title.split(",")[0] for held in rulesets().values() if held.payers
    }
    return (*(Option(*item) for item in known.items()), Option(ANOTHER_PAYER, "Another payer"))


def _places(store: Store) -> tuple[Group, ...]:
    rows = [row for row in store.all_rows("places_of_service") if row["setting"]]
    usual = tuple(_place(row["pos"], row["name"]) for row in rows if row["typical"])
    other = tuple(_place(row["pos"], row["name"]) for row in rows if not row["typical"])
    return Group("Usual", usual), Group("Others", other)


def _place(pos: str, name: str) -> Option:
    return Option(pos, f"{pos} {name}")


def _states(store: Store) -> tuple[Option, ...]:
    found = {row["state"] for row in store.all_rows("gpci") if row["state"]}
    return tuple(Option(state, state) for state in sorted(found))
