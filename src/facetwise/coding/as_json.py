"""Coding and decoding as the JSON contracts `facetwise.code/1` and `facetwise.decode/1`."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from facetwise.anatomy import Question, Side
from facetwise.coding.decoding import Claimed, Decoding
from facetwise.coding.model import Coding, Line, Step
from facetwise.coding.plausible import Problem
from facetwise.coding.steps import explainer
from facetwise.sources import Citation
from facetwise.tables.store import shipped
from facetwise.version import header

Json = dict[str, Any]
_SIDES = (Side.LEFT, Side.RIGHT)


def code_json(coding: Coding) -> Json:
    """The contract `facetwise.code/1`."""
    return {**header("code", coding.tables), **_body(coding)}


def compare_json(codings: Sequence[Coding]) -> Json:
    """The contract `facetwise.code/1` with one answer a ruleset."""
    return {**header("code", codings[0].tables), "answers": [_body(coding) for coding in codings]}


def _body(coding: Coding) -> Json:
    return {
        "ruleset": coding.ruleset,
        "date": coding.day.isoformat() if coding.day else None,
        "lines": [_line(line) for line in coding.lines],
        "levels": [
            {"joint": level.joint, "sides": [str(side) for side in _SIDES if side in level.sides]}
            for level in coding.levels
        ],
        "questions": [_question(question, coding) for question in coding.questions],
        "verdict": str(coding.verdict),
        "reason": coding.reason or None,
        "supplied_by": coding.supplied_by or None,
        "not_read": list(coding.procedure.unread),
    }


def _line(line: Line) -> Json:
    return {
        "code": line.code,
        "modifiers": list(line.modifiers),
        "units": line.units,
        "confidence": "derived" if line.derived else "stated",
        "joints": list(line.joints),
        "diagnosis_pointers": list(line.diagnoses),
        "steps": [_step(step) for step in line.steps],
    }


def _step(step: Step) -> Json:
    return {
        "text": step.text,
        "rule": step.rule,
        "confidence": "derived" if step.derived else "stated",
        "sources": _sources(step.citations),
    }


def _question(question: Question, coding: Coding) -> Json:
    step = explainer(shipped(), coding.day).step(question.rule, question.ask)
    return {
        "id": question.id,
        "ask": question.ask,
        "why": question.why,
        "answers": dict(question.answers),
        "blocks": question.blocks,
        "rule": question.rule,
        "sources": _sources(step.citations),
    }


def _sources(citations: tuple[Citation, ...]) -> list[Json]:
    return [source_json(citation) for citation in citations]


@lru_cache(maxsize=1024)
def source_json(citation: Citation) -> Json:
    """One source of a step."""
    edition = citation.edition
    window = citation.in_window
    return {
        "source": edition.source.key,
        "title": edition.source.title,
        "publisher": edition.source.publisher,
        "url": edition.source.url or None,
        "edition": edition.id,
        "window": {
            "first": window.first.isoformat() if window.first else None,
            "last": window.last.isoformat() if window.last else None,
        },
        "carried": citation.carried,
        "confidence": str(citation.confidence),
        "note": " ".join(part for part in (citation.note, edition.note) if part) or None,
    }


def decode_json(decoding: Decoding) -> Json:
    """The contract `facetwise.decode/1`."""
    return {
        **header("decode", decoding.tables),
        "ruleset": decoding.ruleset,
        "date": decoding.day.isoformat() if decoding.day else None,
        "claimed": [_claimed(claimed) for claimed in decoding.claimed],
        "possible": decoding.possible,
        "problems": [_problem(problem) for problem in decoding.problems],
        "notes": [_problem(note) for note in decoding.notes],
        "not_decoded": [
            {"line": line.line, "code": line.code, "reason": line.reason}
            for line in decoding.beside
        ],
        "verdict": str(decoding.verdict),
        "reason": decoding.reason or None,
    }


def _problem(problem: Problem) -> Json:
    return {
        "text": problem.text,
        "rule": problem.rule,
        "lines": list(problem.lines),
        "sources": _sources(problem.citations),
    }


def _claimed(claimed: Claimed) -> Json:
    return {
        "family": claimed.family,
        "region": claimed.region or None,
        "levels": claimed.levels,
        "at_most": claimed.at_most,
        "sides": {
            "both": claimed.both,
            "right": claimed.right,
            "left": claimed.left,
            "unstated": claimed.unstated,
        },
        "lines": list(claimed.lines),
    }
