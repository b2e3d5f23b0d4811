"""What `kubectl kustomize` makes of a folder, where there is no kubectl.

Knows the fields that deploy/kubernetes uses and refuses any other; where there is kubectl, a test
holds the two against each other.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

Object = dict[str, Any]

KNOWN_FIELDS: Final = {
    *("apiVersion", "kind", "namespace", "labels", "resources", "components"),
    *("configMapGenerator", "images", "patches"),
}
WITHOUT_NAMESPACE: Final = {"Namespace", "ClusterRole", "ClusterRoleBinding"}
WITH_TEMPLATE: Final = {"Deployment", "StatefulSet", "Job"}
# Lists of Kubernetes's own objects are merged by a key, those of others are replaced.
MERGE_KEYS: Final = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "ports": "containerPort",
}
OWN_GROUPS: Final = ("", "apps", "batch", "policy", "autoscaling", "networking.k8s.io")


def rendered(folder: Path) -> list[Object]:
    """The objects of a kustomization and of all that it is made of."""
    return _applied(folder, [])


def kind_and_name(item: Object) -> tuple[str, str]:
    return item["kind"], item["metadata"]["name"]


def _applied(folder: Path, objects: list[Object]) -> list[Object]:
    """What the kustomization in `folder` makes of the objects before it."""
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    unknown = kustomization.keys() - KNOWN_FIELDS
    if unknown:
        raise NotImplementedError(f"{folder}: {', '.join(sorted(unknown))}")
    for path in kustomization.get("resources", []):
        objects += _resources(folder / path)
    for path in kustomization.get("components", []):
        objects = _applied(folder / path, objects)
    for entry in kustomization.get("configMapGenerator", []):
        _generate(folder, entry, objects)
    for entry in kustomization.get("patches", []):
        for patch in _documents(folder / entry["path"]):
            _patch(_named(objects, *kind_and_name(patch)), patch)
    for image in kustomization.get("images", []):
        _rename(image, objects)
    _set_namespace(kustomization.get("namespace"), objects)
    for entry in kustomization.get("labels", []):
        _label(entry["pairs"], objects)
    return objects


def _resources(path: Path) -> list[Object]:
    return _applied(path, []) if path.is_dir() else _documents(path)


def _documents(path: Path) -> list[Object]:
    # Through JSON, since an anchor is one object in many places.
    return [json.loads(json.dumps(one)) for one in yaml.safe_load_all(path.read_text())]


def _named(objects: Iterable[Object], kind: str, name: str) -> Object:
    (found,) = [each for each in objects if kind_and_name(each) == (kind, name)]
    return found


def _generate(folder: Path, entry: Object, objects: list[Object]) -> None:
    data = dict(literal.split("=", 1) for literal in entry.get("literals", []))
    for file in entry.get("files", []):
        key, _, path = file.partition("=")
        data[key] = (folder / path).read_text()
    if entry.get("behavior") == "merge":
        _named(objects, "ConfigMap", entry["name"])["data"] |= data
    else:
        metadata = {field: entry[field] for field in ("name", "namespace") if field in entry}
        objects.append(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
        )


def _patch(target: Object, patch: Object) -> None:
    group = target["apiVersion"].rpartition("/")[0]
    _merge(target, copy.deepcopy(patch), by_key=group in OWN_GROUPS)


def _merge(target: Object, patch: Object, *, by_key: bool) -> None:
    for field, value in patch.items():
        there = target.get(field)
        if isinstance(value, dict) and isinstance(there, dict):
            _merge(there, value, by_key=by_key)
        elif by_key and field in MERGE_KEYS and isinstance(there, list):
            _merge_list(there, value, MERGE_KEYS[field])
        elif value is None:
            target.pop(field, None)
        else:
            target[field] = value


def _merge_list(target: list[Object], patch: list[Object], key: str) -> None:
    known = {item[key]: item for item in target}
    for item in patch:
        if item[key] in known:
            _merge(known[item[key]], item, by_key=True)
        else:
            target.append(item)


def _rename(image: Object, objects: list[Object]) -> None:
    for container in containers_of(objects):
        name, _, tag = container["image"].rpartition(":")
        if name == image["name"]:
            container["image"] = f"{image.get('newName', name)}:{image.get('newTag', tag)}"


def _set_namespace(namespace: str | None, objects: list[Object]) -> None:
    for each in objects:
        if namespace and each["kind"] not in WITHOUT_NAMESPACE:
            each["metadata"]["namespace"] = namespace


def _label(pairs: dict[str, str], objects: list[Object]) -> None:
    for each in objects:
        labelled = [each, *each.get("spec", {}).get("volumeClaimTemplates", [])]
        if each["kind"] in WITH_TEMPLATE:
            labelled.append(each["spec"]["template"])
        for one in labelled:
            one["metadata"].setdefault("labels", {}).update(pairs)


def containers_of(objects: Iterable[Object]) -> list[Object]:
    """Of all that run pods, those that only start before the others included."""
    specs = [each["spec"]["template"]["spec"] for each in objects if each["kind"] in WITH_TEMPLATE]
    return [
        container
        for spec in specs
        for container in [*spec.get("initContainers", []), *spec["containers"]]
    ]
