"""`GET why/{code}/{field}`: where one fact of a code comes from."""

from typing import Any

from facetwise.pages.as_json import why_json
from facetwise.pages.facts import FACTS, fact_of
from facetwise.web.api.operation import Example, Given, Operation
from facetwise.web.api.page import CODE
from facetwise.web.api.query import day, word
from facetwise.web.held import held

_FIELD = word(
    "field",
    f"Name of a fact: {', '.join(FACTS)}. Some take a second part, as in `rvu_work:26` and "
    "`ptp_practitioner:77003`.",
    "[a-z][a-z0-9_]{0,39}(?::[0-9A-Za-z]{1,10})?",
    "the name of a fact, such as rvu_work or ptp_practitioner:77003",
)


def _answer(given: Given) -> dict[str, Any]:
    code, field, asked = given.values["code"], given.values["field"], given.values["date"]
    store = held().store
    fact = fact_of(store, code, field, asked)
    return why_json(code.upper(), field, asked, fact, store.catalogue.digest)


OPERATION = Operation(
    id="why",
    method="GET",
    path="/why/{code}/{field}",
    summary="One fact of a code: its value and every row it rests on.",
    says="Where no edition held answers for the date, the verdict is `not_checked`.",
    contract="why",
    answer=_answer,
    example=Example(path={"code": "64493", "field": "bilateral"}, query=(("date", "2026-10-01"),)),
    path_takes=(CODE, _FIELD),
    takes=(day("date", "Date of service.", required=True),),
    may=(404,),
)
