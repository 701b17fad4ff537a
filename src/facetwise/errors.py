"""What went wrong, where, and what to do about it: one family of errors with stable ids."""

from typing import ClassVar


class FacetwiseError(Exception):
    """The one family of errors this package raises on purpose.

    Args:
        message: what was wrong, in one sentence, without patient data.
        where: the file, row, segment or field it was found in; empty when it has no place.
        todo: what the user can do next; empty when the message says it all.
    """

    id: ClassVar[str] = "facetwise"

    def __init__(self, message: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.todo = todo

    def __str__(self) -> str:
        """One line: where, what, what to do."""
        place = f"{self.where}: " if self.where else ""
        advice = f" {self.todo}" if self.todo else ""
        return f"{place}{self.message}{advice}"


class UnsourcedFactError(FacetwiseError):
    """A fact was built without a source; nothing is said without one."""

    id = "fact/no-source"


class BadWindowError(FacetwiseError):
    """A window ends before it begins."""

    id = "window/backwards"


class UnknownCodeError(FacetwiseError):
    """A code that no table held knows."""

    id = "code/unknown"


class UnknownFieldError(FacetwiseError):
    """A fact name that is not in the list of facts."""

    id = "fact/unknown"


class UnknownSchemaError(FacetwiseError):
    """A JSON contract that this version does not publish."""

    id = "schema/unknown"


class UnknownRuleError(FacetwiseError):
    """A rule id that this version does not have."""

    id = "rule/unknown"


class UnknownTableError(FacetwiseError):
    """A table name that the manifest does not list."""

    id = "table/unknown"


class BadDateError(FacetwiseError):
    """A date that is not a real day written as YYYY-MM-DD."""

    id = "date/unreadable"


class BrokenTableError(FacetwiseError):
    """A shipped table does not match its manifest entry: altered, cut or missing."""

    id = "table/broken"


class BadSourceFileError(FacetwiseError):
    """An official file that does not have the layout it should have."""

    id = "file/unreadable"


class UnreadableInputError(FacetwiseError):
    """An input file that is not there."""

    id = "input/unreadable"


class UnwritableError(FacetwiseError):
    """A file the user asked for could not be written."""

    id = "output/unwritable"


class MissingExtraError(FacetwiseError):
    """A part of Facetwise that needs packages which are not installed."""

    id = "extra/missing"
