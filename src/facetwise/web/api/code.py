"""`POST code`: what was done to the lines to bill."""

from datetime import date
from typing import Any

from facetwise.coding import code, rulesets
from facetwise.coding.as_json import code_json
from facetwise.web.api.body import JSON
from facetwise.web.api.operation import Example, Given, Operation
from facetwise.web.api.query import choice, day
from facetwise.web.held import held


def _answer(given: Given) -> dict[str, Any]:
    stated: date | None = given.values["date"]
    return code_json(code(given.body, given.values["ruleset"], stated, store=held().store))


OPERATION = Operation(
    id="code",
    method="POST",
    path="/code",
    summary="The claim lines of a procedure, each with its steps and sources.",
    says=(
        "The body is a procedure: words, or techniques with their targets. What is missing or "
        "ambiguous comes back as a question, with the lines that stand without it. Pass questions "
        "on to a person; nothing is guessed. Without `ruleset`, payer, claim type and place of "
        "service decide; without a date, here or in the body, the date is asked for."
    ),
    contract="code",
    answer=_answer,
    example=Example(
        query=(("ruleset", "medicare-practitioner"), ("date", "2026-10-01")),
        body='{"text": "bilateral L3-4, L4-5 MBB under fluoroscopy"}',
        media=JSON,
    ),
    takes=(
        choice("ruleset", "How the lines are written.", rulesets()),
        day("date", "Date of service; without it the procedure's own."),
    ),
    may=(415,),
    sends={JSON: "procedure"},
)
