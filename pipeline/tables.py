"""Every table at rest: what one row is, its columns in order, their types and meaning.

Writers conform to these; the data dictionary is made from them. Shares are fractions from 0 to 1, counts are people
unless the column says events, an empty field means "none" or "withheld" and never zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pipeline.vocabulary import (
    ALL,
    BREAKS,
    DIMENSIONS,
    FACTOR_LEVELS,
    GROUPS,
    NUMBER_OF_INDICATORS,
    OWN_OR_FAMILY,
    PROFILE,
    ROUTES,
    WITHHELD,
    Derived,
    Indicator,
)

if TYPE_CHECKING:
    import pandas as pd

Type = Literal["text", "count", "number"]


@dataclass(frozen=True)
class Column:
    """One column of a table at rest. words: all that it can hold besides nothing, where these are closed."""

    name: str
    type: Type
    about: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table at rest: its name, what one row is, its columns in order. key: those that name a row, if any do."""

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]


_WAVE = Column("wave", "text", "The wave's name.")
_ROUTE = Column("route", "text", "central, eastern, western, western_african, or all.", (*ROUTES, ALL))
_INDICATOR = Column(
    "indicator", "text", "The indicator, single or derived.", (*map(str, Indicator), *map(str, Derived))
)
_REASON = Column("reason", "text", "Why numbers are not there, if they are not withheld; else empty. See Reasons.")
_FIRMNESS = ("yes", "no", "review")
_SUPPRESSED = Column(
    "suppressed", "text", "`withheld` where the policy withholds the row's numbers; else empty.", (WITHHELD,)
)

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

