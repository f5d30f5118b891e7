"""What one printed number says of the counts behind it, against all counts that are printed so."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.disclose.audit.printed import Printed
from pipeline.disclose.audit.system import Count, System
from pipeline.disclose.further import Unit
from pipeline.disclose.policy import PUBLIC, two_digits, whole_percent
from pipeline.errors import DisclosureBroken

UNIT = Unit("estimates", ("i", "r", "g", "l"), "yes")


def of(*exact: int) -> tuple[System, Printed]:
    """A system with these counts, in places 0, 1, …."""
    system = System()
    for place, n in enumerate(exact):
        system.count(Count(str(place), "", "", "", ""), n)
    return system, Printed(system, PUBLIC)


def allowed(system: System, most: int) -> Iterator[int]:
    """What the count in place 0 may be, from 0 to most, with the others as they are."""
    statements = system.built()
    for n in range(most + 1):
        world = statements.truth.copy()
        world[0] = n
        if statements.hold(world[:, None]).all():
            yield n


@pytest.mark.parametrize(
    ("exact", "printed", "behind"),
    [(25, 25, range(23, 28)), (13, 15, range(13, 18)), (17, 15, range(13, 18)), (0, 0, range(1))],
)
def test_a_printed_count_may_be_up_to_two_off_and_a_zero_is_a_zero(exact: int, printed: int, behind: range) -> None:
    system, said = of(exact)
    said.count(0, printed, UNIT)
    assert list(allowed(system, 60)) == list(behind)
    assert system.prints == {UNIT: [0]}
    assert not system.withheld


def test_a_count_that_is_not_printed_is_withheld_and_says_nothing() -> None:
    system, said = of(7)
    said.count(0, None, UNIT)
    assert system.withheld == {0: UNIT}
    assert list(allowed(system, 60)) == list(range(61))


@pytest.mark.parametrize(("exact", "printed"), [(28, 25), (12, 15), (11, 10), (1, 0)])
def test_a_count_printed_as_no_rule_would_print_it_is_refused(exact: int, printed: int) -> None:
    _, said = of(exact)
    with pytest.raises(DisclosureBroken):
        said.count(0, printed, UNIT)


@given(st.integers(1, 400).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
def test_a_share_says_that_the_part_is_printed_so_and_no_more(counts: tuple[int, int]) -> None:
    part, base = counts
    system, said = of(part, base)
    share = float(whole_percent(part, base))
    said.share([0], 1, share, UNIT)
    parts = np.arange(base + 1)
    assert list(allowed(system, base)) == parts[whole_percent(parts, np.full(base + 1, base)) == share].tolist()


def test_43_percent_of_51_is_22() -> None:
    system, said = of(22, 51)
    said.share([0], 1, 0.43, UNIT)
    assert list(allowed(system, 51)) == [22]


def test_a_share_that_is_not_true_is_refused() -> None:
    _, said = of(22, 51)
    with pytest.raises(DisclosureBroken):
        said.share([0], 1, 0.44, UNIT)


@given(st.integers(50, 400), st.integers(0, 2000))
def test_a_mean_of_two_digits_allows_every_sum_that_is_printed_so_and_those_at_its_ends_alone(
    base: int, together: int
) -> None:
    system, said = of(together, base)
    printed = float(f"{together / base:.2g}")
    said.two_digits([0], 1, printed, UNIT)
    found = list(allowed(system, together + base))
    sums = np.arange(together + base + 1)
    same = sums[two_digits(sums / base) == printed].tolist()
    assert set(same) <= set(found)
    assert len(found) <= len(same) + 2


@pytest.mark.parametrize(
    ("part", "base", "shown", "behind"),
    [
        (5, 100, False, range(1, 13)),
        (0, 20, False, range(13)),
        (95, 100, False, range(88, 101)),
        (50, 100, False, range(13, 88)),
        (50, 100, True, range(13, 88)),
        (0, 100, True, range(101)),
    ],
    ids=["small", "perhaps nobody", "few others", "large, for another", "shown", "a zero that is shown"],
)
def test_the_rule_on_parts_tells_a_reader_who_guesses_why(part: int, base: int, shown: bool, behind: range) -> None:
    system, said = of(part, base)
    said.part_of(0, 1, shown=shown)
    assert list(allowed(system, base)) == list(behind)


@pytest.mark.parametrize(
    ("people", "shown", "has_share", "behind"),
    [
        (5, False, None, range(13)),
        (70, True, None, range(13, 100)),
        (70, True, True, range(50, 100)),
        (30, True, False, range(13, 50)),
    ],
)
def test_so_does_the_rule_on_bases(people: int, shown: bool, has_share: bool | None, behind: range) -> None:
    system, said = of(people)
    said.base(0, shown=shown, has_share=has_share)
    assert list(allowed(system, 99)) == list(behind)
