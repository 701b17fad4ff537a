"""A question back to the user: what stands in the way, why, and what each answer changes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the person who knows the procedure can settle.

    Attributes:
        id: stable name, `lone-nerve`.
        ask: the question, in one sentence.
        why: what depends on it.
        answers: each possible answer and what it would change.
        rule: id of the coding step it stands in the way of, with its sources.
        blocks: whether no line can be written before it is answered.
    """

    id: str
    ask: str
    why: str
    answers: Mapping[str, str]
    rule: str
    blocks: bool = True
