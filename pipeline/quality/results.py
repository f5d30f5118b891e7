"""What field quality comes to: small plain tables, and the row numbers of each review queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.quality.limits import Limits

Verdict = Literal["", "above", "below", "few", "alone"]
"""Against the limits: within, above, below; or not judged, because of too few interviews or for want of colleagues."""

CauseKind = Literal["enumerator", "point", "file"]


@dataclass(frozen=True)
class Cause:
    """What many rows of a queue share: an enumerator, a monitoring point or a file, told once.

    rows of its base are in the queue; of: whether the base is its records, or only its interviews.
    """

    kind: CauseKind
    code: str
    rows: int
    base: int
    of: str

    @property
    def name(self) -> str:
        """As `enumerator E01`, `monitoring point ITA-01` or `file a.csv`."""
        return f"{'monitoring point' if self.kind == 'point' else self.kind} {self.code}"

    @property
    def counted(self) -> str:
        """As `E01 315 of 410 (77%)`."""
        return f"{self.code} {self.rows:,} of {self.base:,} ({self.rows / self.base:.0%})"


@dataclass(frozen=True)
class Queue:
    """Rows that somebody should look at, and why.

    rows: how many rows are in it. groups: how many sets of rows that belong together; 0 where rows stand alone. causes:
    what many of the rows share, told once; listed: the other rows. Where all of them are is in `Quality.rows`.
    """

    name: str
    title: str
    why: str
    what_to_do: str
    rows: int
    groups: int = 0
    causes: tuple[Cause, ...] = ()
    listed: int = 0


@dataclass(frozen=True)
class Day:
    """Records of one day of fieldwork; without any, 0."""

    day: date
    records: int


@dataclass(frozen=True)
class Gap:
    """Days in a row, both ends included, without a record."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Point:
    """Records of one monitoring point, and on how many days and by how many enumerators they were made."""

    point: str
    records: int
    interviews: int
    days: int
    enumerators: int


@dataclass(frozen=True)
class Share:
    """A count of one enumerator beside what colleagues at the same points would have had.

    events of base people; expected: their share with colleagues. low, high: counts within the limits. All but base and
    verdict are None where the count is hidden, and without a base.
    """

    base: int
    verdict: Verdict
    events: int | None = None
    expected: float | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Enumerator:
    """The work of one enumerator. shares and queued are by the names of measures and of queues."""

    code: str
    records: int
    interviews: int
    days: int
    median_minutes: float | None
    shares: dict[str, Share]
    queued: dict[str, int]


@dataclass(frozen=True)
class Measure:
    """A share by enumerator: its name, its title, what it is a share of, and by how much its limits were widened."""

    name: str
    title: str
    of: str
    widened: float


@dataclass(frozen=True)
class Bin:
    """Interviews that took from `low` up to but not including `high` minutes; the last bin has no upper end."""

    low: float
    high: float | None
    interviews: int


@dataclass(frozen=True)
class Durations:
    """Minutes of interviews with both times. low_limit, high_limit: beyond them an interview is in a queue, or None."""

    timed: int
    lower_quartile: float
    median: float
    upper_quartile: float
    low_limit: float | None
    high_limit: float | None
    limits_from: str
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Question:
    """Of the interviewed: how many were asked, and how many gave no answer, by kind."""

    question: str
    asked: int
    dont_know: int
    declined: int
    no_answer: int


@dataclass(frozen=True)
class Version:
    """Records made with one version of the form; first and last day on which it was used."""

    version: str
    records: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Ages:
    """Whipple's index: 100 without a preference for ages that end in 0 or 5, 500 if all do. base: aged 23 to 62."""

    base: int
    index: float
    verdict: str


@dataclass(frozen=True)
class Quality:
    """Field quality of a wave.

    received: all rows. records: those that are no copies of another. interviews: those where the interview was held.
    rows: one row for each place in a queue: queue, file, row, group (rows of a group belong together; 0: alone), told
    (what the row is told with; blank: it is listed).
    not_measured: one line for each measure that could not be made, with the reason.
    """

    received: int
    records: int
    interviews: int
    queues: tuple[Queue, ...]
    rows: pd.DataFrame
    days: tuple[Day, ...]
    gaps: tuple[Gap, ...]
    points: tuple[Point, ...]
    measures: tuple[Measure, ...]
    enumerators: tuple[Enumerator, ...]
    durations: Durations | None
    questions: tuple[Question, ...]
    versions: tuple[Version, ...]
    ages: Ages | None
    not_measured: tuple[str, ...]
    limits: Limits

    def listed_in(self, queue: Queue) -> pd.DataFrame:
        """The rows of a queue that are not told with others."""
        return self.rows[(self.rows["queue"] == queue.name) & (self.rows["told"] == "")]

    @property
    def to_review(self) -> tuple[Queue, ...]:
        """The queues that hold rows."""
        return tuple(queue for queue in self.queues if queue.rows)
