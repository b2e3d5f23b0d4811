"""What the specification asks for and what people do, through Traefik and over TLS."""

import base64
import hashlib
import os
import re
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from installed import HTTPS_PORT, Installed

ROOT = Path(__file__).parents[2]
SECONDS = 1800


def run_suite(installed: Installed, *tests: str) -> str:
    """As `make conformance` does; trusts the deployment's own authority and nobody else's."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "--quiet", *tests),
            *("--url", installed.api_url, "--inbox-url", installed.inbox_url),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "SSL_CERT_FILE": str(installed.authority),
            "NODE_EXTRA_CA_CERTS": str(installed.authority),
            "TRUSTED_KEY": served_key(),
        },
        capture_output=True,
        text=True,
        timeout=SECONDS,
    ).stdout


def served_key() -> str:
    """As browsers pin it (RFC 7469): base64 of the SHA-256 of the served certificate's key.

    Browsers compare it with what is served, to which the authority's certificate does not belong.
    """
    public = subprocess.run(
        ["openssl", "x509", "-noout", "-pubkey"],
        input=ssl.get_server_certificate(("localhost", HTTPS_PORT)),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    der = base64.b64decode("".join(line for line in public.splitlines() if "-----" not in line))
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize(
    "tests", ["system_tests/specification", "system_tests/journeys/test_main_journey.py"]
)
def test_it_keeps_its_promises(installed: Installed, tests: str) -> None:
    said = run_suite(installed, tests)
    [outcome] = said.splitlines()[-1:]
    print(outcome)
    assert re.search(r"\d+ passed", outcome), said
    assert "failed" not in outcome, said
    assert "error" not in outcome, said
