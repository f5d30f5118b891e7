"""Small waves on disk, written as KoboToolbox writes them: BOM, semicolons, every cell quoted, CRLF.

A row is a dict of our column names and the codes of the form. `respondent` fills in a person about whom there is
nothing to remark, so that a test names only what matters to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.support.exports import write_xlsx

Row = dict[str, str]

NAME = "2016-10"
FILE = "export.csv"
REASONS = ("war", "economic", "persecution", "services", "family")
INDICATORS = {
    "unpaid_work": "ct_unpaid_work",
    "forced_work": "ct_forced_work",
    "employment_offer": "ct_job_offer",
    "marriage_offer": "ct_marriage_offer",
    "held_against_will": "ct_held",
    "blood_organs": "ct_blood_organs",
}
PLATFORM = {
    "submission_id": "_id",
    "submission_uuid": "_uuid",
    "submission_time": "_submission_time",
    "validation_status": "_validation_status",
    "form_version": "__version__",
    "root_uuid": "meta/rootUuid",
    "interview_start": "start",
    "interview_end": "end",
}
HEADERS = {
    "survey_date": "intro/survey_date",
    "survey_country": "intro/survey_country",
    "monitoring_point": "intro/fmp",
    "enumerator": "intro/enumerator",
    "previous_participation": "intro/already_interviewed",
    "consent": "intro/consent",
    "age": "profile/age",
    "sex": "profile/sex",
    "nationality": "profile/nationality",
    "marital_status": "profile/marital_status",
    "education": "profile/education",
    "travel_mode": "profile/travel_mode",
    "departure_country": "journey/departure_country",
    "transit": "journey/journey_time",
    "year_outside_origin": "journey/year_outside_origin",
    "reasons": "journey/reasons",
    **{f"reasons/{code}": f"journey/reasons/{code}" for code in REASONS},
    "cost": "journey/cost",
    **{name: f"ct/{header}" for name, header in INDICATORS.items()},
    **{f"{name}_country": f"ct/{header}_country" for name, header in INDICATORS.items()},
    **PLATFORM,
}
"""Our column → its header in the shipped export."""

USUAL: Row = {
    "survey_date": "2016-07-15",
    "survey_country": "ITA",
    "enumerator": "E01",
    "previous_participation": "no",
    "consent": "yes",
    "age": "30",
    "sex": "male",
    "nationality": "NGA",
    "marital_status": "single",
    "education": "primary",
    "travel_mode": "alone",
    "departure_country": "LBY",
    "transit": "3m_6m",
    "year_outside_origin": "no",
    "reasons": "war",
    "cost": "lt_1000",
    **dict.fromkeys(INDICATORS, "no"),
    **{f"{name}_country": "" for name in INDICATORS},
    "validation_status": "",
    "form_version": "v1",
    "root_uuid": "",
    "interview_start": "2016-07-15T09:00:00.000+02:00",
    "interview_end": "2016-07-15T09:20:00.000+02:00",
}
"""An adult interviewed in Italy who consented and said no to every indicator."""


def respondent(number: int = 1, **answers: str) -> Row:
    """The usual respondent with these answers. The number sets the submission and its monitoring point apart."""
    row = {
        **USUAL,
        "monitoring_point": f"PNT-{number:03d}",
        "submission_id": str(41_000_000 + number),
        "submission_uuid": f"uuid-{number}",
        "submission_time": f"2016-10-01T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}",
        **answers,
    }
    unknown = set(row) - set(HEADERS)
    if unknown:
        raise KeyError(f"no column of the export is called {', '.join(sorted(unknown))}")
    return {**reason_columns(row["reasons"]), **row}


def respondents(rows: Iterable[Mapping[str, str]]) -> list[Row]:
    """Usual respondents, numbered from 1, each with the answers of its row."""
    return [respondent(number, **row) for number, row in enumerate(rows, start=1)]


def reason_columns(chosen: str) -> Row:
    """The 0/1 columns of the question on reasons: blank where nothing was said."""
    return {f"reasons/{code}": str(int(code in chosen.split())) if chosen else "" for code in REASONS}


def export_text(rows: Iterable[Row], *, without: Iterable[str] = (), extra: Iterable[str] = ()) -> str:
    """An export of these rows. `without`: our columns to leave out. `extra`: further headers, taken from the rows."""
    columns = {name: header for name, header in HEADERS.items() if name not in set(without)}
    columns |= {header: header for header in extra}
    lines = [columns.values(), *([row.get(name, "") for name in columns] for row in rows)]
    return "".join(";".join(_quoted(cell) for cell in line) + "\r\n" for line in lines)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def write_export(path: Path, text: str) -> None:
    """Writes an export with its BOM, byte for byte."""
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())


def wave_toml(files: Iterable[str] = (FILE,), *, more: str = "", **changes: str) -> str:
    """A wave file. `changes` replace the value of a key, written as TOML; `more` stands after the exports.

    The key `dates` is that of every export.
    """
    dates = f"dates = {changes.pop('dates')}\n" if "dates" in changes else ""
    keys = {
        "wave": f'"{NAME}"',
        "title": '"A wave made for a test"',
        "questionnaire": '"fms-2016"',
        "synthetic": "true",
        "status": '"final"',
        "analysed_on": "2016-10-11",
        **changes,
    }
    head = "".join(f"{key} = {value}\n" for key, value in keys.items())
    fieldwork = "fieldwork = { from = 2015-12-01, to = 2016-09-30 }\n"
    exports = "".join(f'\n[[exports]]\nfile = "{file}"\n{fieldwork}{dates}' for file in files)
    return f"{head}{exports}\n{more}"


def write_wave(raw: Path, rows: list[Row] | dict[str, list[Row]], *, more: str = "", **changes: str) -> Path:
    """A wave folder under `raw` with one export, or with one for each file name. Returns the folder."""
    files = rows if isinstance(rows, dict) else {FILE: rows}
    return write_texts(raw, {file: export_text(of_file) for file, of_file in files.items()}, more=more, **changes)


def write_texts(raw: Path, texts: dict[str, str], *, more: str = "", **changes: str) -> Path:
    """A wave folder under `raw` with exports of these texts. Returns the folder."""
    folder = raw / NAME
    folder.mkdir(parents=True)
    for file, text in texts.items():
        write_export(folder / file, text)
    (folder / "wave.toml").write_text(wave_toml(texts, more=more, **changes), encoding="utf-8")
    return folder


LOG_COLUMNS = ("uuid", "question", "old value", "new value", "change type", "reason", "who")
LOG_HEADERS = {
    "plain": LOG_COLUMNS,
    "as R writes it": ("X_uuid", "question.name", "old.value", "new.value", "change_type", "issue", "checked_by"),
    "French": (
        "uuid",
        "Nom de la question",
        "Ancienne valeur",
        "Nouvelle valeur",
        "Type de modification",
        "Raison",
        "Qui",
    ),
}
"""What teams call the columns of a cleaning log."""


def write_log(
    folder: Path, entries: Iterable[Mapping[str, str]], name: str = "cleaning.csv", headers: str = "plain"
) -> None:
    """A cleaning log of these entries, each with a reason and someone who decided. headers: one of `LOG_HEADERS`."""
    filled = [{**dict.fromkeys(LOG_COLUMNS, ""), "reason": "typed wrong", "who": "analyst", **e} for e in entries]
    lines = [LOG_HEADERS[headers], *([entry[column] for column in LOG_COLUMNS] for entry in filled)]
    if name.endswith(".xlsx"):
        write_xlsx(folder / name, {"read me": [["How we cleaned"]], "log": lines})
        return
    text = "".join(";".join(map(_quoted, line)) + "\r\n" for line in lines)
    (folder / name).write_text(text, encoding="utf-8", newline="")
