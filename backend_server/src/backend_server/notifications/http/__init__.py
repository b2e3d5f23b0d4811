"""The routes of notifications."""

from backend_server.notifications.http import audience, preferences, unsubscribing, webhooks
from backend_server.notifications.http.blueprint import routes

__all__ = ["audience", "preferences", "routes", "unsubscribing", "webhooks"]
