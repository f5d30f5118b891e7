"""Why a number is not there: closed words for the columns `reason`."""

from __future__ import annotations

from enum import StrEnum


class Lacking(StrEnum):
    """Why a number, or its interval, is not there. Of several reasons, the first in this order."""

    NOBODY_ANSWERED = "nobody_answered"
    SMALL_BASE = "small_base"
    STRATA_DIFFER = "strata_differ"
    LOW_COVERAGE = "low_coverage"
    NO_COMMON_BIN = "no_common_bin"
    ONE_BIN = "one_bin"
    POINTS_UNKNOWN = "points_unknown"
    ONE_POINT = "one_point"
    NO_INTERVAL = "no_interval"
    NOBODY_OR_EVERYBODY = "nobody_or_everybody"
    NO_SPREAD = "no_spread"
    NOT_SEPARABLE = "not_separable"


MEANING = {
    Lacking.NOBODY_ANSWERED: "nobody answered",
    Lacking.SMALL_BASE: "too few answered for a share to be printed",
    Lacking.STRATA_DIFFER: "the groups in which both should be made alike are not made alike",
    Lacking.LOW_COVERAGE: "too few of either wave are in groups that both have",
    Lacking.NO_COMMON_BIN: "no journey time at which both routes have respondents",
    Lacking.ONE_BIN: "all journeys are of one length",
    Lacking.POINTS_UNKNOWN: "monitoring points are not known",
    Lacking.ONE_POINT: "everybody was met at one monitoring point",
    Lacking.NO_INTERVAL: "a share has no interval over monitoring points: they are not known, or a route has one",
    Lacking.NOBODY_OR_EVERYBODY: "nobody or everybody is positive, or a printed share rounds to 0% or 100%",
    Lacking.NO_SPREAD: "monitoring points do not differ",
    Lacking.NOT_SEPARABLE: "the regression has no solution: a group in which nobody or everybody is positive",
}
"""Each word in a sentence's part, for people."""
