"""TCP ports of this machine."""

import socket

LOOPBACK = "127.0.0.1"
# A connection within the machine takes no time; this is for one that hangs.
CONNECT_SECONDS = 1.0


def free_port() -> int:
    """A port that nobody listens on now; somebody else may take it before the caller does."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def try_to_listen(host: str, port: int) -> None:
    """
    Raises:
        OSError: with `errno.EADDRINUSE` somebody else listens there, others as in bind(2).
    """
    with socket.socket() as probe:
        # As servers do: a port whose connections are only waiting to be forgotten is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def is_listening(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
