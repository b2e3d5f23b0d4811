"""What the commands have in common."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from box.programs import OperationError


def parser(description: str | None) -> argparse.ArgumentParser:
    """Shows the description as it is written."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


@contextmanager
def saying_what_failed() -> Iterator[None]:
    """In a line, and with 1 as the exit code."""
    try:
        yield
    except OperationError as error:
        sys.exit(str(error))
