"""Send the API requests that nobody thought of, for longer than a test may take.

    .venv/bin/python -m benchmarks.fuzz_api --examples 300 --seed 7

Generated from the OpenAPI document, right and wrong; prints one line an operation and every
request that ended in a server error or an untold answer. Exit code 1 when there was one.
"""

import argparse
import sys
import time
import warnings
from collections import Counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from facetwise.web.app import make_app
from facetwise.web.settings import Settings

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
HOST = {"host": "127.0.0.1:8494"}


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=100, help="requests an operation")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found = 0
    for operation in operations():
        seen: Counter[int] = Counter()
        began = time.perf_counter()
        try:
            fuzz(operation, seen, options.examples, options.seed)
        except Exception as error:  # what is looked for
            found += 1
            print(error)
        took = time.perf_counter() - began
        statuses = ", ".join(f"{status}: {seen[status]:,}" for status in sorted(seen))
        print(
            f"{operation.label}: {seen.total():,} requests ({statuses}), {took:.0f} s", flush=True
        )
    return int(found > 0)


def operations() -> list[Any]:
    """Every operation of the document, of an application in this process."""
    app = make_app(Settings(rate=1e9, burst=1_000_000_000))
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=HOST)
    return [result.ok() for result in schema.get_all_operations()]


def fuzz(operation: Any, seen: Counter[int], examples: int, seeded: int) -> None:
    """Send so many requests of one operation, and count what is answered."""

    @seed(seeded)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def send(case: Case) -> None:
        response = case.call(headers=HOST)
        seen[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    send()


if __name__ == "__main__":
    sys.exit(main())
