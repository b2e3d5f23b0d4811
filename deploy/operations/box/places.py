"""Where backups are kept: a folder, or a store that speaks S3."""

from pathlib import Path
from typing import Protocol

from box.compose import ComposeBox
from box.programs import Command, run, text_of

# Of the store. AWS_ENDPOINT_URL names one that is not Amazon's.
STORE_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
)


class Place(Protocol):
    def write(self, name: str, *source: Command) -> None:
        """Keeps what the commands, one into the other, produce: whole or not at all."""

    def read(self, name: str) -> Command:
        """Prints it."""

    def names(self) -> list[str]:
        """Of all that is kept: backup/file."""

    def delete(self, name: str) -> None: ...


class Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, *source: Command) -> None:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        run(*source, to=path)

    def read(self, name: str) -> Command:
        return ["cat", str(self._path / name)]

    def names(self) -> list[str]:
        files = (path for path in self._path.glob("*/[a-z]*") if path.is_file())
        return sorted(str(path.relative_to(self._path)) for path in files)

    def delete(self, name: str) -> None:
        path = self._path / name
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()


class Store:
    def __init__(self, box: ComposeBox, url: str) -> None:
        self._box, self._url = box, url.rstrip("/")

    def write(self, name: str, *source: Command) -> None:
        run(*source, self._command("put", f"/{name}"))

    def read(self, name: str) -> Command:
        return self._command("get", f"/{name}")

    def names(self) -> list[str]:
        return text_of(self._command("list", "")).splitlines()

    def delete(self, name: str) -> None:
        run(self._command("delete", f"/{name}"))

    def _command(self, what: str, path: str) -> Command:
        return self._box.once("backups", what, f"{self._url}{path}", variables=STORE_VARIABLES)


def place_of(box: ComposeBox, where: str) -> Place:
    return Store(box, where) if where.startswith("s3://") else Folder(Path(where))
