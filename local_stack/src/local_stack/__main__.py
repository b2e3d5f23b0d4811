"""`python -m local_stack up|demo`."""

import argparse
import sys

from local_stack.demo.fill import demo
from local_stack.up import up


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local_stack", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    up_command = commands.add_parser("up", help="run the whole system until Ctrl-C")
    up_command.add_argument(
        "--end-with-parent",
        action="store_true",
        help="stop when the process that started this ends",
    )
    up_command.set_defaults(run=lambda options: up(end_with_parent=options.end_with_parent))
    demo_command = commands.add_parser("demo", help="fill the running system with people")
    demo_command.set_defaults(run=lambda _: demo())
    options = parser.parse_args()
    exit_code: int = options.run(options)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
