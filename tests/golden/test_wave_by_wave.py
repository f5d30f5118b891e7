"""The shipped wave beside an earlier one: the chapter, and what it rests on. The earlier release is written by hand."""

from __future__ import annotations

import csv
import json
import re
from math import hypot
from pathlib import Path

import frictionless
import openpyxl
import pytest
from pypdf import PdfReader

from pipeline import manifest
from pipeline.command_line import main
from pipeline.places import Places
from pipeline.run import Asked, is_current
from pipeline.tables import CHANGES
from pipeline.vocabulary import COMMON_CORE
from tests.support.pdf import elements, said
from tests.support.releases import NOBODY, WITHHELD, seal, share, write_release
from tests.support.whole_run import WAVE, Run, lay_out, run_pipeline

EARLIER, DAYS = "2015-11", ("2015-06-01", "2015-11-30")
CENTRAL, EASTERN = share(58, 53, 63), share(13, 11, 15)
SINGLES = {
    "unpaid_work": {"central": share(44, 38, 50), "eastern": share(7, 6, 9)},
    "forced_work": {"central": share(40, 35, 46), "eastern": WITHHELD},
    "marriage_offer": {"central": NOBODY, "eastern": share(1, 0, 2)},
    "held_against_will": {"central": share(49, 44, 54, reliable="no"), "eastern": share(5, 4, 7)},
}


def beside(root: Path, earlier: str = EARLIER) -> Path:
    """The shipped wave, whose wave file names an earlier one."""
    file = lay_out(root) / "data" / "raw" / WAVE / "wave.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f'earlier_wave = "{earlier}"\n{text}', encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = beside(tmp_path_factory.mktemp("beside"))
    write_release(root, EARLIER, DAYS, {"central": CENTRAL, "eastern": EASTERN}, singles=SINGLES)
    return root


@pytest.fixture(scope="module")
def run(root: Path) -> Run:
    done = run_pipeline(root, "report")
    assert done.code == 0, done.errors
    return done


@pytest.fixture(scope="module")
def pdf(run: Run) -> PdfReader:
    return PdfReader(run.reports / "report.pdf")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def whole(path: Path) -> dict[tuple[str, str], dict[str, str]]:
    return {(row["indicator"], row["route"]): row for row in rows(path) if row["group"] == row["level"] == "all"}


