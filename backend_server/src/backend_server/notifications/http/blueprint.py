from typing import Final

from backend_server.routing import feature_routes

routes: Final = feature_routes("notifications", __name__)
