"""Rehearsals: a wave of made-up people for any questionnaire, in any layout, to try a round out before fieldwork.

The same questionnaire, size and seed give the same people in every layout, and the same bytes. Everything that is
written says that it is synthetic.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.rehearsal.people import People

LAYOUTS = (
    *("kobo_names", "kobo_labels_en", "kobo_labels_fr", "kobo_names_hxl", "kobo_xlsx", "ona_question_row"),
    *("excel_r_mangled", "spss", "stata", "parquet", "csv_gz", "several_files", "utf16", "latin1"),
)
"""How an export may be written: as the programs do through which exports pass."""

FORM = "form.xlsx"
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
MOST_ROWS = 5_000_000
# What a sheet can hold, and what two libraries hold in memory as a whole: 2.5 GB for each million rows.
MOST_ROWS_OF = {"kobo_xlsx": 1_048_575, "spss": 1_000_000, "stata": 1_000_000}


def make_dummy_wave(
    folder: Path,
    questionnaire: str,
    *,
    layout: str = "kobo_names",
    size: int = 1000,
    seed: int = 1,
    locale: Literal["en", "fr"] = "en",
    tidy: bool = False,
) -> list[Path]:
    """Writes a wave of made-up people into a folder that is not there yet, or empty: export, form and wave file.

    size: rows of the export. locale: the language of titles, and of labels in layouts that do not name theirs. tidy:
    without duplicates, edits, impossible ages and dates, unapproved rows and an older version of the form. Returns
    what was written. Errors: UsageError for a word or number that cannot be, CannotReadOrWrite.
    """
    from pipeline.publish import mend, prepare, publish, writing
    from pipeline.rehearsal.forms import write_form
    from pipeline.rehearsal.marginals import ANY_FIELDWORK, FIELDWORK
    from pipeline.rehearsal.people import draw_people
    from pipeline.rehearsal.wavefile import wave_text
    from pipeline.wave import WAVE_FILE, load_questionnaire

    _check(folder, questionnaire, layout, size, seed)
    q = load_questionnaire(questionnaire)
    fieldwork = FIELDWORK.get(questionnaire, ANY_FIELDWORK)
    people = draw_people(q, size=size, seed=seed, fieldwork=fieldwork, tidy=tidy)
    (new,) = prepare(folder)
    try:
        with writing(folder):
            exports = [path.name for path in _write_exports(people, new, layout, locale)]
            write_form(q, new / FORM, repeat=layout == "kobo_xlsx")
            text = wave_text(
                people,
                folder.name,
                exports,
                layout=layout,
                size=size,
                seed=seed,
                fieldwork=fieldwork,
                locale=locale,
                tidy=tidy,
            )
            (new / WAVE_FILE).write_text(text, encoding="utf-8", newline="\n")
        publish(folder)
    finally:
        mend(folder)
    return [folder / name for name in (*exports, FORM, WAVE_FILE)]


def _write_exports(people: People, folder: Path, layout: str, locale: Literal["en", "fr"]) -> list[Path]:
    from pipeline.rehearsal.columnar import COLUMNAR
    from pipeline.rehearsal.delimited import write_several, write_text
    from pipeline.rehearsal.workbook import write_workbook

    if layout in COLUMNAR:
        return COLUMNAR[layout](people, folder, locale)
    if layout == "kobo_xlsx":
        return write_workbook(people, folder, locale)
    if layout == "several_files":
        return write_several(people, folder, locale)
    return write_text(people, folder, layout, locale)


def _check(folder: Path, questionnaire: str, layout: str, size: int, seed: int) -> None:
    from pipeline.declared import nearest
    from pipeline.wave import known_questionnaires

    for name, word, known in (
        ("QUESTIONNAIRE", questionnaire, known_questionnaires()),
        ("LAYOUT", layout, list(LAYOUTS)),
    ):
        if word not in known:
            kind = name.lower()
            raise UsageError(
                f'There is no {kind} "{word}".{nearest(word, known)}',
                where=name,
                repair=f"Use one of: {', '.join(known)}.",
            )
    if not NAME.fullmatch(folder.name):
        raise UsageError(
            "This cannot be the name of a wave.",
            where="WAVE",
            repair="Letters, digits, points, underscores and dashes, as in rehearsal-2016.",
        )
    most = MOST_ROWS_OF.get(layout, MOST_ROWS)
    if not 1 <= size <= most:
        raise UsageError(
            f"{size} is not a number of interviews that can be written.",
            where="SIZE",
            repair=f"Give a number from 1 to {most:,}.",
        )
    if seed < 0:
        raise UsageError("The seed cannot be negative.", where="SEED", repair="Give any whole number from 0 on.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            "There is something in this folder already, and a rehearsal does not write over it.",
            where=str(folder),
            repair="Give the wave another name, or delete the folder if it is an older rehearsal.",
        )