def test_every_number_follows_from_the_two_released_tables(run: Run, root: Path) -> None:
    """With plain loops and nothing else, so that the chapter needs no disclosure control of its own."""
    now, then = whole(run.reports / "estimates.csv"), whole(root / "reports" / EARLIER / "estimates.csv")
    found = rows(run.reports / "changes.csv")
    expected = []
    for route in ("central", "eastern"):
        for indicator in ("at_least_one_common", *COMMON_CORE):
            here, there = now[indicator, route], then[indicator, route]
            if there["asked"] == "0":
                continue
            assert all(one["share"] for one in (here, there)) or "withheld" in (here["suppressed"], there["suppressed"])
            row = {"wave": WAVE, "earlier_wave": EARLIER, "indicator": indicator, "route": route, "break_before": ""}
            row |= {name: here[name] for name in ("answered", "yes", "share", "ci_low", "ci_high")}
            row |= {f"earlier_{name}": there[name] for name in ("answered", "yes", "share")}
            row |= {"earlier_low": there["ci_low"], "earlier_high": there["ci_high"]}
            row["suppressed"] = here["suppressed"] or there["suppressed"]
            row |= {"reliable": here["reliable"], "earlier_reliable": there["reliable"]}
            row |= dict.fromkeys(("difference", "difference_low", "difference_high"), "")
            if here["share"] and there["share"]:
                p1, l1, u1 = (float(here[name]) for name in ("share", "ci_low", "ci_high"))
                p2, l2, u2 = (float(there[name]) for name in ("share", "ci_low", "ci_high"))
                ends = p1 - p2, p1 - p2 - hypot(p1 - l1, u2 - p2), p1 - p2 + hypot(u1 - p1, p2 - l2)
                row |= {
                    name: str(int(round(end * 100, 9) // 1 + (round(end * 100, 9) % 1 >= 0.5)) / 100)
                    for name, end in zip(("difference", "difference_low", "difference_high"), ends, strict=True)
                }
            expected.append(row)
    assert found == [{name: row[name] for name in CHANGES.names} for row in expected]
    assert len(found) == 9
    assert found[0]["difference"] == "0.11"


def test_the_chapter_says_by_how_much_and_of_whom(run: Run, pdf: PdfReader) -> None:
    text = re.sub(r"\s+", " ", said(pdf))
    assert "Wave 2016-10 (1 December 2015 – 30 September 2016) beside wave 2015-11 (1 June 2015 – 30" in text
    assert (
        "On the Central Mediterranean route, 69% of respondents reported at least one of the four common indicators "
        "in wave 2016-10, against 58% in wave 2015-11: 11 percentage points more (95% interval: 3 to 18), among the "
        "people interviewed." in text
    )
    assert "On the Eastern Mediterranean route, 13% of respondents reported at least one of the four common" in text
    assert "holds zero: the two cannot be told apart" in text
    assert "need not be one among people on the move" in text
    assert "Synthetic data: no person is in it (waves: 2015-11)" in text
    assert "≠" not in text


def test_the_figure_is_there_with_its_numbers_for_screen_readers(run: Run, pdf: PdfReader) -> None:
    alts = [str(one["/Alt"]) for one in elements(pdf) if one.get("/S") == "/Figure" and "/Alt" in one]
    (alt,) = {alt for alt in alts if "2015-11" in alt}
    told = "Central, Forced to work: 2015-11: 40% (interval 35–46%, base 1,000); 2016-10: 33% (interval 29–37%, base"
    assert told in alt
    names = {path.name for path in (run.reports / "figures").iterdir()}
    made = {f"wave_by_wave.{ending}" for ending in ("svg", "png", "slide.png", "square.png", "csv")}
    assert made <= names
    drawn = rows(run.reports / "figures" / "wave_by_wave.csv")
    assert [row["level"] for row in drawn[:2]] == [EARLIER, WAVE]
    assert [row["printed"] for row in drawn[:2]] == ["58%", "69%"]
    assert 'id="wave_by_wave"' in (run.reports / "figures" / "index.html").read_text(encoding="utf-8")


def test_only_the_share_that_is_not_firm_is_marked(run: Run, pdf: PdfReader) -> None:
    drawn = rows(run.reports / "figures" / "wave_by_wave.csv")
    held = [row for row in drawn if (row["indicator"], row["route"]) == ("held_against_will", "central")]
    assert [(row["level"], row["printed"], row["drawn"]) for row in held] == [
        (EARLIER, "49%†", "unreliable"),
        (WAVE, "49%", "value"),
    ]
    assert "Held against their will 1,000 49% † 44–54% 2,750 49% 44–54% 0 (−7 to +7)" in said(pdf)


def test_every_file_for_others_has_it_too(run: Run) -> None:
    assert frictionless.validate(str(run.reports / "datapackage.json")).valid
    package = json.loads((run.reports / "datapackage.json").read_text(encoding="utf-8"))
    assert "changes" in {one["name"] for one in package["resources"]}
    assert "changes" in {row["table"] for row in rows(run.reports / "dictionary.csv")}
    book = openpyxl.load_workbook(run.reports / "annex.xlsx")
    cells = [cell.value for row in book["Waves, Central"].iter_rows() for cell in row]
    assert {0.58, 0.69, 11} <= {value for value in cells if isinstance(value, int | float)}
    told = {one["claim"]: one for one in json.loads((run.reports / "claims.json").read_text("utf-8"))["claims"]}
    assert told["change:central"]["value"] == 0.11
    assert told["change:central"]["table"] == "changes"
    assert told["change:central"]["rows"] == [{"indicator": "at_least_one_common", "route": "central"}]


def test_it_can_be_traced_to_the_earlier_release(run: Run, root: Path, pdf: PdfReader) -> None:
    hashed = manifest.sha256(root / "reports" / EARLIER / "manifest.json")
    assert json.loads((run.reports / "manifest.json").read_text("utf-8"))["provenance"]["earlier_wave"] == {
        EARLIER: hashed
    }
    assert hashed in re.sub(r"\s+", "", said(pdf))


def test_it_is_made_anew_once_the_earlier_release_is_another(run: Run, root: Path) -> None:
    asked, places, earlier = Asked(WAVE), Places(root), root / "reports" / EARLIER
    recorded = manifest.read(run.processed)
    before = (earlier / "manifest.json").read_bytes()
    assert is_current(asked, places, recorded)
    (earlier / "more.csv").write_text("", encoding="utf-8")
    seal(root, earlier, EARLIER, "fms-2016")
    assert not is_current(asked, places, recorded)
    (earlier / "more.csv").unlink()
    (earlier / "manifest.json").unlink()
    assert not is_current(asked, places, recorded)
    (earlier / "manifest.json").write_bytes(before)
    assert is_current(asked, places, recorded)


def test_in_french_over_a_break(root: Path, run: Run, tmp_path: Path) -> None:
    """Another instrument: both shares stand side by side, and no difference."""
    beside(tmp_path)
    write_release(tmp_path, EARLIER, DAYS, {"central": CENTRAL, "eastern": EASTERN}, questionnaire="fms-2018-west")
    done = run_pipeline(tmp_path, "report", LOCALE="fr")
    assert done.code == 0, done.errors
    text = re.sub(r"\s+", " ", said(PdfReader(done.reports / "report.fr.pdf")))
    start = text.index("Vague contre vague La vague 2016-10")
    chapter = text[start : text.index(" Méthode ", start)]
    assert "Les deux vagues ne sont à comparer sur aucune route. Elles diffèrent par : questionnaire" in chapter
    assert "Questionnaire : un autre instrument a été utilisé." in chapter
    assert "≠" in chapter
    assert not re.search(r"\b(the|of|and|wave|respondents|between)\b", chapter)
    assert {row["difference"] for row in rows(done.reports / "changes.csv")} == {""}
    told = {one["claim"]: one for one in json.loads((done.reports / "claims.fr.json").read_text("utf-8"))["claims"]}
    assert told["change:central"]["omitted"] == "les vagues 2015-11 et 2016-10 ne peuvent y être comparées"


# --- what cannot be set beside ----------------------------------------------------------------------------------------


def refused(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(["report", "--root", str(root)])
    return code, capsys.readouterr().err


def test_without_a_release_of_the_earlier_wave_it_says_what_to_do(tmp_path, capsys):
    code, told = refused(beside(tmp_path), capsys)
    assert code == 6
    assert 'earlier_wave: there is no release of "2015-11" here' in told
    assert "make report WAVE=2015-11" in told
    assert not (tmp_path / "reports" / WAVE).exists()


def test_a_wave_that_was_not_held_before_is_refused(tmp_path, capsys):
    beside(tmp_path, "2016-12")
    write_release(tmp_path, "2016-12", ("2016-12-01", "2016-12-31"), {"central": CENTRAL})
    code, told = refused(tmp_path, capsys)
    assert code == 2
    assert "2016-12 began on 2016-12-01, which is not before this wave (2015-12-01)" in told


def test_a_wave_is_not_its_own_earlier_one(tmp_path, capsys):
    code, told = refused(beside(tmp_path, WAVE), capsys)
    assert code == 2
    assert "is this wave; name the one before it" in told


def test_exact_numbers_need_no_earlier_release(tmp_path):
    assert main(["ingest", "--root", str(beside(tmp_path))]) == 0
