"""Counts of respondents with noise: the only place where a public-use file touches people.

The counts come from pac-synth, which Microsoft made with IOM for the Counter-Trafficking Data Collaborative. Its noise
is Gaussian, from a generator (ChaCha) that the operating system seeds; it takes no seed, and none may be given: whoever
knows a seed can take the noise off again. Everything later is made from these counts alone, and a guarantee of
differential privacy holds for whatever is made from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipeline.errors import UsageError
from pipeline.vocabulary import ROUTE

if TYPE_CHECKING:
    import pandas as pd

LIBRARY = "pac-synth"

DELTA = 1e-8
"""How likely the guarantee may fail for a respondent. A constant, so that it tells nothing of the wave; a hundredth of
a percent of 1 / n for a wave of ten thousand people, where 1 / (n ln n), the library's own, would be a ninth of it."""

REPORTING_LENGTH = 2
"""Answers that are counted together. Counts of three at once carry twice the noise, and gave worse rows."""

JOURNEY = "journey"
"""Route and transit in one column while counting: pairs of it then hold what indicators do along a route's journeys."""

_JOINED = (ROUTE, "transit")
_BETWEEN = "|"
_FOR_SIZE = 0.02
"""Part of ε that is spent on how many respondents there are."""

_REPAIR = "Use a larger ε, or wait for a wave with more respondents."


@dataclass(frozen=True)
class Noisy:
    """Counts with noise.

    rows: about how many respondents there are. single: column → word → count. pairs: (column, other column) → (word,
    other word) → count, each pair of columns once. A word or pair whose noisy count is small is not there.
    """

    rows: int
    single: dict[str, dict[str, int]]
    pairs: dict[tuple[str, str], dict[tuple[str, str], int]]

    @property
    def columns(self) -> list[str]:
        """The columns, in order."""
        return list(self.single)


def count_with_noise(people: pd.DataFrame, epsilon: float, resolution: int) -> Noisy:
    """Respondents by each word, and by each pair of words of two columns, with noise for (ε, `DELTA`).

    people: a row a respondent, words only. resolution: a pair with a lower noisy count is taken as nobody. One
    respondent more or less changes the probability of any result by a factor of exp(ε) at most, but for `DELTA`.
    UsageError where noise drowns a whole column.
    """
    from pacsynth import (
        AccuracyMode,
        Dataset,
        DpAggregateSeededParametersBuilder,
        DpAggregateSeededSynthesizer,
        FabricationMode,
    )

    frame = joined(people)
    parameters = (
        DpAggregateSeededParametersBuilder()
        .epsilon(epsilon)
        .delta(DELTA)
        .reporting_length(REPORTING_LENGTH)
        .number_of_records_epsilon_proportion(_FOR_SIZE)
        .accuracy_mode(AccuracyMode.balanced())
        .fabrication_mode(FabricationMode.custom_fixed({REPORTING_LENGTH: float(resolution)}))
    )
    synthesizer = DpAggregateSeededSynthesizer(parameters.build())
    try:
        synthesizer.fit(Dataset.from_data_frame(frame))
    except BaseException as fault:
        # What the library gives up with is no Exception. It does so where noise makes the wave smaller than nobody.
        if type(fault).__name__ != "PanicException":
            raise
        raise UsageError("There is more noise than respondents.", where="EPSILON", repair=_REPAIR) from None
    return _read(synthesizer.get_dp_aggregates(";"), synthesizer.get_dp_number_of_records(), list(frame.columns))


def library() -> str:
    """The library that counts, with its version."""
    return f"{LIBRARY} {version(LIBRARY)}"


def joined(people: pd.DataFrame) -> pd.DataFrame:
    """Route and transit as one column, `JOURNEY`, before the others."""
    import pandas as pd

    route, transit = (people[name] for name in _JOINED)
    return pd.concat([(route + _BETWEEN + transit).rename(JOURNEY), people.drop(columns=list(_JOINED))], axis=1)


def parted(rows: pd.DataFrame) -> pd.DataFrame:
    """The reverse of `joined`."""
    import pandas as pd

    both = rows[JOURNEY].str.split(_BETWEEN, expand=True, regex=False).set_axis(list(_JOINED), axis=1)
    return pd.concat([both, rows.drop(columns=JOURNEY)], axis=1)


def _read(counts: dict[str, int], rows: int, columns: list[str]) -> Noisy:
    """What the library gives: `column:word` or `column:word;column:word` → count."""
    single: dict[str, dict[str, int]] = {name: {} for name in columns}
    pairs: dict[tuple[str, str], dict[tuple[str, str], int]] = {
        (one, other): {} for place, one in enumerate(columns) for other in columns[place + 1 :]
    }
    for key, count in counts.items():
        (one, word), *others = sorted((_divided(part) for part in key.split(";")), key=lambda p: columns.index(p[0]))
        if others:
            ((other, other_word),) = others
            pairs[one, other][word, other_word] = count
        else:
            single[one][word] = count
    drowned = [name for name, words in single.items() if not words]
    if drowned:
        raise UsageError(
            f"No answer is given by so many that it stands out of the noise: {', '.join(drowned)}.",
            where="EPSILON",
            repair=_REPAIR,
        )
    # The library gives counts in no order.
    return Noisy(
        rows,
        {name: dict(sorted(words.items())) for name, words in single.items()},
        {key: dict(sorted(words.items())) for key, words in pairs.items()},
    )


def _divided(part: str) -> tuple[str, str]:
    column, _, word = part.partition(":")
    return column, word
