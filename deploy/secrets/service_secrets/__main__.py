"""`python -m service_secrets FOLDER [COMMAND]`: does what the command says, then hands out.

The folder holds a folder for each service, all of them volumes mounted into that service alone,
and the folder `kept`, which no service sees. Values in `kept` are made once; the rest is written
from them each time.
"""

import argparse
import os
import sys
from pathlib import Path

from service_secrets import archive, certificates
from service_secrets.kept import FROM_THE_OPERATOR, ROTATED, KeptSecrets
from service_secrets.of_each_service import files_of_each_service
from service_secrets.whole_file import write

# The service's user differs from image to image, and nobody else sees the volume.
READABLE_IN_THE_VOLUME = 0o444


def main() -> None:
    arguments = read_arguments()
    kept = KeptSecrets(arguments.folder / "kept")
    match arguments.command:
        case "give":
            kept.give(arguments.name, sys.stdin.read().strip())
        case "rotate":
            for name in arguments.names or ROTATED:
                kept.rotate(name, forget=arguments.forget)
        case "certify":
            certificates.certify(kept, arguments.domain)
        case "authority":
            sys.stdout.write(kept.given(certificates.AUTHORITY))
        case "export":
            archive.export(kept.folder, sys.stdout.buffer)
        case "expiry":
            sys.stdout.write(certificates.expiry(sys.stdin.read()))
            return
        case "import":
            archive.replace(kept.folder, sys.stdin.buffer)
    hand_out(arguments.folder, kept)


def hand_out(folder: Path, kept: KeptSecrets) -> None:
    kept.forget_what_nobody_needs()
    if not kept.given("certificate"):
        certificates.certify(kept, os.environ["DOMAIN"])
    for service, files in files_of_each_service(kept).items():
        for name, content in files.items():
            write(folder / service / name, content, READABLE_IN_THE_VOLUME)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="service_secrets")
    parser.add_argument("folder", type=Path)
    commands = parser.add_subparsers(dest="command")
    give = commands.add_parser("give", help="keep what somebody else made, from standard input")
    give.add_argument("name", choices=FROM_THE_OPERATOR)
    rotate = commands.add_parser("rotate", help="make new ones; the old stay good for a while")
    rotate.add_argument("names", nargs="*", choices=[*ROTATED, []], metavar="name")
    rotate.add_argument("--forget", action="store_true", help="the old are good no longer")
    certify = commands.add_parser("certify", help="make a certificate signed by an own authority")
    certify.add_argument("domain")
    commands.add_parser("authority", help="print the certificate of the own authority")
    commands.add_parser("expiry", help="say until when the certificate given is good")
    commands.add_parser("export", help="write what is kept to standard output")
    commands.add_parser("import", help="take what is kept from standard input")
    return parser.parse_args()


if __name__ == "__main__":
    main()
