"""A disk of a few megabytes, in memory."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTES = 48


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """A folder on it, or None where this process may not mount anything."""
    with tempfile.TemporaryDirectory(prefix="small-disk-") as folder:
        size = f"size={MEGABYTES}m"
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False
        )
        if mounted.returncode != 0:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
