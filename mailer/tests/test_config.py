from pathlib import Path

import pytest
from mailer.config import OutboxSettings, ResendSettings, SmtpSettings, read_settings
from mailer.environment import SettingError
from mailer.providers.smtp import SubmissionServer
from running_mailer import base_settings

OUTBOX = {"OUTBOX_FOLDER": "/var/lib/mailer"}


def test_without_a_resend_key_mails_stay_in_the_outbox() -> None:
    settings = read_settings(base_settings() | OUTBOX)

    assert settings.provider == OutboxSettings(Path("/var/lib/mailer"), "127.0.0.1:8025")


def test_with_a_resend_key_mails_go_out_as_fast_as_resend_says() -> None:
    settings = read_settings(base_settings() | {"RESEND_API_KEY": "re_key"})

    assert settings.provider == ResendSettings("re_key", "https://api.resend.com", None, None)


def test_with_a_mail_server_mails_go_there() -> None:
    smtp = {"SMTP_URL": "smtps://n%40me:p%2Fw@mail.decoupled.dev", "SMTP_JOURNAL": "/var/lib/j"}

    settings = read_settings(base_settings() | smtp)

    assert isinstance(settings.provider, SmtpSettings)
    assert settings.provider.server == SubmissionServer(
        "mail.decoupled.dev", 465, implicit_tls=True, username="n@me", password="p/w"
    )
    assert "p/w" not in repr(settings)


def test_two_ways_out_are_one_too_many() -> None:
    variables = {"RESEND_API_KEY": "re_key", "SMTP_URL": "smtp://localhost"}

    with pytest.raises(SettingError, match=r"^SMTP_URL is set as well as RESEND_API_KEY"):
        read_settings(base_settings() | variables)


@pytest.mark.parametrize("secret", ["MfKQ9r8G", "whsec_", "whsec_not base64"])
def test_a_webhook_secret_must_be_one(secret: str) -> None:
    variables = {"RESEND_API_KEY": "re_key", "RESEND_WEBHOOK_SECRET": secret}

    with pytest.raises(SettingError, match=r"^RESEND_WEBHOOK_SECRET must"):
        read_settings(base_settings() | variables)


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("from-a-file\n")
    variables = base_settings() | OUTBOX | {"SERVICE_TOKEN_FILE": str(file)}
    del variables["SERVICE_TOKEN"]

    assert read_settings(variables).service_tokens == ("from-a-file",)


def test_secrets_are_not_shown() -> None:
    settings = read_settings(base_settings() | {"RESEND_API_KEY": "re_key"})

    assert "re_key" not in repr(settings)
    assert settings.service_tokens[0] not in repr(settings)


@pytest.mark.parametrize(
    "variable", ["SERVICE_TOKEN", "PUBLIC_URL", "MAIL_FROM", "MAIL_FROM_ACCOUNTS", "OUTBOX_FOLDER"]
)
def test_a_missing_setting_is_named(variable: str) -> None:
    with pytest.raises(SettingError, match=f"^{variable} is missing"):
        read_settings(base_settings() | OUTBOX | {variable: " "})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("MAILER_BIND", ":50052"),
        ("MAILER_BIND", "127.0.0.1:99999"),
        ("INBOX_BIND", "8025"),
        ("INBOX_BEHIND_PROXY", "perhaps"),
        ("SERVICE_TOKEN", "two words"),
        ("PUBLIC_URL", "ftp://decoupled.dev"),
        ("PUBLIC_URL", "https://decoupled.dev?page=1"),
        ("MAIL_FROM", "Decoupled <posts@decoupled.dev>\r\nBcc: eve@decoupled.dev"),
        ("MAIL_FROM_ACCOUNTS", "accounts"),
        ("LOG_LEVEL", "loud"),
        ("SMTP_URL", "mail.decoupled.dev"),
        ("SMTP_URL", "http://mail.decoupled.dev"),
        ("DNS_SERVER", "127.0.0.1"),
        ("SERVICE_TOKEN_FILE", "/somewhere"),
        ("REDIS_URL", "localhost:6379"),
    ],
)
def test_a_wrong_setting_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{variable} "):
        read_settings(base_settings() | OUTBOX | {variable: value})


@pytest.mark.parametrize("bind", ["0.0.0.0:8025", "192.0.2.1:8025", "[::]:8025", "mail:8025"])
def test_the_inbox_is_for_this_machine_unless_a_proxy_guards_it(bind: str) -> None:
    variables = base_settings() | OUTBOX | {"INBOX_BIND": bind}

    with pytest.raises(SettingError, match=r"^INBOX_BIND must be a loopback address"):
        read_settings(variables)
    guarded = read_settings(variables | {"INBOX_BEHIND_PROXY": "true"})

    assert guarded.provider == OutboxSettings(Path("/var/lib/mailer"), bind)


@pytest.mark.parametrize("bind", ["127.0.0.1:8025", "localhost:8025", "[::1]:8025"])
def test_loopback_addresses_are_this_machine(bind: str) -> None:
    settings = read_settings(base_settings() | OUTBOX | {"INBOX_BIND": bind})

    assert settings.provider == OutboxSettings(Path("/var/lib/mailer"), bind)


@pytest.mark.parametrize("rate", ["0", "-1", "many", "inf", "nan"])
def test_a_rate_must_be_a_number_above_zero(rate: str) -> None:
    variables = {"RESEND_API_KEY": "re_key", "RESEND_CALLS_PER_SECOND": rate}

    with pytest.raises(SettingError, match=r"^RESEND_CALLS_PER_SECOND must be a number above 0"):
        read_settings(base_settings() | variables)


def test_an_empty_file_counts_as_no_secret(tmp_path: Path) -> None:
    """Compose cannot leave a file out either."""
    file = tmp_path / "key"
    file.write_text("\n")
    without = read_settings(base_settings() | OUTBOX | {"RESEND_API_KEY_FILE": str(file)})
    assert isinstance(without.provider, OutboxSettings)
    variables = base_settings() | OUTBOX | {"SERVICE_TOKEN": "", "SERVICE_TOKEN_FILE": str(file)}
    with pytest.raises(SettingError, match=r"^SERVICE_TOKEN is missing"):
        read_settings(variables)


def test_a_secret_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(b"\xff")

    with pytest.raises(SettingError, match=r"^RESEND_API_KEY_FILE names"):
        read_settings(base_settings() | {"RESEND_API_KEY_FILE": str(file)})
