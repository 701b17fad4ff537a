"""The words of procedures in a free text: technique, purpose, guidance, agents, sedation.

A scanner only: each entry is what a phrase stands for. Order matters where phrases overlap.
"""

import re
from enum import Enum
from typing import NamedTuple

from facetwise.procedure.model import Guidance, Sedation


class Tag(Enum):
    """A word that says, alone or with others, which technique was used."""

    TRANSFORAMINAL = "transforaminal"
    INTERLAMINAR = "interlaminar"
    EPIDURAL = "epidural"
    CATHETER = "catheter"
    SI_JOINT = "sacroiliac"
    LATERAL = "lateral branch"
    TRIGGER = "trigger point"
    CYST = "cyst"
    BRANCH_BLOCK = "medial branch block"
    INTRA_ARTICULAR = "intra-articular"
    FACET_INJECTION = "facet injection"
    FACET_BLOCK = "facet block"
    ABLATION = "ablation"
    PULSED = "pulsed"
    COOLED = "cooled"
    CHEMICAL = "chemical"
    CRYO = "cryo"
    LASER = "laser"
    OTHER = "another procedure"
    BRANCH = "medial branch"
    FACET = "facet"
    INJECTION = "injection"
    BLOCK = "block"


HEADS = frozenset(Tag) - {Tag.CATHETER, Tag.BRANCH, Tag.FACET, Tag.INJECTION, Tag.BLOCK}
"""Tags that name a technique of their own."""


class Found(NamedTuple):
    """A phrase and what it stands for."""

    tag: Tag
    start: int
    end: int
    text: str


_FACET = r"(?:facets?|z-?\s?joints?|zygapophys(?:e|i)al|apophyseal)"
_BRANCH = r"(?:medial\s+branch(?:es)?|mbn?s?)"
_BETWEEN = r"\W+(?:joint\W+)?(?:(?!and\b|nerves?\b)\w+\W+){0,2}?"
_TAGS: tuple[tuple[Tag, str], ...] = (
    (
        Tag.OTHER,
        r"vertebroplast\w+|endoscop\w+|kyphoplast\w+|vertebral\s+augmentation|disco?gra\w+|laminectom\w+|fusion"
        r"|spinal\s+cord\s+stimulat\w+|scs\b|sympathetic|stellate|genicular|basivertebral|intracept"
        r"|(?:greater|lesser)\s+occipital|gon\b|botox|botulinum|myelogra\w+|lumbar\s+puncture"
        r"|blood\s+patch|intradiscal|costovertebral|costotransverse|intercostal|hip\s+(?:joint|inj\w+)"
        r"|knee|shoulder|piriformis|pump\b|cluneal|pudendal|ganglion",
    ),
    (
        Tag.TRANSFORAMINAL,
        r"trans-?foraminal|tf[\s-]?esis?\b|tfe\b|selective\s+nerve\s+root|snrbs?\b|nerve\s+root\s+blocks?",
    ),
    (Tag.INTERLAMINAR, r"(?:inter|trans)-?laminar|il[\s-]?esis?\b|caudal"),
    (Tag.EPIDURAL, r"epidurals?|[lct]?esis?\b"),
    (Tag.CATHETER, r"(?:indwelling|continuous)\s+catheter|catheter|continuous\s+infusion"),
    (Tag.LATERAL, r"lateral\s+branch(?:es)?|lbbs?\b"),
    (Tag.SI_JOINT, r"(?:si|s-i|sacro-?iliac)\s+(?:joints?|nerves?)|sijs?\b|sacro-?iliac"),
    (Tag.TRIGGER, r"trigger\s+points?|tpis?\b"),
    (Tag.CYST, r"(?:synovial\s+|facet\s+)?cysts?"),
    (Tag.PULSED, r"pulsed|prf\b"),
    (Tag.COOLED, r"(?:water-?)?cooled|coolief"),
    (Tag.CRYO, r"cryo\w*"),
    (Tag.LASER, r"laser"),
    (Tag.CHEMICAL, r"chemical(?:ly)?|phenol|(?:dehydrated\s+)?alcohol|ethanol|glycerol"),
    (
        Tag.ABLATION,
        r"radio-?frequency(?:\s+(?:thermal\s+)?(?:ablations?|neurotom\w+|denervations?|lesioning))?"
        r"|rf(?:a|n|tc)?s?\b|(?:thermal\s+)?ablat\w+|neurotom\w+|rhizotom\w+|denervat\w+"
        r"|neurolysis|thermo-?coagulation|destruction",
    ),
    (
        Tag.BRANCH_BLOCK,
        rf"mbn?bs?\b|{_BRANCH}\s+(?:nerve\s+)?(?:blocks?|blockade|injections?|injs?\b)"
        rf"|{_FACET}\s+(?:joint\s+)?nerves?\s+(?:blocks?|injections?)",
    ),
    (Tag.INTRA_ARTICULAR, r"intra-?\s?articular(?:ly)?|ia\b"),
    (Tag.FACET_INJECTION, rf"{_FACET}{_BETWEEN}(?:injections?|inj(?:ect\w*|s)?\b|arthrograms?)"),
    (Tag.FACET_BLOCK, rf"{_FACET}{_BETWEEN}(?:blocks?|blockade)"),
    (Tag.BRANCH, rf"{_BRANCH}\b|dorsal\s+(?:primary\s+)?ram(?:us|i)|third\s+occipital|ton\b"),
    (Tag.FACET, _FACET),
    (Tag.INJECTION, r"inject\w*|injs?\b"),
    (Tag.BLOCK, r"(?:nerve\s+)?blocks?\b|blockade"),
)
_TAG = re.compile(
    "|".join(f"(?<![a-z0-9])(?P<{tag.name}>{body})" for tag, body in _TAGS), re.IGNORECASE
)


