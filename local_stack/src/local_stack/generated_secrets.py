"""Secrets made at the first start and kept in the state folder, readable by their owner only."""

import os
import secrets
from pathlib import Path

SECRET_BYTES = 32


class GeneratedSecrets:
    def __init__(self, state_folder: Path) -> None:
        self._folder = state_folder / "secrets"

    def __getitem__(self, name: str) -> str:
        path = self._folder / name
        if not path.exists():
            self._generate(path)
        return path.read_text()

    def _generate(self, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(SECRET_BYTES))
        try:
            # A link, not a rename: of two first starts at once, the first one's secret stays.
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
