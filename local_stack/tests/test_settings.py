import errno
import socket
from pathlib import Path

import pytest
from local_stack.addresses import Address, SettingError
from local_stack.environments import WITHOUT_A_TERMINAL, environment_for
from local_stack.ports import free_port
from local_stack.required_ports import require_free_ports
from local_stack.settings import read_settings


def test_everything_has_a_default_that_needs_no_environment() -> None:
    settings = read_settings({})
    assert settings.public_url == "http://localhost:8080"
    assert settings.ports() == {
        "WEB_PORT": Address("127.0.0.1", 8080),
        "BACKEND_BIND": Address("127.0.0.1", 8000),
        "HEAVY_COMPUTATION_BIND": Address("127.0.0.1", 50051),
        "MAILER_BIND": Address("127.0.0.1", 50052),
        "INBOX_BIND": Address("127.0.0.1", 8025),
        "POSTGRES_PORT": Address("127.0.0.1", 54329),
        "REDIS_PORT": Address("127.0.0.1", 63799),
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "eighty"),
        ("WEB_PORT", "0"),
        ("POSTGRES_PORT", "65536"),
        ("REDIS_PORT", "-1"),
        ("BACKEND_BIND", "8000"),
        ("MAILER_BIND", "127.0.0.1:"),
        ("INBOX_BIND", ":8025"),
        ("DATABASE_URL_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"^{name}\b"):
        read_settings({name: value})


@pytest.mark.parametrize("name", ["DATABASE_URL", "PUBLISHED_DATABASE_URL"])
def test_a_database_of_ones_own_comes_with_both_its_roles(name: str) -> None:
    with pytest.raises(SettingError, match="set both"):
        read_settings({name: "postgresql://elsewhere/decoupled"})


def test_servers_of_ones_own_need_no_port_here(tmp_path: Path) -> None:
    (tmp_path / "redis_url").write_text("redis://elsewhere\n")
    settings = read_settings(
        {
            "DATABASE_URL": "postgresql://elsewhere/decoupled",
            "PUBLISHED_DATABASE_URL": "postgresql://reader@elsewhere/decoupled",
            "REDIS_URL_FILE": str(tmp_path / "redis_url"),
            "RESEND_API_KEY": "re_key",
        }
    )
    assert settings.redis_url == "redis://elsewhere"
    assert settings.ports().keys() == {
        "WEB_PORT",
        "BACKEND_BIND",
        "HEAVY_COMPUTATION_BIND",
        "MAILER_BIND",
    }


def test_a_taken_port_is_reported_with_the_setting_that_moves_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SettingError) as failure:
            require_free_ports({"WEB_PORT": Address("127.0.0.1", port)})
    assert str(failure.value) == f"Port {port} is taken: set WEB_PORT to another one."
    assert isinstance(failure.value.__cause__, OSError)
    assert failure.value.__cause__.errno == errno.EADDRINUSE


def test_one_port_for_two_parts_is_refused() -> None:
    address = Address("127.0.0.1", free_port())
    with pytest.raises(SettingError, match=r"^MAILER_BIND and WEB_PORT are both"):
        require_free_ports({"WEB_PORT": address, "MAILER_BIND": address})


def test_an_address_of_another_machine_is_refused() -> None:
    # 192.0.2.0/24 is for documentation: nobody has it (RFC 5737).
    with pytest.raises(SettingError, match=r"^BACKEND_BIND: nothing can listen on"):
        require_free_ports({"BACKEND_BIND": Address("192.0.2.1", 8000)})


def test_a_part_is_told_its_own_settings_and_no_others() -> None:
    variables = {"PATH": "/bin", "DATABASE_URL": "secret", "RESEND_API_KEY_FILE": "/key"}
    mailer = environment_for("mailer", {"SERVICE_TOKEN": "t", "SESSION_KEY": "s"}, variables)
    assert mailer == {
        "PATH": "/bin",
        "RESEND_API_KEY_FILE": "/key",
        "SERVICE_TOKEN": "t",
        **WITHOUT_A_TERMINAL,
    }


def test_what_the_launcher_decided_wins_over_the_environment_and_its_files() -> None:
    variables = {"PUBLIC_URL": "http://old", "SERVICE_TOKEN_FILE": "/old"}
    mailer = environment_for(
        "mailer", {"PUBLIC_URL": "http://new", "SERVICE_TOKEN": "t"}, variables
    )
    assert mailer["PUBLIC_URL"] == "http://new"
    assert "SERVICE_TOKEN_FILE" not in mailer
