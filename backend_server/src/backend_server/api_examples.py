"""Examples for the OpenAPI document, made from its own schemas, so that they always fit these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]

# Property → what it may look like. Where the description allows null, an example is clearer.
_VALUES: Final[Mapping[str, Any]] = {
    "author_email": "marina@decoupled.example",
    "author_username": "marina",
    "bio": "Tide tables and ferries.",
    "browser": "Firefox",
    "code": "not_found",
    "content": "Walk to the island and back before eight. #tide",
    "cursor": "",
    "currentPassword": "a long enough password",
    "details": None,
    "digest_time": "08:00",
    "email": "marina@decoupled.example",
    "errors": None,
    "language": "en",
    "near_copy_of": None,
    "newPassword": "another long password",
    "password": "a-long-enough-password",
    "paused_until": None,
    "pending_email": None,
    "skipped": {"unsubscribed": 1},
    "system": "Linux",
    "tags": ["tide"],
    "text": "tide",
    "time_zone": "Europe/Madrid",
    "title": "Low tide at six",
    "token": "4dd669",
    "address_problem": None,
    "username": "marina",
}
_UUID: Final = "019f3c1e-6f00-7cc3-98b4-12ab34cd56ef"
_MOMENT: Final = "2026-11-23T08:12:00Z"
# Operation → what its success says; the specification's seven as the specification has them.
MESSAGES: Final[Mapping[str, str]] = {
    "change_own_account": "Account updated successfully!",
    "change_password": "Password changed successfully!",
    "confirm_email": "Email confirmed successfully!",
    "create_message": "Post created successfully",
    "create_post": "Post created successfully",
    "delete_own_account": "Account deleted successfully!",
    "delete_post": "Post deleted successfully!",
    "edit_post": "Post updated successfully!",
    "end_other_sessions": "Signed out everywhere else!",
    "end_session": "Session ended!",
    "follow": "Following!",
    "get_audience": "Got audience!",
    "get_delivery": "Got delivery!",
    "get_liveness": "Alive.",
    "get_own_account": "Got account!",
    "get_preferences": "Got preferences!",
    "get_readiness": "Ready.",
    "get_session": "Signed in.",
    "get_user": "Got user!",
    "list_feed": "Got posts!",
    "list_followers": "Got users!",
    "list_following": "Got users!",
    "list_posts": "Got posts!",
    "list_posts_by_author": "Got posts!",
    "list_related_posts": "Got posts!",
    "list_sessions": "Got sessions!",
    "list_users": "Got users!",
    "log_in": "Logged in succesfully!",
    "log_out": "Logged out successfully!",
    "patch_preferences": "Preferences saved!",
    "put_opened": "Noted!",
    "put_preferences": "Preferences saved!",
    "register": "User registered successfully!",
    "restart_password": "Pasword reset successfully",
    "search": "Got posts!",
    "send_confirmation": "Confirmation sent successfully!",
    "send_reset_token": "Reset token sent successfully",
    "show_post": "Got post!",
    "show_subscription": "Got subscription!",
    "suggest": "Got suggestions!",
    "take_webhook": "Thank you!",
    "unfollow": "Not following any more.",
    "unsubscribe": "Unsubscribed!",
}


def add_examples(operation: dict[str, Any], schemas: Mapping[str, Schema]) -> None:
    """To the body of the request and of each answer that has one."""
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    for body in bodies:
        for content in body["content"].values():
            content["example"] = example_of(content["schema"], schemas)
    for status, response in operation["responses"].items():
        for content in response.get("content", {}).values():
            content["example"] = _answer_example(operation, status, content["schema"], schemas)


def _answer_example(
    operation: Mapping[str, Any], status: str, schema: Schema, schemas: Mapping[str, Schema]
) -> Any:
    example = example_of(schema, schemas)
    if status.startswith("2") and "message" in example:
        example["message"] = MESSAGES[operation["operationId"]]
    elif "code" in example:
        example["message"], example["code"] = _ERRORS[status]
    return example


_ERRORS: Final = {
    "400": ("This is not valid JSON.", "malformed_request"),
    "401": ("Sign in first.", "not_signed_in"),
    "403": ("This is not yours.", "not_allowed"),
    "404": ("There is no such thing here.", "not_found"),
    "409": ("This is taken.", "conflict"),
    "413": ("The body is too large.", "body_too_large"),
    "415": ("Send JSON: Content-Type: application/json.", "not_json"),
    "422": ("Some fields are not valid.", "invalid_fields"),
    "429": ("Too many tries. Try again later.", "too_many_requests"),
    "500": ("Something went wrong on our side.", "internal_error"),
    "503": ("A part of the system is down. Try again later.", "part_unavailable"),
}


def example_of(schema: Schema, schemas: Mapping[str, Schema], name: str = "") -> Any:
    """`name` is that of the property whose schema it is. What may be left out is never null."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    if name in _VALUES and (schema.get("type") == "array") == isinstance(_VALUES[name], list):
        return _VALUES[name]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas, name)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            made = {key: example_of(each, schemas, key) for key, each in properties.items()}
            required = schema.get("required", ())
            return {
                key: value for key, value in made.items() if key in required or value is not None
            }
        case "array":
            items = schema.get("items", {"type": "integer"})
            # A pair, such as a range.
            pair = [example_of(each, schemas) for each in schema.get("prefixItems", ())]
            return pair or [example_of(items, schemas)]
        case "integer":
            return schema.get("default", 3)
        case "boolean":
            return schema.get("default", True)
        case _:
            return _text(schema)


def _text(schema: Schema) -> str:
    match schema.get("format"):
        case "uuid":
            return _UUID
        case "date-time":
            return _MOMENT
        case _:
            return str(schema.get("default") or "example")
