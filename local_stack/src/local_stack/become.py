"""Becomes another program, one that ends when its parent does, whatever the parent ends of.

Run as a file with `python -I -S`, so that it costs some 10 ms:
`become.py PARENT_PID SIGNAL_NUMBER UID:GID|- COMMAND...`
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def drop_privileges(uid: int, gid: int) -> None:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def die_with_parent(parent: int, death_signal: int) -> None:
    if sys.platform != "linux":
        return
    # Linux forgets this signal when credentials change, so it is set after the privileges are
    # dropped. It is tied to the *thread* that started this process.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:
        sys.exit("The parent ended before its child began.")


def main() -> None:
    parent, death_signal, account, *command = sys.argv[1:]
    if account != "-":
        uid, gid = account.split(":")
        drop_privileges(int(uid), int(gid))
    die_with_parent(int(parent), int(death_signal))
    # What is ignored stays ignored in the next program. Python ignores the first two; a shell
    # without job control ignores the others for what it starts in the background.
    for each in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGQUIT):
        signal.signal(each, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606  (to become the given program is the purpose)
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
