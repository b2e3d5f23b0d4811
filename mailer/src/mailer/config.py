"""All settings of the mailer, read once. The table in README.md lists them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mailer import setting_values as values
from mailer.environment import Environment


@dataclass(frozen=True, slots=True)
class ResendSettings:
    api_key: str = field(repr=False)
    api_url: str
    calls_per_second: float


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    folder: Path
    inbox_bind: str


@dataclass(frozen=True, slots=True)
class Settings:
    bind: str
    service_token: str = field(repr=False)
    public_url: str
    subscription_sender: str
    account_sender: str
    provider: ResendSettings | OutboxSettings
    log_format: str
    log_level: str


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Raises SettingError, which names the variable."""
    environment = Environment(variables)
    return Settings(
        bind=environment.parsed("MAILER_BIND", values.host_and_port, "127.0.0.1:50052"),
        service_token=environment.secret("SERVICE_TOKEN", values.visible_ascii),
        public_url=environment.parsed("PUBLIC_URL", values.base_url),
        subscription_sender=environment.parsed("MAIL_FROM", values.sender),
        account_sender=environment.parsed("MAIL_FROM_ACCOUNTS", values.sender),
        provider=_read_provider(environment),
        log_format=environment.parsed("LOG_FORMAT", values.log_format, "text"),
        log_level=environment.parsed("LOG_LEVEL", values.log_level, "info"),
    )


def _read_provider(environment: Environment) -> ResendSettings | OutboxSettings:
    api_key = environment.optional_secret("RESEND_API_KEY", values.visible_ascii)
    if api_key is None:
        return OutboxSettings(
            folder=environment.parsed("OUTBOX_FOLDER", Path),
            inbox_bind=environment.parsed("INBOX_BIND", values.host_and_port, "127.0.0.1:8025"),
        )
    return ResendSettings(
        api_key=api_key,
        api_url=environment.parsed("RESEND_API_URL", values.base_url, "https://api.resend.com"),
        calls_per_second=environment.parsed("RESEND_CALLS_PER_SECOND", values.rate, "2"),
    )
