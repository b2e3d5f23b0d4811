"""What is kept, as a tar file: for a backup, and into an empty box."""

import io
import sys
import tarfile
from pathlib import Path
from typing import IO

from service_secrets.kept import ONLY_OURS
from service_secrets.whole_file import write


def export(folder: Path, output: IO[bytes]) -> None:
    with tarfile.open(fileobj=output, mode="w|") as tar:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            content = path.read_bytes()
            entry = tarfile.TarInfo(str(path.relative_to(folder)))
            entry.size, entry.mtime = len(content), int(path.stat().st_mtime)
            tar.addfile(entry, io.BytesIO(content))


def replace(folder: Path, archive: IO[bytes]) -> None:
    """Refuses where secrets are kept already: something may be locked with them."""
    if any(folder.iterdir()):
        sys.exit("There are secrets already: import them into an empty box.")
    with tarfile.open(fileobj=archive, mode="r|") as tar:
        for entry in tar:
            file = tar.extractfile(entry)
            # Ours are plain files, one folder deep at most.
            if file is None or Path(entry.name).parent not in (Path(), Path("retired")):
                sys.exit(f"{entry.name} is no secret of ours.")
            write(folder / entry.name, file.read().decode(), ONLY_OURS)
