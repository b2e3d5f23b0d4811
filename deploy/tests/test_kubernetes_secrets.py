"""The secrets that pods mount are those that are made, and are made once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from kubernetes_objects import KUBERNETES, containers, objects_of, of_kind, pods

# Made by CloudNativePG itself, and by whoever renews certificates.
OF_OTHERS = {"postgres-ca", "tls"}

Secrets = dict[str, dict[str, str]]

# Answers as kubectl does, from and into the folder it is called in.
KUBECTL = """#!/usr/bin/env python3
import json, pathlib, sys
kept = pathlib.Path("kept.json")
if sys.argv[1] == "get":
    print(kept.read_text() if kept.exists() else "", end="")
else:
    applied = json.load(sys.stdin)["items"]
    pathlib.Path("applied.json").write_text(json.dumps(applied))
    import base64
    (secret,) = [each for each in applied if each["metadata"]["name"] == "kept"]
    data = {k: base64.b64encode(v.encode()).decode() for k, v in secret["stringData"].items()}
    kept.write_text(json.dumps({"data": data}))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    program = tmp_path / "kubectl"
    program.write_text(KUBECTL)
    program.chmod(0o755)
    return tmp_path


def made(folder: Path, **environment: str) -> Secrets:
    path = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(
        [sys.executable, str(KUBERNETES / "make_secrets.py")],
        cwd=folder,
        env=path | environment,
        check=True,
    )
    applied = json.loads((folder / "applied.json").read_text())
    return {each["metadata"]["name"]: each["stringData"] for each in applied}


def test_a_second_time_changes_nothing(folder: Path) -> None:
    assert made(folder) == made(folder)


def test_every_secret_that_is_mounted_is_made(folder: Path) -> None:
    given = {"RESEND_API_KEY": "re_1", "RESEND_WEBHOOK_SECRET": "whsec_1"}
    secrets = made(folder, **given)
    objects = objects_of("overlays/production") + objects_of("overlays/one_node")
    mounted = {
        volume["secret"]["secretName"]
        for _, pod in pods(objects)
        for volume in pod.get("volumes", [])
        if "secret" in volume
    }
    assert mounted - OF_OTHERS <= secrets.keys()
    (cluster, *_) = of_kind(objects, "Cluster")
    assert cluster["spec"]["bootstrap"]["initdb"]["secret"]["name"] in secrets


def test_every_file_that_is_read_is_in_the_secret(folder: Path) -> None:
    given = {"RESEND_API_KEY": "re_1", "RESEND_WEBHOOK_SECRET": "whsec_1"}
    secrets = made(folder, **given)
    owner = {"worker": "backend-server", "wait-for-schema": "migrate"}
    for container in containers(objects_of("overlays/production")):
        name = owner.get(container["name"], container["name"])
        for variable in container.get("env", []):
            if variable["name"].endswith("_FILE"):
                assert variable["value"].removeprefix("/run/secrets/") in secrets[name]


def test_keys_given_by_the_operator_are_taken(folder: Path) -> None:
    made(folder)
    given = {"BACKUPS_ACCESS_KEY_ID": "id", "BACKUPS_SECRET_ACCESS_KEY": "key"}
    assert made(folder, **given)["backups"] == {"access_key_id": "id", "secret_access_key": "key"}


def test_the_database_knows_the_passwords_in_the_urls(folder: Path) -> None:
    secrets = made(folder)
    for url, sign_in in (
        (secrets["backend-server"]["database_url"], secrets["postgres-decoupled"]),
        (secrets["migrate"]["database_url"], secrets["postgres-decoupled"]),
        (
            secrets["heavy-computation"]["published_database_url"],
            secrets["postgres-heavy-computation"],
        ),
    ):
        parts = urlsplit(url)
        assert {"username": parts.username, "password": parts.password} == sign_in


def test_only_backend_server_can_sign_sessions_and_links(folder: Path) -> None:
    secrets = made(folder)
    for key in ("session_key", "reset_code_key", "link_key"):
        value = secrets["kept"][key]
        holders = {name for name, files in secrets.items() if value in files.values()}
        assert holders == {"kept", "backend-server"}
