"""Seals and opens backups, and brings them to a store: the host needs no program for it."""
