"""Telling readers of new posts by mail, each of them once."""
