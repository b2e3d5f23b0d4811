"""Settings for tests: every secret is made up, and nothing listens at the addresses not given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backend_server.config import Settings

PUBLIC_URL: Final = "http://localhost:8080"
# Nothing listens on port 1.
NOWHERE: Final = "127.0.0.1:1"
ENVIRONMENT: Final[Mapping[str, str]] = {
    "DATABASE_URL": f"postgresql://nobody:nothing@{NOWHERE}/nowhere",
    "REDIS_URL": f"redis://{NOWHERE}/0",
    "SESSION_KEY": "a key for sessions in tests, and for nothing else",
    "RESET_CODE_KEY": "a key for reset codes in tests, and for nothing else",
    "LINK_KEY": "a key for links in tests, and for nothing else",
    "SERVICE_TOKEN": "a-token-between-services-in-tests",
    "PUBLIC_URL": PUBLIC_URL,
    "HEAVY_COMPUTATION_ADDRESS": NOWHERE,
    "MAILER_ADDRESS": NOWHERE,
    "BACKEND_WORKERS": "1",
}


def settings_for(**changes: str) -> Settings:
    return Settings.from_environment({**ENVIRONMENT, **changes})
