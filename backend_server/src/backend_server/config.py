"""Every setting of the API and of the worker: read once, at start. The table is in the README."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from backend_server.environment import (
    Address,
    Addresses,
    Environment,
    Keys,
    Networks,
    Secret,
    SettingsError,
)

__all__ = ["Keys", "LogSettings", "Secret", "Settings", "SettingsError", "read_database_url"]

LEAST_KEY_BYTES: Final = 32
DEFAULT_BIND: Final = "127.0.0.1:8000"
# Of each process. Most wait: for Postgres, or for their turn to hash a password.
DEFAULT_THREADS: Final = 32
# Of the first week of a new sender domain, as mail providers advise.
DEFAULT_WARM_UP_CAPS: Final = "150,250,400,700,1000,1500,2000"
# A chunk of 100 readers must fit into a day.
LEAST_WARM_UP_CAP: Final = 100
LOG_LEVELS: Final = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class LogSettings:
    log_format: str
    log_level: str

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> LogSettings:
        environment = Environment(variables)
        return cls(
            log_format=environment.choice("LOG_FORMAT", ("text", "json"), "text"),
            log_level=environment.choice("LOG_LEVEL", LOG_LEVELS, "info"),
        )


@dataclass(frozen=True, slots=True)
class Settings:
    """Field names are the lower-case variable names."""

    database_url: Secret
    redis_url: Secret
    # Sign session cookies.
    session_key: Keys
    # Reset codes are derived with them.
    reset_code_key: Keys
    # Confirmation and unsubscribe tokens are derived with them.
    link_key: Keys
    # The newest is shown to the other services, which know them all.
    service_token: Keys
    # Origin under which browsers reach this deployment, without a trailing slash.
    public_url: str
    allowed_origins: frozenset[str]
    # The networks that each proxy in front may be in, the nearest first.
    trusted_proxies: tuple[Networks, ...]
    refuse_common_passwords: bool
    # In an hour, from one network: an IPv4 address or an IPv6 /64.
    sign_in_failures_per_network: int
    registrations_per_network: int
    reset_requests_per_network: int
    reset_guesses_per_network: int
    # Wrong guesses at reset codes that shut resets, whoever makes them.
    reset_guesses_per_hour: int
    backend_bind: Address
    # Where Prometheus reads the metrics of the API, and of the worker; None: nowhere.
    backend_metrics_bind: Address | None
    worker_metrics_bind: Address | None
    backend_workers: int
    backend_threads: int
    # Between a SIGTERM and the end of taking requests; meanwhile it says that it is not ready.
    backend_leave_seconds: int
    heavy_computation_address: Addresses
    mailer_address: Address
    worker_heartbeat_seconds: int
    worker_stalled_after_seconds: int
    worker_recovery_seconds: int
    # The day of a new sender domain's first mail, and how many mails about posts each day may see
    # from then on. Without a day, any number on every day.
    mail_warm_up_since: date | None
    mail_warm_up_caps: tuple[int, ...]

    @classmethod
    def from_environment(cls, variables: Mapping[str, str]) -> Settings:
        """Raises `SettingsError`, whose message starts with the variable's name."""
        environment = Environment(variables)
        return cls(
            database_url=environment.secret("DATABASE_URL"),
            redis_url=environment.secret("REDIS_URL"),
            session_key=environment.keys("SESSION_KEY", least_bytes=LEAST_KEY_BYTES),
            reset_code_key=environment.keys("RESET_CODE_KEY", least_bytes=LEAST_KEY_BYTES),
            link_key=environment.keys("LINK_KEY", least_bytes=LEAST_KEY_BYTES),
            service_token=environment.keys("SERVICE_TOKEN"),
            public_url=environment.origin("PUBLIC_URL"),
            allowed_origins=environment.origins("ALLOWED_ORIGINS"),
            trusted_proxies=environment.proxies("TRUSTED_PROXIES"),
            refuse_common_passwords=environment.yes_or_no("REFUSE_COMMON_PASSWORDS", default=False),
            sign_in_failures_per_network=environment.whole_number(
                "SIGN_IN_FAILURES_PER_NETWORK", 100
            ),
            registrations_per_network=environment.whole_number("REGISTRATIONS_PER_NETWORK", 20),
            reset_requests_per_network=environment.whole_number("RESET_REQUESTS_PER_NETWORK", 10),
            reset_guesses_per_network=environment.whole_number("RESET_GUESSES_PER_NETWORK", 10),
            reset_guesses_per_hour=environment.whole_number("RESET_GUESSES_PER_HOUR", 200),
            backend_bind=environment.address("BACKEND_BIND", DEFAULT_BIND),
            backend_metrics_bind=environment.optional_address("BACKEND_METRICS_BIND"),
            worker_metrics_bind=environment.optional_address("WORKER_METRICS_BIND"),
            backend_workers=environment.whole_number("BACKEND_WORKERS", os.cpu_count() or 1),
            backend_threads=environment.whole_number("BACKEND_THREADS", DEFAULT_THREADS),
            backend_leave_seconds=environment.whole_number("BACKEND_LEAVE_SECONDS", 0, least=0),
            heavy_computation_address=environment.addresses("HEAVY_COMPUTATION_ADDRESS"),
            mailer_address=environment.address("MAILER_ADDRESS"),
            worker_heartbeat_seconds=environment.whole_number("WORKER_HEARTBEAT_SECONDS", 10),
            worker_stalled_after_seconds=environment.whole_number(
                "WORKER_STALLED_AFTER_SECONDS", 30
            ),
            worker_recovery_seconds=environment.whole_number("WORKER_RECOVERY_SECONDS", 30),
            mail_warm_up_since=environment.day("MAIL_WARM_UP_SINCE"),
            mail_warm_up_caps=environment.whole_numbers(
                "MAIL_WARM_UP_CAPS", DEFAULT_WARM_UP_CAPS, least=LEAST_WARM_UP_CAP
            ),
        )


def read_bind_address(variables: Mapping[str, str]) -> Address:
    """All that a health check of the API needs to know."""
    return Environment(variables).address("BACKEND_BIND", DEFAULT_BIND)


def read_database_url(variables: Mapping[str, str]) -> Secret:
    """All that a migration needs to know."""
    return Environment(variables).secret("DATABASE_URL")
