"""Writes the settings, makes or takes the secrets, and starts the system."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from box import settings
from box.compose import ComposeBox
from box.programs import OperationError, run, text_of
from box.release import release_of

BACKUP_KEY_FILE = "backup_key.txt"
_DOMAIN = re.compile(r"localhost|(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@dataclass(frozen=True)
class Answers:
    """What only the operator knows."""

    domain: str
    # `acme`, `local`, or the path of a certificate; then `certificate_key` is that of its key.
    certificate: str
    certificate_key: str | None
    # Empty: mails stay in the outbox.
    resend_key: str
    mail_domain: str
    http_port: int
    https_port: int
    inbox_port: int
    # A folder or s3://…
    backup_place: str


def install(box: ComposeBox, answers: Answers) -> str:
    """Returns the address. Raises `OperationError` when something is wrong or installed already."""
    check(box, answers)
    recipient = make_backup_key(box)
    write_settings(box, answers, recipient)
    give_secrets(box, answers)
    box.start()
    remember_running(box)
    return settings.read(box.settings_file)["PUBLIC_URL"]


def check(box: ComposeBox, answers: Answers) -> None:
    if not box.has_docker():
        raise OperationError(
            "Docker does not answer. Install Docker Engine with the Compose plugin, or start it."
        )
    if not _DOMAIN.fullmatch(answers.domain):
        raise OperationError(f"{answers.domain} is no domain name.")
    if (answers.certificate in ("acme", "local")) == bool(answers.certificate_key):
        raise OperationError(
            "A certificate of one's own comes with --certificate-key, and no other does."
        )
    if box.settings_file.exists():
        raise OperationError(
            ".env is here already: this is installed. Change it and run docker compose up --wait."
        )


def make_backup_key(box: ComposeBox) -> str:
    """Returns the recipient. The key that opens is for the operator to take away."""
    shutil.copyfile(box.root / ".env.example", box.settings_file)
    settings.change(box.settings_file, {"DECOUPLED_VERSION": release_of(box.root)})
    run(box.compose("--profile", "operations", "build", "--quiet"))
    key_file = box.root / BACKUP_KEY_FILE
    if not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(text_of(box.once("backups", "new-key")) + "\n")
    recipient = re.search("age1[a-z0-9]+", key_file.read_text())
    if not recipient:
        raise OperationError(f"{key_file} is no key: delete it, and another is made.")
    return recipient[0]


def write_settings(box: ComposeBox, answers: Answers, recipient: str) -> None:
    port = "" if answers.https_port == 443 else f":{answers.https_port}"
    settings.change(
        box.settings_file,
        {
            "DOMAIN": answers.domain,
            "PUBLIC_URL": f"https://{answers.domain}{port}",
            "HTTP_PORT": str(answers.http_port),
            "HTTPS_PORT": str(answers.https_port),
            "INBOX_PORT": str(answers.inbox_port),
            "CERTIFICATES": "acme" if answers.certificate == "acme" else "files",
            "MAIL_FROM": f"Decoupled <posts@{answers.mail_domain}>",
            "MAIL_FROM_ACCOUNTS": f"Decoupled <accounts@{answers.mail_domain}>",
            "BACKUP_PLACE": answers.backup_place,
            "BACKUP_RECIPIENT": recipient,
        },
    )


def give_secrets(box: ComposeBox, answers: Answers) -> None:
    given = {"resend_api_key": answers.resend_key}
    if answers.certificate_key:
        given["certificate"] = Path(answers.certificate).read_text()
        given["certificate_key"] = Path(answers.certificate_key).read_text()
    for name, value in given.items():
        if value:
            text_of(box.once("secrets", "give", name), given=value)


def remember_running(box: ComposeBox) -> None:
    """What runs now, with every setting filled in: a rollback starts it again."""
    folder = box.root / ".operations"
    folder.mkdir(exist_ok=True)
    run(box.compose("--profile", "*", "config", "--format", "json"), to=folder / "running.json")
    json.loads((folder / "running.json").read_text())
