"""`GET page/{code}`: what is true of a code on a date."""

from typing import Any

from facetwise.pages.as_json import page_json
from facetwise.pages.code_page import code_page
from facetwise.web.api.operation import Example, Given, Operation
from facetwise.web.api.query import day, word
from facetwise.web.held import held

CODE = word("code", "Procedure code.", "[0-9A-Za-z]{5}", "a code of five letters and digits")


def _answer(given: Given) -> dict[str, Any]:
    return page_json(code_page(held().store, given.values["code"], given.values["date"]))


OPERATION = Operation(
    id="page",
    method="GET",
    path="/page/{code}",
    summary="What is true of a code on a date of service, with sources.",
    says=(
        "Facts, sections and sources of the code. What no table held answers for the date stands "
        "under `not_held`, with the official file that would answer."
    ),
    contract="page",
    answer=_answer,
    example=Example(path={"code": "J1030"}, query=(("date", "2026-10-01"),)),
    path_takes=(CODE,),
    takes=(day("date", "Date of service.", required=True),),
    may=(404,),
)
