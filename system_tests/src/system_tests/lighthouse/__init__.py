"""Audits the built client and measures how soon a phone shows its first posts."""
