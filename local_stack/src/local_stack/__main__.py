"""`python -m local_stack up|demo`."""

import argparse
import sys

from local_stack.up import up


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local_stack", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("up", help="run the whole system until Ctrl-C").set_defaults(run=up)
    command = parser.parse_args()
    exit_code: int = command.run()
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
