"""`python -m backend_server <command>`: what runs the API, and what an operator does with it."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import Final
from uuid import UUID

from backend_server import logs
from backend_server.config import LogSettings, SettingsError

# What a shell expects of a wrong call.
WRONG_SETTINGS_EXIT_CODE: Final = 2


def main() -> None:
    parser = argparse.ArgumentParser(prog="backend_server")
    subparsers = parser.add_subparsers(dest="command", required=True)
    subparsers.add_parser("serve", help="serve the API")
    subparsers.add_parser("worker", help="do the queued jobs")
    healthcheck = subparsers.add_parser("healthcheck", help="say whether this container is well")
    healthcheck.add_argument("of", nargs="?", choices=["api", "worker"], default="api")
    migrations = subparsers.add_parser("migrate", help="bring the database to a revision")
    migrations.add_argument("revision", nargs="?", default="head", help="head, base or a number")
    subparsers.add_parser("await_schema", help="wait until the database is as new as this code")
    subparsers.add_parser("openapi", help="print the OpenAPI document")
    near_copies = subparsers.add_parser("near_copies", help="list copies of other people's posts")
    near_copies.add_argument("--days", type=int, default=7, help="how far back")
    subparsers.add_parser("doctor", help="look at everything that the API and the worker need")
    subparsers.add_parser("alerts", help="list when guessing shut resets for everybody")
    member = subparsers.add_parser("member", help="do something with one member")
    member.add_argument("action", choices=["reset-code", "confirm", "suspend", "reinstate"])
    member.add_argument("username")
    mail = subparsers.add_parser("mail", help="see whether mail would arrive")
    mails = mail.add_subparsers(dest="action", required=True)
    mails.add_parser("doctor", help="look at key, domain, DNS records and webhook; sends nothing")
    trial = mails.add_parser("test", help="send one mail")
    trial.add_argument("address")
    mails.add_parser("reputation", help="show complaints and bounces, and what follows from them")
    mails.add_parser(
        "resume", help="count complaints and bounces anew, after you have seen to them"
    )
    _add_jobs(subparsers.add_parser("jobs", help="see what waits and what failed, and do it again"))
    post = subparsers.add_parser("post", help="do something with one post")
    post.add_argument("action", choices=["delete"])
    post.add_argument("id", type=UUID)
    arguments = parser.parse_args()
    try:
        logs.configure(LogSettings.from_environment(os.environ))
        # Only now, so that a command loads no more than it needs.
        import_module(f"backend_server.commands.{arguments.command}").run(arguments)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SETTINGS_EXIT_CODE)


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="what waits, what is paused, what was given up and why")
    again = actions.add_parser("again", help="do failed jobs again")
    again.add_argument("ids", nargs="*", type=int, metavar="ID")
    again.add_argument("--all", action="store_true", help="all that failed")
    deliver = actions.add_parser("deliver-again", help="try a failed chunk of mails again")
    deliver.add_argument("id", type=UUID)
    deliver.add_argument(
        "--may-send-twice", action="store_true", help="even if it is not known whether it was sent"
    )


if __name__ == "__main__":
    main()
