"""What mail depends on outside of this system, looked at without sending any."""
