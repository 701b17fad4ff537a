"""Is every diagnosis an ICD-10-CM code that is billable on the date of service?"""

from facetwise.rules.declare import Claim, Findings, Rows, every, fail, rule


@rule(
    "diagnosis/valid",
    trigger=every("claim"),
    scope="claim",
    reads=("diagnoses", "service_date"),
    given=("diagnoses",),
    uses=("icd10cm",),
    verdicts=("fail", "review"),
    advice="Use the code the record supports, at its full length, from the release of that year.",
    denial_codes=("16", "M76"),
)
def diagnosis_valid(claim: Claim, rows: Rows) -> Findings:
    for entry in rows.of("icd10cm"):
        code, at = entry["code"], entry["at"]
        shown = f"{code[:3]}.{code[3:]}" if code[3:] else code
        if entry["kind"] == "header":
            text = f"{shown} is a header, not a billable code, on the date of service."
            yield fail(None, text, cite=(entry,), field=f"diagnoses.{at}")
        elif entry["kind"] == "unlisted":
            text = f"{shown} is not an ICD-10-CM code on the date of service."
            yield fail(None, text, cite=(entry,), field=f"diagnoses.{at}")
