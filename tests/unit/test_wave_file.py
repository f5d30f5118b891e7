"""Each mistake in a wave file is one line that names the file, the key, what was expected and the nearest word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import CannotReadOrWrite, DeclarationError
from pipeline.wave import load_wave
from tests.support.messages import refusal
from tests.support.waves import NAME, wave_toml, write_wave

GOOD = wave_toml()
PERIOD = "fieldwork = { from = 2015-12-01, to = 2016-09-30 }"

MISTAKES: dict[str, tuple[str, list[tuple[str, ...]]]] = {
    "a misspelt key": (
        GOOD.replace("title =", "titel ="),
        [("title:", "missing"), ("titel:", "not known", 'Did you mean "title"?')],
    ),
    "a key that is no key": (
        GOOD.replace("title =", "colour = 1\ntitle ="),
        [("colour:", "not known", "Known:", "form")],
    ),
    "a missing key": (
        GOOD.replace("synthetic = true\n", ""),
        [("synthetic:", "missing", "Whether the people in it are made up")],
    ),
    "a word that is no word": (
        GOOD.replace('"final"', '"finall"'),
        [("status:", "'final' or 'draft'", "found 'finall'", 'Did you mean "final"?')],
    ),
    "a wrong type": (GOOD.replace("= true", '= "perhaps"'), [("synthetic:", "boolean", "found 'perhaps'")]),
    "a date in another order": (GOOD.replace("2016-10-11", '"11/10/2016"'), [("analysed_on:", "date", "11/10/2016")]),
    "no export at all": (GOOD.split("[[exports]]", maxsplit=1)[0], [("exports:", "missing")]),
    "an empty list of exports": (
        GOOD.split("[[exports]]", maxsplit=1)[0] + "exports = []",
        [("exports:", "at least 1")],
    ),
    "a misspelt key of an export": (
        GOOD.replace("file =", "fille ="),
        [("exports[1].file:", "missing"), ("exports[1].fille:", "not known", 'Did you mean "file"?')],
    ),
    "a misspelt key of a period": (
        GOOD.replace("from =", "form ="),
        [("exports[1].fieldwork.from:", "missing"), ("exports[1].fieldwork.form:", 'Did you mean "from"?')],
    ),
    "a period that ends before it begins": (
        GOOD.replace(PERIOD, "fieldwork = { from = 2016-09-30, to = 2015-12-01 }"),
        [("exports[1].fieldwork:", "ends (2015-12-01) before it begins (2016-09-30)")],
    ),
    "a route that is no route": (
        wave_toml(more="[exports.fieldwork_by_route]\ncentrl = { from = 2016-06-01, to = 2016-09-30 }"),
        [("exports[1].fieldwork_by_route.centrl:", "'central'", 'Did you mean "central"?')],
    ),
    "a route with days beyond fieldwork": (
        wave_toml(more="[exports.fieldwork_by_route]\ncentral = { from = 2015-06-01, to = 2016-09-30 }"),
        [("exports[1]:", "fieldwork_by_route.central", "beyond fieldwork")],
    ),
    "one file named twice": (
        wave_toml(["export.csv", "export.csv"]),
        [("exports:", "named twice", "export.csv")],
    ),
    "a file in another folder": (
        GOOD.replace('"export.csv"', '"../2015-12/export.csv"'),
        [("exports[1].file:", "../2015-12/export.csv", "without any folder")],
    ),
    "an allowed column without a reason": (
        wave_toml(more='[[allowed_columns]]\ncolumn = "phone_model"'),
        [("allowed_columns[1].reason:", "missing")],
    ),
    "an allowed column with hardly a reason": (
        wave_toml(more='[[allowed_columns]]\ncolumn = "phone_model"\nreason = "fine"'),
        [("allowed_columns[1].reason:", "at least 10 characters", "found 'fine'")],
    ),
    "looser rules than the public policy": (
        wave_toml(more='[stricter]\nreason = "We want to see more."\nsmallest = 5\nrounding = 3'),
        [("stricter.smallest:", "11", "found 5"), ("stricter.rounding:", "5", "found 3")],
    ),
    "stricter rules without a reason": (
        wave_toml(more="[stricter]\nsmallest = 20"),
        [("stricter.reason:", "missing")],
    ),
    "a name that is a path": (GOOD.replace(f'"{NAME}"', '"../2016-10"', 1), [("wave:", "found '../2016-10'")]),
}


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str | bytes], Callable[[], object]]:
    """Puts this wave file into a folder with an export, and gives back the loading of it."""

    def prepared(text: str | bytes) -> Callable[[], object]:
        folder = write_wave(tmp_path, [])
        (folder / "wave.toml").write_bytes(text.encode() if isinstance(text, str) else text)
        return lambda: load_wave(tmp_path, NAME)

    return prepared


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake(mistake: str, load: Callable[..., Callable[[], object]]) -> None:
    text, expected = MISTAKES[mistake]
    error = refusal(DeclarationError, 2, load(text))
    assert error.where.endswith(f"{NAME}/wave.toml")
    lines = [line for line in error.what.splitlines() if line.startswith("  - ")]
    assert len(lines) == len(expected), error.what
    for line, fragments in zip(lines, expected, strict=True):
        assert [fragment for fragment in fragments if fragment not in line] == [], line


def test_a_good_wave_file_loads(load: Callable[..., Callable[[], object]]) -> None:
    assert load(GOOD)().name == NAME


def test_a_wave_file_with_a_byte_order_mark_loads(load: Callable[..., Callable[[], object]]) -> None:
    assert load(b"\xef\xbb\xbf" + GOOD.encode())().name == NAME


def test_bad_toml_names_the_line(load: Callable[..., Callable[[], object]]) -> None:
    error = refusal(DeclarationError, 2, load(GOOD.replace('"final"', "final")))
    assert "not valid TOML" in error.what
    assert "line 5" in error.what
    assert error.where.endswith("wave.toml")
    assert "double quotes" in error.repair


def test_another_encoding(load: Callable[..., Callable[[], object]]) -> None:
    error = refusal(DeclarationError, 2, load(GOOD.replace("A wave", "Été").encode("latin-1")))
    assert "not UTF-8" in error.what
    assert error.where.endswith("wave.toml")


def test_a_questionnaire_that_is_not_there(load: Callable[..., Callable[[], object]]) -> None:
    error = refusal(DeclarationError, 2, load(GOOD.replace("fms-2016", "fms-216")))
    assert 'no questionnaire "fms-216". Did you mean "fms-2016"?' in error.what
    assert "fms-2016" in error.repair
    assert error.where.endswith("wave.toml")


def test_a_name_that_is_not_the_folder(load: Callable[..., Callable[[], object]]) -> None:
    error = refusal(DeclarationError, 2, load(GOOD.replace(f'"{NAME}"', '"2016-11"', 1)))
    assert '"2016-11"' in error.what
    assert f'"{NAME}"' in error.what


def test_a_file_that_is_not_in_the_folder(load: Callable[..., Callable[[], object]]) -> None:
    error = refusal(CannotReadOrWrite, 6, load(GOOD.replace("export.csv", "exports.csv")))
    assert '"exports.csv", which is not in its folder. Did you mean "export.csv"?' in error.what
    assert "export.csv" in error.repair


def test_a_form_that_is_not_in_the_folder(load: Callable[..., Callable[[], object]]) -> None:
    error = refusal(CannotReadOrWrite, 6, load(wave_toml(form='"form.xlsx"')))
    assert '"form.xlsx"' in error.what


def test_a_wave_that_is_not_there(tmp_path: Path) -> None:
    write_wave(tmp_path, [])
    error = refusal(CannotReadOrWrite, 6, lambda: load_wave(tmp_path, "2016-01"))
    assert 'no wave "2016-01". Did you mean "2016-10"?' in error.what
    assert NAME in error.repair


def test_the_shipped_wave_file_says_that_it_is_synthetic() -> None:
    wave = load_wave(Path(__file__).parents[2] / "data" / "raw", NAME)
    assert wave.file.synthetic
    assert str(wave.route_period("central").from_) == "2016-06-01"
    assert str(wave.route_period("eastern").from_) == str(wave.period.from_) == "2015-12-01"
