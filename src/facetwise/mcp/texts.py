"""What a model is told of the server, the tools and their arguments."""

INSTRUCTIONS = """\
Facetwise answers questions about image-guided spine procedures (facet joint injections, medial \
branch blocks, radiofrequency ablation and their relatives) from dated official tables and \
policies. It is decision support for a person: not legal, medical or billing advice. Every answer \
is computed; do not change, complete or average it.

1. Pass on the sources. Each statement stands with its source, edition and window; repeat them. \
What an answer does not say, Facetwise does not hold: do not fill it from memory.
2. `not_checked`, `not_held` and `not_available` mean that no table answers. Say so, with the file \
that would answer (`supplied_by`, `would_be_supplied_by`). Never take them for a pass, a no or a \
zero.
3. `questions` are for the person. Put each to them with its answers, and wait. Never settle one \
yourself, even where one answer seems likely.
4. Never guess payer, ruleset, claim type, place of service, setting, date of service, level or \
side. What the person has not said is left out; an answer then asks for it.
5. A `review` needs a person's judgement. `carried`, `derived` and `secondary` mean that a source \
does not decide by itself: say so.
6. `faults` are what could not be read; a claim with a fault was not checked whole.
7. Dates are dates of service. No tool takes a date from the clock: ask for it. `as_of` is the day \
of the question; state which you used.
8. Leave out names, birth dates and member numbers of patients: no tool needs them."""

_TAIL = (
    " Decision support, not advice: pass on sources, `not_checked` and questions to the person, "
    "and settle none of them."
)

CODE = (
    "The claim lines of what was done in one session, each with its steps and sources, or the "
    "questions that stand in the way. A question that blocks leaves no lines: ask the person."
    + _TAIL
)
DECODE = (
    "What claim lines of one session say was done: levels, region and sides, at least and at "
    "most, and whether any procedure could produce them." + _TAIL
)
CHECK = (
    "Every edit, limit and policy rule asked of claims: findings (`fail`, `review`) with advice "
    "and sources, the rules passed, and those `not_checked` with the file that would answer. No "
    "finding is no promise of payment." + _TAIL
)
PAGE = (
    "What is held of one code on a date of service: facts, texts and tables, each with its source. "
    "A whole page can be 120 kB; give `sections` to have some of it." + _TAIL
)
WHY = (
    "One fact of a code followed to its file, edition, window and row, or `not_checked` with the "
    "file that would answer." + _TAIL
)
TABLES = (
    "The tables held and the editions they are made of, with windows, rows, age, and the newer "
    "file to look for." + _TAIL
)

A_CODE = "HCPCS or CPT code."
PROCEDURE = (
    "What was done, in the person's words (`bilateral L3-4, L4-5 MBB under fluoroscopy`), or an "
    "object with the fields of a procedure file: text, or interventions, or technique with "
    "targets; purpose, guidance, agents, sedation, place_of_service, payer, line_of_business, "
    "claim_type, diagnoses, date. Give only what the person said: add no level, side, payer or "
    "setting of your own."
)
RULESET = (
    "How lines are written. Give it only if the person named it; without it, payer, claim type "
    "and place of service decide, or the answer asks."
)
DATE = "Date of service as YYYY-MM-DD, as the person gave it; ask if they did not."
DATE_ASKED = (
    "Date of service as YYYY-MM-DD, as the person gave it; it overrides the procedure's own. Leave "
    "it out if they gave none: the answer then asks for it."
)
LINES = (
    "Claim lines of one session: texts of code, modifiers and units (`CODE-50`, `CODE-RT-KX`, "
    "`CODE x2`), or objects with code, modifiers and units."
)
CLAIMS = (
    "Claims as objects: claim_id, payer_name, line_of_business, claim_type, provider_state, "
    "place_of_service, diagnoses (list), and lines, a list of objects with code, modifiers "
    "(list), units, charge, service_date. Every field of docs/formats.md is taken. Leave out what "
    "the person did not give. Instead of `text`."
)
TEXT = "The text of a claim file: X12 837 professional, CSV or JSON. Instead of `claims`."
AS_OF_CHECK = (
    "The day of the check as YYYY-MM-DD: a later date of service is in the future. Usually the "
    "person's today; say which day you used."
)
CLAIM_TYPE = (
    "What the claims are, whatever they say themselves. Give it only if the person said so; "
    "unknown leaves rules that differ by type `not_checked`."
)
SECTIONS = (
    "Ids of the sections wanted; without it, all. Facts and `not_held` come in any case, and "
    "`sources` are those of what is given."
)
FIELD = (
    "Name of the fact. Some take more after a colon: rvu_work:26 for one part, "
    "ptp_practitioner:CODE for a pair of codes."
)
AS_OF_TABLES = "The day that ages are counted to, as YYYY-MM-DD; say which day you used."
TABLE = "Name of one table; without it, all."
