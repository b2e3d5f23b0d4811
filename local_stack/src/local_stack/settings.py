"""Every setting of the local stack, read once. The table is in the README.

Settings that a part alone understands are handed to it untouched: see `environments`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_stack.addresses import Address, SettingError, read_address, read_port
from local_stack.ports import LOOPBACK

PROJECT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Settings:
    state_folder: Path
    # Where browsers reach the system.
    public_url: str
    web: Address
    backend: Address
    heavy_computation: Address
    mailer: Address
    inbox: Address
    postgres_port: int
    redis_port: int
    # None: run our own server.
    database_url: str | None
    published_database_url: str | None
    redis_url: str | None
    # With a Resend key mails really leave, and there is no inbox to look at.
    sends_real_mail: bool

    def ports(self) -> dict[str, Address]:
        """What must be free before the start, by the name of its setting."""
        ports = {
            "WEB_PORT": self.web,
            "BACKEND_BIND": self.backend,
            "HEAVY_COMPUTATION_BIND": self.heavy_computation,
            "MAILER_BIND": self.mailer,
        }
        if not self.sends_real_mail:
            ports["INBOX_BIND"] = self.inbox
        if self.database_url is None:
            ports["POSTGRES_PORT"] = Address(LOOPBACK, self.postgres_port)
        if self.redis_url is None:
            ports["REDIS_PORT"] = Address(LOOPBACK, self.redis_port)
        return ports


def read_settings(variables: Mapping[str, str] = os.environ) -> Settings:
    """
    Raises:
        SettingError: names the variable and says what it must be.
    """
    web_port = read_port(variables, "WEB_PORT", 8080)
    settings = Settings(
        state_folder=Path(variables.get("STATE_FOLDER") or PROJECT / ".local_stack").absolute(),
        public_url=variables.get("PUBLIC_URL") or f"http://localhost:{web_port}",
        web=Address(variables.get("WEB_HOST") or LOOPBACK, web_port),
        backend=read_address(variables, "BACKEND_BIND", f"{LOOPBACK}:8000"),
        heavy_computation=read_address(variables, "HEAVY_COMPUTATION_BIND", f"{LOOPBACK}:50051"),
        mailer=read_address(variables, "MAILER_BIND", f"{LOOPBACK}:50052"),
        inbox=read_address(variables, "INBOX_BIND", f"{LOOPBACK}:8025"),
        postgres_port=read_port(variables, "POSTGRES_PORT", 54329),
        redis_port=read_port(variables, "REDIS_PORT", 63799),
        database_url=_read_secret(variables, "DATABASE_URL"),
        published_database_url=_read_secret(variables, "PUBLISHED_DATABASE_URL"),
        redis_url=_read_secret(variables, "REDIS_URL"),
        sends_real_mail=_read_secret(variables, "RESEND_API_KEY") is not None,
    )
    if (settings.database_url is None) != (settings.published_database_url is None):
        raise SettingError(
            "DATABASE_URL and PUBLISHED_DATABASE_URL go together: set both, or neither and Postgres"
            " runs here."
        )
    return settings


def _read_secret(variables: Mapping[str, str], name: str) -> str | None:
    path = variables.get(f"{name}_FILE")
    try:
        return Path(path).read_text().strip() if path else variables.get(name) or None
    except OSError as error:
        raise SettingError(f"{name}_FILE: {error.strerror}: {path}") from error
