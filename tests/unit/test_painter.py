"""Figures are drawn beside other work on the same edition."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from pipeline.report.edition import Edition
from pipeline.report.figures import NAMES
from pipeline.report.painter import Painter


class Pool:
    """Takes what is to be drawn and packs it only later, as the thread of a real pool may."""

    def __init__(self) -> None:
        self.sent: list[Edition] = []

    def submit(self, _: Any, __: str, edition: Edition, ___: Path) -> Future[None]:
        self.sent.append(edition)
        done: Future[None] = Future()
        done.set_result(None)
        return done


def test_what_is_remembered_meanwhile_does_not_reach_what_is_being_packed(tmp_path: Path) -> None:
    """An edition keeps what it has looked up. Packing one while it does so fails now and then."""
    words = Mock()
    words.under.return_value = words
    edition = Edition(Mock(), Mock(), words)
    painter, pool = object.__new__(Painter), Pool()
    painter._pool = pool  # type: ignore[assignment]
    with painter.painting(edition, tmp_path / "figures"):
        vars(edition)["_estimates"] = {}
    assert len(pool.sent) == len(NAMES)
    assert all(sent == edition and "_estimates" not in vars(sent) for sent in pool.sent)
