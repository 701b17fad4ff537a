"""Rules: every question asked of a claim, what each can say of whom, and a box to try one."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from facetwise.pages.html.rule_pages import rule_listing, rule_view
from facetwise.rules.registry import rule_by_id
from facetwise.web.day import day_of
from facetwise.web.footnotes import marks_of, notes_of
from facetwise.web.frame import is_fragment, screen, today
from facetwise.web.held import held
from facetwise.web.rules_cases import examples_of
from facetwise.web.rules_coverage import of_rule, on_day
from facetwise.web.rules_try import LARGEST, Outcome, small_form, try_rule

router = APIRouter()
Day = Annotated[str, Query(alias="date", max_length=20)]


@router.get("/rules")
async def show(request: Request) -> Response:
    """Every rule by area."""
    return screen(request, "rules/rules.html.j2", listing=rule_listing())


@router.get("/rules/coverage")
async def covered(
    request: Request, on: Day = "", payer: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """What every rule can decide, ask or not say on a date of service."""
    day = day_of(on)
    rules = on_day(held().store, day, payer)
    counts = Counter(rule.best for rule in rules)
    return screen(
        request, "rules/coverage.html.j2", day=day, payer=payer, rules=rules, counts=counts
    )


@router.get("/rules/{area}/{name}")
async def one(
    request: Request, area: str, name: str, on: Day = "", case: Annotated[int, Query()] = 0
) -> Response:
    """One rule; a case of it can be put into the box."""
    return _page(request, f"{area}/{name}", on, case, "", "", None)


@router.post("/rules/{area}/{name}")
async def tried(request: Request, area: str, name: str) -> Response:
    """One rule asked of the claims in the box."""
    rule = rule_by_id(f"{area}/{name}")
    form = await small_form(request)
    text, as_of = form.get("claim", ""), form.get("as_of", "")
    outcome = try_rule(held().store, rule, text, day_of(as_of, "as_of"))
    return _page(request, rule.id, "", 0, text, as_of, outcome)


def _page(
    request: Request, rule_id: str, on: str, case: int, text: str, as_of: str, tried: Outcome | None
) -> Response:
    rule, store, day = rule_by_id(rule_id), held().store, day_of(on)
    examples = examples_of(rule.id)
    if 0 < case <= len(examples):
        text = examples[case - 1].claim
    return screen(
        request,
        "rules/tried.html.j2" if tried and is_fragment(request) else "rules/rule.html.j2",
        day=day,
        told=rule_view(store, rule, day, None),
        examples=examples,
        chosen=case,
        text=text,
        as_of=as_of or today().isoformat(),
        tried=tried,
        largest=LARGEST >> 10,
        covered=of_rule(store, rule.id),
        notes=notes_of(tried.citations) if tried else (),
        marks_of=marks_of,
    )
