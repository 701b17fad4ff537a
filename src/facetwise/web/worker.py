"""The process that checks one file, started by `jobs`: options in, answers or progress out.

It reads one line of options from standard input, which must stay open: when it closes, the server
is gone and so is this. Nothing of a claim is ever written to standard error.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from facetwise.claim import ClaimType, Fault
from facetwise.engine.answer import ClaimAnswer
from facetwise.engine.check import Checker
from facetwise.engine.output import head, ndjson
from facetwise.engine.run import check_all
from facetwise.formats import read
from facetwise.rules.registry import rule_by_id
from facetwise.tables.store import shipped
from facetwise.web.defect import told
from facetwise.web.results import RESULTS, Given, Progress, check_into

_NICE = 5
_ENDED_BADLY = 3


def main() -> None:
    """Do the work of one job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which ends this one
    options: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_server, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(_NICE)
    try:
        _work(options)
        sys.stdout.flush()
    except BrokenPipeError:
        os._exit(_ENDED_BADLY)
    except Exception as error:  # its message might hold what was sent
        print(told(error), file=sys.stderr)  # noqa: T201
        os._exit(_ENDED_BADLY)
    os._exit(0)


def _work(options: dict[str, Any]) -> None:
    rules = {rule_id: rule_by_id(rule_id) for rule_id in cast("list[str]", options["only"])}
    as_of = date.fromisoformat(options["as_of"])
    checker = Checker(shipped(), as_of=as_of, rules=rules or None)
    kind = ClaimType(options["claim_type"]) if options["claim_type"] else None
    given = Given(Path(options["input"]), options["name"], kind)
    if options["into"] == "results":
        check_into(given.path.parent / RESULTS, given, checker, _say)
        return
    faults: list[Fault] = []
    out = sys.stdout.buffer
    for line in ndjson(head(checker), _claims(given, checker, faults), faults):
        out.write(line.encode() + b"\n")


def _claims(given: Given, checker: Checker, faults: list[Fault]) -> Iterator[ClaimAnswer]:
    """The claims' answers; the faults of the input are put aside."""
    items = read(given.path, name=given.name, claim_type=given.claim_type)
    for answer in check_all(items, checker):
        if isinstance(answer, Fault):
            faults.append(answer)
        else:
            yield answer


def _say(progress: Progress) -> None:
    sys.stdout.write(json.dumps(progress) + "\n")
    sys.stdout.flush()


def _end_with_server() -> None:
    sys.stdin.buffer.read()
    os._exit(_ENDED_BADLY)


if __name__ == "__main__":
    main()
