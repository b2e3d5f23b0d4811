"""Runs the mailer until SIGTERM or SIGINT; with `--healthcheck`, asks the one that runs here."""

import sys
from importlib import import_module

HEALTHCHECK = ["--healthcheck"]


def main() -> int:
    # Only now: one asks every ten seconds, and all of the mailer takes a second of a core to load.
    part = "mailer.healthcheck" if sys.argv[1:] == HEALTHCHECK else "mailer.running"
    return int(import_module(part).run())


if __name__ == "__main__":
    sys.exit(main())
