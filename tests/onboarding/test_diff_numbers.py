"""The numbers of `make diff`: of which results, when, what stays in the file, and what the terminal shows of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.command_line import main
from pipeline.differing.lines import Comparable, Line, Topic
from pipeline.onboarding.diff import Difference
from pipeline.onboarding.diff_numbers import numbers
from pipeline.onboarding.diff_numbers_shown import shown
from pipeline.places import Places
from pipeline.tables import WAVE_CONTRASTS, conform
from tests.support.waves import FILE, Row, export_text, respondent, wave_toml, write_export

BASE, LATER, OTHER, REAL, AGES = "2016-09", "2016-10", "2015-12", "2016-11", "2016-12"
EASTERN = {"survey_country": "GRC", "departure_country": "TUR"}
WITHHELD = "–"

Answer = Callable[[int, int], str]


def people(each: int = 60, one_woman_in: int = 2, **answers: Answer) -> list[Row]:
    """As many at four points of both routes, women among men; what they answered, by their point and place."""
    rows = []
    for route in ({}, EASTERN):
        for point in range(4):
            for place in range(each):
                told = {name: answer(point, place) for name, answer in answers.items()}
                where = {
                    "monitoring_point": f"PNT-00{point}",
                    "sex": "male" if place % one_woman_in else "female",
                    **route,
                }
                rows.append(respondent(len(rows) + 1, **where, **told))
    return rows


def positive(*at_points: int) -> Answer:
    """So many at each point."""
    return lambda point, place: "yes_me" if place < at_points[point] else "no"


EVERYBODY = positive(60, 60, 60, 60)
ROWS = {
    BASE: people(
        unpaid_work=positive(10, 20, 24, 26),
        forced_work=positive(1, 0, 0, 0),
        held_against_will=positive(6, 14, 18, 10),
    ),
    LATER: people(
        one_woman_in=5,
        unpaid_work=positive(20, 30, 34, 36),
        forced_work=positive(20, 10, 14, 16),
        held_against_will=EVERYBODY,
    ),
    OTHER: people(unpaid_work=positive(16, 14, 12, 18))[240:],
    REAL: people(each=3, unpaid_work=positive(1, 2, 1, 2)),
    AGES: people(unpaid_work=positive(20, 30, 34, 36)),
}
CHANGES = {OTHER: {"questionnaire": '"fms-2015"'}, REAL: {"synthetic": "false"}}
OTHER_AGES = """
[overrides.age_groups.18_24]
low = 18
high = 29
[overrides.age_groups.25_plus]
low = 30
"""
MORE = {AGES: OTHER_AGES}
OTHER_RULE = """
[[overrides.routes]]
route = "central"
when = [{ column = "survey_country", is = ["ITA", "ESP"] }]
[[overrides.routes]]
route = "eastern"
when = [{ column = "survey_country", is = ["GRC", "MKD", "SRB", "HRV", "SVN", "HUN", "BGR"] }]
"""


def write(root: Path, name: str) -> None:
    folder = root / "data" / "raw" / name
    folder.mkdir(parents=True)
    write_export(folder / FILE, export_text(ROWS[name]))
    toml = wave_toml(more=MORE.get(name, ""), **{"wave": f'"{name}"', **CHANGES.get(name, {})})
    (folder / "wave.toml").write_text(toml, encoding="utf-8")


@pytest.fixture(scope="module")
def counted(tmp_path_factory) -> Path:
    """A root with waves that have all been counted."""
    root = tmp_path_factory.mktemp("counted")
    for name in ROWS:
        write(root, name)
        assert main(["indicators", "--wave", name, "--root", str(root)]) == 0
    return root


@pytest.fixture
def root(counted: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(counted, tmp_path / "root"))


@pytest.fixture
def said(capsys, monkeypatch) -> Callable[..., str]:
    """What `diff` prints, on a wide terminal."""
    monkeypatch.setenv("COLUMNS", "160")

    def of(root: Path, wave: str = LATER, base: str = BASE) -> str:
        capsys.readouterr()
        assert main(["diff", "--wave", wave, "--base", base, "--root", str(root)]) == 0
        return str(capsys.readouterr().out)

    return of


def path(root: Path, wave: str = LATER, base: str = BASE) -> Path:
    return root / "data" / "processed" / "diff" / wave / base / "wave_contrasts.csv"


def exact(root: Path, wave: str = LATER, base: str = BASE) -> pd.DataFrame:
    frame = pd.read_csv(path(root, wave, base), keep_default_na=False, na_values=[""], dtype={"reason": str})
    assert list(frame.columns) == WAVE_CONTRASTS.names
    assert set(zip(frame["base"], frame["wave"], strict=True)) == {(base, wave)}
    return frame.set_index(["indicator", "route"])


def row_of(said: str, *of: str) -> list[str]:
    """The cells of a row of the printed table; a difference with its interval is one."""
    (line,) = [line for line in said.splitlines() if line.split()[: len(of)] == list(of)]
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


# --- of what, and when ------------------------------------------------------------------------------------------------


def test_of_one_instrument_every_result_has_its_exact_numbers(root, said):
    told = said(root)
    frame = exact(root)
    assert {"at_least_one", "at_least_two", "at_least_one_common", "unpaid_work", "blood_organs"} <= set(
        frame.index.get_level_values(0)
    )
    row = frame.loc["unpaid_work", "central"]
    assert [row[name] for name in ("base_answered", "base_yes", "wave_answered", "wave_yes")] == [240, 80, 240, 120]
    assert row["difference"] == pytest.approx(120 / 240 - 80 / 240)
    assert (row["base_covered"], row["wave_covered"]) == (1, 1)
    assert (row["comparable"], frame.loc["unpaid_work", "all"]["comparable"]) == ("yes", "check")
    assert f"Exact, not for release: {path(root)}" in told
    assert "All of them are made up" in told


def test_women_and_men_are_as_many_on_both_sides_of_a_standardised_difference(root, said):
    """Everyone has the same age and journey time. Half of the base are women, and a fifth of the wave."""
    said(root)
    row = exact(root).loc["unpaid_work", "eastern"]
    shares = {}
    for name in (BASE, LATER):
        for sex in ("female", "male"):
            answers = [one["unpaid_work"] for one in ROWS[name][240:] if one["sex"] == sex]
            shares[name, sex] = answers.count("yes_me") / len(answers)
    women = (120 + 48) / 480
    expected = [women * shares[name, "female"] + (1 - women) * shares[name, "male"] for name in (BASE, LATER)]
    assert [row["base_standardised"], row["wave_standardised"]] == pytest.approx(expected)
    assert row["standardised_difference"] != pytest.approx(row["difference"], abs=1e-4)


def test_of_another_instrument_only_the_common_set_and_single_indicators(root, said):
    told = said(root, OTHER, BASE)
    frame = exact(root, OTHER, BASE)
    indicators = set(frame.index.get_level_values(0))
    assert {"at_least_one_common", "unpaid_work", "held_against_will"} <= indicators
    assert not indicators & {"at_least_one", "at_least_two"}
    assert set(frame.index.get_level_values(1)) == {"eastern", "all"}
    assert "Not compared: at_least_one. The sets differ" in told
    assert f"Not compared: route central. Only {BASE} has this route." in told
    # Whoever is positive to anything in the base is so to unpaid work: 80 of 240, and 60 of 240.
    assert row_of(told, "at_least_one_common", "eastern")[2:4] == ["33%", "25%"]


def uncount(root: Path, name: str) -> None:
    shutil.rmtree(root / "data" / "processed" / name)


def change_export(root: Path, name: str) -> None:
    export = root / "data" / "raw" / name / FILE
    export.write_bytes(export.read_bytes().replace(b'"no"', b'"yes_me"', 1))


def ingest_again(root: Path, name: str) -> None:
    uncount(root, name)
    assert main(["ingest", "--wave", name, "--root", str(root)]) == 0


def damage_manifest(root: Path, name: str) -> None:
    (root / "data" / "processed" / name / "manifest.json").write_text('{"provenance": []}', encoding="utf-8")


def change_counts(root: Path, name: str) -> None:
    (root / "data" / "processed" / name / "profiles.parquet").write_bytes(b"")


def take_those_of_another(root: Path, name: str) -> None:
    uncount(root, name)
    shutil.copytree(root / "data" / "processed" / AGES, root / "data" / "processed" / name)


NOT_COUNTED = [uncount, change_export, ingest_again, damage_manifest, change_counts, take_those_of_another]


@pytest.mark.parametrize("change", NOT_COUNTED)
@pytest.mark.parametrize("name", [BASE, LATER])
def test_a_wave_that_is_not_counted_as_it_is_now_is_named_with_the_command(change, name, root, said):
    said(root)
    before = (path(root).with_name("diff.csv")).read_text(encoding="utf-8")
    change(root, name)
    told = said(root)
    assert f"No numbers: {name} must be counted first, or again. Run make indicators WAVE={name}\n" in told
    assert "By how much" not in told
    # The declared difference is there as ever, and the numbers of another time are gone.
    assert [one.name for one in path(root).parent.iterdir()] == ["diff.csv"]
    assert path(root).with_name("diff.csv").read_text(encoding="utf-8") == before


def test_if_neither_is_counted_both_are_named_in_one_line(tmp_path, said):
    for name in (BASE, LATER):
        write(tmp_path, name)
    told = said(tmp_path)
    commands = f"Run make indicators WAVE={BASE} and make indicators WAVE={LATER}"
    assert f"No numbers: {BASE} and {LATER} must be counted first, or again. {commands}\n" in told
    assert not path(tmp_path).exists()


def test_made_up_people_are_not_set_beside_real_ones(root, said):
    told = said(root, REAL, BASE)
    assert f"No numbers: The people of {BASE} are made up: set nothing of it beside real answers." in told
    assert not path(root, REAL, BASE).exists()


def test_where_groups_are_made_of_other_ages_nothing_is_standardised(root, said):
    told = said(root, AGES, BASE)
    frame = exact(root, AGES, BASE)
    assert set(frame["standardised_reason"]) == {"strata_differ", "nobody_answered"}
    assert set(frame.loc[frame["base_answered"] > 0, "standardised_reason"]) == {"strata_differ"}
    assert frame["standardised_difference"].isna().all()
    assert frame.loc["unpaid_work", "central"]["difference"] == pytest.approx(120 / 240 - 80 / 240)
    assert row_of(told, "unpaid_work", "central")[-1] == "groups are not made alike"


def change_wave_file(root: Path, name: str, more: str) -> None:
    """The wave is counted again."""
    toml = root / "data" / "raw" / name / "wave.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert main(["indicators", "--wave", name, "--root", str(root)]) == 0


def verdicts(**of: str) -> Difference:
    lines = [
        Line(Topic.COMPARE, what.replace("__", " "), ("", ""), Comparable(one), "Because.") for what, one in of.items()
    ]
    return Difference("a", "b", tuple(lines))


REFUSED = {
    "no route": (verdicts(unpaid_work="yes", route__central="no", route__all="no"), "No numbers: Because."),
    "no indicator": (
        verdicts(unpaid_work="no", route__central="yes", route__all="check"),
        "No numbers: no indicator may be compared.",
    ),
}


AGES_OF_BOTH, AGES_OF_ONE = (
    Line(Topic.GROUP, "age_group 25_plus", sides, Comparable.NO, "")
    for sides in (("25 and over", "30 and over"), ("25 and over", ""))
)
REGION = Line(Topic.GROUP, "region_of_origin west", ("NGA", "GHA"), Comparable.NO, "")
STRATA = {
    "all alike": ({}, (), ""),
    "an age group of other ages": ({}, (AGES_OF_BOTH,), "strata_differ"),
    "an age group of one wave only": ({}, (AGES_OF_ONE,), ""),
    "another characteristic": ({"education": "no"}, (REGION,), ""),
    "sex is to be looked at": ({"sex": "check"}, (), ""),
    "only one wave asks for the journey": ({"transit": "no"}, (), "strata_differ"),
}


@pytest.mark.parametrize("case", STRATA)
def test_people_are_standardised_by_what_both_waves_make_alike(case, counted):
    by, groups, reason = STRATA[case]
    told = verdicts(**{"unpaid_work": "yes", "route__central": "yes", "route__all": "check", **by})
    found = numbers(Difference(BASE, LATER, (*told.lines, *groups)), Places(counted)).contrasts
    assert found is not None
    assert found["standardised_reason"].tolist() == [reason] * 2


@pytest.mark.parametrize("case", REFUSED)
def test_without_anything_to_compare_it_says_so(case, tmp_path):
    difference, why_not = REFUSED[case]
    found = numbers(difference, Places(tmp_path))
    assert (found.contrasts, found.why_not) == (None, why_not)


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_the_terminal_shows_whole_percents_and_points(root, said):
    told = said(root)
    result, route, base, wave, difference, standardised = row_of(told, "unpaid_work", "central")
    assert (result, route, base, wave) == ("unpaid_work", "central", "33%", "50%")
    assert difference.startswith("+17 (")
    points = round(exact(root).loc["unpaid_work", "central"]["standardised_difference"] * 100)
    assert standardised.startswith(f"+{points} (")
    assert row_of(told, "unpaid_work", "all")[2:4] == ["33%", "50%"]
    assert "at_least_one " not in told.split("By how much")[1]
    assert "all: without standardising, it depends on where interviews were held." in told


def test_nothing_of_a_withheld_cell_is_shown(root, said):
    """One of 240 on each route; everyone in the later wave."""
    told = said(root).split("By how much")[1]
    assert exact(root).loc["forced_work", "central"]["base_yes"] == 1
    assert row_of(told, "forced_work", "central") == ["forced_work", "central", WITHHELD, "25%", WITHHELD, WITHHELD]
    assert exact(root).loc["held_against_will", "eastern"]["wave_share"] == 1
    assert row_of(told, "held_against_will", "eastern") == [
        "held_against_will",
        "eastern",
        "20%",
        WITHHELD,
        WITHHELD,
        WITHHELD,
    ]
    assert "–: withheld to protect respondents, or fewer than 50 answered." in told
    assert "100%" not in told


def test_nobody_among_many_is_no_secret(root, said):
    told = said(root)
    assert row_of(told, "marriage_offer", "central") == [
        "marriage_offer",
        "central",
        "0%",
        "0%",
        *["0 (no interval: nobody or everybody)"] * 2,
    ]


NUMBERS = {
    "base_answered": 1000,
    "base_yes": 304,
    "wave_answered": 1000,
    "wave_yes": 346,
    "difference": 0.042,
    "difference_low": -0.0149,
    "difference_high": 0.0989,
    "standardised_difference": -0.035,
    "standardised_low": -0.0651,
    "standardised_high": -0.0049,
    "reason": "",
    "standardised_reason": "",
}
"""30.4% and 34.6%, which are printed as 30 and 35; half of the intervals is 5.69 and 3.01 points."""


def contrasts(*rows: dict[str, object]) -> pd.DataFrame:
    known = {"indicator": "unpaid_work", "route": "central", "comparable": "yes", **NUMBERS}
    return conform(pd.DataFrame([known | row for row in rows], columns=WAVE_CONTRASTS.names), WAVE_CONTRASTS)


def test_a_difference_is_that_of_the_printed_shares_and_no_interval_is_narrower_than_it_is():
    assert shown(contrasts({})) == [["unpaid_work", "central", "30%", "35%", "+5 (−1 to +11)", "−4 (−8 to 0)"]]


NO_INTERVAL = {"difference_low": None, "difference_high": None, "reason": "one_point"}
NOT_STANDARDISED = {
    "standardised_difference": None,
    "standardised_low": None,
    "standardised_high": None,
    "standardised_reason": "low_coverage",
}
CELLS = {
    # What is other than above: both shares, the difference, the standardised one.
    "no interval": (NO_INTERVAL, ["30%", "35%", "+5 (no interval: met at one point)", "−4 (−8 to 0)"]),
    "not standardised": (NOT_STANDARDISED, ["30%", "35%", "+5 (−1 to +11)", "under 80% in groups of both"]),
    "few answered": ({"base_answered": 49, "base_yes": 20}, [WITHHELD, "35%", WITHHELD, WITHHELD]),
    "few positive": ({"wave_yes": 12}, ["30%", WITHHELD, WITHHELD, WITHHELD]),
    "just enough": ({"wave_yes": 13}, ["30%", "1%", "−29 (−35 to −23)", "−4 (−8 to 0)"]),
    "few negative": ({"wave_yes": 988}, ["30%", WITHHELD, WITHHELD, WITHHELD]),
    "why there is none of a withheld one": ({"base_yes": 5, **NO_INTERVAL}, [WITHHELD, "35%", WITHHELD, WITHHELD]),
    "nobody answered": (
        {"wave_answered": 0, "wave_yes": 0, **NO_INTERVAL, **NOT_STANDARDISED, "reason": "nobody_answered"},
        ["30%", "", "nobody answered", "nobody answered"],
    ),
    "no further than everybody": (
        {"difference_low": -0.9, "difference_high": 0.99},
        ["30%", "35%", "+5 (−90 to +100)", "−4 (−8 to 0)"],
    ),
}


@pytest.mark.parametrize("case", CELLS)
def test_what_a_row_shows(case):
    change, cells = CELLS[case]
    assert [row[2:] for row in shown(contrasts(change))] == [cells]


def test_the_common_set_stands_first_and_what_neither_has_is_left_out():
    nobody = {"base_answered": 0, "base_yes": 0, "wave_answered": 0, "wave_yes": 0}
    rows = shown(
        contrasts(
            {"indicator": "at_least_one"},
            {"indicator": "forced_work"},
            {"indicator": "forced_work", "route": "western", **nobody},
            {"indicator": "forced_work", "route": "all"},
            {"indicator": "at_least_one_common"},
        )
    )
    # Of one route, all is the same once more.
    assert [row[:2] for row in rows] == [["at_least_one_common", "central"], ["forced_work", "central"]]
    two = contrasts({}, {"route": "eastern"}, {"route": "all"})
    assert [row[1] for row in shown(two)] == ["central", "eastern", "all"]


def test_what_someone_must_decide_first_is_named(root, said):
    """The later wave puts people from one more country on the Central route."""
    assert "To be settled" not in said(root)
    change_wave_file(root, LATER, OTHER_RULE)
    told = said(root)
    assert "To be settled before they are compared, see above: route central.\n" in told
    assert exact(root).loc["unpaid_work", "central"]["comparable"] == "check"
    assert exact(root).loc["unpaid_work", "eastern"]["comparable"] == "yes"
