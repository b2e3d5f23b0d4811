"""`python -m backups COMMAND`: from standard input to standard output.

Sealed files are those of age (https://age-encryption.org), which opens them anywhere.
"""

import argparse
import os
import sys

from backups import store
from backups.sealing import NotOpenedError, new_key, open_sealed, seal


def main() -> None:
    arguments = read_arguments()
    match arguments.command:
        case "new-key":
            sys.stdout.write(new_key())
        case "seal":
            seal(sys.stdin.buffer, sys.stdout.buffer, arguments.recipient)
        case "open":
            try:
                open_sealed(sys.stdin.buffer, sys.stdout.buffer, os.environ["BACKUP_KEY"])
            except NotOpenedError as error:
                sys.exit(str(error))
        case "put":
            store.put(arguments.url, sys.stdin.buffer)
        case "get":
            store.get(arguments.url, sys.stdout.buffer)
        case "list":
            sys.stdout.writelines(f"{name}\n" for name in store.names(arguments.url))
        case "delete":
            store.delete(arguments.url)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="backups")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("new-key", help="print a key that opens and, in a comment, its recipient")
    commands.add_parser("seal").add_argument("recipient", help="age1…")
    commands.add_parser("open", help="with the key in BACKUP_KEY")
    for name in ("put", "get", "list", "delete"):
        commands.add_parser(name).add_argument("url", help="s3://bucket/path")
    return parser.parse_args()


if __name__ == "__main__":
    main()
