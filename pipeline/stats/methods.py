"""How each number is computed: what docstrings say, for the methods appendix of a report and the data dictionary."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline.stats import (
    calibration,
    clustered,
    contrast,
    cooccurrence,
    independence,
    limits,
    logistic,
    mantel_haenszel,
    multilevel,
    multiple,
    nonresponse,
    numbers,
    proportion,
    reliability,
    stratified,
    trend,
    two_samples,
    wave_contrast,
)

WAVES = "waves"
"""The question that only a report of a wave beside an earlier one answers."""

BY_QUESTION: dict[str, tuple[Callable[..., Any], ...]] = {
    "shares": (clustered.spread, clustered.korn_graubard, clustered.clopper_pearson, proportion.wilson),
    "firm": (reliability.reliability,),
    "missing": (nonresponse.bounds, nonresponse.nonresponse, nonresponse.tipping),
    "contrasts": (
        *(contrast.compare, contrast.tied, independence.rao_scott, multiple.holm),
        *(two_samples.koopman, two_samples.newcombe, two_samples.miettinen_nurminen),
    ),
    "trends": (trend.slope_over_points, trend.cochran_armitage),
    "stratified": (mantel_haenszel.mantel_haenszel, stratified.adjusted),
    "factors": (
        *(multilevel.fit, multilevel.average_probability, multilevel.intraclass_correlation),
        *(multilevel.median_odds_ratio, logistic.fit, logistic.clustered_covariance),
        *(calibration.calibration, calibration.concordance, calibration.brier, multiple.benjamini_hochberg),
    ),
    "numbers": (numbers.mean_number, cooccurrence.cooccurrence),
    WAVES: (limits.difference_from_limits,),
}
"""Question → the functions that answer it. A report has a heading for each question that it answers."""

OF_DIFF = (wave_contrast.wave_contrasts, wave_contrast.difference_over_points, wave_contrast.directly_standardised)
"""What analysts compare waves with: of `make diff`, and of no report."""


@dataclass(frozen=True)
class Method:
    """One statistic. question: which it answers; name: module and function; title: what it is; text: paragraphs."""

    question: str
    name: str
    title: str
    text: tuple[str, ...]


def methods(*, beside_earlier: bool) -> tuple[Method, ...]:
    """Every statistic that a report holds, by question. beside_earlier: it sets its wave beside an earlier one."""
    asked = {question: many for question, many in BY_QUESTION.items() if beside_earlier or question != WAVES}
    return tuple(_method(question, one) for question, many in asked.items() for one in many)


def methods_of_diff() -> tuple[Method, ...]:
    """The statistics of a comparison of waves."""
    return tuple(_method(WAVES, one) for one in OF_DIFF)


def _method(question: str, function: Callable[..., Any]) -> Method:
    title, *paragraphs = (_plain(text) for text in (inspect.getdoc(function) or "").split("\n\n"))
    text = [one for one in paragraphs if not one.startswith("Parameters:")]
    name = f"{function.__module__.removeprefix('pipeline.')}.{function.__name__}"
    return Method(question, name, title.removesuffix("."), tuple(text))


def _plain(text: str) -> str:
    """A paragraph in one line, without the marks of code and without the name of the table that it fills."""
    line = " ".join(text.split())
    return re.sub(r": `tables\.\w+`(?=\.$)", "", line).replace("`", "")
