"""Writes a whole file or none of it, whenever the power goes."""

from pathlib import Path


def write(path: Path, content: str, mode: int) -> None:
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(content)
    unfinished.chmod(mode)
    unfinished.replace(path)
