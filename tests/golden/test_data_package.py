"""The data package of the shipped wave: valid by its standard, true to the files, and with what each word means."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import frictionless
import pytest

from pipeline.manifest import sha256
from pipeline.questionnaire import BEGINS_A_FORMULA
from pipeline.report.glossary import glossary
from pipeline.report.text import load_text
from pipeline.tables import ESTIMATED
from pipeline.vocabulary import GLOSSARY, ROUTES, RULES, TRANSIT_BINS, Indicator, Missing
from pipeline.wave import load_questionnaire
from tests.support.whole_run import Run

DESCRIBING = ("dictionary", "glossary")


@pytest.fixture(scope="module")
def package(shipped_run: Run) -> dict[str, Any]:
    return json.loads((shipped_run.reports / "datapackage.json").read_text(encoding="utf-8"))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.filterwarnings("default")
def test_it_is_valid_and_so_is_every_row_of_every_table(shipped_run: Run) -> None:
    report = frictionless.validate(str(shipped_run.reports / "datapackage.json"))
    assert report.flatten(["type", "title", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    assert {task.name for task in report.tasks} == {*(table.name for table in ESTIMATED), *DESCRIBING}


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("name", "old", "new", "error"),
    [
        ("estimates.csv", ",central,", ",centrale,", "constraint-error"),
        ("estimates.csv", ",0.5,", ",half,", "type-error"),
        ("trends.csv", "forced_work,central", "unpaid_work,central", "primary-key"),
    ],
    ids=["a word that is not closed in", "a text for a number", "a row that stands twice"],
)
def test_what_is_wrong_with_a_table_is_found(
    shipped_run: Run, tmp_path: Path, name: str, old: str, new: str, error: str
) -> None:
    for path in [*shipped_run.reports.glob("*.csv"), shipped_run.reports / "datapackage.json"]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert error in {kind for (kind,) in report.flatten(["type"])}


def test_every_csv_is_described_by_size_hash_and_columns(shipped_run: Run, package) -> None:
    resources = {one["path"]: one for one in package["resources"]}
    assert set(resources) == {path.name for path in shipped_run.reports.glob("*.csv")}
    for name, resource in resources.items():
        path = shipped_run.reports / name
        assert resource["bytes"] == path.stat().st_size
        assert resource["hash"] == f"sha256:{sha256(path)}"
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert all(field["description"] for field in resource["schema"]["fields"])
        assert set(resource["schema"]["primaryKey"]) <= set(fields)
        assert resource["schema"]["missingValues"] == [""]


def test_it_says_what_it_is_and_invents_nothing(package) -> None:
    assert package["description"].startswith("Synthetic data: no person is in it. ")
    assert package["version"] == "0.1.0+2016-10"
    assert package["created"] == "2016-10-11T00:00:00Z"
    assert package["name"] == "flow-monitoring-2016-10"
    assert package["citation"].startswith("Flow Monitoring Surveys (2016). ")
    assert "[Synthetic data: no person is in it]" in package["citation"]
    assert not {"id", "licenses", "homepage"} & set(package)
    assert "doi" not in json.dumps(package).lower()
    assert len(package["sources"]) == 1
    assert re.fullmatch(r"Export fms_2016_10\.csv, SHA-256: [0-9a-f]{64}", package["sources"][0]["title"])


def test_the_dictionary_has_every_column_of_every_table(shipped_run: Run) -> None:
    told = [(row["table"], row["column"]) for row in rows_of(shipped_run.reports / "dictionary.csv")]
    assert len(told) == len(set(told))
    for path in shipped_run.reports.glob("*.csv"):
        columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert [column for table, column in told if table == path.stem] == columns


def test_the_glossary_has_every_closed_word_with_a_meaning(shipped_run: Run) -> None:
    rows = rows_of(shipped_run.reports / "glossary.csv")
    words = {(row["kind"], row["word"]) for row in rows}
    assert len(words) == len(rows)
    assert all(row["meaning"] for row in rows)
    of = {"term": GLOSSARY, "route": ROUTES, "indicator": Indicator, "transit": TRANSIT_BINS, "missing": Missing}
    assert words >= {(kind, str(word)) for kind, several in {**of, "rule": RULES}.items() for word in several}
    assert {word for kind, word in words if kind == "mark"} == {"–", "†", "‡", "<1%", ">99%"}


def test_the_glossary_is_the_same_whatever_the_questionnaire() -> None:
    """So that one document holds for all waves."""
    texts = [load_text("en", load_questionnaire(name)) for name in ("fms-2015", "fms-2018-west")]
    assert glossary(texts[0]) == glossary(texts[1])


def test_no_cell_of_a_csv_begins_like_a_formula(shipped_run: Run) -> None:
    seen = 0
    for path in shipped_run.reports.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    if cell.startswith(BEGINS_A_FORMULA):
                        float(cell)
                    seen += 1
    assert seen > 100_000


def test_the_readme_says_how_to_open_the_tables_in_an_excel_that_wants_semicolons(shipped_run: Run) -> None:
    text = (shipped_run.reports / "README.md").read_text(encoding="utf-8")
    assert "semicolons" in text
    assert "UTF-8" in text
    for name in ("annex.xlsx", "datapackage.json", "dictionary.csv", "glossary.csv"):
        assert f"`{name}`" in text
