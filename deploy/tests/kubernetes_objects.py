"""The installations that deploy/kubernetes describes, as their objects."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from system_tests.kubernetes.rendering import WITH_TEMPLATE, Object, containers_of, rendered

ROOT = Path(__file__).parents[2]
KUBERNETES = ROOT / "deploy/kubernetes"
INSTALLATIONS = ("overlays/production", "overlays/one_node", "traefik")


def objects_of(installation: str) -> list[Object]:
    return rendered(KUBERNETES / installation)


def of_kind(objects: Iterable[Object], *kinds: str) -> list[Object]:
    return [each for each in objects if each["kind"] in kinds]


def pods(objects: Iterable[Object]) -> Iterator[tuple[str, Object]]:
    """Name of what runs them → the pods' specification."""
    for each in of_kind(objects, *WITH_TEMPLATE):
        yield each["metadata"]["name"], each["spec"]["template"]["spec"]


def containers(objects: Iterable[Object]) -> list[Object]:
    return containers_of(objects)
