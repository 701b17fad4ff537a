"""Try one rule on a claim that is pasted: nothing of it is kept, and no other rule is asked."""

import io
from collections.abc import Mapping
from datetime import date
from itertools import islice
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.requests import Request

from facetwise.claim import Fault
from facetwise.engine.answer import ClaimAnswer, Found, NotChecked
from facetwise.engine.check import Checker
from facetwise.engine.run import check_all
from facetwise.finding import Verdict
from facetwise.formats import read
from facetwise.rules.declare import Rule
from facetwise.sources import Citation
from facetwise.tables.store import Store
from facetwise.web.problem import BadRequestError, FaultAt

LARGEST = 256 << 10
"""Bytes of a claim that is tried; files go to the Check screen."""
_ENCODED = 3 * LARGEST + 4096
"""The same as a form sends them, where a byte can take three."""
_SHOWN = 20
_NOT_ASKED = "not asked"


class Tried(NamedTuple):
    """What the rule says of one claim.

    Attributes:
        verdict: one of the four, or `not asked` where the claim does not meet the trigger.
    """

    claim_id: str
    verdict: str
    findings: tuple[Found, ...]
    gaps: tuple[NotChecked, ...]


class Outcome(NamedTuple):
    """What came of the claims.

    Attributes:
        claims: the first of them, those with findings before the others.
        many: how many were read.
        faults: what was wrong with the input.
    """

    claims: tuple[Tried, ...]
    many: int
    faults: tuple[Fault, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Everything the findings rest on."""
        return tuple(c for one in self.claims for f in one.findings for c in f.citations)


async def small_form(request: Request) -> Mapping[str, str]:
    """The fields of a short form, which is not read further than a claim can be long.

    Raises:
        BadRequestError: it is too long, or not text.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _ENCODED:
            raise _too_long()
    try:
        fields = parse_qs(body.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=8)
    except ValueError:
        fault = FaultAt("", "it is not text in UTF-8.", "Paste 837, CSV or JSON.")
        raise BadRequestError(400, "The form cannot be read.", [fault]) from None
    told = {name: values[0] for name, values in fields.items()}
    if len(told.get("claim", "").encode()) > LARGEST:
        raise _too_long()
    return told


def _too_long() -> BadRequestError:
    fault = FaultAt("claim", f"it is longer than {LARGEST >> 10} kB.", "Use the Check screen.")
    return BadRequestError(413, "That is too much for trying one rule.", [fault])


def try_rule(store: Store, rule: Rule, text: str, as_of: date) -> Outcome:
    """Ask one rule of the claims in a text, 837 professional, CSV or JSON."""
    checker = Checker(store, as_of=as_of, rules={rule.id: rule})
    answers = list(check_all(read(io.BytesIO(text.encode()), name="the box"), checker))
    faults = tuple(one for one in answers if isinstance(one, Fault))
    claims = [_tried(rule, one) for one in answers if isinstance(one, ClaimAnswer)]
    first = sorted(claims, key=lambda one: not (one.findings or one.gaps))
    return Outcome(tuple(islice(first, _SHOWN)), len(claims), faults[:_SHOWN])


def _tried(rule: Rule, answer: ClaimAnswer) -> Tried:
    verdicts = {finding.verdict for finding in answer.findings if finding.rule == rule.id}
    gaps = tuple(gap for gap in answer.not_checked if gap.rule == rule.id)
    verdict = _NOT_ASKED
    if rule.id in answer.passes:
        verdict = str(Verdict.PASS)
    if gaps:
        verdict = str(Verdict.NOT_CHECKED)
    for one in (Verdict.REVIEW, Verdict.FAIL):
        if one in verdicts:
            verdict = str(one)
    return Tried(answer.claim_id, verdict, answer.findings, gaps)
