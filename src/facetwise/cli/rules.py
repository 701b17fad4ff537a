"""`facetwise rules list|show`: every question that is asked of a claim."""

from pathlib import Path

import click

from facetwise.cli.options import as_json, output_option, write

_FORMS = click.Choice(["table", "json"])


@click.group("rules")
def command() -> None:
    """Every question that is asked of a claim."""


@command.command("list")
@click.option("--format", "form", type=_FORMS, default="table", show_default=True)
@output_option
def list_rules(form: str, output: Path | None) -> None:
    """Every rule: its id, its question, and the verdicts it may give."""
    from facetwise.pages.rule_json import rule_json
    from facetwise.rules.registry import all_rules
    from facetwise.tables.store import shipped
    from facetwise.version import header

    rules = list(all_rules().values())
    if form == "json":
        head = header("rules", shipped().catalogue.digest)
        write(as_json({**head, "rules": [rule_json(rule) for rule in rules]}), output)
        return
    width = max(len(rule.id) for rule in rules)
    write("\n".join(f"{rule.id:{width}}  {rule.question}" for rule in rules), output)


@command.command("coverage")
@click.option("--rule", "only", help="One rule only.")
@click.option(
    "--format", "form", type=click.Choice(["markdown", "json"]), default="markdown",
    show_default=True,
)  # fmt: skip
@output_option
def coverage_of(only: str | None, form: str, output: Path | None) -> None:
    """Rule by payer and dates: can decide, can ask, cannot, and the file that would change it."""
    from facetwise.pages.coverage import as_markdown, coverage
    from facetwise.policies import shipped as policies
    from facetwise.rules.registry import all_rules, rule_by_id
    from facetwise.tables.store import shipped
    from facetwise.version import header

    rules = {only: rule_by_id(only)} if only else all_rules()
    rows = coverage(rules, shipped(), policies())
    if form == "json":
        head = header("coverage", shipped().catalogue.digest)
        told = [{**row._asdict(), "window": str(row.window)} for row in rows]
        write(as_json({**head, "rows": told}), output)
    else:
        write(as_markdown(rows), output)


@command.command("show")
@click.argument("rule_id", metavar="RULE")
@click.option("--format", "form", type=_FORMS, default="table", show_default=True)
@output_option
def show(rule_id: str, form: str, output: Path | None) -> None:
    """One rule: question, trigger, verdicts, tables, advice, likely denials."""
    from facetwise.pages.rule_json import rule_json
    from facetwise.rules.registry import rule_by_id
    from facetwise.tables.store import shipped
    from facetwise.version import header

    told = rule_json(rule_by_id(rule_id))
    if form == "json":
        write(as_json({**header("rules", shipped().catalogue.digest), "rules": [told]}), output)
        return
    lines = [f"{name.replace('_', ' '):15} {_text(value)}" for name, value in told.items()]
    write("\n".join(line.rstrip() for line in lines), output)


def _text(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
