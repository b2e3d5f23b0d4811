"""A system of its own, whose parts the tests crash."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from system_tests.inbox import Inbox
from system_tests.person import Person
from system_tests.stack import StackUnderTest, running_stack
from system_tests.visitor import Visitor


@pytest.fixture(scope="package")
def stack(show_log: Callable[[Path], None]) -> Iterator[StackUnderTest]:
    """Every test leaves it with all parts running."""
    with running_stack() as stack:
        show_log(stack.log)
        yield stack


@pytest.fixture
def inbox(stack: StackUnderTest) -> Iterator[Inbox]:
    inbox = Inbox(stack.inbox_url)
    yield inbox
    inbox.close()


@pytest.fixture
def database(stack: StackUnderTest) -> Iterator[psycopg.Connection]:
    """For moving time: what is written is committed at once."""
    with psycopg.connect(stack.database_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def visitor(stack: StackUnderTest) -> Iterator[Visitor]:
    with Visitor(stack.url) as visitor:
        yield visitor


@pytest.fixture
def bob(stack: StackUnderTest) -> Iterator[Person]:
    with Person.signed_in(stack.url, "bob") as bob:
        yield bob
