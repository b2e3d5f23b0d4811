"""The routes of accounts."""

from backend_server.accounts.http import email_address, members, password, signing_in
from backend_server.accounts.http.blueprint import routes

__all__ = ["email_address", "members", "password", "routes", "signing_in"]
