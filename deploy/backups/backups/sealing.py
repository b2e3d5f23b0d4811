"""Encryption with a public key: a server that seals its backups cannot open one."""

from typing import IO

import pyrage  # type: ignore[import-untyped]  # it ships no types


class NotOpenedError(Exception):
    """The key is another one, or the backup is not whole."""


def new_key() -> str:
    """As `age-keygen` writes it."""
    identity = pyrage.x25519.Identity.generate()
    return f"# public key: {identity.to_public()}\n{identity}\n"


def seal(plain: IO[bytes], sealed: IO[bytes], recipient: str) -> None:
    pyrage.encrypt_io(plain, sealed, [pyrage.x25519.Recipient.from_str(recipient)])
    sealed.flush()


def open_sealed(sealed: IO[bytes], plain: IO[bytes], key: str) -> None:
    """Raises `NotOpenedError`, also when the end is missing: what came out is worth nothing."""
    lines = (line.strip() for line in key.splitlines())
    identities = [
        pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"
    ]
    try:
        pyrage.decrypt_io(sealed, plain, identities)
    except (pyrage.DecryptError, OSError) as error:
        message = f"It cannot be opened: {error}. Is it the right key, and the whole file?"
        raise NotOpenedError(message) from error
    plain.flush()
