"""What a public-use file says of a row: which characteristics, which indicators, in which words.

Never the monitoring point, a date, an identifier, the file or the row. The nationality is left out as well: most have
few respondents, and somebody who knows one of them knows the country. The region of origin stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.questionnaire import Questionnaire
from pipeline.vocabulary import EXPERIENCE_WORDS, ROUTE, ROUTES, Derived, Experience

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

CHARACTERISTICS = (
    ROUTE,
    "transit",
    "year_outside_origin",
    "sex",
    "age_group",
    "travel_mode",
    "education",
    "region_of_origin",
)
"""What a row says of a person. Each has a column in the questionnaire, or is derived from one."""

MISSING = "missing"
"""No valid answer, whatever the reason: each single reason is given by so few that it would not survive the noise."""

YES, NO = str(Experience.YES), str(Experience.NO)

ANY = str(Derived.AT_LEAST_ONE)


def characteristics(q: Questionnaire) -> list[str]:
    """The characteristics that this instrument knows, in order."""
    derived = {ROUTE: True, "age_group": bool(q.age_groups), "region_of_origin": bool(q.regions)}
    return [name for name in CHARACTERISTICS if name in q.columns or derived.get(name)]


def indicators(q: Questionnaire) -> list[str]:
    """The indicators that this instrument asks about, in the order of the form."""
    return [str(item.indicator) for item in q.indicators]


def columns(q: Questionnaire) -> dict[str, list[str]]:
    """Each column of the public-use file, in order, with every word that it may hold."""
    words = {name: [*(ROUTES if name == ROUTE else q.levels(name)), MISSING] for name in characteristics(q)}
    return words | {name: [YES, NO, MISSING] for name in (*indicators(q), ANY)}


def analysed(path: Path, q: Questionnaire, engine: Engine) -> pd.DataFrame:
    """The analysed respondents in the words of the public-use file; no other column leaves the engine.

    path: respondents.parquet. An indicator is `yes` for an own positive response and `no` for any other valid answer,
    so that yes / (yes + no) is the share of the estimates. `at_least_one` is over the indicators that count.
    """
    import pyarrow.parquet as pq

    from pipeline.ingest.exclude import EXCLUDED_BY
    from pipeline.publish import reading

    of_people = [*characteristics(q), *indicators(q)]
    with reading():
        everyone = engine.from_arrow(pq.read_table(path, columns=[EXCLUDED_BY, *of_people]))
    people = everyone.filter(everyone[EXCLUDED_BY] == "")
    counted = [people[str(indicator)] for indicator in q.counted]
    words = columns(q)
    shown = {name: _known(people[name], words[name]) for name in characteristics(q)}
    shown |= {name: _reported([people[name]]) for name in indicators(q)}
    return engine.frame(people.select(**shown, **{ANY: _reported(counted)}))


def _known(answer: ir.StringValue, words: Iterable[str]) -> ir.StringValue:
    return answer.isin(list(words)).ifelse(answer, MISSING)


def _reported(answers: list[ir.StringValue]) -> ir.StringValue:
    """Whether any of these was answered with an own experience; `missing` if none was answered at all."""
    import ibis

    yes = reduce(or_, [answer == YES for answer in answers])
    answered = reduce(or_, [answer.isin(EXPERIENCE_WORDS) for answer in answers])
    return ibis.cases((yes, YES), (answered, NO), else_=MISSING)
