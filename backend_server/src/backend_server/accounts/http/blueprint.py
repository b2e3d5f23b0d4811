from backend_server.routing import feature_routes

routes = feature_routes("accounts", __name__)
