"""Field quality of a wave: all measures, in the order of the page. Reads like the list of what is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.ingest.exclude import EXCLUDED_BY, in_fieldwork
from pipeline.ingest.recode import FILE, ROW
from pipeline.quality.ages import whipple
from pipeline.quality.alike import near_duplicates
from pipeline.quality.causes import with_causes
from pipeline.quality.days import gaps_of, points, questions, records_by_day, versions
from pipeline.quality.enumerators import enumerators
from pipeline.quality.interviews import COPIES, Interviews, known, prepare
from pipeline.quality.limits import LIMITS, Limits
from pipeline.quality.logic import logic_tests
from pipeline.quality.places import GROUP, TOLD, Places, alone, rows_where
from pipeline.quality.queues import QUEUES, as_queues
from pipeline.quality.results import Durations, Quality
from pipeline.quality.times import durations, time_queues
from pipeline.wave import Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd


def measure_quality(received: ir.Table, wave: Wave, engine: Engine, limits: Limits = LIMITS) -> Quality:
    """Field quality of every row received.

    received: one row each in our words, with file, row and excluded_by; any other column may be absent, and what cannot
    be measured without it is listed in `not_measured`.
    """
    q = wave.questionnaire
    interviews = prepare(received, wave, engine)
    lengths = durations(interviews, limits, engine) if {"started", "ended"} <= interviews.there else None
    logic, missing = logic_tests(interviews.answers, q)
    alike = near_duplicates(interviews, q, limits, engine)
    places: Places = {
        "copies": _copies(received, engine),
        **rows_where(_of_place_and_day(interviews, wave), interviews.answers, engine),
        **time_queues(interviews, lengths, limits, engine),
        **rows_where(logic, interviews.answers, engine),
        **({} if alike is None else {"near_duplicates": alike}),
    }
    days = records_by_day(interviews, wave, engine) if "day" in interviews.there else ()
    measures, staff = enumerators(interviews, places, limits, engine)
    told, causes = with_causes(places, interviews, limits, engine)
    return Quality(
        received=int(engine.frame(received.aggregate(n=received.count()))["n"][0]),
        records=interviews.total,
        interviews=interviews.interviewed,
        queues=as_queues(told, causes, lengths, limits),
        rows=_rows(told),
        days=days,
        gaps=gaps_of(days, limits.gap_days),
        points=points(interviews, engine) if "point" in interviews.there else (),
        measures=measures,
        enumerators=staff,
        durations=lengths,
        questions=questions(interviews, q, engine),
        versions=versions(interviews, wave, engine) if "version" in interviews.there else (),
        ages=whipple(interviews, engine, limits) if "age" in interviews.there else None,
        not_measured=(*_not_measured(interviews, lengths, alike), *missing),
        limits=limits,
    )


def _copies(received: ir.Table, engine: Engine) -> pd.DataFrame:
    copies = received.filter(received[EXCLUDED_BY].isin(COPIES)).select(FILE, ROW)
    return alone(engine.frame(copies.order_by([FILE, ROW])))


def _of_place_and_day(interviews: Interviews, wave: Wave) -> dict[str, ir.BooleanValue]:
    """Rows without a place, a day or a name for who asked; and those of other days than fieldwork's."""
    table = interviews.answers
    tests: dict[str, ir.BooleanValue] = {}
    if "day" in interviews.there:
        if {"route"} <= set(table.columns):
            tests["outside_fieldwork"] = ~in_fieldwork(table, table["survey_date"], wave)
        tests["no_date"] = table["survey_date"].isnull()
    if "point" in interviews.there:
        tests["no_point"] = known(table, "monitoring_point").isnull()
    if "enumerator" in interviews.there:
        tests["no_enumerator"] = known(table, "enumerator").isnull()
    return tests


def _rows(places: Places) -> pd.DataFrame:
    """All places of all queues, in the order of the page."""
    import pandas as pd

    order = [about.name for about in QUEUES if about.name in places]
    frames = [places[name].assign(queue=name) for name in order]
    return pd.concat(frames, ignore_index=True)[["queue", FILE, ROW, GROUP, TOLD]]


_WITHOUT = (
    ("day", "Records per day, days outside fieldwork: no row has a date of interview (survey_date)."),
    ("point", "Records per monitoring point: no row has a monitoring_point."),
    ("enumerator", "The work of each enumerator, interviews at once: no row has an enumerator code."),
    ("started", "Durations, interviews at once: no row has a start that can be read (interview_start)."),
    ("ended", "Durations, interviews at once: no row has an end that can be read (interview_end)."),
    ("sent", "Submission after the interview: no row has a submission_time that can be read."),
    ("version", "Versions of the form: no row has a form_version."),
    ("refused", "Refusals of consent: the questionnaire has no rule no_consent, or its column is not there."),
    (
        "repeat",
        "People who took part before: the questionnaire has no rule repeat_respondent, or its column is not there.",
    ),
    ("answered", "At least one indicator, by enumerator: no indicator of the questionnaire is there."),
)


def _not_measured(interviews: Interviews, lengths: Durations | None, alike: pd.DataFrame | None) -> list[str]:
    """One line for each measure that could not be made."""
    lines = [line for name, line in _WITHOUT if name not in interviews.there]
    if {"started", "ended"} <= interviews.there and lengths is None:
        lines.append("Durations: no interview ends after it begins.")
    if alike is None:
        lines.append("Nearly the same interviews: this needs a date, an age and enough other questions.")
    return lines
