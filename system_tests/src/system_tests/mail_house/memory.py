"""How much memory processes hold, over time."""

import threading
from pathlib import Path
from types import TracebackType

from local_stack.process_table import descendants

PAUSE_SECONDS = 2.0
MEGABYTE = 1024.0


def resident_megabytes(pid: int) -> float:
    """Of the process and all that it started; 0 when it is gone."""
    return sum(_resident(each) for each in (pid, *descendants(pid)))


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / MEGABYTE for line in lines if line.startswith("VmRSS")), 0.0
    )


class MemoryWatch:
    """Looks at each process every two seconds, from entering the block to its end."""

    def __init__(self, pids: dict[str, int]) -> None:
        self._pids = pids
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, name="memory")
        self.megabytes: dict[str, list[float]] = {name: [] for name in pids}

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stopped.is_set():
            for name, pid in self._pids.items():
                self.megabytes[name].append(resident_megabytes(pid))
            self._stopped.wait(PAUSE_SECONDS)

    def line(self, name: str) -> str:
        """At the beginning, at each quarter and at the end."""
        taken = self.megabytes[name]
        places = [round(quarter * (len(taken) - 1) / 4) for quarter in range(5)]
        course = " → ".join(f"{taken[place]:.0f}" for place in places)
        return f"{name}: {course} MB, most {max(taken):.0f} MB"
