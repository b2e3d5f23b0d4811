"""What the OpenAPI document says of operations beyond their summaries, and of paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_WRITTEN_ONCE: Final = (
    "With an Idempotency-Key it may be sent again safely. With `allow_duplicate: false`, who has "
    "posted nearly the same a short while ago gets 409 `near_copy`, and nothing is posted."
)
_PAGES: Final = "In pages, by the Link header."
_OUTDATED: Final = "What does not hold gets 404."

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "change_own_account": "What is left out stays. Another email address needs `currentPassword` "
    "and replaces the current one only once it is confirmed by the link mailed to it.",
    "change_password": "A wrong current password counts as a failed sign-in: too many of these "
    "get 429.",
    "confirm_email": "With the token from the link in the mail. A token holds once; one that does "
    "not hold gets 422.",
    "create_message": "The same as `create_post`, at another path. " + _WRITTEN_ONCE,
    "create_post": _WRITTEN_ONCE,
    "delete_own_account": "Posts, follows, sessions and mails that wait go too. Needs the "
    "password, and forgets the session cookie.",
    "delete_post": "Somebody else's gets 403.",
    "edit_post": "Somebody else's gets 403.",
    "end_other_sessions": "The session that asks goes on.",
    "end_session": "By its id in `list_sessions`. Ending the session that asks signs out.",
    "export_own_account": "Is sent while it is read: it may be large.",
    "follow": "Doing it again changes nothing but the choice of mail. Following oneself gets 409.",
    "get_audience": "How many readers would be mailed at once, in a digest, or not at all: how "
    "many, never who.",
    "get_delivery": "How many mails about it wait, were accepted, arrived, or did not. For its "
    "author only: others get 403.",
    "get_liveness": "Asks no other part of the system.",
    "get_own_account": "Other members see of this only what `get_user` answers.",
    "get_preferences": "`address_problem` says why no mail arrives, if none does.",
    "get_readiness": "Without heavy_computation or the mailer the API goes on, so that these being "
    "down is told with 200.",
    "get_session": "For a page that has just been opened; 401 for whoever is not signed in.",
    "get_user": "The email address is null when the member hides it; `follow` is null unless the "
    "caller is signed in and follows.",
    "list_feed": _PAGES,
    "list_followers": _PAGES,
    "list_following": _PAGES,
    "list_posts": _PAGES + " Whoever has the page already gets 304.",
    "list_posts_by_author": _PAGES + " Whoever has the page already gets 304.",
    "list_related_posts": "The best first. `degraded` says that these are only the newest that "
    "share a tag with it.",
    "list_sessions": "With the browser and system of each, and when it was last used.",
    "list_users": _PAGES + " Of all, or of those whose usernames begin alike.",
    "log_in": "By username or email address. Which of name and password is wrong is not told. Too "
    "many failures get 429.",
    "log_out": "Also forgets the session cookie.",
    "patch_preferences": "What is left out stays. A new time or time zone holds from the next "
    "digest on; two of them are at least half a day apart.",
    "put_opened": "Again changes nothing.",
    "put_preferences": "Replaces all of them: what is left out is as it was at the beginning.",
    "register": "A link to confirm the email address is mailed. Signing in is a request of its "
    "own.",
    "restart_password": "The code holds once, for a short time, and bears few wrong guesses.",
    "search": _PAGES + " `degraded` says that only a plain search was possible.",
    "send_confirmation": "As often as mails of one kind may be sent; more gets 429.",
    "send_reset_token": "Answers the same, and as fast, whether or not somebody has the address.",
    "show_post": "Whoever has it already gets 304.",
    "show_subscription": "By the token in the link. " + _OUTDATED,
    "suggest": "A last word that is mistyped is completed too. `degraded` says that none could be "
    "looked for.",
    "take_webhook": "For the mail provider, which signs each event: without a signature that "
    "holds, and that is recent, it gets 403 and has no effect. Where no webhook is set up it gets "
    "404.",
    "unfollow": "Whoever is not followed is not followed afterwards either.",
    "unsubscribe": "One click, as mail programs do it (RFC 8058): no cookie, any body. "
    + _OUTDATED,
}

# Name of a parameter in a path → what it is, and an example.
_PATH_PARAMETERS: Final[Mapping[str, tuple[str, str]]] = {
    "id": ("As in the lists.", "019f3c1e-6f00-7cc3-98b4-12ab34cd56ef"),
    "token": ("From the link in the mail.", "bWFyaW5h"),
    "username": ("In any case.", "marina"),
}


def add_descriptions(operation: dict[str, Any]) -> None:
    """To the operation and to the parameters of its path."""
    operation["description"] = DESCRIPTIONS[operation["operationId"]]
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["description"], parameter["example"] = _PATH_PARAMETERS[parameter["name"]]
