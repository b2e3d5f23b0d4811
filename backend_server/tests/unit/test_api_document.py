"""The OpenAPI document describes each operation whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from backend_server.api_descriptions import DESCRIPTIONS
from backend_server.api_document import PLACES, document_of
from backend_server.app import create_routes

DOCUMENT: dict[str, Any] = json.loads(document_of(create_routes()))
OPERATIONS = {
    operation["operationId"]: operation
    for path_item in DOCUMENT["paths"].values()
    for operation in path_item.values()
}


def test_the_document_is_valid() -> None:
    assert DOCUMENT["openapi"] >= "3.1"
    # The validator knows no 3.2 yet, which changed nothing that is used here.
    validate({**DOCUMENT, "openapi": "3.1.0"})


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_a_summary_and_all_its_failures(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["summary"].endswith((".", "?"))
    failures = {status for status in operation["responses"] if status >= "400"}
    assert {"500", "503"} <= failures
    assert ("401" in failures) >= bool(operation.get("security"))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_says_more_than_its_summary(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["description"].endswith(".")
    assert operation["description"] != operation["summary"]


def test_nothing_is_described_that_is_not_there() -> None:
    assert DESCRIPTIONS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_parameter_of_a_path_or_header_has_an_example_that_fits_it(name: str) -> None:
    for parameter in OPERATIONS[name].get("parameters", ()):
        if parameter["in"] != "query":
            assert parameter["description"]
            Draft202012Validator(parameter["schema"]).validate(parameter["example"])


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_query_parameter_is_explained(name: str) -> None:
    for parameter in OPERATIONS[name].get("parameters", ()):
        assert parameter["description"], parameter["name"]


def bodies(operation: dict[str, Any]) -> list[dict[str, Any]]:
    parts = [*operation["responses"].values(), operation.get("requestBody", {})]
    return [content for part in parts for content in part.get("content", {}).values()]


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_body_has_an_example_that_fits_it(name: str) -> None:
    assert bodies(OPERATIONS[name])
    for content in bodies(OPERATIONS[name]):
        schema = {**content["schema"], "components": DOCUMENT["components"]}
        Draft202012Validator(schema).validate(content["example"])


def test_who_must_wait_is_told_how_long() -> None:
    for operation in OPERATIONS.values():
        for status in {"429", "503"} & operation["responses"].keys():
            assert "Retry-After" in operation["responses"][status]["headers"]


def test_every_list_describes_the_link_to_its_next_page() -> None:
    described = [
        name
        for name, operation in OPERATIONS.items()
        if "Link" in operation["responses"].get("200", {}).get("headers", {})
    ]
    in_pages = [
        name
        for name, operation in OPERATIONS.items()
        if PLACES & {each["name"] for each in operation.get("parameters", ())}
    ]
    assert len(in_pages) == 7
    assert described == in_pages
