"""What can go wrong with an account. A class's docstring is its default message."""

from __future__ import annotations

from backend_server.errors import Conflict, FieldErrors, NotAllowed, NotSignedIn, TooManyRequests


class UsernameTaken(Conflict):
    """This username is taken."""

    code = "username_taken"

    def __init__(self) -> None:
        super().__init__(fields={"username": ["This username is taken."]})


class EmailTaken(Conflict):
    """There already is an account with this email address."""

    code = "email_taken"

    def __init__(self) -> None:
        super().__init__(fields={"email": ["There already is an account with this address."]})


class WrongCredentials(NotSignedIn):
    """The username or the password is wrong."""

    code = "wrong_credentials"


class InvalidResetToken(FieldErrors):
    """This code is wrong, used or too old."""

    code = "invalid_reset_token"

    def __init__(self) -> None:
        super().__init__(fields={"token": ["This code is wrong, used or too old."]})


class InvalidConfirmationToken(FieldErrors):
    """This confirmation link is wrong, used or too old."""

    code = "invalid_confirmation_token"

    def __init__(self) -> None:
        super().__init__(fields={"token": ["This link is wrong, used or too old."]})


class ResetsShut(TooManyRequests):
    """Passwords cannot be reset at the moment. Try again later."""

    code = "resets_shut"


class WrongPassword(FieldErrors):
    """The current password is wrong."""

    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__(fields={"currentPassword": ["This is not your password."]})


class AccountSuspended(NotAllowed):
    """This account is suspended. Write to the operator of this site."""

    code = "account_suspended"


class NoPassword(FieldErrors):
    """Changing the email address needs the current password."""

    code = "password_required"

    def __init__(self) -> None:
        super().__init__(fields={"currentPassword": ["Changing the address needs the password."]})
