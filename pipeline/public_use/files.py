"""The files of a draw: the rows, how good they are, what they were made with, and a note in plain language."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.manifest import sha256
from pipeline.public_use.draws import LEDGER, PUBLIC_USE_FILE, Draw, total_delta, total_epsilon, write_draws
from pipeline.public_use.noise import REPORTING_LENGTH, library
from pipeline.tables import write_csv

if TYPE_CHECKING:
    import pandas as pd

QUALITY_FILE = "quality.csv"
ABOUT_FILE = "public_use.json"
README = "README.md"
EARLIER = "earlier"

ABOUT = {
    "wave": "The wave's name.",
    "status": "What the release is stamped with that quality.csv compares with.",
    "number": "Which draw of this wave it is.",
    "drawn_on": "The day on which it was drawn.",
    "rows": "Rows: about as many as respondents. It has noise as well, so it is not their number.",
    "columns": "Each column with every word that it may hold.",
    "epsilon": "ε of this draw.",
    "delta": "δ of this draw.",
    "reporting_length": "How many answers were counted together.",
    "resolution": "Pairs of answers with a lower noisy count were taken as nobody.",
    "library": "What counted with noise, and its version.",
    "total_epsilon": "ε of all draws of the wave so far.",
    "total_delta": "δ of all draws of the wave so far.",
    "sha256": "SHA-256 of public_use.csv. There is none of what it was drawn from: a hash confirms a guess.",
}
"""The keys of public_use.json."""


@dataclass(frozen=True)
class Source:
    """What a file is drawn from, as far as readers may know. status: the stamps of the release."""

    wave: str
    title: str
    synthetic: bool
    status: list[str]
    columns: dict[str, list[str]]


def keep_earlier(old: Path, new: Path, draws: list[Draw]) -> None:
    """Copies earlier draws into a new folder: each in a folder of its number."""
    if (old / EARLIER).is_dir():
        shutil.copytree(old / EARLIER, new / EARLIER)
    if draws:
        kept = new / EARLIER / str(draws[-1].number)
        kept.mkdir(parents=True)
        for name in (PUBLIC_USE_FILE, QUALITY_FILE, ABOUT_FILE):
            shutil.copyfile(old / name, kept / name)


def write_rows(rows: pd.DataFrame, folder: Path) -> str:
    """The public-use file. Returns its SHA-256."""
    write_csv(rows, folder / PUBLIC_USE_FILE)
    return sha256(folder / PUBLIC_USE_FILE)


def write_notes(quality: pd.DataFrame, source: Source, draws: list[Draw], rows: int, folder: Path) -> None:
    """What goes with the public-use file: quality, parameters, the ledger of draws, the note. draws: with this one."""
    write_csv(quality, folder / QUALITY_FILE)
    write_draws(draws, folder)
    content = _about(source, draws, rows)
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    (folder / ABOUT_FILE).write_text(text, encoding="utf-8", newline="\n")
    (folder / README).write_text(_readme(source, draws, rows), encoding="utf-8", newline="\n")


def _about(source: Source, draws: list[Draw], rows: int) -> dict[str, object]:
    draw = draws[-1]
    return {
        "wave": source.wave,
        "status": source.status,
        "number": draw.number,
        "drawn_on": draw.drawn_on,
        "rows": rows,
        "columns": source.columns,
        "epsilon": draw.epsilon,
        "delta": draw.delta,
        "reporting_length": REPORTING_LENGTH,
        "resolution": draw.resolution,
        "library": library(),
        "total_epsilon": total_epsilon(draws),
        "total_delta": total_delta(draws),
        "sha256": draw.sha256,
    }


def _readme(source: Source, draws: list[Draw], rows: int) -> str:
    draw = draws[-1]
    twice = (
        "The wave itself is synthetic too: a made-up file, drawn from made-up interviews. " if source.synthetic else ""
    )
    return f"""# Public-use file of wave {source.wave}

{source.title}

**Synthetic: no row is a person. {twice}Status of the release that it is compared with: {_told(source.status)}**

`{PUBLIC_USE_FILE}` has {rows:,} made-up rows, one for each made-up person, with {len(source.columns)} columns. Answers,
and pairs of answers, are about as frequent in it as among the respondents; nobody ever gave the answers of a row.

## How it was made

Respondents were counted by each answer, and by each pair of answers, and noise was added to every count
({library()}). The rows were drawn from these noisy counts alone, on {draw.drawn_on}, with the randomness of the
operating system. The file cannot be made again, and another draw would differ.

The guarantee is differential privacy: whether any one person was interviewed or not, and whatever he or she
answered, the probability of any such file differs by a factor of exp(ε) at most, but for a probability of δ.

| | this draw (number {draw.number}) | all draws of this wave |
|---|---|---|
| ε | {draw.epsilon:g} | {total_epsilon(draws):g} |
| δ | {draw.delta:g} | {total_delta(draws):g} |

What counts for a respondent is the sum over all draws that somebody has seen, over every wave that he or she was
interviewed in. The guarantee covers this file alone: not the report, nor the tables beside it.
`{QUALITY_FILE}` spends nothing more: it compares with released numbers only.

## What it may be used for

- Trying out programs and questions before asking for access to the real answers.
- Teaching; a first look at which answers go together.
- Shares and pairs, if `{QUALITY_FILE}` shows that they come out well enough for the purpose.

## What it may not be used for

- Evidence on people. Cite the report and its released tables, never a number of this file.
- Combinations of three answers and more, small groups, rare answers: these are noise, or not there at all. An answer
  that few respondents gave does not occur, nor does a small route; pairs with a noisy count under {draw.resolution}
  were taken as nobody.
- Intervals and tests as if rows were respondents: they ignore the noise, and that people met at one point are alike.
- Looking for a person. Nobody is in it.

## Files

- `{PUBLIC_USE_FILE}`: the rows. `missing` is any answer that was not valid. An indicator is yes for an own experience.
- `{QUALITY_FILE}`: its shares beside the released ones, as far as these are not withheld.
- `{ABOUT_FILE}`: columns, words, ε, δ, the library, and the SHA-256 of the file.
- `{LEDGER}`: every draw of this wave. Keep it: what was spent is known from nowhere else, and is not given back by
  deleting a file.
- `{EARLIER}/`: files of earlier draws, if there are any, by number.
"""


def _told(status: list[str]) -> str:
    return "; ".join(status) + "." if status else "audited."
