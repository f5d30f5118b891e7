"""Onboarding: from a file that an analyst was given to a wave, and from one wave to the next.

`new_wave` makes the folder of a wave from an export, and says what is left to fill in. `diff_waves` says how two waves
differ, and what stays comparable.
"""

from pipeline.onboarding.making import new_wave
from pipeline.onboarding.terminal import print_proposal
from pipeline.onboarding.words import allowed_columns

__all__ = ["allowed_columns", "new_wave", "print_proposal"]
