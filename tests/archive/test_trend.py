"""`make trend`: what it writes, from what, and when it refuses. It reads releases alone, so that no run is needed."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from pipeline import manifest
from pipeline.archive import figure
from pipeline.archive.book import Book
from pipeline.archive.order import load_rounds
from pipeline.archive.rows import rows
from pipeline.command_line import main
from pipeline.dictionary import dictionary_text
from pipeline.dictionary.documents import TREND_MANIFEST
from pipeline.dictionary.files import ARCHIVE
from pipeline.places import Places
from pipeline.publish import beside, lock
from pipeline.report.figures import frame
from pipeline.report.figures.canvas import CANVASES
from pipeline.report.text import load_text
from pipeline.tables import TREND
from tests.support.figure_words import on_each_other, outside
from tests.support.releases import SMALL, WITHHELD, seal, share, write_estimates, write_release

FIRST, SECOND, THIRD = ("2016-01-01", "2016-03-31"), ("2016-04-01", "2016-06-30"), ("2017-02-01", "2017-06-30")
CAREFUL = ("may amount to", "respondents who reported", "not random")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three releases: the same instrument twice, then another one; with a number withheld and a small base."""
    central, all_routes = share(69, 63, 74), share(31, 28, 34)
    write_release(tmp_path, "2016-03", FIRST, {"central": central, "eastern": share(13, 10, 16), "all": all_routes})
    write_release(tmp_path, "2016-06", SECOND, {"central": share(72, 66, 78), "eastern": WITHHELD, "all": all_routes})
    write_release(
        tmp_path,
        "2017-06",
        THIRD,
        {"central": share(74, 70, 79), "eastern": share(16, 5, 33, reliable="no"), "western": SMALL, "all": all_routes},
        questionnaire="fms-2017",
        status="draft",
    )
    return tmp_path


def trend(root: Path, *words: str) -> int:
    return main(["trend", "--root", str(root), *words])


