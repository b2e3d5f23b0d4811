"""Operates Decoupled on one machine with Docker Compose. Needs Python 3.11, and no package."""
