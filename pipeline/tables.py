"""Every table at rest: what one row is, its columns in order, their types and meaning.

Writers conform to these; the data dictionary is made from them. Shares are fractions from 0 to 1, counts are people
unless the column says events, an empty field means "none" or "withheld" and never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

Type = Literal["text", "count", "number"]


@dataclass(frozen=True)
class Column:
    """One column of a table at rest."""

    name: str
    type: Type
    about: str


@dataclass(frozen=True)
class Table:
    """One table at rest: its name, what one row is, its columns in order."""

    name: str
    grain: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]


_WAVE = Column("wave", "text", "The wave's name.")
_ROUTE = Column("route", "text", "central, eastern, western, western_african, or all.")
_SUPPRESSED = Column("suppressed", "text", "`withheld` where the policy withholds the row's numbers; else empty.")

LEDGER = Table(
    "ledger",
    "One rule of the exclusion ledger, in the order in which rows are taken out. Received = the sum of the others.",
    (
        Column("rule", "text", "received, the excluding rules in order, analysed."),
        Column("rows", "count", "Rows received, taken out by this rule, or left."),
        Column("reason", "text", "Why the rule takes rows out."),
    ),
)

FINDINGS = Table(
    "findings",
    "One result of validation. Row numbers are those of a spreadsheet: the header is row 1. Never a person's answer.",
    (
        Column("severity", "text", "error (stops the run), warning, or note."),
        Column("check", "text", "The check's name."),
        Column("file", "text", "The export file."),
        Column("column", "text", "The header in that file, where one column is meant."),
        Column("rows", "count", "How many rows are concerned."),
        Column("row_numbers", "text", "Where they are, for checks that point to rows."),
        Column("message", "text", "What was found."),
        Column("repair", "text", "What to do about it."),
    ),
)

QUEUES = Table(
    "queues",
    "One row of an export in one review queue of field quality. Row numbers are those of a spreadsheet.",
    (
        Column("queue", "text", "The queue's name."),
        Column("file", "text", "The export file."),
        Column("row", "count", "The row in that file."),
        Column("group", "count", "Rows of a queue with the same number belong together; 0: the row stands alone."),
        Column(
            "told", "text", "The enumerator, point or file whose rows the page tells once; empty if it lists the row."
        ),
    ),
)

LINEAGE = Table(
    "lineage",
    "One header of an export: which of our columns it gave, and by which rule.",
    (
        Column("column", "text", "Our column, or `column/answer` for the column of one answer; empty if unused."),
        Column("file", "text", "The export file."),
        Column("sheet", "text", "The sheet or the file in an archive, where there is one."),
        Column("place", "count", "The column's place in the file; the first is 1."),
        Column("header", "text", "The header as the file has it."),
        Column("rule", "text", "How it was matched: by name, by a label and its language, by what is left of it."),
    ),
)

DIFF = Table(
    "diff",
    "One thing in which two waves differ, or one result and whether it may be compared. The most important first.",
    (
        Column("topic", "text", "What it is about; `what may be compared` stands first."),
        Column("what", "text", "The result, question, answer, rule or column."),
        Column("base", "text", "How it is in the wave that is compared with; empty if it is not there."),
        Column("wave", "text", "How it is in the wave; empty if it is not there."),
        Column("comparable", "text", "yes, no, or check: someone who knows the field must decide."),
        Column("consequence", "text", "What follows from it, or what to do."),
    ),
)

COUNTS = Table(
    "counts",
    "Respondents by route, group, level, indicator and monitoring point. A cell without anyone has one row of zeros.",
    (
        _ROUTE,
        Column("group", "text", "The characteristic, or `all`."),
        Column("level", "text", "The level of the group; crosses are joined with `|`."),
        Column("indicator", "text", "The indicator, single or derived."),
        Column("monitoring_point", "text", "Code of the flow monitoring point; empty in a cell without anyone."),
        Column("asked", "count", "Respondents asked."),
        Column("answered", "count", "Respondents with a valid answer (the base)."),
        Column("yes", "count", "Respondents with an own positive response."),
        Column("family", "count", "Respondents without an own one whose family member had the experience."),
        Column("undecided", "count", "Respondents not counted as yes whom an unanswered question could have made one."),
        Column("complete", "count", "Respondents who answered every question that the indicator needs."),
        Column("complete_yes", "count", "Of these, the positive ones."),
    ),
)

ESTIMATES = Table(
    "estimates",
    "A share of respondents by indicator, route, group and level.",
    (
        _WAVE,
        Column("indicator_set", "text", "The set that `at_least_one` is counted over. Compare only equal sets."),
        Column("indicator", "text", "The indicator, single or derived."),
        _ROUTE,
        Column("group", "text", "The characteristic, or `all`."),
        Column("level", "text", "The level of the group; crosses are joined with `|`."),
        Column("asked", "count", "Respondents asked. Released: rounded to the nearest 5."),
        Column("answered", "count", "Respondents with a valid answer: the base. Released: rounded to the nearest 5."),
        Column("yes", "count", "Respondents with an own positive response. Released: rounded to the nearest 5."),
        Column(
            "share", "number", "yes / answered. Released: from the exact counts, to whole percents, base 50 or more."
        ),
        Column("ci_low", "number", "Lower end of the 95% interval named in `ci_method`; model-based, descriptive."),
        Column("ci_high", "number", "Upper end of that interval."),
        Column(
            "ci_method",
            "text",
            "korn_graubard: monitoring points as what was sampled. wilson: ignores that people at one point are alike.",
        ),
        Column("wilson_low", "number", "Lower end of the 95% Wilson interval."),
        Column("wilson_high", "number", "Upper end of the 95% Wilson interval."),
        Column("bound_low", "number", "The share if every missing answer were a no: yes / asked."),
        Column("bound_high", "number", "The share if every missing answer that could be a yes were one."),
        Column(
            "deff",
            "number",
            "Design effect of monitoring points: how many times the variance of people drawn one by one.",
        ),
        Column("df", "count", "Degrees of freedom of the interval: points with anyone in the cell, less their routes."),
        Column(
            "reliable", "text", "yes, no or review, by the standards of the NCHS. Released: from the released numbers."
        ),
        _SUPPRESSED,
    ),
)

DISTRIBUTIONS = Table(
    "distributions",
    "A share of respondents by characteristic, route and level.",
    (
        _WAVE,
        Column("variable", "text", "The characteristic."),
        _ROUTE,
        Column("level", "text", "Its level; `declined` and `unknown` stand apart."),
        Column("respondents", "count", "Respondents at this level. Released: rounded to the nearest 5."),
        Column("base", "count", "For an answer: respondents with a known one. For declined and unknown: all of them."),
        Column("share", "number", "respondents / base. Released: from the exact counts, to whole percents."),
        _SUPPRESSED,
    ),
)

EVENTS = Table(
    "events",
    "A share of events by the country where they took place. The unit is events reported as own, not people.",
    (
        _WAVE,
        Column("indicator", "text", "The indicator, or `all` for the direct experiences together (no awareness item)."),
        _ROUTE,
        Column("country", "text", "The country named; `declined` and `unknown` stand apart."),
        Column("events", "count", "Events. Released: rounded to the nearest 5."),
        Column("base", "count", "For a country: events with a known one. For declined and unknown: all events."),
        Column("share", "number", "events / base. Released: from the exact counts, to whole percents."),
        Column("people", "count", "Respondents who reported them; the rule on small numbers is tested on these too."),
        _SUPPRESSED,
    ),
)

EXPERIENCE = Table(
    "experience",
    "How experiences divide into own and family members', and how many indicators people reported.",
    (
        _WAVE,
        Column("measure", "text", "`own_or_family` or `number_of_indicators`."),
        Column("indicator", "text", "The indicator, or the set over which indicators are counted."),
        _ROUTE,
        Column("level", "text", "own, family (no own one), neither; or the number of indicators."),
        Column("respondents", "count", "Respondents. Released: rounded to the nearest 5."),
        Column("base", "count", "Respondents with a valid answer."),
        Column("share", "number", "respondents / base. Released: from the exact counts, to whole percents."),
        _SUPPRESSED,
    ),
)

CONTRASTS = Table(
    "contrasts",
    "One share against another, over monitoring points: how many times, and how many percentage points more.",
    (
        _WAVE,
        Column("indicator", "text", "The indicator, single or derived."),
        Column("compared", "text", "What the two differ in: `route`."),
        Column("first", "text", "The one that is compared."),
        Column("second", "text", "The one that it is compared with."),
        Column("first_answered", "count", "Respondents with a valid answer. Released: rounded to the nearest 5."),
        Column("first_share", "number", "Its share. Released: to whole percents."),
        Column("second_answered", "count", "The same of the other."),
        Column("second_share", "number", "The same of the other."),
        Column(
            "risk_ratio", "number", "first_share / second_share. Released: to two digits, where both are 5% or more."
        ),
        Column("ratio_low", "number", "Lower end of its 95% interval over monitoring points; model-based."),
        Column("ratio_high", "number", "Upper end of that interval."),
        Column("risk_difference", "number", "first_share − second_share. Released: to whole percents."),
        Column("difference_low", "number", "Lower end of its 95% interval over monitoring points; model-based."),
        Column("difference_high", "number", "Upper end of that interval."),
        Column("df", "count", "Degrees of freedom: those of both."),
        _SUPPRESSED,
    ),
)

TRENDS = Table(
    "trends",
    "How an indicator changes along time in transit, from one bin to the next longer one.",
    (
        _WAVE,
        Column("indicator", "text", "The indicator, single or derived."),
        Column("route", "text", "The route; `all`: all together, each with a level of its own."),
        Column("answered", "count", "Respondents with a valid answer and a known journey time. Released: rounded."),
        Column(
            "slope", "number", "Change of the log odds from one bin to the next. Released: two digits, as all here."
        ),
        Column("slope_se", "number", "Its standard error over monitoring points."),
        Column("odds_ratio", "number", "exp(slope): how many times the odds are from one bin to the next."),
        Column("odds_low", "number", "Lower end of its 95% interval over monitoring points; model-based."),
        Column("odds_high", "number", "Upper end of that interval."),
        Column("df", "count", "Degrees of freedom: points less routes."),
        Column("chi_square", "number", "Cochran–Armitage, which treats people as drawn one by one: a description."),
        Column("log10_p", "number", "log10 of its p, which is too small where people at one point are alike."),
        _SUPPRESSED,
    ),
)

ESTIMATED = (ESTIMATES, DISTRIBUTIONS, EVENTS, EXPERIENCE, CONTRASTS, TRENDS)
"""What is kept exact, and released by the rules of disclosure control."""

AT_REST = (LEDGER, FINDINGS, QUEUES, LINEAGE, DIFF, COUNTS, *ESTIMATED)

_PANDAS_TYPES = {"text": "str", "count": "Int64", "number": "Float64"}


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame with exactly the table's columns, in order and of its types. KeyError if one is missing."""
    typed = frame[table.names].astype({column.name: _PANDAS_TYPES[column.type] for column in table.columns})
    return typed.reset_index(drop=True)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """A table as CSV: UTF-8, commas, a line feed after each row, nothing where there is no value."""
    frame.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """A table as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    # Without pandas' own metadata, which records versions that have nothing to do with the table.
    pq.write_table(
        pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(), path, compression="zstd"
    )
