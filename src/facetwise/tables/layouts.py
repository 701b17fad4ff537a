"""The layouts of official files, told by what stands in their first lines."""

import re
from pathlib import Path

from facetwise.errors import BadSourceFileError
from facetwise.tables.unpack import Found

_HEAD = 24_000
_SIGNS: tuple[tuple[str, str], ...] = (
    ("pprrvu", r"^\"?HCPCS\"?,\"?MOD\b"),
    ("pprrvu-text", r"\AHDR.*\n(?:HDR.*\n)*[0-9A-Z]{5}[ 0-9A-Z]{2}.{110,}"),
    ("gpci", r"^\"?Medicare Admin[^\n]*GPCI"),
    ("counties", r"COUNTIES INCLUDED IN 20\d\d"),
    ("anesthesia", r"^Contractor,Locality,[^\n]*Anes"),
    ("mue", r"HCPCS/\s*CPT Code\"?[,\t][^\n]*MUE Values"),
    ("mue-2024", r"\Ahcpcs_code,mue_units,mue_mai"),
    ("mue-transcript", r"\Acode,mue,mai,setting"),
    ("ptp-transcript", r"\Acolumn_1,column_2,modifier\r?\n"),
    ("ptp", r"^Column 1[\t,]Column 2[\t,]"),
    ("add-ons", r"^\"?AOC_Edit_Type\"?[\t,]\"?Add-On_Code"),
    ("asc-aa", r"Addendum AA --.*\n(?s:.*)^\"?HCPCS Code"),
    ("asc-bb", r"Addendum BB --.*\n(?s:.*)^\"?HCPCS Code"),
    ("asc-ee", r"Addendum EE --.*\n(?s:.*)^\"?HCPCS Code"),
    ("asc-ff", r"Addendum FF --.*\n(?s:.*)^\"?HCPCS Code"),
    ("opps-b", r"^\"?HCPCS Code\"?[\t,]\"?Short Descriptor\"?[\t,]\"?(?:SI|Status Indicator)\b"),
    ("wage-index", r"\ACBSA[\t,](?:[^\n]*[\t,])?\"?WI\d\d"),
    ("zip5", r"\A[A-Z]{2}\d{5}\d{5}[0-9A-Z]{2}[^\n]{60,66}\r?$"),
    ("icd10-order", r"\A\d{5} [A-Z]\d[0-9A-Z][0-9A-Z ]{4} [01] \S"),
    ("icd10-codes", r"\A(?:[A-Z]\d[0-9A-Z][0-9A-Z ]{3} +\S[^\n]*\n){3}"),
    ("icd10", r"\Acode,fy20\d\d_"),
    ("hcpcs", r"^\"?HCPC\"?,\"?SEQNUM"),
    ("hcpcs-text", r"\A[A-Z0-9 ]{3}[A-Z0-9]{2}\d{5}[3478][^\n]{282,}$"),
    ("articles", r"\A\"?article_id\"?,[^\n]*\barticle_eff_date\b"),
    ("article-part", r"\A\"?article_id\"?,[^\n]*\b(?:hcpc_code_id|icd10_code_id)\b"),
    ("hcpcs-copy", r"\Ahcpcs_code,price,multi"),
    ("places", r"\Apos_code,pos_type"),
    ("taxonomies", r"\A\"?Code\"?,\"?Grouping\"?,\"?Classification"),
    ("adjustments", r"\Aadj_code,adj_type"),
)
_COPIES = {
    frozenset({"column_1", "column_2", "modifier", "deletion_date"}): "ptp-copy",
    frozenset({"column_1", "column_2", "modifier"}): "ptp-copy-active",
    frozenset({"release", "hcpcs", "work_rvu", "conv_factor"}): "pprrvu-history",
    frozenset({"release", "gpci_work", "gpci_pe", "gpci_mp"}): "gpci-history",
    frozenset({"release", "anesthesia_conv_factor"}): "anesthesia-history",
    frozenset({"release", "fee_schedule_area", "counties"}): "counties-history",
}
_PPRRVU_2025 = (
    "HCPCS", "MOD", "DESCRIPTION", "CODE", "PAYMENT", "RVU", "PE RVU", "INDICATOR", "PE RVU",
    "INDICATOR", "RVU", "TOTAL", "TOTAL", "IND", "DAYS", "OP", "OP", "OP", "PROC", "SURG", "SURG",
    "SURG", "SURG", "BASE", "FACTOR", "PROCEDURES", "FLAG", "INDICATOR", "AMOUNT", "AMOUNT",
    "AMOUNT",
)  # fmt: skip
_PPRRVU_2026 = (*_PPRRVU_2025[:23], "IND", *_PPRRVU_2025[23:])
_TITLES = {
    "gpci": r"Medicare Admin|State|Locality|P[WEM]|MP",
    "asc-aa": r"HCPCS|Descriptor|Discounting|Payment",
    "asc-bb": r"HCPCS|Descriptor|Pass-Through|Payment|Copay",
    "asc-ee": r"HCPCS|Descriptor",
    "asc-ff": r"HCPCS|Descriptor|Payment|APC|Device",
}
"""Titles whose columns are known; another one is told and left out."""


