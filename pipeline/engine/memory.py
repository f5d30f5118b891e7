"""How much memory the machine has."""

from __future__ import annotations

import os


def memory(otherwise: int) -> int:
    """Bytes of this machine's memory. otherwise: where the system does not tell, as Windows."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return otherwise
