"""Make the three files of a new rule: module, cases, and its line in the docs.

python tools/new_rule.py AREA/NAME "The question it asks?"
"""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULE = '''"""{question}"""

from facetwise.rules.declare import Findings, Line, Rows, every, review, rule


@rule(
    "{rule_id}",
    trigger=every("line"),
    scope="line",
    reads=("code",),
    cites=(),
    verdicts=("review",),
    advice="",
    denial_codes=(),
)
def {function}(line: Line, rows: Rows) -> Findings:
    if False:  # say when
        yield review(line, "", cite=rows.said, field="code")
'''
CASES = """# Each case: a claim in short form (tests/rules/claims.py), the verdict, and who says so.

[[case]]
name = ""
source = ""
date = 2026-11-02
lines = [{ code = "" }]
verdict = "review"

[[case]]
name = ""
source = ""
date = 2026-11-02
lines = [{ code = "" }]
verdict = "pass"
"""


def main() -> None:
    """Write the files; refuse to overwrite any."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rule_id", metavar="AREA/NAME")
    parser.add_argument("question")
    options = parser.parse_args()
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", options.rule_id):
        parser.error(f"{options.rule_id!r} is not AREA/NAME in small letters, digits and hyphens")
    area, name = options.rule_id.split("/")
    function = name.replace("-", "_")
    module = ROOT / "src" / "facetwise" / "rules" / area / f"{function}.py"
    cases = ROOT / "tests" / "cases" / "rules" / area / f"{name}.toml"
    for path in (module, cases):
        if path.exists():
            parser.error(f"{path.relative_to(ROOT)} exists")
        path.parent.mkdir(parents=True, exist_ok=True)
    package = module.parent / "__init__.py"
    if not package.exists():
        package.write_text(f'"""Rules about {area}."""\n', "utf-8")
    text = MODULE.format(question=options.question, rule_id=options.rule_id, function=function)
    module.write_text(text, "utf-8")
    cases.write_text(CASES, "utf-8")
    for path in (module, cases):
        print(path.relative_to(ROOT))
    print(f"Then add `{options.rule_id}` to docs/rules.md, and run pytest tests/rules.")


if __name__ == "__main__":
    main()
