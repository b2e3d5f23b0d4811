"""What the client is generated from is what the API says of itself."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_kept_description_is_the_apis_own() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "backend_server", "openapi"], capture_output=True, check=True
    ).stdout
    kept = (ROOT / "client/openapi.json").read_bytes()
    assert said == kept, "client/openapi.json is out of date: make openapi"
