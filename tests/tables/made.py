"""Files made up in the layouts that CMS publishes; every row of them is synthetic."""

import zipfile
from pathlib import Path

CANARY = "CANARY DESCRIPTOR OF SOMEONE ELSE"
PTP_HEAD = (
    "notice\t\t\t\t\t\t\nColumn1/Column2 Edits\t\t\t\t\t\t\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\n\t\t\t\t*=no data\t1=allowed\t\n"
    "\t\t\t\t\t9=not applicable\t\n"
)
MUE_HEAD = (
    '"a notice\n\nover lines",,,\n"HCPCS/\nCPT Code",Practitioner Services MUE Values,'
    "MUE Adjudication Indicator,MUE Rationale\n"
)


def made_ptp(first: str, rows: int = 100_000, extra: str = "") -> str:
    """Synthetic pairs, column 1 codes all beginning with a letter."""
    lines = [
        f"{first}{at // 1000:04d}\t{first}{at % 1000:04d}\t\t20200101\t*\t1\tMade up\n"
        for at in range(rows)
    ]
    return PTP_HEAD + "".join(lines) + extra


def made_mue(units: dict[str, str] | None = None) -> str:
    rows = {f"A{at:04d}": "1" for at in range(9999)} | {"64493": "1", "99285": "2"}
    rows |= units or {}
    return MUE_HEAD + "".join(
        f"{code},{most},2 Date of Service Edit: Policy,CMS Policy\n"
        for code, most in rows.items() if most
    )  # fmt: skip


def put(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def zipped(path: Path, *members: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, member.name)
    return path


def unchanged(folder: Path) -> bool:
    """Whether the folder holds nothing but its lock."""
    return not folder.exists() or {p.name for p in folder.iterdir()} <= {"lock"}


ADDENDUM_B = (
    "HCPCS Code\tShort Descriptor\tSI\tAPC\tRelative Weight\tPayment Rate\t"
    "National Unadjusted Copayment\tMinimum Unadjusted Copayment\tIRA Coinsurance Percentage\t"
    "Adjusted Beneficiary Copayment\t* Indicates a Change"
)


def made_addendum_b(quarter: str = "October 2026") -> str:
    """OPPS addendum B in its published columns; the amounts are invented."""
    titles = [f"Addendum B. OPPS Payment by HCPCS Code for {quarter}", "notice", "", "", ""]
    rows = [
        f"64493\t{CANARY}\tT\t5443\t10.5\t$ 987.65 \t.\t$197.53\t\t\t",
        f"77003\t{CANARY}\tN\t\t\t\t\t\t\t\t",
        f'99285\t{CANARY}\tJ2\t5025\t6.1\t"$1,234.50 "\t.\t$246.90\t\t\t*',
    ]
    rows += [f"A{at:04d}\t{CANARY}\tE1\t\t\t\t\t\t\t\t" for at in range(9_999)]
    return "\r\n".join([*titles, ADDENDUM_B, *rows]) + "\r\n"


def made_order(codes: dict[str, str]) -> str:
    """The ICD-10-CM order file; codes to their flags, filled up with invented ones."""
    filled = {f"Z{at:05d}": "1" for at in range(70_000)} | codes
    return "".join(
        f"{number:05d} {code:7} {flag} {CANARY:60} {CANARY}\r\n"
        for number, (code, flag) in enumerate(sorted(filled.items()), 1)
    )


def made_codes(codes: set[str]) -> str:
    """The ICD-10-CM code file, which has no headers."""
    filled = sorted({f"Z{at:05d}" for at in range(70_000)} | codes)
    return "".join(f"{code:7} {CANARY}\r\n" for code in filled)


def hcpcs_line(code: str, record: str = "3", added: str = "20200101", ended: str = "") -> str:
    """One line of the fixed-width HCPCS file: positions are 1-based in its record layout."""
    line = [" "] * 320
    for start, text in (
        (1, f"{code:>5}"), (6, "00100"), (11, record), (12, CANARY), (92, CANARY[:27]),
        (230, "C"), (261, "9"), (269, added), (277, added), (285, ended),
    ):  # fmt: skip
        line[start - 1 : start - 1 + len(text)] = text
    return "".join(line)


def made_hcpcs(*modifiers: str, ended: str = "") -> str:
    """The fixed-width HCPCS file: invented codes, and modifiers."""
    lines = [hcpcs_line(f"A{at:04d}") for at in range(5_000)]
    lines += [hcpcs_line("A0001", "4"), *(hcpcs_line(m, "7", ended=ended) for m in modifiers)]
    return "\r\n".join(lines) + "\r\n"


def made_download(place: Path, *, procedures: int = 1_500) -> Path:
    """`current_article.zip` as the coverage database ships it, an archive in an archive.

    Article 90001, version 7, of contract 15101 begins on 2026-10-01; 90002 ended on 2026-06-30;
    90003 is a draft.
    """
    tables = {
        "article.csv": [
            "article_id,article_version,title,status,article_eff_date,article_end_date,"
            "last_updated,description",
            f'90001,7,"{CANARY}",A,2026-10-01 00:00:00,,2026-11-19 00:00:00,"<p>{CANARY},\n</p>"',
            f'90002,3,"{CANARY}",R,2025-01-01 00:00:00,2026-06-30 00:00:00,2026-07-01 00:00:00,x',
            f'90003,1,"{CANARY}",P,2027-01-01 00:00:00,,2026-11-01 00:00:00,x',
        ],
        "article_x_hcpc_code.csv": [
            "article_id,article_version,hcpc_code_id,hcpc_code_version,hcpc_code_group,range,"
            "last_updated,long_description,short_description",
            f"90001,7,64493,,1,N,,{CANARY},x", f"90002,3,64493,,1,N,,{CANARY},x",
            f"90003,1,64493,,1,N,,{CANARY},x",
            *(f"90001,7,A{at:04d},,2,N,,{CANARY},x" for at in range(procedures)),
        ],
        "article_x_icd10_covered.csv": [
            "article_id,article_version,icd10_code_id,icd10_code_version,icd10_covered_group,"
            "range,last_updated,sort_order,description,asterisk",
            f"90001,7,M47.816,,1,N,,1,{CANARY},N",
        ],
        "article_x_icd10_noncovered.csv": [
            "article_id,article_version,icd10_code_id,icd10_code_version,icd10_noncovered_group,"
            "range,last_updated,sort_order,description,asterisk",
            f"90001,7,M54.50,,1,N,,1,{CANARY},N",
        ],
        "article_x_contractor.csv": [
            "article_id,article_version,article_type,contractor_id,contractor_type_id",
            "90001,7,1,236,8",
        ],
        "contractor.csv": [
            "contractor_id,contractor_bus_name,contractor_number", '236,"Somebody, Inc.",15101'
        ],
        "article_related_documents.csv": [
            "article_id,article_version,r_lcd_id,r_lcd_version", "90001,7,80001,4"
        ],
    }  # fmt: skip
    inner = place / "current_article_csv.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in tables.items():
            archive.writestr(name, ("\r\n".join(lines) + "\r\n").encode("latin-1"))
    return zipped(place / "current_article.zip", inner)
