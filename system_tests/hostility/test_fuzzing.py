"""Whatever is sent, the API never fails, and answers as its own description says."""

from __future__ import annotations

from pathlib import Path

import pytest
from system_tests.fuzzing import fuzz
from system_tests.stack import ROOM_FOR_EVERYBODY, running_stack

# For each operation. Their seeds are the same in each run, as far as answers let them: what is made
# of an earlier answer differs. `make fuzz` has others each time.
EXAMPLES = 100


# About two minutes, and more on a busy machine.
@pytest.mark.timeout(900)
def test_no_request_makes_the_api_break_its_description(tmp_path: Path) -> None:
    with running_stack(**ROOM_FOR_EVERYBODY) as stack:
        options = ("--max-examples", str(EXAMPLES), "--generation-deterministic")
        done = fuzz(stack.backend_url, *options, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
