"""What really runs has the rights it should have. Bar S15, seen from Docker."""

import json

import pytest
from installed import Installed

RUN_ONCE = {"migrate", "secrets"}


def test_every_service_is_up_and_says_it_is_well(installed: Installed) -> None:
    states = {name: each["State"] for name, each in installed.containers().items()}
    health = {
        name: state["Health"]["Status"] for name, state in states.items() if "Health" in state
    }
    assert health == dict.fromkeys(states.keys() - RUN_ONCE, "healthy")
    assert {states[name]["ExitCode"] for name in RUN_ONCE} == {0}


def test_no_container_has_a_right_it_does_not_need(installed: Installed) -> None:
    for name, container in installed.containers().items():
        host, config = container["HostConfig"], container["Config"]
        assert config["User"].partition(":")[0] not in ("", "0", "root"), name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert not host["Privileged"], name
        assert host["SecurityOpt"] == ["no-new-privileges:true"], name
        assert host["Memory"] > 0, name
        assert host["NanoCpus"] > 0, name
        assert host["PidsLimit"] > 0, name
        assert host["LogConfig"]["Config"]["max-size"] == "10m", name
        assert "docker.sock" not in json.dumps(container["Mounts"]), name


def test_only_traefik_publishes_ports(installed: Installed) -> None:
    publishing = {
        name for name, each in installed.containers().items() if each["HostConfig"]["PortBindings"]
    }
    assert publishing == {"traefik"}


def test_no_secret_stands_in_a_containers_settings(installed: Installed) -> None:
    archive = installed.compose("run", "--rm", "-T", "--no-deps", "secrets", "authority")
    assert "BEGIN CERTIFICATE" in archive
    settings = [line for each in installed.containers().values() for line in each["Config"]["Env"]]
    names = {line.partition("=")[0] for line in settings if line.partition("=")[2]}
    secret = {name for name in names if name.endswith(("_KEY", "_TOKEN", "_PASSWORD", "_SECRET"))}
    assert secret == set()


@pytest.mark.parametrize(
    "service", ["backend_server", "client", "heavy_computation", "mailer", "secrets"]
)
def test_every_image_says_its_version(installed: Installed, service: str) -> None:
    labels = installed.containers()[service]["Config"]["Labels"]
    version = labels["org.opencontainers.image.version"]
    assert f"## {version.partition('-')[0]}" in (installed.root / "CHANGELOG.md").read_text()
