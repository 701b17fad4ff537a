"""Cited, dated answers for image-guided spine procedures.

Importing this package is cheap: tables are opened on the first look-up. The functions here return
the published JSON contracts as plain dictionaries (`facetwise schema NAME` prints each).
"""

from datetime import date
from typing import Any

from facetwise.errors import FacetwiseError
from facetwise.finding import Finding, Verdict
from facetwise.sources import (
    Basis,
    Citation,
    Confidence,
    Edition,
    Fact,
    Scope,
    Source,
    Window,
)

__version__ = "0.1.0"

__all__ = [
    "Basis",
    "Citation",
    "Confidence",
    "Edition",
    "Fact",
    "FacetwiseError",
    "Finding",
    "Scope",
    "Source",
    "Verdict",
    "Window",
    "__version__",
    "page",
    "why",
]


def page(code: str, day: date) -> dict[str, Any]:
    """What is true of a code on a date of service: the contract `facetwise.page/1`.

    Raises:
        UnknownCodeError: no table held knows the code.
    """
    from facetwise.pages.as_json import page_json
    from facetwise.pages.code_page import code_page
    from facetwise.tables.store import shipped

    return page_json(code_page(shipped(), code, day))


def why(code: str, field: str, day: date) -> dict[str, Any]:
    """Where one fact of a code comes from: the contract `facetwise.why/1`.

    Raises:
        UnknownCodeError: no table held knows the code.
        UnknownFieldError: the name is not a fact.
    """
    from facetwise.pages.as_json import why_json
    from facetwise.pages.facts import fact_of
    from facetwise.tables.store import shipped

    store = shipped()
    return why_json(code, field, day, fact_of(store, code, field, day), store.catalogue.digest)
