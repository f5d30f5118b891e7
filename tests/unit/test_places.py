"""Where things are, and which names a wave may have: none that leads out of the folders of waves, or into one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.places import CHECKED, COMPARED, EVERY, TREND, Places, check_name

ROOT = Path("root")
EVERY_PLACE = [
    lambda places, name: places.raw / name,
    lambda places, name: places.processed(name),
    lambda places, name: places.checked(name),
    lambda places, name: places.compared(name, "base"),
    lambda places, name: places.reports(name),
]

ALLOWED = ["2016-10", "2016_10", "2016.10", "A", "0", "round-2", "x" * 60]
REFUSED = {
    "nothing": "",
    "the folder itself": ".",
    "the folder above": "..",
    "a way up": "../2016-10",
    "a folder in it": "2016-10/old",
    "a folder in it, as Windows writes it": "2016-10\\old",
    "an absolute path": "/etc",
    "a drive": "C:",
    "a hidden folder": ".2016-10",
    "what is half written": ".2016-10.new",
    "an option": "-rf",
    "a blank": "2016 10",
    "a line break at the end": "2016-10\n",
    "a NUL": "2016\0",
    "another script": "٢٠١٦",
    "an accent": "été",
    "61 characters": "x" * 61,
    "the folder of checks": CHECKED,
    "the folder of comparisons": COMPARED,
    "the folder of the trend": TREND,
    "the same where capitals do not matter": "Trend",
    "what stands for every wave": EVERY,
}


@pytest.mark.parametrize("name", ALLOWED)
def test_plain_names_are_allowed(name):
    check_name(name)


@pytest.mark.parametrize("name", REFUSED.values(), ids=REFUSED.keys())
def test_other_names_are_refused_with_what_is_allowed(name):
    with pytest.raises(UsageError) as refused:
        check_name(name)
    assert refused.value.exit_code == 2
    assert "2016-10" in str(refused.value)
    assert "dashes" in str(refused.value)


@given(st.text(max_size=70) | st.text("./\\-_ aA0", max_size=8))
def test_an_allowed_name_stays_below_each_folder_of_waves(name):
    try:
        check_name(name)
    except UsageError:
        return
    for place in EVERY_PLACE:
        at = place(Places(ROOT), name)
        usual = place(Places(ROOT), "2016-10")
        assert len(at.parts) == len(usual.parts)
        assert name in at.parts


def test_no_two_places_of_a_wave_lie_in_each_other():
    places = [place(Places(ROOT), "2016-10") for place in EVERY_PLACE]
    assert not [(a, b) for a in places for b in places if a != b and b.is_relative_to(a)]


def test_only_what_is_released_is_outside_of_data():
    outside = [place(Places(ROOT), "w") for place in EVERY_PLACE if "data" not in place(Places(ROOT), "w").parts]
    assert outside == [ROOT / "reports" / "w"]
