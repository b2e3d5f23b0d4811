"""What an operator does with one post."""

from __future__ import annotations

import argparse

from backend_server.commands.operation import fail, operating, say
from backend_server.errors import NotFound
from backend_server.posts.use_cases import delete_any_post


def run(arguments: argparse.Namespace) -> None:
    with operating() as services:
        try:
            delete_any_post(services.database, arguments.id)
        except NotFound:
            fail(f"There is no post {arguments.id}.")
        say(f"The post {arguments.id} is deleted.")
