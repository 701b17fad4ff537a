"""Codes of Medicare billing articles, from the fact base's transcript of them."""

import csv
from collections.abc import Iterator
from pathlib import Path


def read_article_codes(path: Path, article: str, version: str) -> Iterator[dict[str, str]]:
    """Codes of one article and version: diagnoses without dot, procedures as they are.

    `list` is `covered`, `noncovered` or `limited` (covered for part of the procedures only).
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        for row in rows:
            if row["article"] == article and row["version"] == version:
                yield {
                    "article": article,
                    "lcd": row["lcd"],
                    "contractors": row["contractor_ids"],
                    "list": row["list"],
                    "system": row["code_system"],
                    "code": row["code"].replace(".", ""),
                    "note": row["note"],
                    "source_row": str(rows.line_num),
                }
