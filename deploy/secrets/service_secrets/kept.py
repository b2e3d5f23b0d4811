"""A file for each secret, and those before it for as long as what they made is good."""

import secrets
import time
from pathlib import Path

from service_secrets.whole_file import write

SECRET_BYTES = 32
ONLY_OURS = 0o400

HOUR = 3600
DAY = 24 * HOUR

# Made here → for how many seconds the one before a new one stays good.
ROTATED = {
    # As long as the longest session.
    "session_key": 30 * DAY,
    # A reset code lives ten minutes.
    "reset_code_key": HOUR,
    # Unsubscribe links in old mails.
    "link_key": 365 * DAY,
    # Until every service has been started again.
    "service_token": HOUR,
    "redis_password": HOUR,
    "mailer_redis_password": HOUR,
    # Postgres knows one password of a role.
    "postgres_password": 0,
    "decoupled_password": 0,
    "heavy_computation_password": 0,
}

FROM_THE_OPERATOR = (
    "resend_api_key",
    "resend_webhook_secret",
    "smtp_url",
    "certificate",
    "certificate_key",
)


class KeptSecrets:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._retired = folder / "retired"

    def __getitem__(self, name: str) -> str:
        """A random value: made when first asked for, the same until it is rotated."""
        path = self.folder / name
        if not path.exists():
            write(path, secrets.token_hex(SECRET_BYTES), ONLY_OURS)
        return path.read_text()

    def given(self, name: str) -> str:
        """What was given under that name; empty when nothing was."""
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def give(self, name: str, value: str) -> None:
        write(self.folder / name, value, ONLY_OURS)

    def rotate(self, name: str, *, forget: bool) -> None:
        """The next value is a new one; unless `forget`, the old ones are still in `all_of`."""
        path = self.folder / name
        if forget:
            for each in self._before(name):
                each.unlink()
        elif path.exists() and ROTATED[name]:
            # To the nanosecond: of two rotations in a second, both are remembered.
            write(self._retired / f"{name}.{time.time_ns()}", path.read_text(), ONLY_OURS)
        path.unlink(missing_ok=True)

    def all_of(self, name: str) -> list[str]:
        """The newest first."""
        return [self[name], *(each.read_text() for each in self._before(name))]

    def forget_what_nobody_needs(self) -> None:
        for name, seconds in ROTATED.items():
            for each in self._before(name):
                if _retired_at(each) + seconds < time.time():
                    each.unlink()

    def _before(self, name: str) -> list[Path]:
        return sorted(self._retired.glob(f"{name}.*"), key=_retired_at, reverse=True)


def _retired_at(path: Path) -> float:
    """Unix time, in seconds."""
    return int(path.suffix[1:]) / 1e9
