"""What Ctrl-C does, from one moment on.

Where a process that a shell started in the background ignores it, nothing is changed.
"""

from __future__ import annotations

import signal


def ends_at_once() -> None:
    """Ctrl-C ends the process there and then, without a traceback: nothing is left behind, as during imports."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_raised() -> None:
    """Ctrl-C raises KeyboardInterrupt, so that what was begun can be tidied up."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
