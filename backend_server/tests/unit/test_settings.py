from pathlib import Path

import pytest
from backend_settings import ENVIRONMENT, settings_for

from backend_server.config import Keys, LogSettings, Secret, Settings, SettingsError

NEEDED = [name for name in ENVIRONMENT if name != "BACKEND_WORKERS"]


def message_of(**changes: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings_for(**changes)
    return str(refused.value)


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_setting_stops_the_start_and_is_named(name: str) -> None:
    environment = {key: value for key, value in ENVIRONMENT.items() if key != name}
    with pytest.raises(SettingsError, match=f"^{name} is not set"):
        Settings.from_environment(environment)


@pytest.mark.parametrize("name", NEEDED)
def test_an_empty_setting_counts_as_missing(name: str) -> None:
    assert message_of(**{name: " "}) == f"{name} is not set"


@pytest.mark.parametrize("name", ["SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY"])
def test_a_key_of_31_bytes_is_refused(name: str) -> None:
    assert message_of(**{name: "k" * 31}) == f"{name} must be at least 32 bytes long"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "example.org"),
        ("PUBLIC_URL", "https://example.org/path"),
        ("ALLOWED_ORIGINS", "https://a.example, *"),
        ("BACKEND_BIND", "8000"),
        ("BACKEND_BIND", "localhost:99999"),
        ("MAILER_ADDRESS", "mailer"),
        ("BACKEND_THREADS", "0"),
        ("BACKEND_THREADS", "many"),
        ("TRUSTED_PROXIES", "traefik"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("REFUSE_COMMON_PASSWORDS", "maybe"),
        ("RESET_GUESSES_PER_HOUR", "0"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    message = message_of(**{name: value})
    assert message.startswith(f"{name} must ")
    assert value not in message


def test_an_unknown_log_format_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^LOG_FORMAT must be one of text, json"):
        LogSettings.from_environment({"LOG_FORMAT": "xml"})


def test_no_secret_shows_in_a_repr() -> None:
    settings = settings_for()
    for name in ("SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY", "SERVICE_TOKEN", "DATABASE_URL"):
        assert ENVIRONMENT[name] not in repr(settings)
        assert ENVIRONMENT[name] not in str(getattr(settings, name.lower()))


@pytest.mark.parametrize(
    "name",
    ["DATABASE_URL", "REDIS_URL", "SESSION_KEY", "RESET_CODE_KEY", "LINK_KEY", "SERVICE_TOKEN"],
)
def test_each_secret_can_be_read_from_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("x" * 32 + "\n")
    settings = settings_for(**{name: "", f"{name}_FILE": str(file)})
    value = getattr(settings, name.lower())
    assert (value.newest if isinstance(value, Keys) else value).reveal() == "x" * 32


def test_a_key_may_be_followed_by_those_before_it_each_on_a_line(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("n" * 32 + "\n" + "o" * 32 + "\n")
    settings = settings_for(SESSION_KEY="", SESSION_KEY_FILE=str(file))
    assert settings.session_key == Keys(Secret("n" * 32), (Secret("o" * 32),))


def test_an_older_key_that_is_too_short_is_refused_too() -> None:
    message = message_of(SESSION_KEY="n" * 32 + "\n" + "o" * 31)
    assert message == "SESSION_KEY must be at least 32 bytes long"


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = str(tmp_path / "nothing")
    message = message_of(SESSION_KEY="", SESSION_KEY_FILE=missing)
    assert message.startswith("SESSION_KEY_FILE cannot be read")


def test_a_secret_may_not_be_given_twice(tmp_path: Path) -> None:
    message = message_of(SESSION_KEY_FILE=str(tmp_path / "session_key"))
    assert message == "SESSION_KEY and SESSION_KEY_FILE are both set; set one"


def test_origins_are_compared_without_a_trailing_slash_and_in_lower_case() -> None:
    settings = settings_for(
        PUBLIC_URL="https://Decoupled.example/", ALLOWED_ORIGINS="https://A.example/,http://b"
    )
    assert settings.public_url == "https://decoupled.example"
    assert settings.allowed_origins == {"https://a.example", "http://b"}


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("heavy_computation:50051", "dns:///heavy_computation:50051"),
        ("127.0.0.1:1", "dns:///127.0.0.1:1"),
        ("127.0.0.1:1, 10.0.0.2:2", "ipv4:127.0.0.1:1,10.0.0.2:2"),
        ("[::1]:1,[::1]:2", "ipv6:[::1]:1,[::1]:2"),
    ],
)
def test_replicas_are_one_name_or_several_addresses(value: str, target: str) -> None:
    settings = settings_for(HEAVY_COMPUTATION_ADDRESS=value)
    assert str(settings.heavy_computation_address) == target


@pytest.mark.parametrize("value", ["one:1,two:2", "127.0.0.1:1,[::1]:2", "127.0.0.1:1,two", "here"])
def test_replicas_of_other_kinds_are_refused(value: str) -> None:
    assert message_of(HEAVY_COMPUTATION_ADDRESS=value).startswith("HEAVY_COMPUTATION_ADDRESS must")
