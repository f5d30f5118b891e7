"""The numbers of the public disclosure policy: a wave may ask for stricter ones, and for no looser ones.

Sources: k = 11 is what IOM's Counter-Trafficking Data Collaborative used; it also meets the floors of OpenSAFELY
(over 7) and of statistical offices (10). Counts are rounded to the nearest 5, so that a difference of one person
between two tables does not show.
"""

from __future__ import annotations

SMALLEST = 11
"""Fewest people that may be shown."""

ROUNDING = 5
"""Step of the printed counts."""

SHARE_BASE = 50
"""Smallest base for a printed share."""

ZERO_BASE = 50
"""Smallest base at which a true zero may be shown."""

RATIO_SHARE = 0.05
"""Smallest printed share that may stand in a ratio."""

WIDTH = 5
"""Fewest people between the least and the greatest that a withheld count can be, for all that a reader may compute."""
