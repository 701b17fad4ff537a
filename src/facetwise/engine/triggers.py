"""What each kind of trigger means for one claim.

A trigger is met (the rule is asked), cleared (the table answers that there is nothing to ask, so
the rule passes), not met (not asked and not listed), or unanswered (`not_checked`).
"""

from enum import Enum

from facetwise.engine.lookups import Lookups
from facetwise.rules.declare import Trigger
from facetwise.rules.subject import Line
from facetwise.tables.answer import Entry, Held, NotHeld


class Unmet(Enum):
    """Why a rule is not asked."""

    NOT_ASKED = "not asked"
    CLEARED = "cleared"


Outcome = tuple[Entry, ...] | Unmet | NotHeld
"""Rows that met the trigger (perhaps none, for `every`), or why it is not met."""


def rows_known(table: str, column: str, line: Line, look: Lookups) -> tuple[Entry, ...] | NotHeld:
    """What triggers of kind `known` choose from: the rows of the line's code in a table."""
    if line.day is None:
        return _undated(line, look)
    answer = look.find(table, line.day, **{column: line.code})
    if isinstance(answer, NotHeld):
        return answer
    return answer.entries if isinstance(answer, Held) else ()


def having(trigger: Trigger, rows: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The rows with the values that a trigger of kind `known` wants; none where it is not met."""
    return tuple(row for row in rows if all(row[name] == value for name, value in trigger.where))


def of_line(trigger: Trigger, line: Line, look: Lookups) -> Outcome:
    """The outcome for one line; for kind `known` see `rows_known`.

    Raises:
        ValueError: the kind is not one of the closed set for lines.
    """
    match trigger.kind:
        case "every":
            return ()
        case "unknown":
            return _unknown(trigger, line, look)
        case "modifier":
            return _modifier(trigger, line, look)
        case _:
            raise ValueError(f"a line has no trigger of kind {trigger.kind!r}")


def of_pair(table: str, first: Line, second: Line, look: Lookups) -> Outcome:
    """The outcome for two lines of an encounter, the first being column 1."""
    answer = look.pair(table, first, second)
    if isinstance(answer, NotHeld):
        return answer
    return answer.entries if isinstance(answer, Held) else Unmet.CLEARED


def _undated(line: Line, look: Lookups) -> NotHeld:
    answer = look.of_line("rvu", line)
    assert isinstance(answer, NotHeld)
    return answer


def _unknown(trigger: Trigger, line: Line, look: Lookups) -> Outcome:
    if not line.modifiers:
        return Unmet.NOT_ASKED
    if line.day is None:
        return _undated(line, look)
    answers = [look.modifier(line.day, modifier) for modifier in line.modifiers]
    return Unmet.CLEARED if all(isinstance(answer, Held) for answer in answers) else ()


def _modifier(trigger: Trigger, line: Line, look: Lookups) -> Outcome:
    if not line.modifiers:
        return Unmet.NOT_ASKED
    answer = look.of_line("modifiers", line)
    if not isinstance(answer, Held):
        return _undated(line, look)
    met = tuple(row for row in answer.entries if row["class"] == trigger.column)
    return met or Unmet.NOT_ASKED
