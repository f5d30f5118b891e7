"""Fixtures of the attack."""

from __future__ import annotations

from tests.support.whole_run import shipped_run

__all__ = ["shipped_run"]
