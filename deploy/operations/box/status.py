"""How the system is: what runs, what is down and why, and what an operator should see coming."""

import json
import shutil
import ssl
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from box import settings
from box.backup import backups_in
from box.compose import ComposeBox
from box.places import place_of
from box.programs import OperationError, text_of

MOST_DAYS_WITHOUT_BACKUP = 2
FEWEST_DAYS_OF_CERTIFICATE = 14
LEAST_FREE_SPACE = 0.1
TLS_SECONDS = 5


@dataclass(frozen=True)
class Line:
    level: str  # ok, warning, down
    subject: str
    said: str


def look(box: ComposeBox) -> list[Line]:
    values = settings.read(box.settings_file)
    if not values:
        return [Line("down", "settings", "there is no .env: deploy/operations/install")]
    containers = box.containers()
    return [
        Line("ok", "release", values["DECOUPLED_VERSION"]),
        *_services(containers),
        *_doctor(box, containers),
        _certificate(box, values),
        _last_backup(box, values),
        _space(box),
    ]


def _services(containers: list[dict[str, Any]]) -> list[Line]:
    if not containers:
        return [Line("down", "services", "none was started: docker compose up --wait")]
    return [_service(each) for each in sorted(containers, key=lambda each: each["Service"])]


def _service(container: dict[str, Any]) -> Line:
    name, state, health = container["Service"], container["State"], container.get("Health", "")
    if state == "running" and health in ("healthy", ""):
        return Line("ok", name, container["Status"])
    if state == "exited" and container["ExitCode"] == 0 and name in ("migrate", "secrets"):
        return Line("ok", name, "has done its work")
    if health == "starting":
        return Line("warning", name, "is starting")
    reason = (
        _last_words(container["ID"]) if health == "unhealthy" else f"docker compose logs {name}"
    )
    return Line("down", name, f"{health or state}: {reason}")


def _last_words(container: str) -> str:
    """What its health check said last: which part it misses."""
    log = text_of(["docker", "inspect", "--format", "{{json .State.Health.Log}}", container])
    entries = json.loads(log) or [{"Output": ""}]
    return " ".join(entries[-1]["Output"].split()) or "its health check says nothing"


def _doctor(box: ComposeBox, containers: list[dict[str, Any]]) -> list[Line]:
    """backend_server's own look at everything it needs."""
    if not any(each["Service"] == "worker" and each["State"] == "running" for each in containers):
        return []
    done = subprocess.run(
        box.within("worker", "python", "-m", "backend_server", "doctor"),
        capture_output=True,
        text=True,
    )
    levels = {"ok": "ok", "warning": "warning", "failure": "down"}
    lines = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    return [Line(levels[line[0]], line[1], line[2]) for line in lines if line[0] in levels]


def _certificate(box: ComposeBox, values: dict[str, str]) -> Line:
    try:
        address = ("127.0.0.1", int(values["HTTPS_PORT"]))
        pem = ssl.get_server_certificate(address, timeout=TLS_SECONDS)
    except OSError as error:
        return Line(
            "down", "certificate", f"nobody answers on port {values['HTTPS_PORT']}: {error}"
        )
    said = text_of(box.once("secrets", "expiry"), given=pem).splitlines()[-1]
    end = datetime.fromtimestamp(ssl.cert_time_to_seconds(said), UTC)
    days = (end - datetime.now(UTC)).days
    level = "ok" if days >= FEWEST_DAYS_OF_CERTIFICATE else "warning" if days >= 0 else "down"
    return Line(level, "certificate", f"good for {days} days")


def _last_backup(box: ComposeBox, values: dict[str, str]) -> Line:
    where = values.get("BACKUP_PLACE")
    if not where:
        return Line("warning", "backup", "BACKUP_PLACE is not set: none is made")
    try:
        backups = backups_in(place_of(box, where))
    except OperationError:
        return Line("warning", "backup", f"{where} cannot be looked into")
    if not backups:
        return Line("warning", "backup", f"none in {where}: deploy/operations/backup")
    made_at = datetime.strptime(backups[-1], "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)
    age = datetime.now(UTC) - made_at
    level = "ok" if age < timedelta(days=MOST_DAYS_WITHOUT_BACKUP) else "warning"
    return Line(level, "backup", f"the newest of {len(backups)} is {backups[-1]}")


def _space(box: ComposeBox) -> Line:
    disk = shutil.disk_usage(box.root)
    free = disk.free / disk.total
    level = "ok" if free >= LEAST_FREE_SPACE else "warning"
    return Line(level, "disk", f"{disk.free / 1e9:.0f} GB free, {free:.0%}")
