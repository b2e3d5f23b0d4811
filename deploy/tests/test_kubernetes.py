"""Every pod has only the rights it needs, and the files are valid ones."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from kubernetes_objects import (
    INSTALLATIONS,
    KUBERNETES,
    ROOT,
    containers,
    objects_of,
    of_kind,
    pods,
)
from system_tests.kubernetes.rendering import Object, kind_and_name, rendered

# The oldest that has all we use; `sleep` before a pod stops is the newest of it.
KUBERNETES_VERSION = "1.34"
# Defined by operators: the cluster checks these when they are applied.
OF_OPERATORS = ("gateway.networking.k8s.io", "traefik.io", "postgresql.cnpg.io", "cnpg.io")
RUN_ONCE = {"migrate"}
# It serves nothing.
WITHOUT_PROBES = {"worker", "migrate"}
ONE_OF_ITS_KIND = {"mailer", "valkey", "object-store", "migrate"}
GENERATED = re.compile(r"^(settings|traefik)-[a-z0-9]{10}$")

needs_kubectl = pytest.mark.skipif(shutil.which("kubectl") is None, reason="compares with kubectl")
every_installation = pytest.mark.parametrize(
    "objects", [*map(objects_of, INSTALLATIONS)], ids=INSTALLATIONS
)


@pytest.fixture
def restored(tmp_path: Path) -> Path:
    """The overlay of one whose Postgres was lost."""
    folder = tmp_path.resolve()
    overlay, component = (
        os.path.relpath(KUBERNETES / path, folder)
        for path in ("overlays/production", "components/restored")
    )
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [overlay],
        "components": [component],
    }
    (folder / "kustomization.yaml").write_text(json.dumps(kustomization))
    return folder


@every_installation
def test_every_object_of_kubernetes_itself_is_valid(objects: list[Object]) -> None:
    for each in objects:
        if not each["apiVersion"].partition("/")[0].endswith(OF_OPERATORS):
            kubernetes_validate.validate(each, KUBERNETES_VERSION, strict=True)


@every_installation
def test_no_two_objects_are_the_same(objects: list[Object]) -> None:
    names = [kind_and_name(each) for each in objects]
    assert len(set(names)) == len(names)


@needs_kubectl
@pytest.mark.parametrize("installation", INSTALLATIONS)
def test_kubectl_renders_the_same(installation: str) -> None:
    assert by_kubectl(KUBERNETES / installation) == comparable(objects_of(installation))


@needs_kubectl
def test_kubectl_renders_a_restored_system_the_same(restored: Path) -> None:
    assert by_kubectl(restored) == comparable(rendered(restored))


def test_a_restored_postgres_begins_with_the_backups_and_archives_beside_them(
    restored: Path,
) -> None:
    (postgres,) = of_kind(rendered(restored), "Cluster")
    spec = postgres["spec"]
    (source,), (archiver,) = spec["externalClusters"], spec["plugins"]
    assert spec["bootstrap"].keys() == {"recovery"}
    assert spec["bootstrap"]["recovery"]["source"] == source["name"]
    assert source["plugin"]["parameters"]["serverName"] == postgres["metadata"]["name"]
    assert archiver["parameters"]["serverName"] != postgres["metadata"]["name"]


@every_installation
def test_no_pod_runs_as_root(objects: list[Object]) -> None:
    for name, pod in pods(objects):
        rights = pod["securityContext"]
        assert rights["runAsNonRoot"], name
        assert rights["runAsUser"] > 0, name
        assert rights["seccompProfile"] == {"type": "RuntimeDefault"}, name


@every_installation
def test_every_container_is_denied_what_it_does_not_need(objects: list[Object]) -> None:
    for container in containers(objects):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, container["name"]


@every_installation
def test_only_traefik_may_speak_to_the_cluster(objects: list[Object]) -> None:
    speaking = {name for name, pod in pods(objects) if pod["automountServiceAccountToken"]}
    assert speaking <= {"traefik"}


@every_installation
def test_the_namespace_refuses_pods_with_more_rights(objects: list[Object]) -> None:
    (namespace,) = of_kind(objects, "Namespace")
    labels = namespace["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@every_installation
def test_what_a_container_may_use_is_said(objects: list[Object]) -> None:
    for container in containers(objects):
        resources = container["resources"]
        assert resources["requests"].keys() == {"cpu", "memory", "ephemeral-storage"}
        assert resources["limits"].keys() == {"memory", "ephemeral-storage"}


@every_installation
def test_every_image_has_an_exact_tag(objects: list[Object]) -> None:
    images = [container["image"] for container in containers(objects)]
    images += [each["spec"]["imageName"] for each in of_kind(objects, "Cluster")]
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_the_images_are_those_of_compose() -> None:
    settings = (ROOT / ".env.example").read_text()
    (version,) = re.findall(r"(?m)^DECOUPLED_VERSION=(.+)$", settings)
    images = [container["image"] for container in containers(objects_of("overlays/one_node"))]
    ours = {image for image in images if image.startswith("decoupled/")}
    services = ("backend_server", "client", "heavy_computation", "mailer")
    assert ours == {f"decoupled/{service}:{version}" for service in services}


@every_installation
def test_whatever_serves_is_probed(objects: list[Object]) -> None:
    for name, pod in pods(objects):
        if name not in WITHOUT_PROBES:
            for container in pod["containers"]:
                assert "readinessProbe" in container, name


def test_the_same_services_tell_their_metrics_as_under_compose(
    services: dict[str, dict[str, Any]],
) -> None:
    under_compose = {
        name.replace("_", "-")
        for name, service in services.items()
        if any(setting.endswith("METRICS_BIND") for setting in service.get("environment", {}))
    }
    telling = {
        container["name"]
        for container in containers(objects_of("overlays/production"))
        for variable in container.get("env", [])
        if variable["name"].endswith("METRICS_BIND") and port_of(container) in variable["value"]
    }
    assert telling == under_compose


@every_installation
def test_what_there_is_several_of_is_spread_and_never_all_away(objects: list[Object]) -> None:
    kept = {
        each["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"]
        for each in of_kind(objects, "PodDisruptionBudget")
    }
    spread = {name for name, pod in pods(objects) if "topologySpreadConstraints" in pod}
    several = {name for name, _ in pods(objects)} - ONE_OF_ITS_KIND
    assert kept == spread == several


@every_installation
def test_no_secret_is_written_out(objects: list[Object]) -> None:
    assert of_kind(objects, "Secret") == []
    written_out = {
        variable["name"]
        for container in containers(objects)
        for variable in container.get("env", [])
        if re.search(r"(KEY|TOKEN|PASSWORD|SECRET|_URL)$", variable["name"]) and "value" in variable
    }
    assert written_out == set()


@every_installation
def test_every_setting_is_one_that_the_readme_lists(objects: list[Object]) -> None:
    listed = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text()))
    read = {
        variable["name"].removesuffix("_FILE")
        for container in containers(objects)
        if container["image"].rpartition("/")[0].endswith("decoupled")
        for variable in container.get("env", [])
    }
    for each in of_kind(objects, "ConfigMap"):
        if each["metadata"]["name"] == "settings":
            read |= each["data"].keys()
    assert read - listed == set()


@every_installation
def test_a_rule_that_replaces_a_prefix_has_one_match(objects: list[Object]) -> None:
    """The Gateway API's own condition, which its definitions state where no schema is."""
    routes = [each for each in objects if each["kind"] == "HTTPRoute"]
    replacing = [
        rule
        for route in routes
        for rule in route["spec"]["rules"]
        if any("urlRewrite" in each for each in rule.get("filters", []))
    ]
    assert all(len(rule["matches"]) == 1 for rule in replacing)


