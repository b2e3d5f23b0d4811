"""What `make protections` takes out is still there, and so are the tests that notice."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROTECTIONS: list[dict[str, Any]] = tomllib.loads((ROOT / "tools/protections.toml").read_text())[
    "protection"
]


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda protection: protection["name"])
def test_a_protection_and_its_tests_are_where_they_are_said_to_be(
    protection: dict[str, Any],
) -> None:
    code = (ROOT / "backend_server/src/backend_server" / protection["file"]).read_text()
    for change in (protection, *filter(None, [protection.get("also")])):
        assert code.count(change["keeps"]) == 1
    for test in protection["tests"]:
        file, _, name = test.partition("::")
        function, _, _parameters = name.partition("[")
        assert f"def {function}(" in (ROOT / "backend_server/tests" / file).read_text()