def text_head(found: Found) -> str:
    """The first lines of a file as text, without a byte order mark; blank for Parquet."""
    with found.path.open("rb") as file:
        raw = file.read(_HEAD)
    if raw.startswith(b"PAR1"):
        return ""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1").removeprefix("\xef\xbb\xbf")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def label_of(found: Found, head: str) -> str:
    """Which layout a file has; blank when it is none we know.

    Raises:
        BadSourceFileError: it is a web page, whatever its name says.
    """
    if not head:
        return _copy_label(found.path)
    if re.match(r"\s*(<!doctype\s+html|<html|<head|<\?xml[^>]*>\s*<!doctype html)", head, re.I):
        raise BadSourceFileError(
            "this is a web page, not the file: the download failed.",
            where=found.name,
            todo="Download it again; CMS asks to accept a licence first.",
        )
    return next((label for label, sign in _SIGNS if re.search(sign, head, re.M)), "")


def _copy_label(path: Path) -> str:
    if path.stat().st_size == 0:
        return ""
    try:
        import duckdb  # here, because only imports need it
    except ImportError as error:
        raise BadSourceFileError(
            "reading Parquet needs the package duckdb.",
            where=path.name,
            todo="Install facetwise[parquet], or add the file as CMS ships it.",
        ) from error
    try:
        with duckdb.connect() as db:
            query = "select name from parquet_schema(?)"
            names = {str(row[0]) for row in db.execute(query, [str(path)]).fetchall()}
    except duckdb.Error as error:
        raise BadSourceFileError(
            "the Parquet file is damaged or cut short.", where=path.name
        ) from error
    return next((label for needed, label in _COPIES.items() if needed <= names), "")


def check_columns(label: str, found: Found, head: str) -> tuple[str, ...]:
    """Compare a file's header with its layout; remarks on columns that are not known.

    Raises:
        BadSourceFileError: the layout is another one, and reading on would misread it.
    """
    if label == "pprrvu":
        _check_pprrvu(found, _titles(head, "HCPCS,MOD"))
    if label in ("mue", "add-ons"):
        _check_width(found, label, head)
    if label not in _TITLES:
        return ()
    titles = _titles(head, "Medicare Admin" if label == "gpci" else "HCPCS Code")
    odd = [t for t in titles if t and not re.search(_TITLES[label], t)]
    return tuple(f"Column {title[:40]!r} is new and was left out." for title in odd)


def _check_pprrvu(found: Found, titles: list[str]) -> None:
    layouts = (_PPRRVU_2025, _PPRRVU_2026)
    if tuple(titles) in layouts:
        return
    widths = {len(layout) for layout in layouts}
    odd = next((t for t in titles if all(t not in layout for layout in layouts)), "")
    named = f", among them {odd[:30]!r}" if odd else ""
    raise BadSourceFileError(
        f"{len(titles)} columns{named}; the layouts known have "
        f"{' or '.join(str(w) for w in sorted(widths))} (to 2025, and 2026).",
        where=found.name,
        todo="A newer version of Facetwise may know this layout.",
    )


def _check_width(found: Found, label: str, head: str) -> None:
    first, width = {"mue": ("HCPCS/", 4), "add-ons": ("AOC_Edit_Type", 8)}[label]
    header = head[head.index(first) :].replace("HCPCS/\nCPT", "HCPCS/ CPT").partition("\n")[0]
    count = len([cell for cell in re.split(r"[\t,]", header) if cell.strip()])
    if count != width:
        raise BadSourceFileError(
            f"{count} columns; the layout known has {width}.",
            where=found.name,
            todo="A newer version of Facetwise may know this layout.",
        )


def _titles(head: str, first: str) -> list[str]:
    line = next((ln for ln in head.split("\n") if ln.replace('"', "").startswith(first)), "")
    cells = line.replace('"', "").split("\t" if "\t" in line else ",")
    return [" ".join(cell.split()) for cell in cells]
