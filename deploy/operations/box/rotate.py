"""New secrets in the place of old ones, while everybody stays signed in."""

from box import database
from box.compose import ComposeBox
from box.programs import run

# Those that know a secret start again in this order: who is called takes the old and the new
# before who calls shows the new.
_KNOWN_BY = {
    "service_token": ("mailer", "heavy_computation", "backend_server", "worker"),
    "redis_password": ("redis", "backend_server", "worker"),
    "mailer_redis_password": ("redis", "mailer"),
    "session_key": ("backend_server", "worker"),
    "reset_code_key": ("backend_server", "worker"),
    "link_key": ("backend_server", "worker"),
    "postgres_password": (),
    "decoupled_password": ("backend_server", "worker"),
    "heavy_computation_password": ("heavy_computation",),
}
NAMES = tuple(_KNOWN_BY)
_ORDER = ("redis", "mailer", "heavy_computation", "backend_server", "worker")


def rotate(box: ComposeBox, names: list[str], *, forget: bool) -> None:
    """
    Args:
        forget: what the old keys made is good no longer: for a key that somebody else may know.
    """
    options = ["--forget"] if forget else []
    run(box.once("secrets", "rotate", *names, *options))
    if any(name in database.PASSWORDS for name in names):
        database.set_passwords(box)
    knowing = {service for name in names for service in _KNOWN_BY[name]}
    for service in (each for each in _ORDER if each in knowing):
        box.restart(service)
