"""The routes of notifications."""

from backend_server.notifications.http import unsubscribing, webhooks
from backend_server.notifications.http.blueprint import routes

__all__ = ["routes", "unsubscribing", "webhooks"]
