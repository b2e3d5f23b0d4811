"""Makes the installation's secrets in a cluster, once, and gives each service only its own.

    python deploy/kubernetes/make_secrets.py

Random values are kept in the secret `kept`, made once and never changed; the others are written
from them each time. What is not ours to make comes from the environment: RESEND_API_KEY and
RESEND_WEBHOOK_SECRET of Resend, BACKUPS_ACCESS_KEY_ID and BACKUPS_SECRET_ACCESS_KEY of the object
store. Without the latter, they are made too, for an object store that is in the cluster.
"""

import argparse
import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping

SECRET_BYTES = 32
ACCESS_KEY_ID_BYTES = 10

KEPT = "kept"
KEPT_NAMES = (
    "decoupled_password",
    "heavy_computation_password",
    "redis_password",
    "mailer_redis_password",
    "session_key",
    "reset_code_key",
    "link_key",
    "service_token",
    "backups_access_key_id",
    "backups_secret_access_key",
)

# The certificate of Postgres is for this name, by the authority mounted at this path.
DATABASE = "postgres-rw:5432/decoupled"
VERIFIED = "sslmode=verify-full&sslrootcert=/run/database_authority/ca.crt"
CACHE = "valkey:6379/0"

Contents = Mapping[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--namespace", default="decoupled")
    namespace = parser.parse_args().namespace
    kept = complete(read(namespace, KEPT), os.environ)
    write(namespace, {KEPT: kept} | contents_of_secrets(kept, os.environ))


def complete(known: Contents, environment: Contents) -> Contents:
    """Adds what is missing: after an upgrade that may be one value."""
    made = {name: secrets.token_hex(SECRET_BYTES) for name in KEPT_NAMES}
    made["backups_access_key_id"] = secrets.token_hex(ACCESS_KEY_ID_BYTES)
    given = {
        name: environment[name.upper()]
        for name in ("backups_access_key_id", "backups_secret_access_key")
        if environment.get(name.upper())
    }
    return made | known | given


def contents_of_secrets(kept: Contents, environment: Contents) -> dict[str, Contents]:
    """Name of a secret → its files, or what CloudNativePG expects in it."""
    database_url = f"postgresql://decoupled:{kept['decoupled_password']}@{DATABASE}?{VERIFIED}"
    resend = {
        name: environment[name.upper()]
        for name in ("resend_api_key", "resend_webhook_secret")
        if environment.get(name.upper())
    }
    return {
        "postgres-decoupled": {"username": "decoupled", "password": kept["decoupled_password"]},
        "postgres-heavy-computation": {
            "username": "heavy_computation",
            "password": kept["heavy_computation_password"],
        },
        "valkey": {"users.acl": cache_users(kept["redis_password"], kept["mailer_redis_password"])},
        "migrate": {"database_url": database_url},
        "backend-server": {
            "database_url": database_url,
            "redis_url": f"redis://backend_server:{kept['redis_password']}@{CACHE}",
            **{
                name: kept[name]
                for name in ("session_key", "reset_code_key", "link_key", "service_token")
            },
        },
        "heavy-computation": {
            "published_database_url": (
                f"postgresql://heavy_computation:{kept['heavy_computation_password']}@{DATABASE}"
            ),
            "service_token": kept["service_token"],
        },
        "mailer": {
            "redis_url": f"redis://mailer:{kept['mailer_redis_password']}@{CACHE}",
            "service_token": kept["service_token"],
            **resend,
        },
        "backups": {
            "access_key_id": kept["backups_access_key_id"],
            "secret_access_key": kept["backups_secret_access_key"],
        },
    }


def cache_users(backend_server_password: str, mailer_password: str) -> str:
    """One that may only ask if it lives, and each service with what it uses (deploy/secrets)."""
    backend_server, mailer = digest(backend_server_password), digest(mailer_password)
    return (
        "user default off resetpass ~* &* +@all\n"
        "user health on nopass resetkeys resetchannels -@all +ping\n"
        f"user backend_server on #{backend_server} ~* &* +@all -@admin -@dangerous\n"
        f"user mailer on #{mailer} ~limits:mail_provider resetchannels"
        " -@all +evalsha +script|load +time +hget +hset +expire +client|setinfo +ping\n"
    )


def digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def read(namespace: str, name: str) -> Contents:
    """Empty when there is no such secret."""
    answer = kubectl(
        "get", "secret", name, "--namespace", namespace, "--ignore-not-found", "--output", "json"
    )
    data = json.loads(answer)["data"] if answer else {}
    return {key: base64.b64decode(value).decode() for key, value in data.items()}


def write(namespace: str, contents: Mapping[str, Contents]) -> None:
    items = [manifest(namespace, name, data) for name, data in contents.items()]
    # Server-side: the other way would keep a copy of each secret in an annotation of it.
    printed = kubectl(
        *("apply", "--server-side", "--force-conflicts", "--filename", "-"),
        given=json.dumps({"apiVersion": "v1", "kind": "List", "items": items}),
    )
    sys.stdout.write(printed)


def manifest(namespace: str, name: str, data: Contents) -> dict[str, object]:
    is_a_sign_in = data.keys() == {"username", "password"}
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name,
            "namespace": namespace,
            # So that CloudNativePG notices a changed password.
            "labels": {"app.kubernetes.io/part-of": "decoupled", "cnpg.io/reload": "true"},
        },
        "type": "kubernetes.io/basic-auth" if is_a_sign_in else "Opaque",
        "stringData": dict(data),
    }


def kubectl(*arguments: str, given: str | None = None) -> str:
    command = ["kubectl", *arguments]
    # Our own arguments, and no shell.
    return subprocess.run(command, input=given, stdout=-1, check=True, text=True).stdout


if __name__ == "__main__":
    main()
