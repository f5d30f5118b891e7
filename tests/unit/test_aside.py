"""Work beside the rest: what comes of it, and what happens where nothing does."""

from __future__ import annotations

import os
import signal
import time
from threading import get_ident

import pytest

from pipeline.aside import Apart, aside, at_once, ending
from pipeline.errors import CannotReadOrWrite, PipelineError

LARGE = 5_000_000
"""Bytes: more than waits between two processes."""


def twice(number: int, *, more: int = 0) -> int:
    return 2 * number + more


def process_of(_: object = None) -> int:
    return os.getpid()


def as_long(text: bytes) -> bytes:
    return text


def fails(what: str) -> int:
    raise CannotReadOrWrite(what, where="there", repair="Try again.")


def ends_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("begin", [at_once, aside], ids=["at once", "in a thread"])
def test_work_is_done_in_this_process(begin) -> None:
    assert begin(twice, 3, more=1).result() == 7
    assert begin(process_of).result() == os.getpid()
    with pytest.raises(CannotReadOrWrite, match="no room"):
        begin(fails, "no room").result()


def test_in_a_thread_it_is_not_waited_for() -> None:
    assert aside(get_ident).result() != get_ident()
    begun = time.monotonic()
    aside(time.sleep, 30)
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("fails_too", [False, True])
def test_work_has_ended_after_a_body_that_fails(fails_too: bool) -> None:
    done: list[str] = []

    def slowly() -> None:
        time.sleep(0.2)
        done.append("it")
        if fails_too:
            raise CannotReadOrWrite("no room")

    with pytest.raises(ValueError, match="the body"), ending(aside(slowly)):
        raise ValueError("the body")
    assert done == ["it"]


def test_an_error_of_the_work_is_told_after_a_body_that_does_not_fail() -> None:
    with pytest.raises(CannotReadOrWrite, match="no room"), ending(aside(fails, "no room")):
        pass
    with ending(None):
        pass


def test_work_is_done_in_one_other_process() -> None:
    with Apart() as apart:
        assert apart.begin(twice, 3, more=1).result() == 7
        (other,) = {apart.begin(process_of).result() for _ in range(3)}
        assert other != os.getpid()


def test_much_is_sent_both_ways_before_anything_is_waited_for() -> None:
    with Apart() as apart:
        begun = [apart.begin(as_long, bytes([letter]) * LARGE) for letter in b"abc"]
        assert [each.result()[:1] for each in begun] == [b"a", b"b", b"c"]


def test_an_error_comes_back_whole_and_the_next_work_is_done() -> None:
    with Apart() as apart:
        with pytest.raises(CannotReadOrWrite) as told:
            apart.begin(fails, "no room").result()
        assert (told.value.what, told.value.where, told.value.repair) == ("no room", "there", "Try again.")
        assert apart.begin(twice, 3).result() == 6


def test_a_process_that_has_ended_is_told_of() -> None:
    with Apart() as apart:
        for _ in range(2):
            with pytest.raises(PipelineError, match="ended before its work was done") as told:
                apart.begin(ends_itself).result()
            assert "memory" in told.value.repair


def test_it_ends_with_what_it_was_begun_for() -> None:
    with Apart() as apart:
        process = apart._process
        assert process.is_alive()
    process.join(10)
    assert not process.is_alive()
