"""`POST decode`: claim lines back to what they claim was done."""

from typing import Any

from facetwise.coding import decode, rulesets
from facetwise.coding.as_json import decode_json
from facetwise.web.api.body import JSON
from facetwise.web.api.operation import Example, Given, Operation
from facetwise.web.api.query import choice, day
from facetwise.web.held import held


def _answer(given: Given) -> dict[str, Any]:
    values = given.values
    lines = given.body["lines"]
    return decode_json(decode(lines, values["ruleset"], values["date"], store=held().store))


OPERATION = Operation(
    id="decode",
    method="POST",
    path="/decode",
    summary="What claim lines of one session say was done, and whether anything produces them.",
    says=(
        "A line is text (`64494-50`, `64636-RT x2`) or an object. Without `ruleset` readings may "
        "differ; without `date` edits and the life of codes are not looked at."
    ),
    contract="decode",
    answer=_answer,
    example=Example(
        query=(("ruleset", "medicare-practitioner"), ("date", "2026-10-01")),
        body='{"lines": ["64493-50", {"code": "64494", "modifiers": ["50", "KX"], "units": 1}]}',
        media=JSON,
    ),
    takes=(
        choice("ruleset", "How the lines are written.", rulesets()),
        day("date", "Date of service."),
    ),
    may=(415,),
    sends={JSON: "lines"},
)
