"""Reads and changes `.env`, whose comments stay where they are."""

import re
from pathlib import Path


def read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = re.findall(r"^([A-Z_]+)=(.*)$", path.read_text(), re.MULTILINE)
    return dict(lines)


def change(path: Path, changes: dict[str, str]) -> None:
    """Adds at the end what was not there. The file is written whole or not at all."""
    text = path.read_text()
    for name, value in changes.items():
        line = f"{name}={value}"
        # A backslash would mean something in a replacement.
        text, found = re.subn(rf"^{name}=.*$", line.replace("\\", r"\\"), text, flags=re.MULTILINE)
        if not found:
            text = f"{text.rstrip()}\n{line}\n"
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text(text)
    unfinished.replace(path)
