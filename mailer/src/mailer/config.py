"""All settings of the mailer, read once. The table in README.md lists them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mailer import setting_values as values
from mailer.bind_address import read_bind_address
from mailer.environment import Environment, SettingError
from mailer.providers.resend.signature import key_of
from mailer.providers.smtp.submission import SubmissionServer


@dataclass(frozen=True, slots=True)
class ResendSettings:
    api_key: str = field(repr=False)
    api_url: str
    # None: what Resend itself says.
    calls_per_second: float | None
    # None when no webhook is set up.
    webhook_key: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    server: SubmissionServer
    journal: Path
    mails_per_second: float


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    folder: Path
    inbox_bind: str


ProviderSettings = ResendSettings | SmtpSettings | OutboxSettings


@dataclass(frozen=True, slots=True)
class Settings:
    bind: str
    # Whoever shows one of them is let in.
    service_tokens: tuple[str, ...] = field(repr=False)
    public_url: str
    subscription_sender: str
    account_sender: str
    provider: ProviderSettings
    # Where several mailers agree on whose turn it is; None when there is only one.
    redis_url: str | None = field(repr=False)
    # host:port; None asks the servers that the machine asks.
    dns_server: str | None
    # Where Prometheus reads the metrics, host:port; None: nowhere.
    metrics_bind: str | None
    log_format: str
    log_level: str


def read_settings(variables: Mapping[str, str]) -> Settings:
    """Raises SettingError, which names the variable."""
    environment = Environment(variables)
    return Settings(
        bind=read_bind_address(variables),
        service_tokens=environment.secret("SERVICE_TOKEN", values.lines_of_visible_ascii),
        public_url=environment.parsed("PUBLIC_URL", values.base_url),
        subscription_sender=environment.parsed("MAIL_FROM", values.sender),
        account_sender=environment.parsed("MAIL_FROM_ACCOUNTS", values.sender),
        provider=_read_provider(environment),
        redis_url=environment.optional_secret("REDIS_URL", values.redis_url),
        dns_server=environment.optional("DNS_SERVER", values.host_and_port),
        metrics_bind=environment.optional("MAILER_METRICS_BIND", values.host_and_port),
        log_format=environment.parsed("LOG_FORMAT", values.log_format, "text"),
        log_level=environment.parsed("LOG_LEVEL", values.log_level, "info"),
    )


def _read_provider(environment: Environment) -> ProviderSettings:
    api_key = environment.optional_secret("RESEND_API_KEY", values.visible_ascii)
    server = environment.optional_secret("SMTP_URL", SubmissionServer.from_url)
    if api_key is not None and server is not None:
        raise SettingError("SMTP_URL", "is set as well as RESEND_API_KEY: choose one")
    if api_key is not None:
        return _read_resend(environment, api_key)
    if server is not None:
        return SmtpSettings(
            server=server,
            journal=environment.parsed("SMTP_JOURNAL", Path),
            mails_per_second=environment.parsed("SMTP_MAILS_PER_SECOND", values.rate, "10"),
        )
    return OutboxSettings(
        folder=environment.parsed("OUTBOX_FOLDER", Path), inbox_bind=_read_inbox_bind(environment)
    )


def _read_inbox_bind(environment: Environment) -> str:
    """The page shows everybody's reset codes: it is for this machine alone."""
    bind = environment.parsed("INBOX_BIND", values.host_and_port, "127.0.0.1:8025")
    is_guarded = environment.parsed("INBOX_BEHIND_PROXY", values.yes_or_no, "false")
    if not is_guarded and not values.is_loopback(bind):
        raise SettingError(
            "INBOX_BIND", "must be a loopback address, or INBOX_BEHIND_PROXY must be true"
        )
    return bind


def _read_resend(environment: Environment, api_key: str) -> ResendSettings:
    return ResendSettings(
        api_key=api_key,
        api_url=environment.parsed("RESEND_API_URL", values.base_url, "https://api.resend.com"),
        calls_per_second=environment.optional("RESEND_CALLS_PER_SECOND", values.rate),
        webhook_key=environment.optional_secret("RESEND_WEBHOOK_SECRET", key_of),
    )
