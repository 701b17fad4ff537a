"""The questions coding itself asks: what is missing, what a source leaves open, what to know."""

from collections.abc import Iterable, Sequence
from datetime import date

from facetwise.anatomy import JOINTS, NERVES, Question


def listed(names: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    items = list(names)
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def no_date() -> Question:
    """No date of service."""
    return Question(
        "date",
        "On which date was it done?",
        "Codes, switches and edits are dated; every answer speaks for one date of service.",
        {"date": "the lines for that date"},
        "coding/code-in-force",
    )


def no_ruleset(known: Sequence[str]) -> Question:
    """Nobody said whose rules apply."""
    return Question(
        "ruleset",
        "Who pays, and whose claim is it?",
        "Both sides of an add-on level, T12-L1 and diagnostic lines are written differently by "
        "payer and claim type.",
        {name: f"the lines as {name} has them" for name in known},
        "coding/ruleset",
    )


def payer_unknown(payer: str, known: Sequence[str]) -> Question:
    """A payer for which no ruleset is held."""
    return Question(
        "ruleset",
        f"Which billing conventions does {payer} follow?",
        "No billing rule of this payer is held; the payer's own manual decides between these.",
        {name: f"the lines as {name} has them" for name in known},
        "coding/ruleset",
    )


def claim_type(known: dict[str, str]) -> Question:
    """The payer has several kinds of claim and the setting does not settle which."""
    return Question(
        "claim-type",
        "Is it the practitioner's claim, the hospital's or the surgery center's?",
        "One session makes a practitioner's claim and, in a facility, the facility's own claim; "
        "both sides of a level are written differently on them.",
        known,
        "coding/ruleset",
    )


def other_claim_type(ruleset: str, held: str, wanted: str) -> Question:
    """The ruleset speaks of another kind of claim than the one that is asked for."""
    return Question(
        "claim-type",
        f"Is it the {held} claim that {ruleset} speaks of, or the {wanted} claim?",
        f"No rule for {wanted} claims is part of {ruleset}; both sides of a level and the code of "
        "the sacroiliac joint can be written differently on them.",
        {
            held: f"the lines as {ruleset} has them",
            wanted: "the ruleset of that claim, if one is held",
        },
        "coding/ruleset",
    )


def place(ruleset: str, given: str, expected: Sequence[str]) -> Question:
    """The place of service is not one that the claim type has."""
    return Question(
        "place-of-service",
        f"Is place of service {given} right for a claim of {ruleset}?",
        f"Claims of {ruleset} have place of service {listed(expected)}.",
        {
            "place": "correct the place of service",
            "claim": "choose the ruleset of the claim, medicare-practitioner for a practitioner's",
        },
        "coding/ruleset",
    )


def technique() -> Question:
    """The procedure has no technique."""
    return Question(
        "technique",
        "What was done?",
        "The technique decides the code family.",
        {
            "injection": "facet injection codes",
            "thermal-ablation": "facet ablation codes",
            "other": "epidural, sacroiliac or trigger point codes",
        },
        "coding/read-technique",
    )


def levels() -> Question:
    """No target."""
    return Question(
        "levels",
        "Which joints or nerves were treated?",
        "Lines are counted by joint.",
        {"joints": "name them as L4-L5", "nerves": "name them as L3 MB and L4 MB"},
        "coding/read-levels",
    )


def side(names: Sequence[str]) -> Question:
    """Targets without a side."""
    return Question(
        "side",
        f"On which side was {listed(names)} treated?"
        if len(names) == 1
        else f"On which side were {listed(names)} treated?",
        "The side decides the modifier, and both sides of one joint are one level.",
        {
            "right": "modifier RT",
            "left": "modifier LT",
            "both": "both sides of one level, written as the ruleset has it",
        },
        "coding/side",
    )


def lone_nerves(lone: Sequence[tuple[str, str]]) -> Question:
    """Nerves that complete no joint, each with its side (blank when no side is known)."""
    answers: dict[str, str] = {}
    for name in dict.fromkeys(name for name, _ in lone):
        for joint in NERVES[name].joints:
            others = [n for n in JOINTS[joint].nerves if n != name]
            if others:
                answers[f"{listed(others)} too"] = (
                    f"{listed(JOINTS[joint].nerves)} complete {joint}"
                )
    answers["alone"] = "no joint is blocked; no source held says how one nerve alone is reported"
    said = [f"{name} on the {side}" if side else name for name, side in lone]
    return Question(
        "lone-nerve",
        f"Was a nerve next to {listed(said)} treated as well?",
        "Two nerves feed one joint; one of the two alone completes none, so no level can be "
        "counted for it.",
        answers,
        "coding/nerves-to-joints",
    )


def sacral(names: Sequence[str]) -> Question:
    """Sacral branches without an L5 ramus beside them, or below S1."""
    return Question(
        "sacral-branches",
        f"What was {listed(names)} treated for?",
        "Sacral branches feed the sacroiliac joint and no facet joint.",
        {
            "sacroiliac": "name it SI joint nerve block or ablation: codes of their own",
            "facet": "name the facet joints or nerves; sacral branches add no level",
        },
        "coding/s1-adds-nothing",
    )


def no_code(names: Sequence[str]) -> Question:
    """C0-C1 or C1-C2."""
    return Question(
        "no-code-joint",
        f"How does the payer want {listed(names)} reported?",
        "Facet codes are known here from C2-C3 to L5-S1; no source held says which code "
        "reaches the joints above.",
        {
            "code": "bill the code the payer names; it is not known here",
            "other": "if another joint was treated, name that one",
        },
        "coding/region",
    )


def wrong_target(names: Sequence[str], what: str) -> Question:
    """Targets a technique does not have."""
    return Question(
        "levels",
        f"What was treated, as {listed(names)} cannot be a target of {what}?",
        "Each technique has targets of its own kind.",
        {"targets": f"name the targets of {what}", "technique": "name another technique"},
        "coding/read-levels",
    )


def level_count(stated: int, counted: int) -> Question:
    """The text's own count does not match."""
    return Question(
        "level-count",
        f"Were {stated} or {counted} levels treated?",
        f"The text says {stated}; what it names makes {counted}. Nerves counted as levels are the "
        "most frequent audit error: n neighbouring nerves on one side make n - 1 joints.",
        {
            str(counted): "the joints and nerves named are complete: leave the number out",
            str(stated): "name the joints or nerves that are missing",
        },
        "coding/nerves-to-joints",
    )


def guidance(answers: dict[str, str]) -> Question:
    """Unknown guidance."""
    return Question(
        "guidance",
        "Under which imaging was the needle placed?",
        "The imaging is part of the code: each kind leads to another family.",
        answers,
        "coding/guidance-chooses-family",
    )


def guidance_without_code(kind: str, what: str) -> Question:
    """A guidance for which no code is known."""
    return Question(
        "guidance-without-code",
        f"How does the payer want {what} under {kind} reported?",
        f"No source held names a code for {what} under {kind}.",
        {
            "payer": "bill what the payer says; it is not known here",
            "correct": "if fluoroscopy or CT was used, say so",
        },
        "coding/guidance-chooses-family",
    )


def muscles(answers: dict[str, str]) -> Question:
    """Trigger points are counted by muscle."""
    return Question(
        "muscles",
        "How many muscles were injected?",
        "Trigger point codes count muscles, not needles or spinal levels; a facet injection "
        "without image guidance is reported with them.",
        answers,
        "coding/trigger-points",
    )


def temperature(answers: dict[str, str]) -> Question:
    """Cooled probes: the temperature decides."""
    return Question(
        "temperature",
        "Which temperature did the tissue reach?",
        "Below the thermal threshold the ablation code is not met; a cooled probe is colder than "
        "the tissue around it.",
        answers,
        "coding/non-thermal",
    )


def cyst() -> Question:
    """No code is known for cyst work."""
    return Question(
        "cyst-code",
        "How does the payer want the aspiration or rupture of a facet cyst reported?",
        "Contractors cover it, but the sources held do not agree on a code: one took the unlisted "
        "code out of its list in 2021 and named no other.",
        {
            "payer": "bill what the contractor's article says on this date",
            "injection": "if the joint was injected as well, code that as an injection",
        },
        "coding/cyst",
    )


def bilateral_add_on(code: str) -> Question:
    """A payer whose rule on add-on codes is not held."""
    return Question(
        "bilateral-add-on",
        f"How does this payer want both sides of the add-on level {code}?",
        "CPT since 2020 reports an add-on twice and without modifier 50; Medicare wants one line "
        "with 50. What this payer wants is not held, and the wrong form is denied.",
        {
            "twice": f"{code} with two units and no modifier 50 (ruleset cpt)",
            "modifier 50": f"{code} with modifier 50 and one unit (ruleset medicare-practitioner)",
        },
        "coding/bilateral",
    )


def bilateral_first(code: str) -> Question:
    """A payer whose rule on first levels is not held."""
    return Question(
        "bilateral-first",
        f"How does this payer want both sides of {code}?",
        "Some want one line with modifier 50, some an RT and an LT line.",
        {"modifier 50": f"{code} with 50, one unit", "two lines": f"{code} with RT and with LT"},
        "coding/bilateral",
    )


def t12_l1(day: date, first: str, add_on: str, own: str) -> Question:
    """T12-L1 with L1-L2 where nothing held says how."""
    return Question(
        "t12-l1",
        f"How does this payer want T12-L1 together with L1-L2 on {day}?",
        "T12-L1 has the thoracic code. Medicare contractors add L1-L2 to it as a second lumbar "
        "level; whether this payer did on this date is not held.",
        {
            "together": f"{first} for T12-L1 and {add_on} for L1-L2",
            "apart": f"{first} for T12-L1 and {own} for L1-L2",
        },
        "coding/t12-l1",
    )


def interlaminar_region() -> Question:
    """T12-L1 lies between the regions of the epidural codes."""
    return Question(
        "epidural-region",
        "Does the payer count an interlaminar epidural at T12-L1 as thoracic or as lumbar?",
        "The codes are by region, and no source held says where this interspace belongs.",
        {"thoracic": "the cervical or thoracic code", "lumbar": "the lumbar or sacral code"},
        "coding/interlaminar-region",
    )
