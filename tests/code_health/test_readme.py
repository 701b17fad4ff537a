"""The README is the first thing a new user runs: its lines must work and print what it shows."""

import re
import shlex

from tests.conftest import ROOT, Run

README = (ROOT / "README.md").read_text("utf-8")
SET_UP = "python3 -m pip install -q --target .tools uv && .tools/bin/uv run "


def _blocks() -> list[str]:
    return re.findall(r"(?:^    .*\n)+", README, re.MULTILINE)


def test_the_main_job_line_prints_what_the_readme_shows(facetwise: Run) -> None:
    line = next(b.strip() for b in _blocks() if "uv run --no-dev" in b)
    assert line.startswith(f"{SET_UP}--no-dev facetwise ")
    done = facetwise(*shlex.split(line.removeprefix(f"{SET_UP}--no-dev facetwise ")))
    assert done.returncode == 0
    shown = next(b for b in _blocks() if b.lstrip().startswith("claim FW"))
    assert "\n".join(line.removeprefix("    ") for line in shown.splitlines()) in done.stdout


def test_every_example_prints_what_the_readme_shows(facetwise: Run) -> None:
    examples = [b for b in _blocks() if b.lstrip().startswith("$ facetwise")]
    assert examples
    for example in examples:
        command, *shown = (line.removeprefix("    ") for line in example.splitlines())
        done = facetwise(*shlex.split(command.removeprefix("$ facetwise ")))
        assert done.stdout.splitlines() == shown


def test_the_test_line_is_the_one_ci_runs() -> None:
    line = next(b.strip() for b in _blocks() if "uv run pytest" in b)
    assert line == f"{SET_UP}pytest"
    assert line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


def test_every_command_and_page_the_readme_names_exists(facetwise: Run) -> None:
    for command in set(re.findall(r"`facetwise ([a-z]+)", README)):
        assert facetwise(command, "--help").returncode == 0, command
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (ROOT / target).exists(), target
