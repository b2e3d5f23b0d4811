"""The routes of notifications."""

from backend_server.notifications.http import (
    audience,
    opened,
    preferences,
    unsubscribing,
    webhooks,
)
from backend_server.notifications.http.blueprint import routes

__all__ = ["audience", "opened", "preferences", "routes", "unsubscribing", "webhooks"]
