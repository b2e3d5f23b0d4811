"""What use cases work with, made once by `app.create_app` (and once by the worker)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from flask import current_app

from backend_server.page_cache import PageCache

if TYPE_CHECKING:
    from backend_server.accounts.passwords import PasswordHasher
    from backend_server.config import Settings
    from backend_server.database import Database
    from backend_server.grpc_clients import HeavyComputationClient, MailerClient
    from backend_server.limiter import Limiter
    from backend_server.sessions.store import SessionStore

EXTENSION: Final = "services"


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    database: Database
    session_store: SessionStore
    limiter: Limiter
    password_hasher: PasswordHasher
    mailer: MailerClient
    heavy_computation: HeavyComputationClient
    pages: PageCache = field(default_factory=PageCache)

    def close(self) -> None:
        """Gives every connection back; the next use would open new ones."""
        for each in (
            self.database,
            self.session_store,
            self.limiter,
            self.mailer,
            self.heavy_computation,
        ):
            each.close()


def services() -> Services:
    """Those of the app that handles the current request."""
    return cast("Services", current_app.extensions[EXTENSION])
