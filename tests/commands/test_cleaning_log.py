"""The example of `docs/cleaning-log.md`, from an export to the files of a run."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from pipeline.ingest.cleaning.words import ChangeType, Part
from tests.support.tables import Row, read_sections
from tests.support.waves import respondents, write_log, write_wave
from tests.support.whole_run import REPOSITORY, Run, run_pipeline

PAGE = REPOSITORY / "docs" / "cleaning-log.md"
RECORDS: list[Row] = [{"age": "330"}, {"sex": "female"}, {"transit": "lt_2w"}, {}, {"nationality": "NER"}]


def example() -> list[Row]:
    (section,) = [section for section in read_sections(PAGE) if section.title == "An example"]
    return section.tables[0]


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of a wave that the example was written for, with a list of deletions beside it."""
    root = tmp_path_factory.mktemp("cleaned")
    folder = write_wave(root / "data" / "raw", respondents([*RECORDS, {}, {}]))
    write_log(folder, example())
    write_log(folder, [{"uuid": "uuid-6", "change type": "remove_survey"}], "deletions.xlsx")
    run = run_pipeline(root, "ingest")
    assert run.code == 0, run.errors
    return run


def test_the_example_does_what_the_page_says(cleaned: Run) -> None:
    people = pd.read_parquet(cleaned.processed / "respondents.parquet").set_index("row")
    assert (people["age"][2], people["sex"][3], people["transit"][4]) == (30, "male", "no_answer")
    assert people["excluded_by"].to_dict() == {
        **dict.fromkeys(range(2, 9), ""),
        5: "removed_by_log",
        7: "removed_by_log",
    }
    assert people["nationality"][6] == "NER"


def test_the_ledger_and_the_manifest_count_the_log(cleaned: Run) -> None:
    ledger = pd.read_csv(cleaned.processed / "ledger.csv").set_index("rule")["rows"]
    assert (ledger["received"], ledger["removed_by_log"], ledger["analysed"]) == (7, 2, 5)
    manifest = json.loads((cleaned.processed / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["cleaning"] == {"change_response": 2, "blank_response": 1, "remove_survey": 2, "no_action": 1}
    assert set(manifest["provenance"]["cleaning"]) == {"cleaning.csv", "deletions.xlsx"}


def test_nothing_of_the_log_is_told_but_rows(cleaned: Run) -> None:
    findings = (cleaned.processed / "findings.csv").read_text(encoding="utf-8")
    assert "The cleaning log changed 3 cells and removed 2 records." in findings
    told = findings + cleaned.output + cleaned.errors
    said = [text for row in example() for text in (row["uuid"], row["reason"]) if text]
    assert [text for text in said if text in told] == []


def test_every_word_of_the_page_is_known() -> None:
    """The change types and columns that the page names are those of the program."""
    text = PAGE.read_text(encoding="utf-8")
    for kind in ChangeType:
        assert f"| `{kind}` |" in text
    named = re.search(r"^\| (uuid .+?) \|$", text, flags=re.MULTILINE)
    assert named
    assert [cell.strip() for cell in named[1].split("|")] == [str(part) for part in Part]
