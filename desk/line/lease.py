"""Who holds the lease of a store: whether that process still lives (`db/joining.take_lease`)."""

from __future__ import annotations

import os
import socket


def alive(owner: str) -> bool:
    """Whether the process that holds the lease still runs; of another machine nobody can say."""
    host, pid, _id = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
