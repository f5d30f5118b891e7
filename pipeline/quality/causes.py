"""Where many rows of a queue have one cause, it is told once rather than row by row.

Somebody who finds 300 interviews of one enumerator in a queue has one question to ask, not 300. So a queue in which a
large part of somebody's work lies, or of what one point or file holds, names that, and lists only the other rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.ingest.recode import FILE, ROW
from pipeline.quality.places import GROUP, TOLD, Places
from pipeline.quality.queues import QUEUES
from pipeline.quality.results import Cause, CauseKind

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.engine import Engine
    from pipeline.quality.interviews import Interviews
    from pipeline.quality.limits import Limits

Causes = dict[str, tuple[Cause, ...]]


def with_causes(places: Places, interviews: Interviews, limits: Limits, engine: Engine) -> tuple[Places, Causes]:
    """The places with a column `told` that names what their row is told with, blank for a row that is listed; and the
    causes of each queue, the largest share first.
    """
    told = {name: found.assign(**{TOLD: ""}) for name, found in places.items()}
    large = {about.name: about.shared_by for about in QUEUES if len(places.get(about.name, ())) > limits.cause_rows}
    if not any(large.values()):
        return told, {}
    work = engine.frame(interviews.rows.select(FILE, ROW, "enumerator", "point", "interviewed"))
    causes: Causes = {}
    for name, kinds in large.items():
        whole = places[name]
        told[name][TOLD], causes[name] = _told(whole, work, kinds, limits)
    return told, causes


def _told(
    queue: pd.DataFrame, work: pd.DataFrame, kinds: tuple[CauseKind, ...], limits: Limits
) -> tuple[pd.Series[str], tuple[Cause, ...]]:
    """What each row of a queue is told with, and the causes. Each kind is looked for among the rows that are left."""
    import pandas as pd

    queued = queue[[FILE, ROW]].merge(work, on=[FILE, ROW], how="left").set_axis(queue.index)
    only_interviews = bool(queued["interviewed"].eq(True).all())
    base = work[work["interviewed"]] if only_interviews else work
    of = "interviews" if only_interviews else "records"
    told = pd.Series("", index=queue.index, dtype="str")
    causes: list[Cause] = []
    for kind in kinds:
        rows = queued.loc[told == "", kind].value_counts()
        whole = base[kind].value_counts().reindex(rows.index)
        shared = (rows > limits.cause_rows) & (100 * rows >= limits.cause_percent * whole)
        found = {code: Cause(kind, str(code), int(rows[code]), int(whole[code]), of) for code in rows.index[shared]}
        names = [found[code].name if code in found else "" for code in queued[kind]]
        told = told.mask(told == "", pd.Series(names, index=queue.index, dtype="str"))
        causes += sorted(found.values(), key=lambda cause: (-cause.rows / cause.base, cause.code))
    return _whole_groups(queue, told), tuple(causes)


def _whole_groups(queue: pd.DataFrame, named: pd.Series[str]) -> pd.Series[str]:
    """A group of which one row is listed is listed whole: half of it would say nothing."""
    listed = set(queue.loc[(named == "") & (queue[GROUP] > 0), GROUP])
    return named.mask(queue[GROUP].isin(listed), "")
