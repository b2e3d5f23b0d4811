"""Who reaches whom: every connection is tried, from inside each container's own network."""

import json
import socket
from itertools import product
from pathlib import Path

import pytest
from installed import Installed

PORTS = {
    "client": 8080,
    "backend_server": 8000,
    "heavy_computation": 50051,
    "mailer": 50052,
    "redis": 6379,
    "postgres": 5432,
}
NEEDED = {
    ("traefik", "client"),
    ("traefik", "backend_server"),
    ("backend_server", "postgres"),
    ("backend_server", "redis"),
    ("backend_server", "heavy_computation"),
    ("backend_server", "mailer"),
    ("worker", "postgres"),
    ("worker", "redis"),
    ("worker", "heavy_computation"),
    ("worker", "mailer"),
    ("heavy_computation", "postgres"),
    ("mailer", "redis"),
}
# A network lets both of its ends call each other, and those who call the same. What they would find
# asks for a token, or is what everybody sees.
ALSO_OPEN = {
    ("traefik", "mailer"),
    ("client", "backend_server"),
    ("backend_server", "client"),
    ("worker", "backend_server"),
    ("heavy_computation", "backend_server"),
    ("mailer", "backend_server"),
    ("postgres", "backend_server"),
    ("postgres", "heavy_computation"),
    ("redis", "backend_server"),
    ("redis", "mailer"),
}
CALLERS = [*PORTS, "traefik", "worker"]
# Prints, as JSON: whom it reached, and whether anything came back from outside the machine. A route
# alone is no way out: older engines give one to internal networks too, and drop what takes it.
PROBE = """
import json, socket, sys

def answer(address, port):
    try:
        socket.create_connection((address, port), timeout=1.5).close()
        return "open"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return None

targets, gateway = json.loads(sys.argv[1]), sys.argv[2]
reached = [
    name for name, addresses, port in targets
    if any(answer(address, port) == "open" for address in addresses)
]
print(json.dumps([reached, any(answer(gateway, port) for port in (53, 80, 443))]))
"""


def gateway() -> str:
    """Of this machine: the nearest address outside of it."""
    for line in Path("/proc/net/route").read_text().splitlines()[1:]:
        _, destination, gateway, *_ = line.split()
        if int(destination, 16) == 0:
            return socket.inet_ntoa(int(gateway, 16).to_bytes(4, "little"))
    raise AssertionError("this machine has no way out itself")


@pytest.fixture(scope="module")
def seen(installed: Installed) -> dict[str, tuple[list[str], bool]]:
    """Caller → whom it reached, and whether it has a way out."""
    containers = installed.containers()
    targets = [
        (
            name,
            [
                each["IPAddress"]
                for each in containers[name]["NetworkSettings"]["Networks"].values()
            ],
            port,
        )
        for name, port in PORTS.items()
    ]
    image = containers["secrets"]["Config"]["Image"]
    seen = {}
    for caller in CALLERS:
        own_network = f"container:{containers[caller]['Id']}"
        said = installed.docker(
            *("run", "--rm", "--network", own_network, "--entrypoint", "python", image),
            *("-c", PROBE, json.dumps([each for each in targets if each[0] != caller]), gateway()),
        )
        seen[caller] = tuple(json.loads(said))
    return seen


def test_every_needed_connection_is_open(seen: dict[str, tuple[list[str], bool]]) -> None:
    assert [pair for pair in sorted(NEEDED) if pair[1] not in seen[pair[0]][0]] == []


def test_every_other_connection_is_refused(seen: dict[str, tuple[list[str], bool]]) -> None:
    tried = {pair for pair in product(CALLERS, PORTS) if pair[0] != pair[1]}
    forbidden = tried - NEEDED - ALSO_OPEN
    assert len(forbidden) == 20
    assert [pair for pair in sorted(forbidden) if pair[1] in seen[pair[0]][0]] == []


def test_only_traefik_and_the_mailer_have_a_way_out(
    seen: dict[str, tuple[list[str], bool]],
) -> None:
    assert {caller for caller, (_, has_way_out) in seen.items() if has_way_out} == {
        "traefik",
        "mailer",
    }


def test_what_a_mailer_would_find_at_the_api_is_what_everybody_sees(installed: Installed) -> None:
    """The API trusts forwarded addresses of Traefik's network only in that it counts them."""
    with installed.visitor() as visitor:
        assert visitor.get("/api/auth/session").status_code == 401