def tags(text: str) -> list[Found]:
    """Every technique word, in order."""
    return [
        Found(Tag[found.lastgroup], found.start(), found.end(), found.group())
        for found in _TAG.finditer(text)
        if found.lastgroup
    ]


def _pattern(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{body})", re.IGNORECASE)


_IMAGING = r"(?:image|imaging|fl(?:uo|ou|u|o)ro\w*|radiograph\w*|x-?ray|ultraso\w*|us|ct|mri?)"
UNGUIDED = _pattern(
    rf"(?:without|no|w/o|absent)\s+(?:any\s+|the\s+use\s+of\s+)?(?:{_IMAGING}|guidance)\b"
    r"(?:[\s-]*(?:guid\w+|imaging|control))?"
    rf"|(?:non|not)[\s-]+{_IMAGING}[\s-]*guided|unguided|blind(?:ly)?\b"
    r"|(?:anatomic(?:al)?\s+)?landmark[\s-]+(?:guid\w+|based|technique)|palpation[\s-]+guid\w+"
)
GUIDANCES: tuple[tuple[Guidance, re.Pattern[str]], ...] = (
    (Guidance.FLUOROSCOPY, _pattern(r"fl(?:uo|ou|u|o)ro\w*|c-?\s?arm\b|x-?ray\b")),
    (Guidance.CT, _pattern(r"ct\b|computed\s+tomograph\w*|cone[\s-]beam")),
    (Guidance.ULTRASOUND, _pattern(r"ultraso\w+|sonogra\w+|sono\b|u/s\b|us\b")),
    (Guidance.MRI, _pattern(r"mri\b|mr[\s-]+guid\w+|magnetic\s+resonance")),
)
FILM = _pattern(
    r"(?:on|per|by|recent|prior|previous)\s+(?:mri|ct)\b|(?:mri|ct)\s+(?:shows|showed|scan)\w*"
)
"""Imaging that was looked at, not used for guidance."""

DIAGNOSTIC_SECOND = _pattern(
    r"(?:second|2nd|confirmatory)\s+(?:set\s+of\s+)?(?:diagnostic|confirmatory|medial|mbn?bs?|blocks?|facet)"
    r"|confirmatory|(?:mbn?bs?|blocks?)\s*(?:#|no\.?|number)?\s*2\b(?!\s*[-/]|\s*m)"
)
DIAGNOSTIC_FIRST = _pattern(
    r"(?:first|1st|initial)\s+(?:set\s+of\s+)?(?:diagnostic|medial|mbn?bs?|blocks?|facet)"
    r"|(?:mbn?bs?|blocks?)\s*(?:#|no\.?|number)?\s*1\b(?!\s*[-/]|\s*m)"
)
FINDINGS = _pattern(
    r"pain\w*|arthropath\w*|arthrit\w*|spondyl\w*|stenos[ie]s|radicul\w*|tender\w*|degenerat\w*"
    r"|herniat\w*|fractures?|syndrome|symptom\w*|complain\w*"
)
"""Complaints and findings: a level or side given to one was not necessarily treated."""
_DIAGNOSIS = (
    rf"(?!\s*[:=.]|\s+codes?\b|\s+[^ctls\W]\d\d"
    rf"|(?:\s+(?!(?:for|in|with|due)\b)[a-z-]+){{0,3}}?\s+(?:{FINDINGS.pattern}))"
)
DIAGNOSTIC = _pattern(rf"diagnos(?:ti|it)c(?:ally)?|dx\b{_DIAGNOSIS}")
"""`dx` before a diagnosis or its code is no purpose."""
EARLIER = _pattern(
    r"(?:after|following|since|from|during)\s+(?:(?:the|her|his|a|an|two|both)\s+)*"
    r"(?:(?:first|second|1st|2nd|initial|successful|diagnostic|confirmatory)\s+)+"
    r"(?:medial\s+branch\s+|facet\s+)*(?:mbn?bs?|blocks?|injections?)"
    r"|(?:first|second|1st|2nd|initial)\s+(?:diagnostic\s+)?(?:mbn?bs?|blocks?|injections?)\s+"
    r"(?:gave|provided|yielded|had|brought)"
)
"""An earlier block that is told of, not the purpose of this one."""
THERAPEUTIC = _pattern(r"thera?p(?:eu|ue|u)tic(?:ally)?")

