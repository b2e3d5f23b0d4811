"""People at the other end of the API under test."""

from collections.abc import Iterator

import pytest
from system_tests.deployment import Deployment
from system_tests.person import Person
from system_tests.visitor import Visitor


@pytest.fixture
def visitor(deployment: Deployment) -> Iterator[Visitor]:
    """Somebody without an account."""
    with Visitor(deployment.url) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def alice(deployment: Deployment) -> Iterator[Person]:
    """A signed-in member whom no test changes."""
    with Person.signed_in(deployment.url, "alice") as alice:
        yield alice


@pytest.fixture
def bob(deployment: Deployment) -> Iterator[Person]:
    """A signed-in member of this test alone, who may be changed."""
    with Person.signed_in(deployment.url, "bob") as bob:
        yield bob


@pytest.fixture
def carol(deployment: Deployment) -> Iterator[Person]:
    """Another one, for tests about two people."""
    with Person.signed_in(deployment.url, "carol") as carol:
        yield carol
