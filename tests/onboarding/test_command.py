"""The verb `new-wave`: its words, its exit codes, and the whole way to a report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.command_line import main
from tests.onboarding.filling import fill_in
from tests.support.six_layouts import LAYOUTS

WRONG_USE = {
    "no such file": (["--from", "nothing.csv"], 6, "no such file"),
    "a name that leads out": (["--from", "nothing.csv", "--wave", "../x"], 2, "cannot be the name of a wave"),
    "a column without a reason": (["--from", "nothing.csv", "--allow", "notes"], 2, "needs a reason"),
    "no questionnaire": (["--from", "nothing.csv", "--questionnaire", "fms2016"], 2, 'Did you mean "fms-2016"?'),
}


@pytest.mark.parametrize("case", WRONG_USE)
def test_wrong_use(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words, code, message = WRONG_USE[case]
    assert main(["new-wave", "--wave", "2017-06", "--root", str(tmp_path), *words]) == code
    shown = capsys.readouterr()
    assert message in shown.err
    assert "Traceback" not in shown.err
    assert not (tmp_path / "data" / "raw").exists()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] in ([], [".2017-06.lock"])


@pytest.mark.long
def test_the_whole_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As docs/add-a-wave.md has it: make, be stopped at what is to be filled in, fill in, check, report."""
    of = ["--wave", "2016-07", "--root", str(tmp_path / "project")]
    (tmp_path / "given").mkdir()
    shutil.copyfile(LAYOUTS / "kobo_labels_fr.csv", tmp_path / "given" / "kobo_labels_fr.csv")
    assert main(["new-wave", *of, "--from", str(tmp_path / "given" / "kobo_labels_fr.csv")]) == 0
    assert "What to do now" in capsys.readouterr().out
    assert main(["check-wave", *of]) == 2
    assert "the first day of fieldwork" in capsys.readouterr().err
    fill_in(tmp_path / "project" / "data" / "raw" / "2016-07", ("2016-09-01", "2016-11-30"))
    assert main(["check-wave", *of]) == 0
    assert main(["report", *of]) == 0
    assert "680 analysed" in capsys.readouterr().out
    assert (tmp_path / "project" / "reports" / "2016-07" / "report.pdf").stat().st_size
