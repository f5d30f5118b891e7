"""Runs every table of the Markdown files beside this one through the pipeline."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.engine import Engine
from pipeline.errors import ExportInvalid
from pipeline.tabulate import MEASURES
from tests.support.messages import refusal
from tests.support.run import Results, run_wave
from tests.support.tables import Row, Spec, read_specs
from tests.support.waves import FILE, export_text, respondent, write_log, write_texts, write_wave

READ_ELSEWHERE = {"headers.md", "answer_texts.md", "rows.md", "anonymity_columns.md", "sentinels.md"}
NOBODY = (None, "", "NA", "n/a")
SPECS = read_specs(Path(__file__).parent, but=READ_ELSEWHERE)


def needs_a_wave_of_its_own(spec: Spec) -> bool:
    is_more = spec.expected or spec.keys or spec.toml or spec.logs or spec.without or spec.own_headers or spec.told
    return bool(is_more or spec.refused or "file" in spec.rows[0])


@pytest.fixture(scope="session")
def together(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, dict[str, int]]:
    """All tables that need no wave of their own, run as one; and the row before the first of each."""
    raw, rows, before = tmp_path_factory.mktemp("together"), [], {}
    for spec in SPECS:
        if not needs_a_wave_of_its_own(spec):
            before[str(spec)] = len(rows) + 1
            rows += [respondent(len(rows) + n, **_apart(row, spec)) for n, row in enumerate(spec.people, start=1)]
    write_wave(raw, rows)
    return run_wave(raw, engine), before


def _apart(answers: Row, spec: Spec) -> Row:
    """The answers, with identifiers that no other table uses."""
    named = {name: answers[name] for name in ("submission_uuid", "root_uuid") if answers.get(name) not in NOBODY}
    return {**answers, **{name: f"{text}-{SPECS.index(spec)}" for name, text in named.items()}}


@pytest.mark.parametrize("spec", [s for s in SPECS if not s.refused and not needs_a_wave_of_its_own(s)], ids=str)
def test_specification(spec: Spec, together: tuple[Results, dict[str, int]]) -> None:
    results, before = together
    assert _outcomes(results, spec, Counter({FILE: before[str(spec)]})) == spec.rows


@pytest.mark.parametrize("spec", [s for s in SPECS if not s.refused and needs_a_wave_of_its_own(s)], ids=str)
def test_specification_with_a_wave_of_its_own(spec: Spec, tmp_path: Path, engine: Engine) -> None:
    files = _on_disk(spec, tmp_path)
    results = run_wave(tmp_path, engine)
    found = _found_rows(results, spec) if spec.expected else _outcomes(results, spec, Counter(dict.fromkeys(files, 1)))
    assert found == (spec.expected or spec.rows)
    told = " ".join(f"{finding.message} {finding.repair}" for finding in results.ingested.findings)
    assert [text for text in spec.told if text not in told] == []
    assert [text for text in spec.untold if text in told] == []


@pytest.mark.parametrize("spec", [spec for spec in SPECS if spec.refused], ids=str)
def test_specification_of_what_is_refused(spec: Spec, tmp_path: Path, engine: Engine) -> None:
    _on_disk(spec, tmp_path)
    error = refusal(ExportInvalid, 3, lambda: run_wave(tmp_path, engine))
    assert [text for text in spec.refused if text not in str(error)] == []


def _on_disk(spec: Spec, raw: Path) -> list[str]:
    """Writes the wave of a section. Returns the names of its exports."""
    extra = spec.own_headers
    texts = {file: export_text(rows, without=spec.without, extra=extra) for file, rows in _files(spec).items()}
    folder = write_texts(raw, texts, more=spec.toml, **spec.keys)
    for name, entries in spec.logs.items():
        write_log(folder, entries, name)
    return list(texts)


def _files(spec: Spec) -> dict[str, list[Row]]:
    """The rows of each export, in order. Without a column `file` there is one export."""
    files: dict[str, list[Row]] = {}
    for number, answers in enumerate(spec.people, start=1):
        file = answers.pop("file", FILE)
        own = {header: answers.pop(header) for header in spec.own_headers}
        files.setdefault(file, []).append({**respondent(number, **answers), **own})
    return files


# --- what a row comes to --------------------------------------------------------------------------------------------


def _outcomes(results: Results, spec: Spec, seen: Counter[str]) -> list[Row]:
    """The table again, with what the pipeline made of each row. `seen`: rows passed in each file."""
    found = []
    for row in spec.rows:
        file = row.get("file", FILE)
        seen[file] += int(row.get("people", 1))
        place = file, seen[file]
        found.append({**row, **{column: _outcome(column, results, place) for column in spec.outcomes}})
    return found


def _outcome(column: str, results: Results, place: tuple[str, int]) -> str:
    """The outcome of one row, as a column of its table asks for it."""
    kind, _, name = column.partition(": ")
    if kind == "taken out by":
        return results.excluded_by[place] or "analysed"
    if kind == "becomes":
        return _said(_person(results, place)[name])
    if kind == "counts in":
        return _counts_in(name, results, place)
    if kind == "stands at":
        return _stands_at(name, results, place)
    raise ValueError(f'"{column}" asks for nothing that is known')


def _said(value: object) -> str:
    """A word, a number or a day as people write it; nothing where there is none."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp | date):
        return value.strftime("%Y-%m-%d")
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def _person(results: Results, place: tuple[str, int]) -> pd.Series:
    people = results.respondents
    found = (people["file"] == place[0]) & (people["row"] == place[1])
    return people[found].iloc[0]


def _cells_of(results: Results, place: tuple[str, int]) -> pd.DataFrame:
    """The counts to which one person adds: in a specification everyone has a monitoring point of their own."""
    counts = results.tabulated.counts
    point = _person(results, place)["monitoring_point"]
    return counts[(counts["monitoring_point"] == point) & (counts["route"] != "all")]


def _counts_in(indicator: str, results: Results, place: tuple[str, int]) -> str:
    """The measures of an indicator in which a person counts."""
    cells = _cells_of(results, place)
    (cell,) = cells[(cells["indicator"] == indicator) & (cells["group"] == "all")].to_dict("records")
    return " ".join(measure for measure in MEASURES if cell[measure] == 1) or "nothing"


def _stands_at(group: str, results: Results, place: tuple[str, int]) -> str:
    """The level of a group at which a person is counted."""
    cells = _cells_of(results, place)
    levels = cells[(cells["indicator"] == "at_least_one") & (cells["group"] == group)]["level"]
    (level,) = levels
    return str(level).replace("|", " and ")


# --- what a table of results has ------------------------------------------------------------------------------------


def _found_rows(results: Results, spec: Spec) -> list[Row]:
    """For each expected row the one found under the same words, written as the specification writes it."""
    table = results.ingested.ledger if spec.result == "ledger" else results.estimates.every_table()[spec.result]
    return [_found_row(table, expected) for expected in spec.expected]


def _found_row(table: pd.DataFrame, expected: Row) -> Row:
    words = [name for name in expected if pd.api.types.is_string_dtype(table[name])]
    same = pd.Series(True, index=table.index)
    for name in words:
        same &= table[name] == expected[name]
    if not same.any():
        return {**{name: expected[name] for name in words}, "": "there is no such row"}
    (row,) = table[same].to_dict("records")
    return {name: expected[name] if name in words else _written(row[name]) for name in expected}


def _written(value: object) -> str:
    """A number as people write it: counts whole, shares to three decimals, nothing where there is none."""
    if pd.isna(value):
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)
