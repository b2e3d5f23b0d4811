"""What an operator should know before members notice it: one finding for each thing looked at."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

import redis

from backend_server import migrations
from backend_server.environment import PRIVATE_NETWORKS
from backend_server.errors import PartUnavailable
from backend_server.redis_connection import open_redis

if TYPE_CHECKING:
    from backend_server.services import Services

Level = Literal["ok", "warning", "failure"]

# More, and sessions and codes live noticeably longer or shorter than they should.
MOST_CLOCK_DIFFERENCE_SECONDS: Final = 2.0
# Keys and tokens shorter than this can be guessed offline.
SAFE_SECRET_BYTES: Final = 32
# A shorter prefix is no network of somebody's own.
LEAST_PROXY_PREFIX_BITS: Final = 8

_MIGRATION_TABLE: Final = "select to_regclass('alembic_version')::text"
_MIGRATION: Final = "select version_num from alembic_version"


class Finding(NamedTuple):
    level: Level
    subject: str
    found: str


def examine(services: Services) -> list[Finding]:
    """In the order in which an operator would mend them."""
    return [_answer_of(subject, look, services) for subject, look in _LOOKS.items()]


def _answer_of(
    subject: str, look: Callable[[Services], tuple[Level, str]], services: Services
) -> Finding:
    try:
        level, found = look(services)
    except (PartUnavailable, redis.RedisError) as error:
        return Finding("failure", subject, f"no answer: {type(error.__cause__ or error).__name__}")
    return Finding(level, subject, found)


def _database(services: Services) -> tuple[Level, str]:
    with services.database.reading() as connection:
        row = connection.execute("select current_setting('server_version_num')::int").fetchone()
    version = cast("tuple[int]", row)[0] // 10_000
    return ("ok" if version >= 18 else "failure"), f"Postgres {version}"


def _migrations(services: Services) -> tuple[Level, str]:
    with services.database.reading() as connection:
        [table] = cast("tuple[str | None]", connection.execute(_MIGRATION_TABLE).fetchone())
        row = connection.execute(_MIGRATION).fetchone() if table else None
    current, newest = row[0] if row else "none", migrations.newest_revision()
    if current == newest:
        return "ok", f"at {current}, the newest"
    return "failure", f"at {current}, the newest is {newest}: run `migrate`"


def _clock(services: Services) -> tuple[Level, str]:
    with services.database.reading() as connection:
        row = connection.execute("select extract(epoch from clock_timestamp())::float8").fetchone()
    difference = abs(cast("tuple[float]", row)[0] - time.time())
    is_right = difference <= MOST_CLOCK_DIFFERENCE_SECONDS
    return ("ok" if is_right else "failure"), f"{difference:.1f} s apart from Postgres's"


def _redis(services: Services) -> tuple[Level, str]:
    with open_redis(services.settings.redis_url) as connection:
        connection.ping()
        try:
            info = cast("Mapping[str, str]", connection.info())
        except redis.exceptions.NoPermissionError:
            return "ok", "answers; its user may not ask how it keeps keys"
    policy, is_kept = info["maxmemory_policy"], str(info["aof_enabled"]) == "1"
    if policy != "noeviction":
        return "failure", f"evicts keys ({policy}): members would be signed out at random"
    if not is_kept:
        return "warning", "keeps nothing over a restart: members would have to sign in again"
    return "ok", "keeps every key until it expires"


def _secrets(services: Services) -> tuple[Level, str]:
    settings = services.settings
    keys = {
        "SESSION_KEY": settings.session_key,
        "RESET_CODE_KEY": settings.reset_code_key,
        "LINK_KEY": settings.link_key,
        "SERVICE_TOKEN": settings.service_token,
    }
    values = [key.reveal() for each in keys.values() for key in each.each]
    short = [
        name
        for name, each in keys.items()
        if min(len(key.reveal().encode()) for key in each.each) < SAFE_SECRET_BYTES
    ]
    if short:
        return "failure", f"shorter than {SAFE_SECRET_BYTES} bytes: {', '.join(short)}"
    if len(set(values)) < len(values):
        return "failure", "two of them are the same"
    return "ok", "long enough, and each its own"


def _address(services: Services) -> tuple[Level, str]:
    settings = services.settings
    if not settings.public_url.startswith("https://"):
        return "warning", f"{settings.public_url} is not encrypted: cookies are not Secure"
    return "ok", settings.public_url


def _proxies(services: Services) -> tuple[Level, str]:
    proxies = services.settings.trusted_proxies
    wide = [
        str(network)
        for networks in proxies
        for network in networks
        if network.prefixlen < LEAST_PROXY_PREFIX_BITS and network not in PRIVATE_NETWORKS
    ]
    if wide:
        return "failure", f"TRUSTED_PROXIES believes whoever claims an address: {', '.join(wide)}"
    if proxies:
        return "ok", f"{len(proxies)} in front"
    if services.settings.public_url.startswith("https://"):
        return "warning", "TRUSTED_PROXIES is not set: limits take the proxy for everybody"
    return "ok", "none in front"


def _heavy_computation(services: Services) -> tuple[Level, str]:
    if services.heavy_computation.is_serving():
        return "ok", "serving"
    return "failure", "does not answer, or its index is not ready"


def _mailer(services: Services) -> tuple[Level, str]:
    if services.mailer.is_serving():
        return "ok", "serving; `mail doctor` looks further"
    return "failure", "does not answer"


_LOOKS: Final[Mapping[str, Callable[[Services], tuple[Level, str]]]] = {
    "database": _database,
    "migrations": _migrations,
    "clock": _clock,
    "redis": _redis,
    "secrets": _secrets,
    "address": _address,
    "proxies": _proxies,
    "heavy_computation": _heavy_computation,
    "mailer": _mailer,
}