def test_traefik_refuses_in_the_same_words_as_under_compose() -> None:
    routes = yaml.safe_load((ROOT / "deploy/traefik/routes/web.yaml").read_text())
    expected = routes["http"]["middlewares"]
    middlewares = {
        each["metadata"]["name"].replace("-", "_"): each["spec"]
        for each in of_kind(objects_of("overlays/production"), "Middleware")
    }
    middlewares["own_words"]["errors"]["service"] = "client"
    assert {name: expected[name] for name in middlewares} == middlewares


def port_of(container: Object) -> str:
    """As a pod's policies and Prometheus know it: by its name."""
    (port,) = [each for each in container["ports"] if each["name"] == "metrics"]
    return f":{port['containerPort']}"


def by_kubectl(folder: Path) -> list[Object]:
    command = ["kubectl", "kustomize", str(folder)]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    return comparable(yaml.safe_load_all(printed))


def comparable(objects: Iterable[Object]) -> list[Object]:
    return sorted((without_order(each) for each in objects), key=kind_and_name)


def without_order(value: Any) -> Any:
    """Lists as sets, and generated names without what they end in."""
    if isinstance(value, dict):
        return {key: without_order(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(without_order, value), key=lambda item: json.dumps(item, sort_keys=True))
    return GENERATED.sub(r"\1", value) if isinstance(value, str) else value
