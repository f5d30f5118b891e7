"""A reader with a solver attacks what is released. First that the attack works, then that the release withstands it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pytest

from tests.disclosure.attack.attempts import CELL, COUNT, Found, attack, breaches, spread, withheld
from tests.disclosure.attack.crosses import attack_crosses, cross_breaches, cross_range, withheld_crosses
from tests.disclosure.attack.printed import FEWEST, SHARE_BASE, behind, say_count, say_mean, say_part
from tests.disclosure.attack.reader import Reader
from tests.disclosure.attack.system import ContradictionError, Range, Sum, System, total
from tests.support.whole_run import Run, run_pipeline

SOME = 6

# --- the attack works -----------------------------------------------------------------------------------------------


def exactly(value: int) -> Range:
    return Range(value, value)


def printed(system: System, text: str) -> Sum:
    count = system.unknown()
    say_count(system, count, text)
    return count


@pytest.mark.parametrize(("text", "ends"), [("0", (0, 0)), ("15", (13, 17)), ("20", (18, 22)), ("2750", (2748, 2752))])
def test_a_printed_count_may_be_up_to_two_off_and_is_never_from_1_to_12(text: str, ends: tuple[int, int]) -> None:
    assert behind(int(text)) == ends


TABLE = ((15, None, None, None), (20, None, None, 15), (None, 10, 10, None), (None, 14, 7, None))
BEHIND = ((15, 1, 3, 1), (20, 10, 10, 15), (3, 10, 10, 2), (12, 14, 7, 2))


def test_a_cell_is_found_although_each_line_of_the_table_has_two_withheld_ones() -> None:
    system = System()
    cells = [[system.unknown() if n is None else Sum({}, n) for n in row] for row in TABLE]
    for row, true in zip(cells, BEHIND, strict=True):
        system.equal(total(row), sum(true))
    for column, true in zip(zip(*cells, strict=True), zip(*BEHIND, strict=True), strict=True):
        system.equal(total(column), sum(true))
    hidden = {(r, c) for r, row in enumerate(TABLE) for c, n in enumerate(row) if n is None}
    assert all(sum(r == line for r, _ in hidden) >= 2 and sum(c == line for _, c in hidden) >= 2 for line in range(4))
    ranges = {place: system.range_of(cells[place[0]][place[1]]) for place in hidden}
    assert ranges[0, 3] == exactly(BEHIND[0][3])
    assert all(ends.least <= BEHIND[r][c] <= ends.greatest for (r, c), ends in ranges.items())


def test_a_margin_less_the_shown_parts_gives_the_part_that_is_withheld() -> None:
    system = System()
    parts = [system.unknown(), printed(system, "20"), printed(system, "0")]
    whole = total(parts)
    say_count(system, whole, "30")
    assert system.range_of(parts[0]) == Range(28 - 22, 32 - 18)
    say_part(system, parts[1], system.unknown(greatest=52), "20", "", "0.35")
    system.equal(whole, 32)
    assert system.range_of(parts[0]) == Range(14, 14)


def test_a_share_gives_the_base_that_is_withheld() -> None:
    system = System()
    yes, base = printed(system, "15"), system.unknown()
    system.at_most(173 * base, 200 * yes)
    system.at_most(200 * yes + 1, 175 * base)
    assert (system.range_of(yes), system.range_of(base)) == (exactly(13), exactly(15))


def test_an_earlier_release_with_one_person_fewer_gives_both_counts() -> None:
    system = System()
    before, after = printed(system, "40"), printed(system, "45")
    system.equal(after, before + 1)
    assert (system.range_of(before), system.range_of(after)) == (exactly(42), exactly(43))


def test_a_mean_narrows_the_sum_behind_it() -> None:
    system = System()
    reported = system.unknown()
    say_mean(system, reported, Sum({}, 100), "1.5")
    assert system.range_of(reported) == Range(145, 155)


def test_a_range_without_whole_numbers_is_never_the_narrower_one() -> None:
    system = System()
    one, other = system.unknown(greatest=10), system.unknown(greatest=10)
    system.equal(2 * one, 3 * other + 1)
    assert system.range_of(one) == Range(2, 8)
    assert system.range_of(one, whole=False) == Range(1, 10)


def test_tables_that_nobody_can_have_given_are_refused() -> None:
    system = System()
    part, whole = printed(system, "20"), printed(system, "15")
    system.at_most(part, whole)
    with pytest.raises(ContradictionError):
        system.range_of(part)


def test_a_cross_is_as_many_as_the_smaller_margin_or_as_must_have_both() -> None:
    assert cross_range(Range(13, 17), Range(98, 102), Range(98, 102)) == Range(9, 17)
    assert cross_range(Range(0, 12), Range(50, 50), Range(500, 500)) == Range(0, 12)


def test_a_zero_is_found_out_unless_a_printed_zero_includes_it(tmp_path: Path) -> None:
    header = "indicator,route,group,level,asked,answered,yes,suppressed"
    rows = (
        "blood_organs,all,sex,female,100,100,0,",
        *(f"blood_organs,central,sex,{level},40,40,,withheld" for level in ("female", "male")),
        "blood_organs,central,sex,unknown,0,0,,withheld",
    )
    levels = {"female": "yes", "unknown": "no", "male": "yes"}
    found = [
        Found("estimates", ("blood_organs", "central", "sex", level), what, exactly(0))
        for level, what in levels.items()
    ]
    (tmp_path / "estimates.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    assert breaches(Reader(tmp_path), found) == found[2:]


# --- the release withstands it --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reader(shipped_run: Run) -> Reader:
    return Reader(shipped_run.reports)


def lines(found: Iterable[Found]) -> str:
    return "\n".join(["narrowed to fewer than six values:", *map(str, found)])


@pytest.mark.long
@pytest.mark.parametrize("table", ["events", "experience", "cooccurrence"])
def test_no_withheld_count_of_whole_routes_can_be_narrowed_to_fewer_than_six_values(table: str, reader: Reader) -> None:
    cells = withheld(reader, table)
    narrow = breaches(reader, attack(reader, table, cells))
    assert cells
    assert not narrow, lines(narrow)


def test_no_withheld_estimate_among_some_can_be_narrowed_to_fewer_than_six_values(reader: Reader) -> None:
    cells = spread(withheld(reader, "estimates"), SOME)
    narrow = breaches(reader, attack(reader, "estimates", cells))
    assert len(cells) == SOME
    assert not narrow, lines(narrow)


@pytest.mark.long
def test_no_withheld_estimate_can_be_narrowed_to_fewer_than_six_values(reader: Reader) -> None:
    narrow = breaches(reader, attack(reader, "estimates", withheld(reader, "estimates"), whole_below=10))
    assert not narrow, lines(narrow)


@pytest.fixture(scope="module")
def reader_of_rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Of a wave with a small route and with a few people who gave no answer: its levels are merged, route by route."""
    root = tmp_path_factory.mktemp("rehearsal")
    for words in ("dummy-wave --wave rehearsal --size 1500 --seed 5", "figures --wave rehearsal"):
        run = run_pipeline(root, *words.split())
        assert run.code == 0, run.errors
    return Reader(root / "reports" / "rehearsal")


