"""Dates of service in the address of a screen."""

from datetime import date

from facetwise.errors import BadDateError
from facetwise.web.frame import today


def day_of(text: str, where: str = "date") -> date:
    """The day a reader asks about; today where none is given.

    Raises:
        BadDateError: it is not a real day.
    """
    said = text.strip()
    if not said:
        return today()
    try:
        day = date.fromisoformat(said)
    except ValueError:
        day = None
    if day is None or day.isoformat() != said:
        raise BadDateError(
            "that is not a day.", where=where, todo="Write a real day as YYYY-MM-DD."
        )
    return day
