"""Read columns of a Parquet file as text, with the record number."""

from collections.abc import Iterator, Sequence
from pathlib import Path


def read_parquet(
    path: Path, columns: Sequence[str], **where: str
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Records in file order: (number from 1, values as text, null as blank).

    Args:
        columns: names of columns of the file, chosen by our own code, never by a user.
        where: a column name of the same kind and the value to keep.
    """
    import duckdb  # here, because only tools and imports need it

    wanted = ", ".join(f"coalesce(cast({name} as varchar), '')" for name in columns)
    kept = " and ".join(f"{name} = ?" for name in where) or "true"
    query = (
        f"select file_row_number + 1, {wanted} "  # noqa: S608
        f"from read_parquet(?, file_row_number = true) where {kept} order by 1"
    )
    with duckdb.connect() as db:
        db.execute("set enable_progress_bar = false")
        rows = db.execute(query, [str(path), *where.values()]).fetchall()
    return ((int(row[0]), row[1:]) for row in rows)


def releases_in(path: Path) -> list[str]:
    """The releases that a copy of many holds, in order."""
    import duckdb  # here, because only tools and imports need it

    query = "select distinct release from read_parquet(?) order by 1"
    with duckdb.connect() as db:
        return [str(row[0]) for row in db.execute(query, [str(path)]).fetchall()]
