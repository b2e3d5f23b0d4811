"""A page and a small JSON API to read what the outbox keeps. Never runs with a Resend key."""
