"""Which processes there are, as Linux tells in /proc."""

import contextlib
from pathlib import Path


def is_alive(pid: int) -> bool:
    """A zombie is not: it only waits for its parent to hear of its end."""
    try:
        return _status(pid)[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> set[int]:
    """Every process started by `pid`, or by one of those."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            # Processes come and go while we look.
            with contextlib.suppress(OSError):
                _, parent = _status(int(entry.name))
                children.setdefault(parent, []).append(int(entry.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def _status(pid: int) -> tuple[str, int]:
    """State letter and parent: they follow the program's name, which may itself hold brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return fields[0], int(fields[1])
