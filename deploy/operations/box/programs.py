"""Runs programs, one into the other, and says which one failed."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

Command = list[str]


class OperationError(Exception):
    """Something could not be done; the message says what."""


def run(
    *commands: Command, to: Path | None = None, variables: Mapping[str, str] | None = None
) -> None:
    """Each reads what the one before it writes. Raises `OperationError` when any of them fails.

    Args:
        to: the file that the last one writes; it is there when all went well, or not at all.
    """
    environment = {**os.environ, **(variables or {})}
    unfinished = to.with_name(f".{to.name}.unfinished") if to else None
    with ExitStack() as open_files:
        output = open_files.enter_context(unfinished.open("wb")) if unfinished else None
        processes: list[subprocess.Popen[bytes]] = []
        for command in commands:
            is_last = len(processes) == len(commands) - 1
            processes.append(
                subprocess.Popen(
                    command,
                    stdin=processes[-1].stdout if processes else subprocess.DEVNULL,
                    stdout=output if is_last else subprocess.PIPE,
                    env=environment,
                )
            )
            if len(processes) > 1 and (pipe := processes[-2].stdout):
                # So that the one before learns when its reader has ended.
                pipe.close()
        failed = [each for each, process in zip(commands, processes, strict=True) if process.wait()]
    if failed:
        if unfinished:
            unfinished.unlink()
        raise OperationError(f"This failed: {' '.join(failed[0])}")
    if unfinished and to:
        unfinished.replace(to)


def text_of(*commands: Command, given: str | None = None) -> str:
    """What the last of them prints, without the line end."""
    output = given.encode() if given is not None else None
    for command in commands:
        done = subprocess.run(command, input=output or b"", stdout=subprocess.PIPE)
        if done.returncode:
            raise OperationError(f"This failed: {' '.join(command)}")
        output = done.stdout
    return (output or b"").decode().strip()
