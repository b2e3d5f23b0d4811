"""What a password may be, and how it is kept."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Final

import argon2
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from backend_server.errors import Busy

SHORTEST: Final = 8
LONGEST: Final = 128
# Every character with the Unicode property White_Space.
WHITE_SPACE: Final = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)

# Argon2id at the floor that OWASP's password storage cheat sheet names: 25 ms and 19 MiB a hash.
MEMORY_KIBIBYTES: Final = 19_456
PASSES: Final = 2
LANES: Final = 1
# By which the threads that hash are nicer than the rest (setpriority(2)): Linux knows it for each.
HASHING_NICENESS: Final = 10
# Of somebody whose turn it is not yet; they are few, so that a queue is over long before.
LONGEST_WAIT_SECONDS: Final = 10


def problem_with(password: str) -> str | None:
    """What is wrong with it, or None. Lengths are in code points."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"A password has {SHORTEST} to {LONGEST} characters."
    if WHITE_SPACE & set(password):
        return "A password cannot contain spaces."
    return None


class PasswordHasher:
    """At most so many hashes at once, however many people sign in: each takes a core and 19 MiB.

    Raises `Busy` when too many wait for their turn already, or the turn does not come.
    """

    def __init__(self, most_at_once: int, most_waiting: int) -> None:
        self._turns = threading.BoundedSemaphore(most_at_once)
        self._places = threading.BoundedSemaphore(most_at_once + most_waiting)
        # Few threads: the allocator keeps the memory of a hash for each thread that made one.
        self._threads = ThreadPoolExecutor(most_at_once, "argon2", initializer=_let_others_first)
        self._argon2 = argon2.PasswordHasher(PASSES, MEMORY_KIBIBYTES, LANES)
        self._nobodys_hash = self._argon2.hash("nobody's password")

    def hash(self, password: str) -> str:
        with self.turn():
            return self._threads.submit(self._argon2.hash, password).result()

    def verify_in_turn(self, password_hash: str | None, password: str) -> bool:
        """Takes as long for nobody's hash (None) as for somebody's. Only within `turn`."""
        expected = password_hash or self._nobodys_hash
        try:
            self._threads.submit(self._argon2.verify, expected, password).result()
        except (VerifyMismatchError, InvalidHashError):
            return False
        return password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(password_hash)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for a core; raises `Busy` when too many wait already, or it takes too long."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            if not self._turns.acquire(timeout=LONGEST_WAIT_SECONDS):
                raise Busy
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


def _let_others_first() -> None:
    """Who signs in waits anyway; who reads should not wait behind them for a core."""
    thread = threading.get_native_id()
    # A courtesy: where it is not allowed, passwords are checked all the same.
    with suppress(OSError):
        niceness = os.getpriority(os.PRIO_PROCESS, thread) + HASHING_NICENESS
        os.setpriority(os.PRIO_PROCESS, thread, niceness)
