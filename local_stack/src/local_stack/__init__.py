"""Runs the whole of Decoupled on one machine without Docker."""