OTHERS = ("age_group", "travel_mode", "transit", "education", "year_outside_origin", "region_of_origin")


@pytest.mark.parametrize("group", ["sex", *(pytest.param(group, marks=pytest.mark.long) for group in OTHERS)])
def test_nor_can_one_of_a_wave_whose_levels_are_merged(group: str, reader_of_rehearsal: Reader) -> None:
    cells = spread([cell for cell in withheld(reader_of_rehearsal, "estimates") if cell[2] == group], SOME)
    narrow = breaches(reader_of_rehearsal, attack(reader_of_rehearsal, "estimates", cells))
    assert len(cells) == SOME
    assert not narrow, lines(narrow)


def test_no_cross_among_some_can_be_narrowed_by_its_margins_to_fewer_than_six_values(reader: Reader) -> None:
    cells = spread(withheld_crosses(reader), SOME)
    narrow = cross_breaches(attack_crosses(reader, cells))
    assert len(cells) == SOME
    assert not narrow, lines(narrow)


@pytest.mark.long
def test_no_cross_can_be_narrowed_by_its_margins_to_fewer_than_six_values(reader: Reader) -> None:
    narrow = cross_breaches(attack_crosses(reader, withheld_crosses(reader)))
    assert not narrow, lines(narrow)


OF_LEVEL = ["indicator", "route", "group", "level"]


def left_out_by_complete_cases(reports: Path, processed: Path) -> pd.Series:
    """How many respondents left out an answer and are positive, by cell with printed shares, where they are too few."""
    exact = pd.read_parquet(processed / "nonresponse.parquet")
    exact = exact[exact["group"] != "all"].astype(dict.fromkeys(OF_LEVEL, str)).set_index(OF_LEVEL)
    printed = pd.read_csv(reports / "estimates.csv", keep_default_na=False).set_index(OF_LEVEL)
    positive, all_of_them = exact["yes"] - exact["complete_yes"], exact["answered"] - exact["complete"]
    few = (all_of_them > 0) & ((positive < FEWEST) | (all_of_them - positive < FEWEST))
    return positive[few & (printed.loc[exact.index, "share"] != "")]


def without_complete_cases(reports: Path, folder: Path) -> Reader:
    """Of the same release, had it no complete cases of groups: few missing answers tell of those who left them out."""
    shutil.copytree(reports, folder)
    rows = pd.read_csv(folder / "nonresponse.csv", dtype=str, keep_default_na=False)
    rows.loc[rows["group"] != "all", "complete_share"] = ""
    rows.to_csv(folder / "nonresponse.csv", index=False)
    return Reader(folder)


