"""Becomes another program that the kernel kills as soon as our process is gone.

    python -I -S leash.py PARENT_PID PROGRAM ARGUMENT...

So nothing is left behind even when the demo itself is killed with SIGKILL and cannot clean up. The parent-death
signal (prctl(2), PR_SET_PDEATHSIG) outlives execve, but not a change of user: programs that drop root must be told
to stay. On systems without prctl the program runs without a leash.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Put the leash on and execute the program in place of this one."""
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL.value, 0, 0, 0)
        if os.getppid() != parent:  # it died before the leash was on
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606  # the caller's own program and arguments


if __name__ == "__main__":
    main()
