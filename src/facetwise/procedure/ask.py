"""The questions that the words of a procedure raise before any code is looked at."""

from collections.abc import Sequence

from facetwise.anatomy import Question

_RULE = "coding/read-technique"


def technique() -> Question:
    """Nothing says what was done."""
    return Question(
        "technique",
        "What was done at these levels?",
        "Injection and ablation have codes of their own, and so have epidural, sacroiliac and "
        "trigger point procedures.",
        {
            "medial branch block": "facet injection codes, counted by joint",
            "intra-articular injection": "facet injection codes, counted by joint",
            "thermal ablation": "facet ablation codes, counted by joint",
            "other": "name it: interlaminar or transforaminal epidural, SI joint, trigger point",
        },
        _RULE,
    )


def two_techniques(words: Sequence[str]) -> Question:
    """One stretch of text names techniques that exclude each other."""
    return Question(
        "technique",
        f"Which technique was used where, as the text says {_quoted(words)} in one breath?",
        "Each technique has codes of its own, and its levels must be told apart.",
        {
            "one": "name the one that was done, with its levels",
            "both": "write them apart: `left L4-5 RFA; right L4-5 medial branch block`",
        },
        _RULE,
    )


def other_procedure(words: Sequence[str]) -> Question:
    """Something that is not coded here."""
    return Question(
        "other-procedure",
        f"Was {_quoted(words)} done in this session?",
        "It is not one of the procedures coded here, and levels named for it must not be counted.",
        {
            "yes": "leave it out of the text, and code it by other means",
            "no": "leave it out of the text",
        },
        _RULE,
    )


def epidural_approach() -> Question:
    """An epidural without its approach."""
    return Question(
        "technique",
        "By which approach was the epidural given?",
        "Interlaminar epidurals are reported by region, transforaminal ones by foramen and side.",
        {
            "interlaminar": "one code by region and imaging, no side",
            "transforaminal": "a first foramen and each further one, by side",
        },
        _RULE,
    )


def si_technique() -> Question:
    """The sacroiliac joint, its nerves, block or ablation."""
    return Question(
        "technique",
        "Was the sacroiliac joint injected, or were its nerves blocked or ablated?",
        "The joint, the block of its nerves and their ablation have one code each.",
        {
            "SI joint injection": "the code of the joint",
            "SI joint nerve block": "the code of the nerves, injection",
            "SI joint nerve ablation": "the code of the nerves, radiofrequency ablation",
        },
        _RULE,
    )


def si_not_thermal() -> Question:
    """Sacroiliac ablation that is not conventional radiofrequency."""
    return Question(
        "technique",
        "Was heat used on the nerves of the sacroiliac joint?",
        "The code is for radiofrequency ablation; no source held says how another technique is "
        "reported there.",
        {
            "thermal radiofrequency": "the code of the nerves of the joint",
            "other": "ask the payer; no code is known here",
        },
        _RULE,
    )


def levels_beside_si(names: Sequence[str]) -> Question:
    """Facet levels in the same breath as the sacroiliac joint."""
    return Question(
        "levels",
        f"What was done at {', '.join(names)}, beside the sacroiliac joint?",
        "The sacroiliac joint and its nerves are not facet joints; facet levels need a technique "
        "of their own.",
        {
            "nothing": "leave these levels out",
            "facet": "write it apart: `left L4-5 RFA; left SI joint nerve ablation`",
        },
        _RULE,
    )


def disagreement(joints: Sequence[str], nerves: Sequence[str]) -> Question:
    """Joints and nerves named side by side that do not belong together."""
    return Question(
        "joints-and-nerves-differ",
        f"Were {', '.join(joints)} treated, or the joints fed by {', '.join(nerves)}?",
        "The nerves named complete other joints than the ones named next to them. One of the two "
        "is off by a level, or more was done than it seems.",
        {
            "joints": "the joints are right: leave the nerves out",
            "nerves": "the nerves are right: leave the joints out",
        },
        "coding/joint-and-nerves-once",
    )


def two_guidances() -> Question:
    """Ultrasound beside fluoroscopy or CT."""
    return Question(
        "guidance",
        "Under which imaging was the needle placed?",
        "Fluoroscopy or CT and ultrasound lead to different code families.",
        {
            "fluoroscopy or ct": "the family that includes fluoroscopy or CT",
            "ultrasound": "the ultrasound family",
        },
        "coding/guidance-chooses-family",
    )


def two_temperatures() -> Question:
    """More than one temperature."""
    return Question(
        "temperature",
        "At which temperature was each nerve treated?",
        "Several temperatures are named; below the thermal threshold the ablation code is not met.",
        {"one": "give the one temperature of these lesions", "apart": "write the parts apart"},
        "coding/non-thermal",
    )


def unclear_words(found: Sequence[str]) -> Question:
    """Words that may undo what they stand next to."""
    said = _quoted([word.lower() for word in found])
    return Question(
        "unclear-words",
        f"What was done, leaving out what {said} is about?",
        "These words can turn a level or a technique into one that was not treated.",
        {"done": "write only what was done in this session"},
        "coding/read-levels",
    )


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"{word!r}" for word in dict.fromkeys(words))