def narrowed_by_complete_cases(reader: Reader, true: pd.Series, folder: Path) -> list[Found]:
    """Of these cells the ones that are narrow, and are narrower than they were without complete cases."""
    found = attack(reader, "nonresponse", true.index)
    assert all(one.range.least <= true[one.cell] <= one.range.greatest for one in found)
    narrow, without = breaches(reader, found), without_complete_cases(reader.folder, folder)
    before = {one.cell: one.range for one in attack(without, "nonresponse", [one.cell for one in narrow])}
    return [one for one in narrow if one.range.width < before[one.cell].width]


def test_complete_cases_narrow_none_of_some_cells_to_fewer_than_six_values(
    reader: Reader, shipped_run: Run, tmp_path: Path
) -> None:
    true = left_out_by_complete_cases(shipped_run.reports, shipped_run.processed)
    some = true[spread(list(true.index), SOME)]
    assert len(some) == SOME
    narrow = narrowed_by_complete_cases(reader, some, tmp_path / "without")
    assert not narrow, lines(narrow)


@pytest.mark.long
def test_complete_cases_narrow_no_cell_to_fewer_than_six_values(
    reader: Reader, shipped_run: Run, tmp_path: Path
) -> None:
    true = left_out_by_complete_cases(shipped_run.reports, shipped_run.processed)
    narrow = narrowed_by_complete_cases(reader, true, tmp_path / "without")
    assert not narrow, lines(narrow)


@pytest.mark.long
def test_nor_do_they_in_a_wave_whose_levels_are_merged(reader_of_rehearsal: Reader, tmp_path: Path) -> None:
    reports = reader_of_rehearsal.folder
    true = left_out_by_complete_cases(reports, reports.parents[1] / "data" / "processed" / reports.name)
    assert len(true) > SOME
    narrow = narrowed_by_complete_cases(reader_of_rehearsal, true, tmp_path / "without")
    assert not narrow, lines(narrow)


def test_the_attack_narrows_them_where_every_complete_case_is_printed(shipped_run: Run, tmp_path: Path) -> None:
    shutil.copytree(shipped_run.reports, tmp_path / "release")
    exact = pd.read_parquet(shipped_run.processed / "nonresponse.parquet")
    printed = pd.read_csv(shipped_run.reports / "nonresponse.csv", dtype=str, keep_default_na=False)
    percent = (200 * exact["complete_yes"] + exact["complete"]) // (2 * exact["complete"].clip(lower=1)) / 100
    few = (exact["group"] != "all") & (printed["share"] != "") & (exact["complete"] >= SHARE_BASE)
    printed["complete_share"] = printed["complete_share"].mask(few, percent.astype(str))
    printed.to_csv(tmp_path / "release" / "nonresponse.csv", index=False)
    bare = Reader(tmp_path / "release")
    true = left_out_by_complete_cases(shipped_run.reports, shipped_run.processed)
    cells = [cell for cell in true.index if cell[1:3] == ("central", "transit")]
    assert breaches(bare, attack(bare, "nonresponse", cells))


FEW_LEVELS = ("sex", "age_group", "travel_mode")


def without_further_withheld(release: Path, exact: Path, to: Path) -> Path:
    """A copy of a release that prints every estimate by few levels that is large enough by itself."""
    shutil.copytree(release, to)
    released = pd.read_csv(release / "estimates.csv", dtype=str, keep_default_na=False)
    true = pd.read_parquet(exact / "estimates.parquet")
    yes, answered = true["yes"], true["answered"]
    large = (yes >= FEWEST) & (answered - yes >= FEWEST) & (answered >= SHARE_BASE)
    shown = large & (released["suppressed"] == "withheld") & released["group"].isin(FEW_LEVELS)
    assert shown.any()
    released.loc[shown, "yes"] = ((yes + 2) // 5 * 5)[shown].astype(str)
    released.loc[shown, "share"] = ((200 * yes + answered) // (2 * answered.clip(lower=1)) / 100)[shown].astype(str)
    released.loc[shown, "suppressed"] = ""
    released.to_csv(to / "estimates.csv", index=False)
    return to


def test_the_attack_narrows_counts_if_only_those_are_withheld_that_are_too_small(
    shipped_run: Run, tmp_path: Path
) -> None:
    bare = Reader(without_further_withheld(shipped_run.reports, shipped_run.processed, tmp_path / "release"))
    cells = [cell for cell in withheld(bare, "estimates") if cell[2] in FEW_LEVELS]
    assert len(breaches(bare, attack(bare, "estimates", cells))) >= 3


@pytest.mark.parametrize("table", CELL)
def test_what_truly_is_lies_within_the_ranges_of_the_attack(table: str, reader: Reader, shipped_run: Run) -> None:
    exact = pd.read_parquet(shipped_run.processed / f"{table}.parquet").astype(dict.fromkeys(CELL[table], str))
    true = exact.set_index(list(CELL[table]))[COUNT[table]]
    found = [one for one in attack(reader, table, spread(withheld(reader, table), 12)) if one.what == COUNT[table]]
    assert found
    assert all(one.range.least <= true[one.cell] <= one.range.greatest for one in found)
