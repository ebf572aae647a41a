"""Started as a script: lowers its own limits, leaves the network, then becomes the program it is asked to run.

``python confined.py MEMORY SECONDS FILE_SIZE PROGRAM ARGUMENT...``, sizes in bytes. A script of its own, since code
between fork and exec is not safe in a parent with threads. Belongs here: nothing that needs the package.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_SIGKILL = 9


def main(arguments: list[str]) -> None:
    """Limit this process and replace it by a program."""
    memory, seconds, size = map(int, arguments[:3])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
        system.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if system.unshare(_CLONE_NEWNET) != 0:
            system.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    os.execv(arguments[3], arguments[3:])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
