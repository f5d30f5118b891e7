"""How made-up interviews reach the platform: keys, times, form versions, approval; copies, edits and wrong dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipeline.rehearsal import marginals as m
from pipeline.rehearsal.sample import Rows, Sample

STATUSES = ("validation_status_approved", "validation_status_not_approved", "validation_status_on_hold")
APPROVED = STATUSES[0]
FIRST_NUMBER = 41_000_001
TINY = 60
"""Below this many rows nothing is wrong with an export but what its people say."""

Keys = NDArray[np.uint8]
"""A row of 16 bytes for each submission."""


@dataclass(frozen=True)
class Submissions:
    """One entry a row. source: the row whose answers it holds. uuid, root: keys; root is that of `source` for an edit.

    opened, closed: on the device. sent: to the platform. is_older: whether the row itself, not `source`, was asked with
    the older version of the form. status: place among `STATUSES`.
    """

    number: Rows
    source: Rows
    is_edit: NDArray[np.bool_]
    uuid: Keys
    root: Keys
    day: NDArray[np.datetime64]
    opened: NDArray[np.datetime64]
    closed: NDArray[np.datetime64]
    sent: NDArray[np.datetime64]
    is_older: NDArray[np.bool_]
    status: NDArray[np.int8]


def draw_submissions(sample: Sample, fieldwork: tuple[date, date], *, tidy: bool) -> Submissions:
    """Submissions over the days of fieldwork, the first half of them with the older version of the form."""
    size = sample.size
    source, is_edit = _sources(sample, tidy=tidy)
    day = _days(sample, fieldwork)
    stream = sample.stream("hours")
    opened = day + stream.integers(8 * 3600, 18 * 3600, size).astype("timedelta64[s]")
    closed = opened + stream.integers(11 * 60, 48 * 60, size).astype("timedelta64[s]")
    sent = closed + stream.integers(5 * 60, 9 * 3600, size).astype("timedelta64[s]")
    later = stream.integers(3600, 3 * 86400, size).astype("timedelta64[s]")
    is_repeated = source != np.arange(size)
    uuid = _keys(sample)
    return Submissions(
        number=FIRST_NUMBER + np.arange(size),
        source=source,
        is_edit=is_edit,
        uuid=np.where(is_edit[:, np.newaxis], uuid, uuid[source]),
        root=uuid[source],
        day=_wrong_days(sample, day, tidy=tidy)[source],
        opened=opened[source],
        closed=closed[source],
        sent=np.where(is_repeated, sent[source] + later, sent),
        is_older=(np.arange(size) < size // 2) & (not tidy),
        status=_statuses(sample, tidy=tidy),
    )


def _some(stream: np.random.Generator, size: int, share: float) -> Rows:
    """Rows for a mistake: at least one."""
    return np.sort(stream.choice(np.arange(size // 10, size), max(1, round(share * size)), replace=False))


def _sources(sample: Sample, *, tidy: bool) -> tuple[Rows, NDArray[np.bool_]]:
    """For each row the one that it repeats, a little above it, or itself; and whether it is an edit of that one."""
    size = sample.size
    source, is_edit = np.arange(size), np.zeros(size, dtype=np.bool_)
    if tidy or size < TINY:
        return source, is_edit
    stream = sample.stream("copies and edits")
    repeated = _some(stream, size, m.COPIES + m.EDITS)
    if len(repeated) == 1:
        repeated = np.array([repeated[0] - 2, repeated[0]])
    is_edit[repeated[1::2]] = True
    taken = np.zeros(size, dtype=np.bool_)
    taken[repeated] = True
    for row, back in zip(repeated, stream.integers(1, 5, len(repeated)), strict=True):
        original = row - back
        while taken[original]:
            original -= 1
        source[row] = original
    return source, is_edit


def _days(sample: Sample, fieldwork: tuple[date, date]) -> NDArray[np.datetime64]:
    first, last = (np.datetime64(day, "D") for day in fieldwork)
    days = int((last - first).astype(int)) + 1
    offset = np.sort(sample.stream("days").integers(0, days, sample.size))
    day: NDArray[np.datetime64] = first.astype("datetime64[s]") + offset.astype("timedelta64[D]")
    return day


def _wrong_days(sample: Sample, day: NDArray[np.datetime64], *, tidy: bool) -> NDArray[np.datetime64]:
    """The day that the interviewer wrote down, which is now and then one of a year before."""
    written = day.astype("datetime64[D]")
    if not tidy and sample.size >= TINY:
        rows = _some(sample.stream("impossible dates"), sample.size, m.IMPOSSIBLE_DATES)
        written[rows] -= np.timedelta64(1000, "D")
    return written


def _keys(sample: Sample) -> Keys:
    """Random UUIDs of version 4."""
    keys = sample.stream("keys").integers(0, 256, (sample.size, 16), dtype=np.uint8)
    keys[:, 6] = keys[:, 6] & 0x0F | 0x40
    keys[:, 8] = keys[:, 8] & 0x3F | 0x80
    return keys


def _statuses(sample: Sample, *, tidy: bool) -> NDArray[np.int8]:
    status = np.zeros(sample.size, dtype=np.int8)
    if not tidy and sample.size >= TINY:
        stream = sample.stream("approval")
        for place, share in enumerate((m.NOT_APPROVED, m.ON_HOLD), start=1):
            status[_some(stream, sample.size, share)] = place
    return status
