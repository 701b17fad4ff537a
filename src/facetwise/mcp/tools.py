"""The six tools: what each takes, which public function answers, under which contract."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import facetwise
from facetwise import schemas
from facetwise.claim import ClaimType
from facetwise.coding import rulesets
from facetwise.mcp import arguments, claims, texts
from facetwise.mcp.arguments import Argument, BadArgumentError
from facetwise.pages.facts import FACTS
from facetwise.pages.holdings import holdings
from facetwise.tables.store import shipped
from facetwise.version import header

Json = dict[str, Any]

SECTIONS = (
    "at-a-glance", "scope", "level-family", "reporting", "ladder", "clinical-context", "record",
    "image-guidance", "sites", "modifiers", "diagnoses", "edits", "denials", "payers", "amounts",
    "relative-values", "indicators", "taxonomies", "related", "not-available",
)  # fmt: skip
"""Sections of a page, in its order."""
_CLAIM_TYPES = tuple(kind.value for kind in ClaimType if kind is not ClaimType.UNKNOWN)
_CODE = arguments.written_as(r"[0-9A-Za-z]{5}", "a code of five characters")
_FIELD = arguments.written_as(r"[a-z0-9_]{1,40}(:[0-9A-Za-z]{1,5})?", "the name of a fact")
_TABLE = arguments.written_as(r"[a-z0-9_]{1,40}", "the name of a table")


class Tool(NamedTuple):
    """One tool.

    Attributes:
        contract: name of the JSON Schema its answer keeps, `facetwise schema NAME`.
        answer: arguments as read to the answer.
    """

    name: str
    title: str
    description: str
    contract: str
    arguments: Mapping[str, Argument]
    answer: Callable[[Json], Json]

    @property
    def input_schema(self) -> Json:
        """JSON Schema of the arguments; what it does not name is refused."""
        return {
            "type": "object",
            "properties": {name: argument.schema for name, argument in self.arguments.items()},
            "required": [name for name, argument in self.arguments.items() if argument.required],
            "additionalProperties": False,
        }

    @property
    def output_schema(self) -> Json:
        """The published JSON Schema of the answer, as it stands."""
        schema: Json = json.loads(schemas.read(self.contract))
        return schema


def _code(given: Json) -> Json:
    return facetwise.code(given["procedure"], given.get("ruleset"), given.get("date"))


def _decode(given: Json) -> Json:
    return facetwise.decode(given["lines"], given.get("ruleset"), given["date"])


def _check(given: Json) -> Json:
    name = next((name for name in ("claims", "text") if name in given), "claims")
    if ("claims" in given) == ("text" in given):
        raise BadArgumentError(name, "send claims in exactly one way.", "Give `claims` or `text`.")
    items = claims.read_claims(given[name], name, given.get("claim_type"))
    return facetwise.check(items, as_of=given["as_of"])


def _page(given: Json) -> Json:
    page = facetwise.page(given["code"], given["date"])
    return page if "sections" not in given else only(page, given["sections"])


def only(page: Json, wanted: list[str]) -> Json:
    """A page with some of its sections, all its facts, and the sources of both."""
    sections = [section for section in page["sections"] if section["id"] in wanted]
    cited = {fact["edition"] for fact in page["facts"].values()}
    for section in sections:
        for part in (*section["statements"], *section["tables"]):
            cited.update(part["sources"])
    sources = [source for source in page["sources"] if source["id"] in cited]
    return {**page, "sections": sections, "sources": sources}


def _why(given: Json) -> Json:
    return facetwise.why(given["code"], given["field"], given["date"])


def _tables(given: Json) -> Json:
    store, as_of = shipped(), given["as_of"]
    head = {**header("tables", store.catalogue.digest), "as_of": as_of.isoformat()}
    return {**head, "editions": holdings(store, as_of, given.get("table"))}


def _string(description: str, **more: Any) -> Json:
    return {"type": "string", "description": description, **more}


def _day(description: str, *, required: bool = True) -> Argument:
    return Argument(_string(description, format="date"), arguments.day, required)


def _ruleset() -> Argument:
    names = tuple(rulesets())
    return Argument(_string(texts.RULESET, enum=list(names)), arguments.one_of(names))


def _list_of(description: str, items: Json) -> Json:
    return {"type": "array", "items": items, "minItems": 1, "description": description}


def tools() -> dict[str, Tool]:
    """Every tool by its name, in the order in which clients list them."""
    code = Argument(_string(texts.A_CODE), _CODE, required=True)
    every = (
        Tool(
            "code", "Procedure to claim lines", texts.CODE, "code",
            {
                "procedure": Argument(
                    {"type": ["string", "object"], "description": texts.PROCEDURE},
                    arguments.procedure, required=True,
                ),
                "ruleset": _ruleset(),
                "date": _day(texts.DATE_ASKED, required=False),
            },
            _code,
        ),
        Tool(
            "decode", "Claim lines to what they claim", texts.DECODE, "decode",
            {
                "lines": Argument(
                    {
                        **_list_of(texts.LINES, {"type": ["string", "object"]}),
                        "maxItems": arguments.MOST_LINES,
                    },
                    arguments.lines, required=True,
                ),
                "date": _day(texts.DATE),
                "ruleset": _ruleset(),
            },
            _decode,
        ),
        Tool(
            "check", "Check claims", texts.CHECK, "check",
            {
                "claims": Argument(
                    {**_list_of(texts.CLAIMS, {"type": "object"}), "maxItems": claims.MOST},
                    claims.claims,
                ),
                "text": Argument(_string(texts.TEXT), claims.file_text),
                "as_of": _day(texts.AS_OF_CHECK),
                "claim_type": Argument(
                    _string(texts.CLAIM_TYPE, enum=list(_CLAIM_TYPES)),
                    arguments.one_of(_CLAIM_TYPES),
                ),
            },
            _check,
        ),
        Tool(
            "page", "Everything held of a code", texts.PAGE, "page",
            {
                "code": code,
                "date": _day(texts.DATE),
                "sections": Argument(
                    _list_of(texts.SECTIONS, {"type": "string", "enum": list(SECTIONS)}),
                    arguments.some_of(SECTIONS),
                ),
            },
            _page,
        ),
        Tool(
            "why", "Where one fact comes from", texts.WHY, "why",
            {
                "code": code,
                "field": Argument(
                    _string(f"{texts.FIELD} Facts: {', '.join(FACTS)}."), _FIELD, required=True
                ),
                "date": _day(texts.DATE),
            },
            _why,
        ),
        Tool(
            "tables", "The tables held", texts.TABLES, "tables",
            {
                "as_of": _day(texts.AS_OF_TABLES),
                "table": Argument(_string(texts.TABLE), _TABLE),
            },
            _tables,
        ),
    )  # fmt: skip
    return {tool.name: tool for tool in every}
