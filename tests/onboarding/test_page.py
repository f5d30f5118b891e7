"""The page that an analyst follows says what the code does."""

from __future__ import annotations

import re
import tomllib

from pipeline.errors import DeclarationError
from pipeline.onboarding.gather import FORM_FROM
from pipeline.wave import Export, WaveFile, load_questionnaire, load_wave
from tests.onboarding.filling import fill_in
from tests.support.messages import refusal
from tests.support.waves import wave_toml, write_texts
from tests.support.whole_run import REPOSITORY

PAGE = (REPOSITORY / "docs" / "add-a-wave.md").read_text(encoding="utf-8")
TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_every_command_and_variable_is_there() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {"new-wave", "check-wave", "report", "diff"} <= set(re.findall(r"\bmake ([a-z-]+)", PAGE)) <= targets
    main = (REPOSITORY / "pipeline" / "command_line.py").read_text(encoding="utf-8")
    for variable in set(re.findall(r"\b([A-Z]{4,})=", PAGE)):
        assert f'envvar="{variable}"' in main


def test_every_key_that_it_explains_is_there() -> None:
    keys = re.findall(r"^\| `\[*([a-z_.]+)[…\]]*` \|", PAGE, re.MULTILINE)
    assert len(keys) >= 8
    known = {*WaveFile.model_fields, *(f"exports.{key}" for key in Export.model_fields), *Export.model_fields}
    assert set(keys) <= known


def test_what_it_says_to_fill_in_can_be_filled_in(tmp_path) -> None:
    asked, answered, overrides = TOML
    folder = write_texts(tmp_path, {"export.csv": ""})
    good = wave_toml(["export.csv"])
    path = folder / "wave.toml"
    declared = re.search(r"^fieldwork = .*$", good, re.MULTILINE)
    assert declared
    path.write_text(good.replace(declared[0], asked), encoding="utf-8")
    refusal(DeclarationError, 2, lambda: load_wave(tmp_path, folder.name))
    fill_in(folder, ("2017-06-01", "2017-06-30"))
    assert answered.strip() in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8") + overrides, encoding="utf-8")
    wave = load_wave(tmp_path, folder.name)
    assert not wave.questionnaire.columns["cost"].required
    assert set(tomllib.loads(overrides)["overrides"]["columns"]) <= set(load_questionnaire("fms-2016").columns)


def test_it_says_where_the_form_is_had_from() -> None:
    page = " ".join(PAGE.replace("*", "").split())
    for word in ("KoboToolbox", "Download XLS", "ONA", "Form Source"):
        assert word in FORM_FROM
        assert word in page
