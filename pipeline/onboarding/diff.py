"""How two waves differ, and what of them may be compared: from what is declared, and from headers of exports.

Each module `diff_*` tells one kind of difference in lines; `diff_waves` puts them in order, the most important first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.differing.lines import Comparable, Line, Pair, Topic, each
from pipeline.differing.questions import questions
from pipeline.differing.rounds import fieldwork, people, wave_files
from pipeline.differing.routes import routes
from pipeline.ingest.form import read_form
from pipeline.onboarding.diff_answers import answers
from pipeline.onboarding.diff_exports import exports
from pipeline.onboarding.diff_forms import forms
from pipeline.onboarding.diff_groups import groups
from pipeline.onboarding.diff_results import results
from pipeline.publish import prepare, publish, writing
from pipeline.tables import DIFF, WAVE_CONTRASTS, conform, write_csv

if TYPE_CHECKING:
    import pandas as pd

FILE = f"{DIFF.name}.csv"
NUMBERS = f"{WAVE_CONTRASTS.name}.csv"


@dataclass(frozen=True)
class Difference:
    """How two waves differ. lines: by topic, the most important first; on a topic, what cannot be compared."""

    base: str
    wave: str
    lines: tuple[Line, ...]

    def about(self, topic: Topic) -> list[Line]:
        """The lines on one topic."""
        return [line for line in self.lines if line.topic is topic]

    def verdict(self, result: str) -> Comparable:
        """Whether a result may be compared: an indicator, a characteristic, `route central`. KeyError for another."""
        return {line.what: line.comparable for line in self.about(Topic.COMPARE)}[result]


def diff_waves(pair: Pair, scratch: Path) -> Difference:
    """Compares a wave with its base. scratch: an empty folder that only we can read, for exports that are unpacked.

    Errors: DeclarationError for a form that is none. An export that cannot be read is a line.
    """
    of_base, of_wave = each(lambda one: read_form(one.folder / one.file.form) if one.file.form else None, pair.waves)
    lines = [
        *results(pair),
        *people(pair),
        *questions(pair),
        *answers(pair),
        *groups(pair),
        *routes(pair),
        *fieldwork(pair),
        *wave_files(pair),
        *(forms(of_base, of_wave) if of_base and of_wave else _formless(pair)),
        *exports(pair, (of_base, of_wave), scratch),
    ]
    return Difference(pair.base.name, pair.wave.name, tuple(sorted(lines, key=_place)))


def _formless(pair: Pair) -> Iterator[Line]:
    """That forms cannot be compared, where one of the waves has one."""
    named = each(lambda wave: wave.file.form or "", pair.waves)
    if any(named):
        consequence = "Without the form of both, only what the questionnaires declare is compared."
        yield Line(Topic.FORM, "form", named, Comparable.CHECK, consequence)


def _place(line: Line) -> tuple[int, int]:
    """By topic; what may be compared in the order in which it was told, the rest by how much it matters."""
    matters = 0 if line.topic is Topic.COMPARE else -list(Comparable).index(line.comparable)
    return list(Topic).index(line.topic), matters


def as_frame(difference: Difference) -> pd.DataFrame:
    """The table of a difference: a row for each line."""
    import pandas as pd

    return conform(pd.DataFrame([line.record() for line in difference.lines], columns=DIFF.names), DIFF)


def write_difference(difference: Difference, target: Path, contrasts: pd.DataFrame | None = None) -> Path:
    """Writes the table into a folder of its own, which the caller holds. Gives the file's place.

    contrasts: `tables.WAVE_CONTRASTS`, exact, which are written beside it. Errors: CannotReadOrWrite.
    """
    (folder,) = prepare(target)
    with writing():
        write_csv(as_frame(difference), folder / FILE)
        if contrasts is not None:
            write_csv(contrasts, folder / NUMBERS)
    publish(target)
    return target / FILE
