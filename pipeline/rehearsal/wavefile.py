"""The wave file of a rehearsal: like one that an analyst writes, with a comment on each key."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pipeline.rehearsal.fields import form_versions
from pipeline.rehearsal.people import People
from pipeline.rehearsal.submissions import APPROVED

TITLES = {"en": "Rehearsal with synthetic data", "fr": "Répétition avec des données synthétiques"}

_TEXT = """#:schema ../../../docs/schemas/wave.json

# A REHEARSAL. Its export is SYNTHETIC: a computer made these interviews up, no person is in them, and
# nothing in them may be quoted as a finding. Made by `make dummy-wave`: layout {layout}, {size} rows, seed {seed}.
wave = "{wave}"
title = "{title}"
questionnaire = "{questionnaire}"
synthetic = true                     # every page says so
status = "draft"                     # or "final"
analysed_on = {analysed_on}             # the date on the cover and in the PDF
form = "form.xlsx"                   # the XLSForm: names, labels and choices in every language
{approved}{exports}{older}"""

_EXPORT = """
[[exports]]
file = "{file}"
fieldwork = {{ from = {begin}, to = {end} }}   # interviews on other days are invalid
"""

_APPROVED = f"""
# Only what the platform's reviewers approved is analysed; the rest is in the ledger as not approved.
approved = ["{APPROVED}"]
"""

_OLDER = """
# The first half of the interviews was held with an older version of the form, which did not put this question.
[overrides.form_versions.{version}]
not_asked = [{columns}]
"""


def wave_text(
    people: People,
    wave: str,
    files: list[str],
    *,
    layout: str,
    size: int,
    seed: int,
    fieldwork: tuple[date, date],
    locale: Literal["en", "fr"],
    tidy: bool,
) -> str:
    """The text of `wave.toml`."""
    begin, end = fieldwork
    q = people.questionnaire
    columns = ", ".join(f'"{name}"' for name in people.older)
    return _TEXT.format(
        layout=layout,
        size=size,
        seed=seed,
        wave=wave,
        title=f"{TITLES[locale]}: {q.title.get(locale, q.title['en'])}",
        questionnaire=q.questionnaire,
        analysed_on=end + timedelta(days=14),
        approved="" if tidy else _APPROVED,
        exports="".join(_EXPORT.format(file=file, begin=begin, end=end) for file in files),
        older=_OLDER.format(version=form_versions(q)[0], columns=columns) if columns else "",
    )
