"""What Resend takes for a mail: its own OpenAPI description, and what it only tells in prose."""

import os
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

# The folder with `resend-openapi.yaml`. Without it only the rules below are checked.
DATA_FOLDER_VARIABLE = "BENCH_DATA"
# https://resend.com/docs/knowledge-base/what-email-addresses-to-use-for-testing
REFUSED_DOMAINS = frozenset({"example.com", "test.com"})


def problem_with(mail: Any) -> str | None:
    """The first reason to refuse it."""
    if not isinstance(mail, dict):
        return "The mail must be an object."
    return _schema_problem(mail) or _address_problem(mail) or _content_problem(mail)


def get_ready() -> None:
    """Reads the description, which takes a second: nobody who sends a mail should wait for that."""
    _validator()


def _schema_problem(mail: dict[str, Any]) -> str | None:
    validator = _validator()
    if validator is None:
        missing = [name for name in ("from", "to", "subject") if name not in mail]
        return f"Missing {missing[0]}." if missing else None
    error = next(validator.iter_errors(mail), None)
    return None if error is None else f"{error.json_path}: {error.message}"


def _address_problem(mail: dict[str, Any]) -> str | None:
    recipients = [mail["to"]] if isinstance(mail["to"], str) else mail["to"]
    for field, text in [("from", mail["from"]), *(("to", address) for address in recipients)]:
        local, _, domain = parseaddr(text)[1].rpartition("@")
        if not local or not domain or any(character.isspace() for character in local + domain):
            return f"Invalid `{field}` field."
        if field == "to" and domain.lower() in REFUSED_DOMAINS:
            return "Invalid `to` field. Use our testing addresses instead of this domain."
    return None


def _content_problem(mail: dict[str, Any]) -> str | None:
    if not (mail.get("html") or mail.get("text")):
        return "Missing `html` or `text` field."
    for name, value in mail.get("headers", {}).items():
        if not name.isascii() or any(mark in f"{name}{value}" for mark in "\r\n"):
            return "Invalid `headers` field."
    return None


@cache
def _validator() -> Draft202012Validator | None:
    folder = os.environ.get(DATA_FOLDER_VARIABLE)
    file = Path(folder or "", "resend-openapi.yaml")
    if not folder or not file.exists():
        return None
    description = DRAFT202012.create_resource(yaml.safe_load(file.read_text(encoding="utf-8")))
    registry = Registry[Any]().with_resource("urn:resend", description)
    schema = {"$ref": "urn:resend#/components/schemas/SendEmailRequest"}
    return Draft202012Validator(schema, registry=registry)
