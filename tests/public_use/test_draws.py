"""What was spent is never forgotten, adds up, and has an end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import DisclosureBroken
from pipeline.public_use.draws import (
    MOST_EPSILON,
    Draw,
    check_ceiling,
    check_file,
    read_draws,
    total_delta,
    total_epsilon,
    write_draws,
)


def draws(*epsilons: float) -> list[Draw]:
    return [Draw(n, "2026-01-01", e, 1e-8, 11, "why, and\nwhy", "0" * 64) for n, e in enumerate(epsilons, start=1)]


@given(st.lists(st.floats(0.5, 12), max_size=8))
def test_epsilon_and_delta_add_up(epsilons: list[float]) -> None:
    spent = draws(*epsilons)
    assert total_epsilon(spent) == pytest.approx(sum(epsilons))
    assert total_delta(spent) == pytest.approx(len(epsilons) * 1e-8)


@given(epsilons=st.lists(st.floats(0.5, 12), min_size=1, max_size=8))
def test_the_ledger_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, epsilons: list[float]) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    write_draws(draws(*epsilons), folder)
    assert read_draws(folder) == draws(*epsilons)


@given(st.lists(st.floats(0.5, 6), max_size=3), st.floats(0.5, 20))
def test_no_draw_goes_above_the_ceiling(epsilons: list[float], another: float) -> None:
    within = sum(epsilons) + another <= MOST_EPSILON
    if within:
        check_ceiling(draws(*epsilons), another)
    elif sum(epsilons) + another > MOST_EPSILON + 1e-6:
        with pytest.raises(DisclosureBroken, match="more than a wave may spend"):
            check_ceiling(draws(*epsilons), another)


def test_what_is_left_may_be_spent_to_the_end() -> None:
    check_ceiling(draws(4, 4), 4)
    check_ceiling(draws(*[0.7] * 10), 5)
    with pytest.raises(DisclosureBroken, match="Use a file that was drawn already"):
        check_ceiling(draws(4, 4, 4), 0.5)
    with pytest.raises(DisclosureBroken, match="Draw with ε of at most 2"):
        check_ceiling(draws(10), 4)


def test_a_folder_that_is_not_there_has_spent_nothing(tmp_path: Path) -> None:
    assert read_draws(tmp_path / "none") == []


def lost_line(text: str) -> str:
    head, _first, *rest = text.splitlines(keepends=True)
    return head + "".join(rest)


BROKEN = {
    "a line is lost": lost_line,
    "every line is lost": lambda text: text.splitlines(keepends=True)[0],
    "epsilon is no number": lambda text: text.replace("4.0", "four"),
    "epsilon is below zero": lambda text: text.replace("4.0", "-4.0"),
    "a column is lost": lambda text: text.replace("epsilon", "e"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_ledger_that_cannot_be_right_stops_every_draw(case: str, tmp_path: Path) -> None:
    write_draws([Draw(n, "2026-01-01", 4.0, 1e-8, 11, "", "0") for n in (1, 2)], tmp_path)
    path = tmp_path / "draws.csv"
    path.write_text(BROKEN[case](path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DisclosureBroken, match="not known"):
        read_draws(tmp_path)


def test_files_without_a_ledger_stop_every_draw(tmp_path: Path) -> None:
    (tmp_path / "public_use.csv").write_text("sex\n", encoding="utf-8")
    with pytest.raises(DisclosureBroken, match="not the list of draws"):
        read_draws(tmp_path)


def test_a_file_that_was_changed_is_told(tmp_path: Path) -> None:
    (tmp_path / "public_use.csv").write_text("sex\nmale\n", encoding="utf-8")
    with pytest.raises(DisclosureBroken, match="not the file that was drawn"):
        check_file(tmp_path, draws(4)[0])