def table(root: Path) -> list[dict[str, str]]:
    with (root / "reports" / "trend" / "trend.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "reports" / "trend").iterdir()}


def test_it_is_verified_as_a_release_is(root, capsys):
    assert main(["verify", "--wave", "trend", "--root", str(root)]) == 6
    assert "Run `make trend` first" in capsys.readouterr().err
    assert trend(root) == 0
    assert main(["verify", "--wave", "trend", "--root", str(root)]) == 0
    (root / "reports" / "trend" / "trend.csv").write_text("other", encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", "--wave", "trend", "--root", str(root)]) == 3
    told = capsys.readouterr().err
    assert "trend.csv: changed" in told
    assert "make trend" in told


def test_it_writes_what_the_dictionary_says_and_its_manifest_covers_it(root):
    assert trend(root) == 0
    written = contents(root)
    assert set(written) == set(ARCHIVE)
    assert list(table(root)[0]) == TREND.names
    told = json.loads(written["manifest.json"])
    assert not manifest.difference(root / "reports" / "trend", told["files"])
    keys = {*told, *(f"waves.{key}" for key in told["waves"][0])}
    assert keys == set(TREND_MANIFEST)
    assert all(f"`{key}`" in dictionary_text() for key in keys)


def test_every_row_can_be_traced_to_the_release_and_its_hash(root):
    trend(root)
    waves = {one["wave"]: one for one in json.loads(contents(root)["manifest.json"])["waves"]}
    for row in table(root):
        source = root / row["release"] / "estimates.csv"
        assert manifest.sha256(source) == waves[row["wave"]]["estimates"]
        assert manifest.sha256(root / row["release"] / "manifest.json") == waves[row["wave"]]["manifest"]
        with source.open(encoding="utf-8", newline="") as file:
            (released,) = [
                one
                for one in csv.DictReader(file)
                if (one["indicator"], one["route"], one["group"]) == (row["indicator"], row["route"], "all")
            ]
        shared = set(released) & set(row)
        assert {name: row[name] for name in shared} == {name: released[name] for name in shared}
        assert waves[row["wave"]]["estimates"] in contents(root)["trend.md"].decode()


def test_it_reads_neither_people_nor_exports_nor_exact_tables(root):
    """Nothing of them is there; and where traps are laid in their places, the same bytes come out."""
    assert trend(root) == 0
    alone = contents(root)
    for wave in ("2016-03", "2016-06", "2017-06"):
        (root / "data" / "raw" / wave / "gone.csv").write_text("a person")
        exact = root / "data" / "processed" / wave
        exact.mkdir(parents=True)
        write_estimates(exact, wave, {"central": share(1, 1, 1)})
        for name in ("respondents.parquet", "estimates.parquet", "manifest.json"):
            (exact / name).write_text("a trap")
    assert trend(root) == 0
    assert contents(root) == alone


def test_withheld_stays_empty_in_every_file(root):
    trend(root)
    (row,) = [one for one in table(root) if (one["wave"], one["route"]) == ("2016-06", "eastern")]
    assert row["suppressed"] == "withheld"
    assert row["yes"] == row["share"] == row["ci_low"] == row["ci_high"] == ""
    page = contents(root)["trend.md"].decode()
    assert re.search(r"\| 2016-06 \| fms-2016 \| [^|]+ \| Q2 2016 \| 60 \| – \|", page)
    assert "2016-06 (1 April 2016 – 30 June 2016): withheld" in contents(root)["trend.svg"].decode()


def test_no_line_is_drawn_over_a_break(root, monkeypatch):
    """Every line of more than one wave joins waves that may be joined; a break has a mark of its own."""
    drawn: list[tuple[str, str]] = []
    mark = figure._break
    monkeypatch.setattr(
        figure, "_break", lambda axes, *rows: drawn.append(tuple(row.wave for row in rows)) or mark(axes, *rows)
    )
    trend(root)
    assert drawn == [("2016-06", "2017-06")] * 2 * len(CANVASES)
    assert {row["wave"] for row in table(root) if row["break_before"]} == {"2017-06"}
    assert "≠, dashed" in figure_foot(root)


@pytest.mark.parametrize("canvas", CANVASES, ids=lambda canvas: canvas.name or "page")
def test_no_word_is_cut_off_or_lies_on_another(root, canvas, monkeypatch):
    made: list[Figure] = []
    finish = frame.finish_with
    monkeypatch.setattr(frame, "finish_with", lambda foot, one, *rest: made.append(one) or finish(foot, one, *rest))
    figure.draw(the_book(root), root / "drawn.svg", canvas)
    made[0].draw_without_rendering()
    assert outside(made[0]) == []
    assert on_each_other(made[0]) == []


def figure_foot(root: Path) -> str:
    return " ".join(figure.foot(the_book(root)))


def the_book(root: Path) -> Book:
    rounds, left_out = load_rounds((), Places(root))
    made = rows(rounds, {one.name: "" for one in rounds})
    return Book(made, rounds, left_out, load_text("en", rounds[0].wave.questionnaire))


def test_stamps_say_what_is_made_up_and_what_is_a_draft(root):
    trend(root)
    stamps = ["Synthetic data: no person is in it", "Draft (waves: 2017-06)"]
    assert json.loads(contents(root)["manifest.json"])["status"] == stamps
    assert all(stamp in contents(root)["trend.md"].decode() for stamp in stamps)
    assert all(stamp in contents(root)["trend.svg"].decode() for stamp in stamps)
    assert figure_foot(root).endswith(" · ".join(stamps))


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_the_words_are_careful_in_every_language_and_the_table_is_the_same(root, locale):
    trend(root)
    english = contents(root)["trend.csv"]
    assert trend(root, "--locale", locale) == 0
    written = contents(root)
    page = written["trend.md" if locale == "en" else "trend.fr.md"].decode()
    careful = CAREFUL if locale == "en" else ("pouvant s’apparenter", "répondants qui ont déclaré", "pas aléatoire")
    assert all(words in page for words in careful)
    assert not re.search(r"victim|prevalence|trafficked|prévalence|\{", page)
    assert written["trend.csv"] == english


def test_the_same_releases_give_the_same_bytes(root):
    trend(root)
    first = contents(root)
    shutil.rmtree(root / "reports" / "trend")
    assert trend(root, "--wave", "2017-06", "--wave", "2016-03", "--wave", "2016-06") == 0
    assert {name: text for name, text in contents(root).items() if name != "manifest.json"} == {
        name: text for name, text in first.items() if name != "manifest.json"
    }
    shutil.rmtree(root / "reports" / "trend")
    trend(root)
    assert contents(root) == first


def test_waves_can_be_chosen(root, monkeypatch):
    monkeypatch.setenv("WAVES", "2016-03 2017-06")
    monkeypatch.setenv("WAVE", "2016-06")
    assert trend(root) == 0
    assert {row["wave"] for row in table(root)} == {"2016-03", "2017-06"}


def test_one_wave_gives_a_table_and_says_that_it_takes_two(root, capsys):
    assert trend(root, "--wave", "2016-03") == 0
    assert "It takes two waves" in capsys.readouterr().out
    assert "It takes two to see a trend." in contents(root)["trend.md"].decode()
    assert len(table(root)) == 5


def test_made_up_waves_are_left_out_beside_real_ones_unless_they_are_named(root, capsys):
    write_release(root, "2018-01", ("2018-01-01", "2018-02-01"), {"central": share(50, 40, 60)}, synthetic=False)
    assert trend(root) == 0
    assert {row["wave"] for row in table(root)} == {"2018-01"}
    assert "Left out, being made up: 2016-03, 2016-06, 2017-06" in capsys.readouterr().out
    assert trend(root, "--wave", "2016-06", "--wave", "2018-01") == 0
    broken = {row["wave"]: row["break_before"] for row in table(root) if row["route"] == "central"}
    assert broken == {"2016-06": "", "2018-01": "made_up"}
    assert "(waves: 2016-06)" in contents(root)["trend.md"].decode()


def test_a_release_that_is_only_kept_as_published_is_taken_and_the_last_of_them(root):
    for number, percent in ((1, 20), (2, 25), (10, 30)):
        write_release(root, "2015-12", ("2015-10-01", "2015-12-31"), {"central": share(percent, 15, 35)}, kept=number)
    assert trend(root) == 0
    (row,) = [one for one in table(root) if (one["wave"], one["route"]) == ("2015-12", "central")]
    assert (row["share"], row["release"]) == ("0.3", "data/published/2015-12/10")


def test_without_any_release_it_says_what_to_do_first(tmp_path, capsys):
    assert trend(tmp_path) == 6
    assert "There is no release yet" in capsys.readouterr().err
    assert not (tmp_path / "reports").exists()


def changed_table(root: Path) -> None:
    path = root / "reports" / "2016-06" / "estimates.csv"
    path.write_text(path.read_text().replace("0.72", "0.12"))


def changed_wave_file(root: Path) -> None:
    path = root / "data" / "raw" / "2016-06" / "wave.toml"
    path.write_text(path.read_text().replace("2016-06-30", "2016-07-30"))


def not_audited(root: Path) -> None:
    path = root / "reports" / "2016-06" / "manifest.json"
    path.write_text(path.read_text().replace('"audited": true', '"audited": false'))


REFUSED = {
    "a table that was changed": (changed_table, 3, "estimates.csv: changed"),
    "a file that is not in the manifest": (
        lambda root: (root / "reports" / "2016-06" / "more.csv").write_text("x"),
        3,
        "more.csv: not in the manifest",
    ),
    "no manifest": (lambda root: (root / "reports" / "2016-06" / "manifest.json").unlink(), 6, "no release of 2016-06"),
    "another wave file": (changed_wave_file, 2, "wave file of 2016-06 is another one"),
    "no wave file": (lambda root: shutil.rmtree(root / "data" / "raw" / "2016-06"), 6, 'no wave "2016-06"'),
    "no audit": (not_audited, 5, "not audited"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_release_that_is_not_as_it_was_made_is_refused_and_the_old_trend_stays(case, root, capsys):
    spoil, code, said = REFUSED[case]
    trend(root)
    before = contents(root)
    spoil(root)
    assert trend(root) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert contents(root) == before


def test_an_unknown_wave_or_language_is_refused(root):
    assert trend(root, "--wave", "2016-04") == 6
    assert trend(root, "--wave", "trend") == 2
    assert trend(root, "--locale", "xx") == 2


def test_another_run_is_waited_for_and_a_stopped_one_is_cleared_away(root):
    with lock(root / "data" / "processed" / "trend"):
        assert trend(root) == 7
    beside(root / "reports" / "trend")[0].mkdir()
    assert trend(root) == 0
    assert not beside(root / "reports" / "trend")[0].exists()


def test_a_questionnaire_that_has_changed_since_is_told(root, capsys):
    folder = root / "reports" / "2016-06"
    told = manifest.read(folder)
    told["provenance"]["questionnaire"]["fms-2016"] = "0" * 64
    manifest.write(folder, told)
    assert trend(root) == 0
    assert "have changed since they were released; breaks go by what they say now: 2016-06" in capsys.readouterr().out
    assert "changed since these releases were made: 2016-06" in contents(root)["trend.md"].decode()


def test_fakes_are_sealed_as_releases_are(root):
    folder = root / "reports" / "2016-03"
    seal(root, folder, "2016-03", "fms-2016")
    assert main(["verify", "--wave", "2016-03", "--root", str(root)]) == 0
