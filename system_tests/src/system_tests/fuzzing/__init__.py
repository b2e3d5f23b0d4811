"""Everything that Schemathesis makes up, sent to a running system.

`fuzz` is for tests, `python -m system_tests.fuzzing --minutes 10` for whoever has the time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess

FOLDER = Path(__file__).parent


def fuzz(url: str, *options: str, cwd: Path) -> CompletedProcess[str]:
    """Runs all checks against the API at `url`, without a prefix. Ends with 0 if none fails."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli"),
        *("--config-file", str(FOLDER / "schemathesis.toml")),
        *("run", f"{url}/openapi.json", "--url", url, "--warnings", "off", "--no-color"),
        *options,
    ]
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SCHEMATHESIS_HOOKS": "system_tests.fuzzing.hooks",
        "FUZZED_API_URL": url,
    }
    return subprocess.run(
        command,
        cwd=cwd,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
