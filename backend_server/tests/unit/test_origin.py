"""A job goes on under the id of the request that caused it."""

from contextvars import Context, copy_context

import pytest

from backend_server import origin, request_id


@pytest.fixture
def context() -> Context:
    """In which requests begin without an end."""
    return copy_context()


def test_a_job_carries_the_id_of_its_request_where_its_task_does_not_see_it(
    context: Context,
) -> None:
    context.run(request_id.begin, "request-0001")
    arguments = {"post_id": "7", **context.run(origin.argument)}
    assert origin.take(arguments).request_id == "request-0001"
    assert arguments == {"post_id": "7"}


def test_a_job_that_no_request_caused_carries_nothing() -> None:
    assert Context().run(origin.argument) == {}


def test_a_job_without_an_origin_has_none() -> None:
    arguments = {"post_id": "7"}
    assert origin.take(arguments) == origin.Origin(request_id.NONE, "")
    assert arguments == {"post_id": "7"}
