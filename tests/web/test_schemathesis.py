"""Requests that nobody thought of: never a defect, never an answer the document does not tell.

`python -m benchmarks.fuzz_api` sends many more.
"""

from collections import Counter
from typing import Any

import pytest

from benchmarks.fuzz_api import fuzz, operations

_EXAMPLES = 15


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("operation", operations(), ids=lambda o: o.label)
def test_no_request_finds_a_defect_or_an_untold_answer(operation: Any) -> None:
    seen: Counter[int] = Counter()
    fuzz(operation, seen, _EXAMPLES, seeded=1)
    assert seen
    assert max(seen) < 500
