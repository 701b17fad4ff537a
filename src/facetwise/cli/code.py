"""`facetwise code`: what was done to the lines to bill, by ruleset and date."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from facetwise.cli.options import as_json, date_option, output_option, write


@click.command("code")
@click.argument("procedure", nargs=-1, required=True)
@click.option("--ruleset", help="How the lines are written: cpt, medicare-practitioner, ...")
@click.option("--payer", help="Who pays; with --claim-type and --pos it finds the ruleset.")
@click.option("--claim-type", help="practitioner, hospital-outpatient or asc.")
@click.option("--pos", help="Place of service, two digits.")
@click.option("--diagnosis", "diagnoses", multiple=True, help="ICD-10-CM code, in claim order.")
@date_option
@click.option("--compare", "all_of_them", is_flag=True, help="Every ruleset side by side.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "svg"]), default="table",
    show_default=True,
)  # fmt: skip
@output_option
@click.pass_context
def command(
    ctx: click.Context,
    procedure: tuple[str, ...],
    ruleset: str | None,
    payer: str | None,
    claim_type: str | None,
    pos: str | None,
    diagnoses: tuple[str, ...],
    day: date,
    all_of_them: bool,
    form: str,
    output: Path | None,
) -> None:
    """The claim lines of PROCEDURE, each with its steps and sources.

    PROCEDURE is what was done, in words ("bilateral L3-4, L4-5 MBB under fluoroscopy"), or a
    .json or .toml file. What is missing or ambiguous comes back as a question.
    """
    from facetwise.coding import as_procedure, code, compare
    from facetwise.coding.as_json import code_json, compare_json
    from facetwise.coding.as_text import code_text, compare_text
    from facetwise.coding.drawing import spine_svg
    from facetwise.procedure import read_procedure
    from facetwise.procedure.file import claim_type_of

    said = " ".join(procedure)
    named = said.lower().endswith((".json", ".toml"))
    done = read_procedure(Path(said)) if named else as_procedure(said)
    stated = ctx.get_parameter_source("day") is click.core.ParameterSource.COMMANDLINE
    done = replace(
        done,
        day=day if stated or done.day is None else done.day,
        payer=payer or done.payer,
        claim_type=claim_type_of(claim_type) or done.claim_type,
        place_of_service=pos or done.place_of_service,
        diagnoses=tuple(d.replace(".", "").upper() for d in diagnoses) or done.diagnoses,
    )
    if all_of_them:
        codings = compare(done)
        if form == "svg":
            raise click.UsageError("--compare has no drawing; use --format table or json.")
        write(as_json(compare_json(codings)) if form == "json" else compare_text(codings), output)
        return
    coding = code(done, ruleset)
    match form:
        case "json":
            write(as_json(code_json(coding)), output)
        case "svg":
            write(spine_svg(coding), output)
        case _:
            write(code_text(coding), output)
