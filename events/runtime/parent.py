"""Child processes that do not outlive their parent, however that ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # linux/prctl.h

if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)  # loaded before any fork


def dies_with_parent() -> Callable[[], None] | None:
    """For `preexec_fn`: Linux asks the child to end (SIGTERM) when this process is gone. None on other systems."""
    if sys.platform != "linux":
        return None
    parent = os.getpid()

    def ask() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it ended before we could ask
            os.kill(os.getpid(), signal.SIGTERM)

    return ask
