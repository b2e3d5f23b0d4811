"""Makes the deployment's secrets at its first start and gives each service only its own.

The folder given as the one argument holds a folder for each service, all of them volumes mounted
into that service alone, and the folder `kept`, which no service sees. Values in `kept` are made
once; the rest is written from them at every start.
"""

import hashlib
import secrets
import sys
from pathlib import Path

SECRET_BYTES = 32

DATABASE = "postgres:5432/decoupled"
CACHE = "redis:6379/0"

# The service's user differs from image to image, and nobody else sees the volume.
READABLE_IN_THE_VOLUME = 0o444
ONLY_OURS = 0o400


def main(folder: Path) -> None:
    kept = KeptSecrets(folder / "kept")
    for service, files in files_of_each_service(kept).items():
        for name, content in files.items():
            write(folder / service / name, content, READABLE_IN_THE_VOLUME)


class KeptSecrets:
    """Random values by name: made when first asked for, the same ever after."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        path = self._folder / name
        if not path.exists():
            write(path, secrets.token_hex(SECRET_BYTES), ONLY_OURS)
        return path.read_text()


def files_of_each_service(kept: KeptSecrets) -> dict[str, dict[str, str]]:
    database_url = f"postgresql://decoupled:{kept['decoupled_password']}@{DATABASE}"
    published_database_url = (
        f"postgresql://heavy_computation:{kept['heavy_computation_password']}@{DATABASE}"
    )
    return {
        "postgres": {
            "postgres_password": kept["postgres_password"],
            "decoupled_password": kept["decoupled_password"],
            "heavy_computation_password": kept["heavy_computation_password"],
        },
        "redis": {"users.acl": redis_users(kept["redis_password"], kept["mailer_redis_password"])},
        "migrate": {"database_url": database_url},
        "backend_server": {
            "database_url": database_url,
            "redis_url": f"redis://backend_server:{kept['redis_password']}@{CACHE}",
            "session_key": kept["session_key"],
            "reset_code_key": kept["reset_code_key"],
            "link_key": kept["link_key"],
            "service_token": kept["service_token"],
        },
        "heavy_computation": {
            "published_database_url": published_database_url,
            "service_token": kept["service_token"],
        },
        "mailer": {
            "redis_url": f"redis://mailer:{kept['mailer_redis_password']}@{CACHE}",
            "service_token": kept["service_token"],
        },
    }


def redis_users(backend_server_password: str, mailer_password: str) -> str:
    """The access list of Redis: who may only ask if it lives, and each service with what it uses.

    Nobody can sign in as `default`. It keeps all rights because Redis replays its log as `default`:
    with fewer, it would start without the data and say so only in its own log.
    """
    backend_server, mailer = _digest(backend_server_password), _digest(mailer_password)
    return (
        "user default off resetpass ~* &* +@all\n"
        "user health on nopass resetkeys resetchannels -@all +ping\n"
        f"user backend_server on #{backend_server} ~* &* +@all -@admin -@dangerous\n"
        f"user mailer on #{mailer} ~limits:mail_provider resetchannels"
        " -@all +evalsha +script|load +time +hget +hset +expire +client|setinfo +ping\n"
    )


def _digest(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def write(path: Path, content: str, mode: int) -> None:
    """Write the whole file or none of it, whenever the power goes."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(content)
    unfinished.chmod(mode)
    unfinished.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
