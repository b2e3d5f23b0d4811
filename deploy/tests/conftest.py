import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).parents[2]
# The commands are programs of their own, not an installed package; the tests have modules, too.
sys.path[:0] = [str(ROOT / "deploy/operations"), str(Path(__file__).parent)]


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """compose.yaml as it is written: anchors resolved, variables not."""
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture(scope="session")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]
