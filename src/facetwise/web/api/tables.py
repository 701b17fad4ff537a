"""`GET tables`: the tables held and their editions."""

from typing import Any

from facetwise.pages.holdings import holdings
from facetwise.version import header
from facetwise.web.api.operation import Example, Given, Operation
from facetwise.web.api.query import day, word
from facetwise.web.held import held


def _answer(given: Given) -> dict[str, Any]:
    as_of, store = given.values["as_of"], held().store
    rows = holdings(store, as_of, given.values["table"])
    return {**header("tables", held().digest), "as_of": as_of.isoformat(), "editions": rows}


OPERATION = Operation(
    id="tables",
    method="GET",
    path="/tables",
    summary="The tables held: editions, windows, scope, age, and the newer file to look for.",
    says="`as_of` is the day that ages are counted to. The clock is never asked.",
    contract="tables",
    answer=_answer,
    example=Example(query=(("as_of", "2026-10-01"), ("table", "mue_practitioner"))),
    takes=(
        day("as_of", "The day ages are counted to.", required=True),
        word(
            "table",
            "One table only.",
            "[a-z][a-z0-9_]{0,39}",
            "the name of a table",
            required=False,
        ),
    ),
)
