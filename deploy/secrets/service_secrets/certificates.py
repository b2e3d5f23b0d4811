"""A certificate of an authority of our own, to try TLS where no public authority would sign one."""

import subprocess
import tempfile
from pathlib import Path

from service_secrets.kept import KeptSecrets

AUTHORITY = "authority"
AUTHORITY_KEY = "authority_key"
AUTHORITY_DAYS = 3650
# Browsers take none that is valid for longer.
CERTIFICATE_DAYS = 397
_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"]


def certify(kept: KeptSecrets, domain: str) -> None:
    """Keeps a new certificate for the domain and its key. The authority is made the first time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not kept.given(AUTHORITY):
            _make_authority(folder)
            _keep(kept, folder, {AUTHORITY: "authority.pem", AUTHORITY_KEY: "authority_key.pem"})
        for secret, file in ((AUTHORITY, "authority.pem"), (AUTHORITY_KEY, "authority_key.pem")):
            (folder / file).write_text(kept.given(secret))
        _sign(folder, domain)
        _keep(kept, folder, {"certificate": "certificate.pem", "certificate_key": "key.pem"})


def expiry(certificate: str) -> str:
    """As `Nov 27 23:00:00 2027 GMT`."""
    command = ["openssl", "x509", "-noout", "-enddate"]
    done = subprocess.run(command, input=certificate, capture_output=True, text=True, check=True)
    return done.stdout.strip().removeprefix("notAfter=")


def _make_authority(folder: Path) -> None:
    _openssl(
        folder,
        ["req", "-x509", *_NEW_KEY, "-keyout", "authority_key.pem", "-out", "authority.pem"],
        ["-days", str(AUTHORITY_DAYS), "-subj", "/CN=Decoupled, local authority"],
        ["-addext", "basicConstraints=critical,CA:TRUE,pathlen:0"],
        ["-addext", "keyUsage=critical,keyCertSign"],
    )


def _sign(folder: Path, domain: str) -> None:
    addresses = f"DNS:{domain}" + (",IP:127.0.0.1" if domain == "localhost" else "")
    _openssl(
        folder,
        ["req", "-x509", *_NEW_KEY, "-keyout", "key.pem", "-out", "certificate.pem"],
        ["-CA", "authority.pem", "-CAkey", "authority_key.pem", "-days", str(CERTIFICATE_DAYS)],
        ["-subj", f"/CN={domain}", "-addext", f"subjectAltName={addresses}"],
        ["-addext", "basicConstraints=critical,CA:FALSE"],
        ["-addext", "extendedKeyUsage=serverAuth"],
    )


def _openssl(folder: Path, *arguments: list[str]) -> None:
    command = ["openssl", *(each for part in arguments for each in part)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def _keep(kept: KeptSecrets, folder: Path, files: dict[str, str]) -> None:
    for secret, file in files.items():
        kept.give(secret, (folder / file).read_text())
