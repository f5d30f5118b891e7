"""The whole run of the shipped wave, for the tests of this folder."""

from tests.support.whole_run import shipped_run

__all__ = ["shipped_run"]
