"""A researcher finds every file, every column and every key that the pipeline writes in the data dictionary."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.dictionary import GLOSSARY_PATH, PATH, dictionary_text
from pipeline.dictionary.files import CHECKED, COMPARED, FIGURES, FILES, PROCESSED, RELEASED
from pipeline.dictionary.glossary import glossary_text
from pipeline.report.claims import Claim
from tests.support.waves import NAME, respondent, wave_toml, write_wave
from tests.support.whole_run import REPOSITORY, WAVE, Run, run_pipeline

TEXT = dictionary_text()
OTHER, COUNTED = "2016-11", "2016-12"


def described(title: str) -> set[str]:
    """The names in the first column of a section's table."""
    section = TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


FIGURE = "<figure>.csv"


def columns_of(path: Path) -> list[str]:
    if path.suffix == ".parquet":
        return pq.read_schema(path).names
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def keys_of(content: dict[str, object]) -> Iterator[str]:
    """The keys of a document, and those below the ones that the dictionary goes into."""
    for key, value in content.items():
        yield key
        for one in value if isinstance(value, list) else [value]:
            if key in ("claims", "provenance", "policy"):
                yield from (f"{key}.{inner}" for inner in one)


@pytest.fixture(scope="module")
def checked(tmp_path_factory) -> Path:
    """A root with a wave that was checked, one that was refused, and the difference between two that were counted."""
    root = tmp_path_factory.mktemp("checked")
    for wave in (OTHER, COUNTED):
        folder = write_wave(root / "data" / "raw", [respondent(1), respondent(2)])
        (folder / "wave.toml").write_text(wave_toml(wave=f'"{wave}"'), encoding="utf-8")
        folder.rename(folder.parent / wave)
    write_wave(root / "data" / "raw", [respondent(1, sex="nobody's answer")])
    codes = [run_pipeline(root, "check-wave", WAVE=wave).code for wave in (OTHER, NAME)]
    codes += [run_pipeline(root, "indicators", WAVE=wave).code for wave in (OTHER, COUNTED)]
    codes.append(run_pipeline(root, "diff", WAVE=COUNTED, BASE=OTHER).code)
    assert codes == [0, 3, 0, 0, 0]
    return root


def written(root: Path, place: str, wave: str, base: str = "") -> dict[str, Path]:
    folder = root / place.replace("<wave>", wave).replace("<base>", base)
    return {path.name: path for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_the_data_dictionary_is_current():
    assert (REPOSITORY / PATH).read_text(encoding="utf-8") == TEXT, "run `make dictionary` and commit the result"


def test_the_glossary_is_current():
    kept = (REPOSITORY / GLOSSARY_PATH).read_text(encoding="utf-8")
    assert kept == glossary_text(), "run `make dictionary` and commit the result"


def test_a_release_has_the_glossary_that_is_kept(shipped_run: Run):
    with (shipped_run.reports / "glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = (REPOSITORY / GLOSSARY_PATH).read_text(encoding="utf-8")
    assert [row["word"] for row in rows if f" {row['meaning']} |" not in kept] == []


@pytest.mark.parametrize("place", [PROCESSED, RELEASED])
def test_every_file_of_a_whole_run_is_described_and_no_other(shipped_run: Run, place):
    assert set(written(shipped_run.root, place, WAVE)) == {name.rstrip("/") for name in FILES[place]}


def test_every_file_of_checks_and_comparisons_is_described_and_no_other(checked):
    of_checks = {**written(checked, CHECKED, OTHER), **written(checked, CHECKED, NAME)}
    assert set(of_checks) == set(FILES[CHECKED])
    assert set(written(checked, COMPARED, COUNTED, OTHER)) == set(FILES[COMPARED])


def test_every_column_of_every_table_is_described_in_its_order(shipped_run: Run, checked):
    tables = [
        *written(shipped_run.root, PROCESSED, WAVE).values(),
        *written(shipped_run.root, RELEASED, WAVE).values(),
        *written(checked, CHECKED, OTHER).values(),
        *written(checked, COMPARED, COUNTED, OTHER).values(),
    ]
    read = {path.name: columns_of(path) for path in tables if path.suffix in (".csv", ".parquet")}
    every = {name for files in FILES.values() for name in files if name.endswith((".csv", ".parquet"))}
    assert set(read) == every - {FIGURE}
    for name, columns in read.items():
        undescribed = set(columns) - described(name.partition(".")[0])
        assert not undescribed, f"{name}: {undescribed}"


def test_every_file_of_a_figure_and_every_column_of_its_data_is_described(shipped_run: Run):
    files = written(shipped_run.root, FIGURES, WAVE)
    kinds = {name if name.startswith("index") else f"<figure>.{name.partition('.')[2]}" for name in files}
    assert kinds == set(FILES[FIGURES])
    data = [path for name, path in files.items() if name.endswith(".csv")]
    assert all(set(columns_of(path)) == described("figure_data") for path in data)


def test_every_key_of_the_json_files_is_described(shipped_run: Run):
    folders = (shipped_run.processed, shipped_run.reports)
    manifests = [json.loads((folder / "manifest.json").read_text(encoding="utf-8")) for folder in folders]
    assert {key for manifest in manifests for key in keys_of(manifest)} == described("manifest.json")
    claims = json.loads((shipped_run.reports / "claims.json").read_text(encoding="utf-8"))
    package = json.loads((shipped_run.reports / "datapackage.json").read_text(encoding="utf-8"))
    assert {*package, "id"} == described("datapackage.json")
    # A claim has only the keys that it needs.
    assert set(keys_of(claims)) | {f"claims.{one.name}" for one in fields(Claim)} == described("claims.json")
