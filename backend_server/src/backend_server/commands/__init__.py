"""What `python -m backend_server` can do."""
