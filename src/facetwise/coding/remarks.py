"""Questions that leave the lines standing: what a biller should settle before sending them."""

from collections.abc import Sequence
from datetime import date

from facetwise.anatomy import Question
from facetwise.coding.questions import listed


def purpose() -> Question:
    """Medicare: diagnostic lines carry KX."""
    return Question(
        "purpose",
        "Was the injection diagnostic or therapeutic?",
        "A diagnostic line carries KX; without it the session counts against the therapeutic ones.",
        {
            "diagnostic": "KX on every facet injection line",
            "therapeutic": "the lines as they stand",
        },
        "coding/diagnostic-kx",
        blocks=False,
    )


def mixed_purposes() -> Question:
    """Diagnostic and therapeutic injections side by side."""
    return Question(
        "purpose",
        "Which of the injections was diagnostic?",
        "Some are said to be diagnostic and some not; KX goes on diagnostic lines, and one line "
        "can stand for both.",
        {"one": "give one purpose for the session", "apart": "ask the payer how to report both"},
        "coding/diagnostic-kx",
    )


def conflict(name: str, why: str, written: Sequence[str]) -> Question:
    """Sources that do not agree, or do not reach this payer: the lines are written all the same."""
    return Question(
        name,
        f"Does the payer accept {listed(written)} together for T12-L1 and L1-L2?",
        why,
        {
            "yes": "the lines as they stand",
            "no": "ask the payer for the lines it wants before billing",
        },
        "coding/t12-l1",
        blocks=False,
    )


def third_level_sides(code: str) -> Question:
    """Right at one further level, left at another."""
    return Question(
        "third-level-sides",
        f"Does the payer want a side on {code}?",
        "The code stands for all further levels at once, and they are on different sides; no "
        "source held says how the side is written then.",
        {"no": "the line as it stands, once", "yes": "RT or LT as the payer says"},
        "coding/third-and-further-levels",
        blocks=False,
    )


def same_session(ablated: str, injected: str) -> Question:
    """Ablation and injection of different joints."""
    return Question(
        "same-session",
        f"Are {ablated} and {injected} at different sites, and does the record show it?",
        "An edit bundles the injection into the ablation; a modifier can only say that the sites "
        "are separate, and neighbouring joints of one region are not.",
        {
            "separate": f"{injected} with XS, or 59 where the payer does not take XS",
            "not separate": f"{ablated} alone",
        },
        "coding/same-session-edit",
        blocks=False,
    )


def over_limit(code: str, units: int, limit: int) -> Question:
    """More units than an edit lets one patient have on one day."""
    return Question(
        "units-over-limit",
        f"Were {units} units of {code} really done, and does the record show why?",
        f"The edit on units allows {limit} a day: expect a denial of what is above it, unless the "
        "record carries it on appeal.",
        {"yes": "the lines as they stand, with the record ready", "no": "correct the levels"},
        "coding/unit-limit",
        blocks=False,
    )


def trigger_point_imaging(kind: str) -> Question:
    """Trigger point codes do not include imaging."""
    return Question(
        "imaging-apart",
        f"Is the {kind} at the trigger points documented so that it can be reported?",
        "The trigger point codes do not include imaging; its own line is not written here.",
        {"yes": "add the line of the imaging by hand, one unit", "no": "the lines as they stand"},
        "coding/trigger-points",
        blocks=False,
    )


def sedation(kind: str) -> Question:
    """Sedation is not written here."""
    return Question(
        "sedation",
        f"Who gave the {kind} sedation, and for how many minutes?",
        "Its lines depend on who gave it and how long, and are not written here; contractors "
        "rarely cover it with these procedures.",
        {"known": "add its lines by hand", "none": "leave it out"},
        "coding/sedation",
        blocks=False,
    )


def drug_amount(name: str) -> Question:
    """A dose is missing."""
    return Question(
        "drug-amount",
        f"How many milligrams of {name} were given?",
        "The drug is reported by amount.",
        {"mg": "one unit for each unit size of its code"},
        "coding/drug-units",
        blocks=False,
    )


def drug_not_held(name: str, why: str) -> Question:
    """No unit size is held for the drug on this date."""
    return Question(
        "drug-code",
        f"Which code and unit size does {name} have on this date?",
        why,
        {"known": "add its line by hand", "not billed": "leave it out"},
        "coding/drug-units",
        blocks=False,
    )


def drug_supplier(names: Sequence[str]) -> Question:
    """A facility or unknown setting: who bears the cost of the drug?"""
    return Question(
        "drug-supplier",
        f"Who supplied {listed(names)}?",
        "The drug is billed by whoever bears its cost; in a facility that is not the practitioner.",
        {
            "practice": "a drug line on the practitioner's claim (give the place of service)",
            "facility": "no drug line on the practitioner's claim",
        },
        "coding/drug-units",
        blocks=False,
    )


def drug_wastage(name: str, code: str) -> Question:
    """A single-dose vial may leave a rest."""
    return Question(
        "drug-wastage",
        f"Was part of a single-dose vial of {name} discarded?",
        "What was discarded of a single-dose vial is reported apart from what was given.",
        {
            "none": f"{code} as it stands, with JZ if the vial was single-dose",
            "some": f"a second line of {code} with JW for the amount discarded",
            "multi-dose": f"{code} as it stands",
        },
        "coding/drug-wastage",
        blocks=False,
    )


def which_diagnosis() -> Question:
    """Diagnoses with several regions or techniques."""
    return Question(
        "diagnosis-pointers",
        "Which diagnosis belongs to which line?",
        "Each line points to its own diagnoses, and several are given for different procedures.",
        {"lines": "name the diagnosis of each line on the claim"},
        "coding/diagnosis-pointers",
        blocks=False,
    )


def newer_release(known_to: date, day: date) -> Question:
    """The date lies past every release held."""
    return Question(
        "newer-release",
        f"Are these codes still in use on {day}?",
        f"The fee schedule releases held speak for dates to {known_to}; a code can have been "
        "changed or dropped since.",
        {"yes": "the lines as they stand", "no": "look the new code up"},
        "coding/code-in-force",
        blocks=False,
    )