WAVE_CONTRASTS = Table(
    "wave_contrasts",
    "The share of one indicator on one route in a wave against that in its base. Exact: not for release.",
    (
        Column("base", "text", "The wave that is compared with."),
        Column("wave", "text", "The wave."),
        Column("comparable", "text", "yes or check, as in diff: the stricter of the indicator and the route."),
        Column("indicator", "text", "The indicator, single or derived."),
        Column("route", "text", "The route; `all`: everyone, so that it depends on where interviews were held."),
        Column("base_answered", "count", "Respondents of the base with a valid answer."),
        Column("base_yes", "count", "Of these, those with an own positive response."),
        Column("base_share", "number", "base_yes / base_answered."),
        Column("wave_answered", "count", "The same of the wave."),
        Column("wave_yes", "count", "The same of the wave."),
        Column("wave_share", "number", "The same of the wave."),
        Column("difference", "number", "wave_share − base_share."),
        Column(
            "difference_low",
            "number",
            "Lower end of its 95% interval over monitoring points, those of both waves being the same; model-based.",
        ),
        Column("difference_high", "number", "Upper end of that interval."),
        Column("df", "count", "Its degrees of freedom: points with anyone who answered, less their routes."),
        Column(
            "reason",
            "text",
            "Why the difference or its interval is not there: nobody_answered, points_unknown, one_point (everyone "
            "was met there), nobody_or_everybody (is positive), no_spread (points do not differ); else empty.",
        ),
        Column(
            "base_covered", "number", "Share of the base's respondents in strata of route, sex, age, transit of both."
        ),
        Column("wave_covered", "number", "The same of the wave."),
        Column("base_standardised", "number", "The base's share, with people spread over strata as in both together."),
        Column("wave_standardised", "number", "The same of the wave."),
        Column("standardised_difference", "number", "wave_standardised − base_standardised."),
        Column("standardised_low", "number", "Lower end of its 95% interval, weights taken as fixed; model-based."),
        Column("standardised_high", "number", "Upper end of that interval."),
        Column("standardised_df", "count", "Its degrees of freedom."),
        Column(
            "standardised_reason",
            "text",
            "As reason; also strata_differ (the waves do not make them alike) and low_coverage (under 80% of either).",
        ),
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

PROFILES = Table(
    "profiles",
    "Respondents with a valid answer, by monitoring point, profile and indicator. Nearly a row a person.",
    (
        _ROUTE,
        Column("monitoring_point", "text", "Code of the flow monitoring point."),
        *(Column(name, "text", f"The level of {name}.") for name in PROFILE),
        Column("indicator", "text", "The indicator, single or derived."),
        Column("answered", "count", "Respondents with a valid answer (the base)."),
        Column("yes", "count", "Respondents with an own positive response."),
    ),
)

PAIRS = Table(
    "pairs",
    "Respondents with a valid answer to both of two indicators, by route and monitoring point.",
    (
        _ROUTE,
        Column("monitoring_point", "text", "Code of the flow monitoring point."),
        Column("indicator", "text", "The one."),
        Column("other", "text", "The other, which comes later in the form."),
        Column("answered", "count", "Respondents with a valid answer to both (the base)."),
        Column("yes", "count", "Respondents with an own positive response to both."),
        Column("yes_indicator", "count", "Of the base, those with one to the first."),
        Column("yes_other", "count", "Of the base, those with one to the second."),
    ),
)

RISK = Table(
    "risk",
    "How many respondents are alone in their combination of what somebody may know of them. Never released.",
    (
        _WAVE,
        Column("left_out", "text", "The characteristic that is left out; empty in the first row, which takes all."),
        Column("keys", "text", "The characteristics that are combined."),
        Column("respondents", "count", "Respondents analysed."),
        Column("combinations", "count", "Combinations with anyone."),
        Column("alone", "count", "Respondents who are alone in theirs."),
        Column("alone_share", "number", "alone / respondents."),
        Column("few", "count", "Respondents in combinations of fewer than 11."),
        Column("few_share", "number", "few / respondents."),
        Column("smallest", "count", "The fewest respondents in a combination: k."),
        Column("mean_risk", "number", "Mean over respondents of 1 / those in their combination."),
        Column("advice", "text", "coarsen_first: coarser answers to what is left out would gain most."),
    ),
)

DISCLOSURE_AUDIT = Table(
    "disclosure_audit",
    "Every withheld count, and what somebody with the whole release could make of it at most. Never released.",
    (
        Column("table", "text", "The released table that it is withheld in."),
        Column("cell", "text", "The columns that name the row, joined with ` | `."),
        Column(
            "count",
            "text",
            "Which count of the row; incomplete_yes: the positive ones whom complete cases leave out.",
        ),
        Column("least", "count", "The least that it can be without anything in the release being otherwise."),
        Column("greatest", "count", "The greatest. Between both, a reader cannot tell."),
        Column("width", "count", "greatest − least. The policy asks for 5 or more."),
        Column("verdict", "text", "protected; implied: a printed zero or total says so, and may; or broken."),
        Column(
            "why",
            "text",
            "Why it is withheld. primary: by the rule on single cells. complementary: it would give away another. "
            "coarsened: its cross is withheld as a whole, and the range is what the margins leave.",
        ),
    ),
)

ESTIMATES = Table(
    "estimates",
    "A share of respondents by indicator, route, group and level.",
    (
        _WAVE,
        Column("indicator_set", "text", "The set that `at_least_one` is counted over. Compare only equal sets."),
        _INDICATOR,
        _ROUTE,
        Column("group", "text", "The characteristic, or `all`.", tuple(GROUPS)),
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
            ("korn_graubard", "wilson"),
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
            "reliable",
            "text",
            "yes, no or review, by the standards of the NCHS. Released: from the released numbers.",
            _FIRMNESS,
        ),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "route", "group", "level"),
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
    key=("wave", "variable", "route", "level"),
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
    key=("wave", "indicator", "route", "country"),
)

EXPERIENCE = Table(
    "experience",
    "How experiences divide into own and family members', and how many indicators people reported.",
    (
        _WAVE,
        Column("measure", "text", "`own_or_family` or `number_of_indicators`.", (OWN_OR_FAMILY, NUMBER_OF_INDICATORS)),
        Column("indicator", "text", "The indicator, or the set over which indicators are counted."),
        _ROUTE,
        Column(
            "level", "text", "own, family (no own one), either (both together), neither; or the number of indicators."
        ),
        Column("respondents", "count", "Respondents. Released: rounded to the nearest 5."),
        Column("base", "count", "Respondents with a valid answer."),
        Column("share", "number", "respondents / base. Released: from the exact counts, to whole percents."),
        _SUPPRESSED,
    ),
    key=("wave", "measure", "indicator", "route", "level"),
)

CONTRASTS = Table(
    "contrasts",
    "One share against another, over monitoring points: how many times, and how many percentage points more.",
    (
        _WAVE,
        Column("compared", "text", "What the two differ in: route, sex, age_group, travel_mode, year_outside_origin."),
        Column("route", "text", "The route within which they are compared; `all` over all, and for two routes."),
        Column("first", "text", "The one that is compared."),
        Column("second", "text", "The one that it is compared with."),
        _INDICATOR,
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
        Column(
            "correlation", "number", "Correlation of both over monitoring points; 0 for routes. Released: 2 digits."
        ),
        Column("df", "count", "Degrees of freedom: points with anyone of either, less their routes."),
        Column("f", "number", "Rao–Scott F with 1 and df degrees of freedom. Released: from the released numbers."),
        Column("log10_p", "number", "log10 of its p."),
        Column(
            "log10_p_holm", "number", "The same after Holm, over the family; what a claim of a difference rests on."
        ),
        Column(
            "family",
            "text",
            "With `compared` and `route`, the tests that Holm takes together: `single` indicators, or a derived one.",
        ),
        *(
            Column(f"{method}_{end}", "number", f"{which} end of the {about}, which ignores monitoring points.")
            for method, about in (
                ("koopman", "Koopman interval of the ratio"),
                ("newcombe", "Newcombe interval of the difference"),
                ("miettinen_nurminen", "Miettinen–Nurminen interval of the difference"),
            )
            for end, which in (("low", "Lower"), ("high", "Upper"))
        ),
        _REASON,
        _SUPPRESSED,
    ),
    key=("wave", "compared", "route", "first", "second", "indicator"),
)

TRENDS = Table(
    "trends",
    "How an indicator changes along time in transit, from one bin to the next longer one.",
    (
        _WAVE,
        _INDICATOR,
        Column("route", "text", "The route; `all`: all together, each with a level of its own."),
        Column(
            "answered", "count", "Respondents with a valid answer and a known journey time. Released: sum of released."
        ),
        Column(
            "slope",
            "number",
            "Change of the log odds from one bin to the next. Released: from released counts, two digits, as all here.",
        ),
        Column("slope_se", "number", "Its standard error over monitoring points. Released: from the exact counts."),
        Column("odds_ratio", "number", "exp(slope): how many times the odds are from one bin to the next."),
        Column("odds_low", "number", "Lower end of its 95% interval over monitoring points; model-based."),
        Column("odds_high", "number", "Upper end of that interval."),
        Column("df", "count", "Degrees of freedom: points less routes."),
        Column(
            "chi_square",
            "number",
            "Cochran–Armitage within routes, which treats people as drawn one by one: a description.",
        ),
        Column("log10_p", "number", "log10 of its p, which is too small where people at one point are alike."),
        _REASON,
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "route"),
)

STRATIFIED = Table(
    "stratified",
    "Two routes compared among respondents whose journeys took equally long, and without regard to it.",
    (
        _WAVE,
        _INDICATOR,
        Column("first", "text", "The route that is compared."),
        Column("second", "text", "The route that it is compared with."),
        Column(
            "answered",
            "count",
            "Respondents of both, in bins of journey time that both have. Released: sum of released.",
        ),
        Column(
            "crude_risk_ratio",
            "number",
            "Share over share of these. Released: from released counts, two digits, as all numbers here.",
        ),
        Column("crude_odds_ratio", "number", "Odds over odds of these."),
        Column("risk_ratio", "number", "Mantel–Haenszel: share over share at equal journey time."),
        Column("ratio_low", "number", "Lower end of its 95% interval (Greenland–Robins), which ignores points."),
        Column("ratio_high", "number", "Upper end of that interval."),
        Column("odds_ratio", "number", "Mantel–Haenszel: odds over odds at equal journey time."),
        Column("odds_low", "number", "Lower end of its 95% interval (Robins–Breslow–Greenland), which ignores points."),
        Column("odds_high", "number", "Upper end of that interval."),
        Column("chi_square", "number", "Cochran–Mantel–Haenszel, one degree of freedom; ignores points."),
        Column("log10_p", "number", "log10 of its p, which is too small where people at one point are alike."),
        Column(
            "breslow_day",
            "number",
            "Breslow–Day: whether the odds ratio is the same in every bin; ignores points. Released: rough, since the "
            "rounding of counts shows in it.",
        ),
        Column("breslow_day_df", "count", "Its degrees of freedom."),
        Column("breslow_day_log10_p", "number", "log10 of its p."),
        Column("adjusted_odds_ratio", "number", "Odds over odds at equal journey time, by regression over points."),
        Column(
            "adjusted_low",
            "number",
            "Lower end of its 95% interval over monitoring points. Released: its standard error from the exact counts.",
        ),
        Column("adjusted_high", "number", "Upper end of that interval."),
        Column("df", "count", "Degrees of freedom: points less 2."),
        Column("adjusted_log10_p", "number", "log10 of its p: the one to go by."),
        _REASON,
        Column("adjusted_reason", "text", "The same of the odds ratio by regression."),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "first", "second"),
)

NONRESPONSE = Table(
    "nonresponse",
    "A share by four rules for missing answers: of whole routes; of groups, at least one indicator.",
    (
        _WAVE,
        _INDICATOR,
        _ROUTE,
        Column("group", "text", "The characteristic, or `all`; crosses are not here.", (ALL, *DIMENSIONS)),
        Column("level", "text", "The level of the group."),
        Column("asked", "count", "Respondents asked. Released: rounded to the nearest 5."),
        Column("answered", "count", "Respondents with a valid answer. Released: rounded to the nearest 5."),
        Column("yes", "count", "Of these, positive. Released: rounded to the nearest 5."),
        Column("share", "number", "As in estimates. Released: whole percents, as all shares here."),
        Column("bound_low", "number", "If every missing answer were a no."),
        Column("bound_high", "number", "If every missing answer that could be a yes were one."),
        Column(
            "complete",
            "count",
            "Respondents who answered every question it needs. Released: rounded, of whole routes; empty of groups.",
        ),
        Column("complete_yes", "count", "Of these, positive. Released as complete is."),
        Column("complete_share", "number", "complete_yes / complete, of whole routes and of groups."),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "route", "group", "level"),
)

TIPPING = Table(
    "tipping",
    "The difference of two routes under a supposition on those whom a missing answer could make positive.",
    (
        _WAVE,
        _INDICATOR,
        Column("first", "text", "The one route."),
        Column("second", "text", "The other."),
        Column("first_assumed", "number", "Share of such respondents of the first that is supposed to be positive."),
        Column("second_assumed", "number", "The same of the second."),
        Column("first_share", "number", "Share of the first then. Released: from the released bounds, whole percents."),
        Column("second_share", "number", "Share of the second then."),
        Column("difference", "number", "first_share − second_share."),
        _REASON,
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "first", "second", "first_assumed", "second_assumed"),
)

COOCCURRENCE = Table(
    "cooccurrence",
    "Two indicators reported by the same respondents.",
    (
        _WAVE,
        _ROUTE,
        Column("indicator", "text", "The one."),
        Column("other", "text", "The other, which comes later in the form."),
        Column("answered", "count", "Respondents with a valid answer to both. Released: rounded to the nearest 5."),
        Column("yes", "count", "Respondents positive on both. Released: rounded to the nearest 5."),
        Column("yes_indicator", "count", "Of the base, those positive on the first. Released: rounded."),
        Column("yes_other", "count", "Of the base, those positive on the other. Released: rounded."),
        Column("share", "number", "yes / answered. Released: from the exact counts, to whole percents."),
        Column("ci_low", "number", "Lower end of the 95% interval named in `ci_method`."),
        Column("ci_high", "number", "Upper end of that interval."),
        Column("ci_method", "text", "As in estimates."),
        Column("wilson_low", "number", "Lower end of the 95% Wilson interval."),
        Column("wilson_high", "number", "Upper end of the 95% Wilson interval."),
        Column("deff", "number", "Design effect of monitoring points."),
        Column("df", "count", "Degrees of freedom of the interval."),
        Column(
            "ratio",
            "number",
            "share over what it would be if both had nothing to do with one another. Released: from released shares.",
        ),
        _SUPPRESSED,
    ),
    key=("wave", "route", "indicator", "other"),
)

MEANS = Table(
    "means",
    "The mean number of indicators reported on a route.",
    (
        _WAVE,
        Column("indicator_set", "text", "The set over which indicators are counted."),
        _ROUTE,
        Column("answered", "count", "Respondents with a valid answer to any. Released: rounded to the nearest 5."),
        Column("mean", "number", "Indicators reported per respondent. Released: two digits, as all numbers here."),
        Column("mean_low", "number", "Lower end of its 95% interval over monitoring points."),
        Column("mean_high", "number", "Upper end of that interval."),
        Column("df", "count", "Degrees of freedom: points less routes."),
        _REASON,
        _SUPPRESSED,
    ),
    key=("wave", "route"),
)

FACTORS = Table(
    "factors",
    "A level of a factor in the model of at least one indicator: odds ratios with all others taken into account.",
    (
        _WAVE,
        Column("indicator", "text", "What is modelled: at_least_one."),
        Column(
            "factor_level",
            "text",
            "IOM's level: individual, household_and_family, community, structural.",
            FACTOR_LEVELS,
        ),
        Column("factor", "text", "The characteristic."),
        Column("level", "text", "Its level."),
        Column("role", "text", "reference, compared with it, or left_out: too few respondents, with nobody of it in."),
        Column("answered", "count", "Respondents in the model. Released: rounded to the nearest 5."),
        Column("yes", "count", "Of these, positive. Released: rounded to the nearest 5."),
        Column("odds_ratio", "number", "Adjusted odds ratio, random intercept by point. Released: two digits."),
        Column("odds_low", "number", "Lower end of its 95% interval."),
        Column("odds_high", "number", "Upper end of that interval."),
        Column("log10_p", "number", "log10 of the p of its coefficient (Wald)."),
        Column("log10_p_bh", "number", "The same after Benjamini and Hochberg, over the coefficients: exploratory."),
        Column("single_ratio", "number", "Adjusted odds ratio without intercepts by point."),
        Column("single_low", "number", "Lower end of its 95% interval over monitoring points."),
        Column("single_high", "number", "Upper end of that interval."),
        Column(
            "probability", "number", "Average predicted probability with everybody at this level. Released: whole %."
        ),
        Column("probability_low", "number", "Lower end of its 95% interval."),
        Column("probability_high", "number", "Upper end of that interval."),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "factor", "level"),
)

PREDICTED = Table(
    "predicted",
    "A profile that the questionnaire declares, on a route: how likely the model takes a report of at least one.",
    (
        _WAVE,
        Column("indicator", "text", "What is modelled: at_least_one."),
        Column("profile", "text", "The profile's name in the questionnaire."),
        _ROUTE,
        Column("answered", "count", "Respondents in the model who are just so. Released: rounded to the nearest 5."),
        Column(
            "probability", "number", "Average predicted probability, other factors as among all. Released: whole %."
        ),
        Column("probability_low", "number", "Lower end of its 95% interval."),
        Column("probability_high", "number", "Upper end of that interval."),
        Column(
            "note", "text", "extrapolated: fewer than 30 are just so. not_in_model, no_model: there is no prediction."
        ),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "profile", "route"),
)

MODEL = Table(
    "model",
    "A quantity that describes the model of factors as a whole. The first row says whether there is one.",
    (
        _WAVE,
        Column("indicator", "text", "What is modelled: at_least_one."),
        Column("quantity", "text", "fitted, respondents, left_out, positive, points, coefficients, …"),
        Column("value", "number", "Its value; for fitted, 1 or 0. Released: people rounded, the rest to two digits."),
        Column("note", "text", "For fitted: why there is no model, or what makes it less sure. Else empty."),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "quantity"),
)

CALIBRATION = Table(
    "calibration",
    "A tenth of the respondents of the model, by their predicted probability from the lowest to the highest.",
    (
        _WAVE,
        Column("indicator", "text", "What is modelled: at_least_one."),
        Column("tenth", "count", "1 to 10."),
        Column("answered", "count", "Respondents. Released: rounded to the nearest 5."),
        Column("yes", "count", "Of these, positive. Released: rounded to the nearest 5."),
        Column("expected", "number", "Mean predicted probability. Released: to whole percents."),
        Column("observed", "number", "yes / answered. Released: from the exact counts, to whole percents."),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "tenth"),
)

ESTIMATED = (
    *(ESTIMATES, DISTRIBUTIONS, EVENTS, EXPERIENCE, MEANS, COOCCURRENCE, NONRESPONSE, TIPPING),
    *(CONTRASTS, STRATIFIED, TRENDS, FACTORS, PREDICTED, MODEL, CALIBRATION),
)
"""What is kept exact, and released by the rules of disclosure control."""

CHANGES = Table(
    "changes",
    "The share of one indicator on one route in this wave, beside that in the earlier wave that the wave file names. "
    "Worked out from the released estimates of both, and from nothing else.",
    (
        _WAVE,
        Column("earlier_wave", "text", "The earlier wave."),
        Column("indicator", "text", "at_least_one_common, or one of the four that every instrument asks."),
        Column("route", "text", "A route on which anyone was interviewed in both waves.", ROUTES),
        Column("earlier_answered", "count", "Respondents with a valid answer in the earlier wave, rounded."),
        Column("earlier_yes", "count", "Respondents with an own positive response in the earlier wave, rounded."),
        Column("earlier_share", "number", "Share in the earlier wave, as it was released; empty where it was not."),
        Column("earlier_low", "number", "Lower end of its 95% interval."),
        Column("earlier_high", "number", "Upper end of that interval."),
        Column("earlier_reliable", "text", "yes, no or review, as in estimates of the earlier wave.", _FIRMNESS),
        Column("answered", "count", "Respondents with a valid answer in this wave, rounded."),
        Column("yes", "count", "Respondents with an own positive response in this wave, rounded."),
        Column("share", "number", "Share in this wave, as in estimates."),
        Column("ci_low", "number", "Lower end of its 95% interval."),
        Column("ci_high", "number", "Upper end of that interval."),
        Column("difference", "number", "share − earlier_share; empty where either is not released, or after a break."),
        Column("difference_low", "number", "Lower end of its 95% interval, from both shares and their limits."),
        Column("difference_high", "number", "Upper end of that interval."),
        Column("reliable", "text", "yes, no or review, as in estimates of this wave.", _FIRMNESS),
        Column(
            "break_before",
            "text",
            f"Why the two may not be compared on this route: one or more of {', '.join(BREAKS)}, with `|` between; "
            "else empty. See Breaks.",
        ),
        _SUPPRESSED,
    ),
    key=("wave", "indicator", "route"),
)

FIGURE_DATA = Table(
    "figure_data",
    "One bar, column, cell, part of a bar or dot of a figure, in drawing order. Released numbers only.",
    (
        Column("mark", "count", "Its place in the figure, from 1."),
        Column("route", "text", "central, eastern, western, western_african, or all; empty where it is of no route."),
        Column("route_label", "text", "The route in the language of the report."),
        Column("indicator", "text", "The indicator, or at_least_one; empty where it is about none or all."),
        Column("indicator_label", "text", "The indicator in the language of the report."),
        Column("variable", "text", "The characteristic; country for events; empty for all respondents."),
        Column("variable_label", "text", "The characteristic as the figure or the report calls it."),
        Column("level", "text", "Its level: a word of Answers, a country, or a rule of the ledger."),
        Column("level_label", "text", "The level in the language of the report, not shortened."),
        Column("share", "number", "Where the bar or the dot ends."),
        Column("ci_low", "number", "Where its line begins; empty if it has none."),
        Column("ci_high", "number", "Where its line ends; empty if it has none."),
        Column("n", "count", "The base of the share, rounded as released: respondents, or events by country."),
        Column("count", "count", "Interviews of the ledger, in the figure that counts them; else empty."),
        Column("printed", "text", "The number as it stands in the figure."),
        Column("printed_n", "text", "The n under its column, where the figure has one."),
        Column("drawn", "text", "value, unreliable (marked †), withheld (hatched), or no_number (hatched)."),
    ),
)

TREND = Table(
    "trend",
    "The share of one indicator on one route in one wave, by route and then by time. Copied from released estimates.",
    (
        _WAVE,
        Column("questionnaire", "text", "The instrument with which the wave was held."),
        Column("indicator", "text", "at_least_one_common: the only set that every instrument asks."),
        Column(
            "route",
            "text",
            "central, eastern, western, western_african, or all, which depends on where interviews were held.",
            (*ROUTES, ALL),
        ),
        Column("from", "text", "The first day of fieldwork on the route, as 2016-06-01."),
        Column("to", "text", "The last day of it."),
        Column("quarter", "text", "The quarter of the middle day, as 2016-Q3: where the wave stands in time."),
        Column("quarters", "count", "How many quarters the days touch. More than one: the share is not of `quarter`."),
        Column("asked", "count", "As in estimates, as are all columns up to `suppressed`. 0: nobody on this route."),
        Column("answered", "count", "Respondents with a valid answer, rounded."),
        Column("yes", "count", "Respondents with an own positive response, rounded."),
        Column("share", "number", "yes / answered, in whole percents; empty where it is withheld or the base small."),
        Column("ci_low", "number", "Lower end of the 95% interval named in `ci_method`; model-based, descriptive."),
        Column("ci_high", "number", "Upper end of that interval."),
        Column("ci_method", "text", "As in estimates.", ("korn_graubard", "wilson")),
        Column("reliable", "text", "yes, no or review, by the standards of the NCHS.", _FIRMNESS),
        _SUPPRESSED,
        Column(
            "break_before",
            "text",
            "Why it may not be joined to the wave before it with anyone on this route: one or more of "
            f"{', '.join(BREAKS)}, with `|` between; else empty. See Breaks.",
        ),
        Column("release", "text", "The folder of the release that it is copied from; its hashes are in the manifest."),
    ),
    key=("wave", "indicator", "route"),
)

AT_REST = (
    LEDGER,
    FINDINGS,
    QUEUES,
    LINEAGE,
    DIFF,
    WAVE_CONTRASTS,
    COUNTS,
    PROFILES,
    PAIRS,
    RISK,
    DISCLOSURE_AUDIT,
    *ESTIMATED,
    CHANGES,
    FIGURE_DATA,
    TREND,
)

_PANDAS_TYPES = {"text": "str", "count": "Int64", "number": "Float64"}


def conform(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The frame with exactly the table's columns, in order and of its types. KeyError if one is missing."""
    typed = frame[table.names].astype({column.name: _PANDAS_TYPES[column.type] for column in table.columns})
    return typed.reset_index(drop=True)


def plain_rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows of a conformed table as plain values; what is missing is None."""
    columns = (frame[name].array.to_numpy(object, na_value=None).tolist() for name in frame.columns)
    return zip(*columns, strict=True)


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
