"""How many respondents are alone with what somebody may know of them; the numbers of sdcMicro are in `published`."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipeline.questionnaire import group_level
from pipeline.stats.risk import individual_risk, risk
from pipeline.tables import write_csv
from pipeline.terminal import show_risk
from pipeline.wave import load_questionnaire
from tests.support.run import Results

KEYS = ("sex", "country", "age")
PERSON = st.tuples(st.sampled_from("mf"), st.sampled_from("abc"), st.sampled_from(["14", "18", "25"]))


def classes(people: list[tuple[str, ...]]) -> pd.DataFrame:
    rows = [(*key, count) for key, count in Counter(people).items()]
    return pd.DataFrame(rows, columns=[*KEYS, "respondents"])


@given(st.lists(PERSON, min_size=1, max_size=60))
def test_everyone_counted_by_hand(people: list[tuple[str, ...]]) -> None:
    for _, row in risk(classes(people), KEYS, "w").iterrows():
        kept = [place for place, key in enumerate(KEYS) if key != row["left_out"]]
        known = [tuple(person[place] for place in kept) for person in people]
        alike = [known.count(one) for one in known]
        assert row["keys"] == " + ".join(KEYS[place] for place in kept)
        assert row["respondents"] == len(people)
        assert row["combinations"] == len(set(known))
        assert row["alone"] == alike.count(1)
        assert row["few"] == sum(1 for number in alike if number < 11)
        assert row["smallest"] == min(alike)
        assert row["mean_risk"] == pytest.approx(sum(1 / number for number in alike) / len(people))


@given(st.lists(PERSON, min_size=1, max_size=60))
def test_advice_stands_where_fewest_are_left_alone(people: list[tuple[str, ...]]) -> None:
    frame = risk(classes(people), KEYS, "w")
    advised = frame[frame["advice"] != ""]
    if frame["alone"].iloc[1:].min() < frame["alone"].iloc[0]:
        assert advised["alone"].tolist() == [frame["alone"].iloc[1:].min()]
    else:
        assert advised.empty


@given(st.integers(1, 30), st.integers(1, 4000))
def test_the_more_people_stand_behind_someone_the_lower_the_risk(alike: int, more: int) -> None:
    low, high = individual_risk([alike, alike], [alike + more + 1, alike + more])
    assert 0 < low < high <= 1 / alike + 1e-12
    assert individual_risk(alike, alike) == pytest.approx(1 / alike)


def test_one_key_and_none_and_nobody() -> None:
    alone = risk(pd.DataFrame({"sex": ["m", "f"], "respondents": [1, 12]}), ["sex"], "w")
    assert alone["alone"].tolist() == [1]
    nobody = risk(pd.DataFrame(columns=["respondents"]), [], "w")
    assert nobody["respondents"].tolist() == [0]
    assert nobody["alone_share"].isna().all()


def test_the_shipped_wave_counted_by_hand(shipped: Results) -> None:
    people = shipped.respondents[shipped.respondents["excluded_by"] == ""]
    keys = list(load_questionnaire("fms-2016").keys)
    known = Counter(tuple(map(group_level, person)) for person in people[keys].to_numpy(str).tolist())
    row = risk(shipped.tabulated.classes, keys, "w").iloc[0]
    assert (row["respondents"], row["combinations"]) == (sum(known.values()), len(known))
    assert row["alone"] == sum(1 for number in known.values() if number == 1)


def said(frame: pd.DataFrame, path) -> str:
    write_csv(frame, path)
    console = Console(file=io.StringIO(), width=200)
    show_risk(console, path)
    return console.file.getvalue()


def test_the_analyst_is_told(tmp_path) -> None:
    people = [("m", "a", "14"), ("f", "a", "14"), *[("m", "b", "18")] * 8]
    told = said(risk(classes(people), KEYS, "w"), tmp_path / "risk.csv")
    assert "20% of respondents are alone in their combination of sex + country + age." in told
    assert "Coarser answers to sex would gain most." in told


def test_nothing_is_said_without_keys_or_a_file(tmp_path) -> None:
    assert said(risk(pd.DataFrame(columns=["respondents"]), [], "w"), tmp_path / "risk.csv") == ""
    console = Console(file=io.StringIO())
    show_risk(console, tmp_path / "none.csv")
    assert console.file.getvalue() == ""


def test_keys_are_questions_of_the_questionnaire() -> None:
    from pydantic import ValidationError

    q = load_questionnaire("fms-2016")
    tables = q.model_dump(by_alias=True, exclude_none=True)
    with pytest.raises(ValidationError, match="nationalty"):
        type(q).model_validate(tables | {"keys": ["nationalty"]})


def test_risks_are_numbers_without_a_warning() -> None:
    assert np.isfinite(individual_risk(np.array([1, 2, 3, 1e6]), np.array([1, 2e9, 3, 1e6]))).all()
