"""How each number is computed: what the docstrings say, in order, for the methods appendix of the report."""

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
    "waves": (
        *(wave_contrast.wave_contrasts, wave_contrast.difference_over_points, wave_contrast.directly_standardised),
        limits.difference_from_limits,
    ),
}
"""Question → the functions that answer it. The report has a heading for each question."""


@dataclass(frozen=True)
class Method:
    """One statistic. question: which it answers; name: module and function; title: what it is; text: paragraphs."""

    question: str
    name: str
    title: str
    text: tuple[str, ...]


def methods() -> tuple[Method, ...]:
    """Every statistic that a report or a comparison of waves holds, by question."""
    return tuple(_method(question, one) for question, many in BY_QUESTION.items() for one in many)


def _method(question: str, function: Callable[..., Any]) -> Method:
    title, *paragraphs = (_plain(text) for text in (inspect.getdoc(function) or "").split("\n\n"))
    text = [one for one in paragraphs if not one.startswith("Parameters:")]
    name = f"{function.__module__.removeprefix('pipeline.')}.{function.__name__}"
    return Method(question, name, title.removesuffix("."), tuple(text))


def _plain(text: str) -> str:
    """A paragraph in one line, without the marks of code and without the name of the table that it fills."""
    line = " ".join(text.split())
    return re.sub(r": `tables\.\w+`(?=\.$)", "", line).replace("`", "")