SEDATIONS: tuple[tuple[Sedation, re.Pattern[str]], ...] = (
    (Sedation.NONE, _pattern(r"(?:no|without)\s+(?:iv\s+|any\s+)?(?:sedation|anesthesia)")),
    (Sedation.MODERATE, _pattern(r"(?:moderate|conscious|iv)\s+sedation")),
    (Sedation.DEEP, _pattern(r"deep\s+sedation")),
    (Sedation.MONITORED, _pattern(r"monitored\s+anesthesia(?:\s+care)?|mac\b")),
    (Sedation.GENERAL, _pattern(r"general\s+an(?:a)?esthesia|ga\b(?!uge)")),
    (Sedation.LOCAL, _pattern(r"local(?:\s+an(?:a)?esthe\w+)?")),
)

AGENTS: tuple[tuple[str, str], ...] = (
    ("methylprednisolone acetate", r"methyl-?prednisolone(?:\s+acetate)?|depo-?\s?medrol"),
    ("triamcinolone acetonide", r"triamcinolone(?:\s+acetonide)?|kenalog(?:-\d+)?"),
    ("dexamethasone sodium phosphate", r"dexamethasone(?:\s+sodium)?(?:\s+phosphate)?|decadron"),
    ("betamethasone acetate and phosphate", r"betamethasone|celestone"),
    ("lidocaine", r"lidocaine|xylocaine|lignocaine"),
    ("bupivacaine", r"bupivacaine|marcaine|sensorcaine"),
    ("ropivacaine", r"ropivacaine|naropin"),
)
_MG = r"(?P<{}>\d+(?:\.\d+)?)\s*(?P<{}>mg|g)\b(?!\s*/)"
AGENT = _pattern(
    rf"(?:{_MG.format('before', 'unit_before')}\s*(?:of\s+)?)?"
    rf"(?:{'|'.join(f'(?P<a{at}>{body})' for at, (_, body) in enumerate(AGENTS))})"
    rf"(?:[\s,(]*{_MG.format('after', 'unit_after')})?"
)

TEMPERATURE = _pattern(
    r"(?P<degrees>\d{2,3})\s*(?:(?:°|º|deg(?:rees?)?)?\s*(?P<fahrenheit>f(?:ahrenheit)?\b)"
    r"|(?:°|º|deg(?:rees?)?)\s*(?:c(?:elsius|entigrade)?\b)?|c(?:elsius)?\b(?!\s*\d))"
)
MUSCLES = _pattern(r"(?P<number>\d{1,2}|one|two|three|four|five|six)\s+(?:\w+\s+)?muscles?")
NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

UNCLEAR = _pattern(
    r"not\b|except\w*|attempt\w*|abort\w*|cancel\w*|unable|unsuccessful\w*|previous(?:ly)?"
    r"|prior\b(?!\s+auth)|history\s+of|s/p\b|status\s+post|scheduled|planned|deferred|declined"
    r"|possibl[ey]|versus|vs\b|(?<!the )or\b|discontinued|incomplete|stopped|instead|skipped|spared"
)
"""Words that can turn what follows into something that was not done."""

PARTS = re.compile(
    r"[;,&+]|(?<![a-z])(?:and|plus|then|followed\s+by|with|also)(?![a-z])", re.IGNORECASE
)
"""Where one technique may end and the next begin."""

FILLERS = frozenset(
    re.findall(
        r"\S+",
        """
    a acetate acetonide also an and anesthetic approach are area areas arthrogram as at be
    bilateral block blocks both branch branches by care cc cervical confirm confirmation
    confirmed contrast control conventional day done dorsal each established facet facets
    followed for free from guidance guided her his image imaging in injection injections
    innervating intermittent into is joint joints level levels live local lumbar medial mg
    minutes ml mls multiple needle needles nerve nerves new occipital of office on
    paravertebral patient patients per percent performed phosphate placed placement plus
    position positions posterior preservative primary procedure procedures rami ramus real
    region sacral same seconds session side sided sides sodium solution spinal spine
    standard sterile steroid steroids supplied supplying technique the then therapy thermal
    third this thoracic time to today total treated treatment under unilateral using via
    visit was were with x
    """,
    )
)
"""Words that change nothing and need no mention."""
