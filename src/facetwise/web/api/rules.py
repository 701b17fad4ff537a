"""`GET rules`, `GET rules/{area}/{name}`: every question that is asked of a claim."""

from collections.abc import Iterable
from typing import Any

from facetwise.pages.rule_json import rule_json
from facetwise.rules.declare import Rule
from facetwise.rules.registry import all_rules, rule_by_id
from facetwise.version import header
from facetwise.web.api.operation import Example, Given, Operation
from facetwise.web.api.query import word
from facetwise.web.held import held


def _told(rules: Iterable[Rule]) -> dict[str, Any]:
    return {**header("rules", held().digest), "rules": [rule_json(rule) for rule in rules]}


def _all(_: Given) -> dict[str, Any]:
    return _told(all_rules().values())


def _one(given: Given) -> dict[str, Any]:
    return _told([rule_by_id(f"{given.values['area']}/{given.values['name']}")])


ALL = Operation(
    id="rules",
    method="GET",
    path="/rules",
    summary="Every rule: its question, trigger, verdicts, sources, advice and likely denials.",
    says="The same for everyone; what a rule can say for a payer and date depends on the tables.",
    contract="rules",
    answer=_all,
    example=Example(),
)
ONE = Operation(
    id="rule",
    method="GET",
    path="/rules/{area}/{name}",
    summary="One rule.",
    says="The contract is that of the list, with one rule in it.",
    contract="rules",
    answer=_one,
    example=Example(path={"area": "ncci", "name": "mue"}),
    path_takes=(
        word("area", "The first part of its id.", "[a-z0-9-]{1,40}", "the area of a rule"),
        word("name", "The second part of its id.", "[a-z0-9-]{1,60}", "the name of a rule"),
    ),
    may=(404,),
)
