"""The commands that the operator's documents tell people to run."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    ROOT / "docs/how_to" / f"{name}.md"
    for name in ("install", "back_up", "upgrade", "incidents", "operate")
]
_FENCED = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:deploy/operations/|docker )[^`]+)`")

# Another test uses it, with the paths of that test.
USED_IN_A_TEST_OF_ITS_OWN = (
    "deploy/operations/install",
    "deploy/operations/backup",
    "deploy/operations/restore",
    "deploy/operations/upgrade",
    "deploy/operations/rollback",
    "deploy/operations/rotate",
    "deploy/operations/secret",
    "docker compose --file compose.yaml --file compose.dev.yaml watch",
    "docker compose down --volumes",
)
# Go on until somebody stops them, so the tests let them say what there is and end.
ENDLESS = {
    "docker compose logs --follow backend_server worker": (
        "docker compose logs backend_server worker"
    ),
    "docker compose exec postgres psql --username postgres decoupled": (
        "docker compose exec -T postgres psql --username postgres decoupled </dev/null"
    ),
}


def documented_commands() -> list[str]:
    """In the order in which they are read, document by document."""
    found: list[str] = []
    for document in DOCUMENTS:
        text = document.read_text()
        lines = [line for block in _FENCED.findall(text) for line in block.splitlines()]
        # A crontab's begin with the hour.
        found += [line for line in lines if not re.match(r"\d", line)]
        found += _INLINE.findall(_FENCED.sub("", text))
    return found


def commands_to_run() -> list[str]:
    """Those that no other test uses."""
    return [
        ENDLESS.get(command, command)
        for command in documented_commands()
        if not command.startswith(USED_IN_A_TEST_OF_ITS_OWN)
    ]
