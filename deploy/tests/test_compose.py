"""Every container has only the rights it needs, and the file is a valid one."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "compose.yaml"

PUBLISHES_PORTS = {"traefik"}
RUN_ONCE = {"migrate", "secrets", "backups"}
SPECIFIED = {"client", "backend_server", "heavy_computation", "mailer", "redis", "postgres"}
LEAD_OUT = {"edge": {"traefik"}, "internet": {"mailer", "backups"}}
# What no one may reach, whatever else is changed: a network in common would let them.
APART = {
    ("mailer", "postgres"),
    ("heavy_computation", "redis"),
    ("heavy_computation", "mailer"),
    ("client", "postgres"),
    ("client", "redis"),
    ("traefik", "postgres"),
    ("traefik", "redis"),
    ("traefik", "heavy_computation"),
    ("migrate", "redis"),
    ("backups", "postgres"),
    ("backups", "redis"),
    ("traefik", "tempo"),
    ("backend_server", "tempo"),
    ("mailer", "tempo"),
    ("backend_server", "grafana"),
    ("mailer", "grafana"),
}
TIMINGS = {"interval", "timeout", "retries", "start_period"}

Services = dict[str, dict[str, Any]]


def test_the_file_is_a_valid_compose_file() -> None:
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE_FILE)]
    check = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


def test_the_specified_services_are_there(services: Services) -> None:
    assert services.keys() >= SPECIFIED


def test_no_container_runs_as_root(services: Services) -> None:
    users = {name: user_of(service) for name, service in services.items()}
    assert {name: user for name, user in users.items() if user in ("", "0", "root")} == {}


def test_every_root_file_system_is_read_only(services: Services) -> None:
    assert [
        name for name, service in services.items() if service.get("read_only") is not True
    ] == []


def test_no_container_has_a_capability(services: Services) -> None:
    assert [name for name, service in services.items() if service.get("cap_drop") != ["ALL"]] == []
    assert [name for name, service in services.items() if "cap_add" in service] == []
    assert [name for name, service in services.items() if "privileged" in service] == []


def test_no_process_gains_rights(services: Services) -> None:
    options = {name: service.get("security_opt") for name, service in services.items()}
    assert [name for name in options if options[name] != ["no-new-privileges:true"]] == []


def test_memory_processes_and_logs_are_limited(services: Services) -> None:
    for limit in ("mem_limit", "cpus", "pids_limit", "logging"):
        assert [name for name, service in services.items() if limit not in service] == []
    sizes = [service["logging"]["options"].get("max-size") for service in services.values()]
    assert None not in sizes


def test_only_traefik_publishes_ports(services: Services) -> None:
    publishing = {name for name, service in services.items() if "ports" in service}
    assert publishing == PUBLISHES_PORTS
    assert [
        name for name, service in services.items() if service.get("network_mode") == "host"
    ] == []


@pytest.mark.parametrize(
    "routes", sorted((ROOT / "deploy/traefik/routes").iterdir()), ids=lambda path: path.name
)
def test_traefik_finds_something_in_all_double_braces(routes: Path) -> None:
    """It looks into comments too, and serves nothing at all when one pair is empty."""
    assert all(inside.strip() for inside in re.findall(r"{{(.*?)}}", routes.read_text()))


def test_the_inbox_is_published_to_this_machine_only(services: Services) -> None:
    [inbox] = [port for port in services["traefik"]["ports"] if port.endswith(":8025")]
    assert inbox.startswith("127.0.0.1:")


def test_no_container_sees_the_docker_socket(services: Services) -> None:
    mounts = {name: service.get("volumes", []) for name, service in services.items()}
    assert [name for name in mounts if any("docker.sock" in mount for mount in mounts[name])] == []


def test_what_comes_from_the_repository_is_mounted_read_only(services: Services) -> None:
    mounts = [mount for service in services.values() for mount in service.get("volumes", [])]
    assert [mount for mount in mounts if mount.startswith(".") and not mount.endswith(":ro")] == []


def test_every_image_has_an_exact_tag(services: Services) -> None:
    images = [service["image"] for service in services.values()]
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_every_service_that_stays_has_a_health_check(services: Services) -> None:
    none = {"disable": True}
    assert {
        name for name, service in services.items() if service.get("healthcheck", none) == none
    } == RUN_ONCE
    asks_nothing_itself = {
        name
        for name, service in services.items()
        if service.get("healthcheck", {}).keys() == TIMINGS
    }
    for name in asks_nothing_itself:
        dockerfile = (ROOT / services[name]["build"]["dockerfile"]).read_text()
        assert re.search(r"^HEALTHCHECK .* CMD ", dockerfile, re.MULTILINE), name


def test_services_that_must_not_meet_share_no_network(services: Services) -> None:
    networks = {name: set(service.get("networks", [])) for name, service in services.items()}
    assert [pair for pair in sorted(APART) if networks[pair[0]] & networks[pair[1]]] == []


def test_traefik_has_neither_dashboard_nor_api_nor_trusts_a_forwarded_address(
    services: Services,
) -> None:
    settings = " ".join(services["traefik"]["environment"])
    assert [word for word in ("API", "INSECURE", "TRUSTEDIPS", "DOCKER") if word in settings] == []


def test_a_service_waits_for_health_or_for_the_end_of_a_one_shot(services: Services) -> None:
    conditions = {
        (dependency, how["condition"])
        for service in services.values()
        for dependency, how in service.get("depends_on", {}).items()
    }
    expected = {
        name: "service_completed_successfully" if name in RUN_ONCE else "service_healthy"
        for name in services
    }
    assert [pair for pair in conditions if expected[pair[0]] != pair[1]] == []


def test_only_traefik_and_the_mailer_reach_beyond_the_machine(compose: dict[str, Any]) -> None:
    networks = compose["networks"]
    open_networks = {
        name for name, network in networks.items() if not (network or {}).get("internal")
    }
    members = {
        network: {
            name
            for name, service in compose["services"].items()
            if network in service.get("networks", [])
        }
        for network in open_networks
    }
    assert members == LEAD_OUT


def test_every_secret_comes_as_a_file(services: Services) -> None:
    written_out = {
        variable
        for service in services.values()
        for variable in service.get("environment", {})
        if re.search(r"(KEY|TOKEN|PASSWORD|_URL)$", variable) and not variable.endswith("_FILE")
    }
    assert written_out == {"PUBLIC_URL"}


def test_a_service_mounts_only_its_own_secrets(services: Services) -> None:
    shared_with = {"worker": "backend_server"}
    mounted = {
        name: [mount for mount in service.get("volumes", []) if "_secrets:" in mount]
        for name, service in services.items()
        if name != "secrets"
    }
    own = {name: f"{shared_with.get(name, name)}_secrets:/run/secrets:ro" for name in mounted}
    assert {
        name: mounts for name, mounts in mounted.items() if mounts not in ([], [own[name]])
    } == {}


def test_the_example_settings_are_exactly_those_the_file_reads() -> None:
    read = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_FILE.read_text()))
    example = (ROOT / ".env.example").read_text()
    # The last two are read by deploy/operations/backup.
    others = {"BACKUP_PLACE", "BACKUP_RECIPIENT"}
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) == read | others


def test_the_example_settings_name_the_newest_release() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert f"DECOUPLED_VERSION={newest[1]}\n" in (ROOT / ".env.example").read_text()


def test_compose_lint_finds_nothing_that_is_not_meant() -> None:
    command = [
        sys.executable,
        "-m",
        "compose_lint",
        "--config",
        str(ROOT / "deploy/compose_lint.yaml"),
        "--fail-on",
        "low",
    ]
    check = subprocess.run([*command, str(COMPOSE_FILE)], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout


def user_of(service: dict[str, Any]) -> str:
    """The user a container starts as, without its group."""
    if "user" in service:
        return str(service["user"]).partition(":")[0]
    dockerfile: Path = ROOT / service["build"]["dockerfile"]
    users = re.findall(r"^USER ([^:\s]+)", dockerfile.read_text(), re.MULTILINE)
    return users[-1] if users else ""
