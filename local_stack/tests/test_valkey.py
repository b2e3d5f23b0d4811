import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from local_stack.process_table import descendants
from local_stack.valkey import Valkey, running_valkey
from processes import wait_until_gone


def ask(server: Valkey, *commands: str, lines: int = 1) -> list[bytes]:
    """The answers' lines, as many for each command."""
    url = urlsplit(server.url)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        answers = connection.makefile("rb")
        connection.sendall(f"AUTH {url.password}\r\n".encode())
        assert answers.readline() == b"+OK\r\n"
        received = []
        for command in commands:
            connection.sendall(f"{command}\r\n".encode())
            received += [answers.readline().strip() for _ in range(lines)]
        return received


def test_nobody_gets_in_without_the_password(tmp_path: Path) -> None:
    with (
        running_valkey(tmp_path) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection,
    ):
        connection.sendall(b"PING\r\n")
        assert connection.recv(64).startswith(b"-NOAUTH")


def test_an_answered_write_survives_a_crash_and_a_new_start(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as server:
        assert ask(server, "SET session 1", "DEL session", "SET kept 7")[-1] == b"+OK"
        server.kill()
        server.start()
        assert ask(server, "EXISTS session kept") == [b":1"]
    with running_valkey(tmp_path) as server:
        assert ask(server, "EXISTS session kept") == [b":1"]


def test_a_write_is_on_the_disk_before_it_is_answered(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as server:
        assert ask(server, "CONFIG GET appendfsync", lines=5)[-1] == b"always"


def test_its_password_is_not_on_its_command_line(tmp_path: Path) -> None:
    with running_valkey(tmp_path) as server:
        assert server.process is not None
        command_line = Path(f"/proc/{server.process.pid}/cmdline").read_text()
        assert str(urlsplit(server.url).password) not in command_line


def test_no_process_is_left_when_its_launcher_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "local_stack.valkey", "--folder", tmp_path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline().startswith("redis://")
        family = descendants(launcher.pid)
        launcher.kill()
    assert len(family) == 1
    assert wait_until_gone(family) == set()
