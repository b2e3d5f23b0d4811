"""The routes of accounts."""

from backend_server.accounts.http import (
    email_address,
    members,
    own_account,
    password,
    signing_in,
)
from backend_server.accounts.http.blueprint import routes

__all__ = ["email_address", "members", "own_account", "password", "routes", "signing_in"]
