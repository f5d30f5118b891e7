"""The wave: what is particular to one survey round. `load_wave` gives a checked `Wave`, or says what to mend."""

from __future__ import annotations

import re
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from pipeline.declared import Declared, build, nearest, read_toml
from pipeline.errors import CannotReadOrWrite, DeclarationError
from pipeline.inputs import files_of, is_remote
from pipeline.questionnaire import Questionnaire, Translated
from pipeline.thresholds import ROUNDING, SHARE_BASE, SMALLEST, ZERO_BASE
from pipeline.vocabulary import ALL, Route

QUESTIONNAIRES = Path(__file__).parent / "questionnaires"
SHARED = "shared"
WAVE_FILE = "wave.toml"
NAME = r"^[0-9A-Za-z][0-9A-Za-z._-]*$"
"""How a wave may be called."""
FILL_IN = "FILL IN"
"""How a text begins that stands in a wave file for what only the analyst knows."""


class Period(Declared):
    """A span of days, both ends included."""

    from_: date = Field(alias="from")
    """The first day."""
    to: date
    """The last day."""

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.to < self.from_:
            raise ValueError(f"the period ends ({self.to}) before it begins ({self.from_})")
        return self

    def overlaps(self, other: Period) -> bool:
        """Whether any day is in both."""
        return self.from_ <= other.to and other.from_ <= self.to


def _plain_or_remote(name: str) -> str:
    if not is_remote(name):
        return _plain(name)
    if "@" in name:
        raise ValueError("an address holds no name and password; put those where the storage's own tools look for them")
    return name


def _remote(name: str) -> str:
    if not is_remote(name):
        raise ValueError(f'"{name}" must be an address, such as s3://our-office/processed')
    return _plain_or_remote(name)


def _plain(name: str) -> str:
    if not name or name != Path(name).name or name.startswith("."):
        raise ValueError(f'"{name}" must be the name of a file in the folder of the wave, without any folder')
    return name


FileName = Annotated[str, AfterValidator(_plain)]
Source = Annotated[str, AfterValidator(_plain_or_remote)]
Address = Annotated[str, AfterValidator(_remote)]


DayOrder = Literal["year-month-day", "day/month/year", "month/day/year"]
"""How dates are written in an export. Day and month are never guessed."""


class Export(Declared):
    """One file of the wave, with the days on which its interviews were held."""

    file: Source = Field(examples=["fms_2016_10.csv"])
    """The name of a file in the wave's folder; of a folder there that holds one table in parts, as CSV or Parquet; or
    the address of either, such as `s3://bucket/2017-06/answers`."""
    fieldwork: Period
    """The days on which the interviews in this file were held. A date outside them makes a row invalid."""
    fieldwork_by_route: dict[Route, Period] = Field(default_factory=dict)
    """The days of the routes on which interviews were held for a part of that time only."""
    sheet: str | None = None
    """Which sheet of a workbook or file of an archive holds the interviews; if left out, it is found by its columns."""
    dates: DayOrder = "year-month-day"
    """How dates are written in this file. Day and month are never guessed."""

    @model_validator(mode="after")
    def _inside(self) -> Export:
        for route, period in self.fieldwork_by_route.items():
            if period.from_ < self.fieldwork.from_ or period.to > self.fieldwork.to:
                raise ValueError(f"fieldwork_by_route.{route} goes beyond fieldwork ({self.file})")
        return self


class AllowedColumn(Declared):
    """A column of the export that looks identifying and is let past the gate; it is dropped all the same."""

    column: str
    """The header of the column, as the export has it."""
    reason: str = Field(min_length=10)
    """Why it identifies nobody."""


class Stricter(Declared):
    """What a wave asks for beyond the public policy. No number may be looser than the public one."""

    reason: str = Field(min_length=10)
    """Why, as the report prints it."""
    smallest: int = Field(default=SMALLEST, ge=SMALLEST)
    """Fewest people that may be shown."""
    rounding: int = Field(default=ROUNDING, ge=ROUNDING, multiple_of=5)
    """Step of the printed counts."""
    share_base: int = Field(default=SHARE_BASE, ge=SHARE_BASE)
    """Smallest base for a printed share."""
    zero_base: int = Field(default=ZERO_BASE, ge=ZERO_BASE)
    """Smallest base at which a true zero may be shown."""


class WaveFile(Declared):
    """What is particular to one survey round: the keys of `wave.toml`."""

    wave: str = Field(pattern=NAME, examples=["2017-06"])
    """The wave's name, which is also that of its folder."""
    title: str = Field(examples=["Central and Eastern Mediterranean, December 2015 – September 2016"])
    """Where and when: the line under the title of the report."""
    title_translated: Translated = Field(default_factory=dict, examples=[{"fr": "Décembre 2015 – septembre 2016"}])
    """The title for reports in other languages, by the code of the language. Any other report has `title`."""
    questionnaire: str = Field(examples=["fms-2016"])
    """The instrument: the name of a file in `pipeline/questionnaires/`, without its ending."""
    synthetic: bool
    """Whether the people in it are made up. Every page then says so."""
    status: Literal["final", "draft"]
    """`draft`: every page says so."""
    analysed_on: date
    """The date on the cover and in the PDF."""
    form: FileName | None = Field(default=None, examples=["fms_2016_form.xlsx"])
    """The XLSForm in the wave's folder. With it, headers and answers are also known by their labels."""
    earlier_wave: str | None = Field(default=None, pattern=NAME, examples=["2016-06"])
    """The wave before it, if its release is here: the report then has a chapter that sets both side by side."""
    copy_processed_to: Address | None = Field(default=None, examples=["s3://our-office/processed"])
    """An address in storage of your own office that gets a copy of `data/processed/<wave>/` after each run: people and
    exact numbers, so it must be closed to all others."""
    policy: Literal["public", "internal"] = "public"
    """What may be shown. `public`: small numbers are withheld. `internal`: none is, and nothing may leave."""
    stricter: Stricter | None = None
    """Larger numbers than the policy's, if this wave asks for them, with the reason."""
    doi: str | None = Field(
        default=None, pattern=r"^10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9]+$", examples=["10.12345/fms-2017-06"]
    )
    """The DOI that was given to the release, without an address before it. Without it, the release names none."""
    exports: tuple[Export, ...] = Field(min_length=1)
    """The files with the interviews: one `[[exports]]` for each."""
    allowed_columns: tuple[AllowedColumn, ...] = ()
    """Columns that look identifying and are none, each with a reason: one `[[allowed_columns]]` for each."""
    approved: tuple[str, ...] = Field(default=(), examples=[["validation_status_approved"]])
    """The platform's validation statuses to analyse. If given, a row with another one is left out as `not_approved`."""
    max_unpacked_mb: int = Field(default=4096, ge=1)
    """How many megabytes a compressed export may unpack to."""
    overrides: dict[str, Any] = Field(default_factory=dict)
    """Anything of the questionnaire, for this wave only. Tables are merged key by key; anything else is replaced."""

    @model_validator(mode="after")
    def _each_file_once(self) -> WaveFile:
        names = [export.file for export in self.exports]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"exports: these files are named twice: {', '.join(sorted(twice))}")
        return self

    @model_validator(mode="after")
    def _not_before_itself(self) -> WaveFile:
        if self.earlier_wave == self.wave:
            raise ValueError(f'earlier_wave: "{self.wave}" is this wave; name the one before it, or take the line out')
        return self

    @model_validator(mode="after")
    def _stricter_than_something(self) -> WaveFile:
        if self.is_internal and self.stricter is not None:
            raise ValueError(
                'stricter: policy = "internal" withholds nothing, so there is nothing to be stricter than. '
                'Take [stricter] out, or write policy = "public"'
            )
        return self

    def title_in(self, locale: str) -> str:
        """The title in a language, or as it is if it has not been translated."""
        return self.title_translated.get(locale, self.title)

    @property
    def is_internal(self) -> bool:
        """Whether its report shows everything and is for the analyst's own office alone."""
        return self.policy == "internal"


class Wave(Declared):
    """A wave ready to run: its file, its questionnaire with the overrides in it, and where its files are."""

    file: WaveFile
    questionnaire: Questionnaire
    folder: Path

    @property
    def name(self) -> str:
        """The wave's name, which is also that of its folder."""
        return self.file.wave

    @property
    def period(self) -> Period:
        """From the first to the last day of fieldwork in any export."""
        periods = [export.fieldwork for export in self.file.exports]
        return Period(from_=min(p.from_ for p in periods), to=max(p.to for p in periods))

    def route_period(self, route: str) -> Period:
        """The days on which interviews were held on this route, as the wave file declares them; on `all`, on any."""
        if route == ALL:
            return self.period
        periods = [export.fieldwork_by_route.get(Route(route), export.fieldwork) for export in self.file.exports]
        return Period(from_=min(p.from_ for p in periods), to=max(p.to for p in periods))

    @property
    def input_files(self) -> list[Path]:
        """Every file here that the wave file names: the exports and their parts, and the form if there is one."""
        names = [export.file for export in self.file.exports if not is_remote(export.file)]
        parts = [path for name in names for path in files_of(self.folder, name).values()]
        return parts + ([self.folder / self.file.form] if self.file.form else [])


def load_wave(raw: Path, name: str) -> Wave:
    """The wave of this name under `raw`.

    Errors: CannotReadOrWrite if the folder or a file in it is missing, DeclarationError for a mistake in the wave
    file, in the questionnaire, or in the overrides.
    """
    wave = declared_wave(raw, name)
    _check_input_files(wave)
    return wave


def declared_wave(raw: Path, name: str) -> Wave:
    """The same of what is declared alone: its exports may be gone. Errors: as `load_wave`, but for files of data."""
    folder = raw / name
    path = folder / WAVE_FILE
    if not path.is_file():
        waves = known_waves(raw)
        raise CannotReadOrWrite(
            f'There is no wave "{name}".{nearest(name, waves)}',
            where=str(path),
            repair=f"Use one of: {', '.join(waves) or 'none yet'}; or make this folder and put a {WAVE_FILE} in it.",
        )
    tables = read_toml(path)
    _check_filled_in(path)
    file = build(WaveFile, tables, path)
    if file.wave != name:
        raise DeclarationError(
            f'The wave file says wave = "{file.wave}", its folder is "{name}".',
            where=str(path),
            repair="Give both the same name.",
        )
    return Wave(file=file, questionnaire=_load_questionnaire(file, path), folder=folder)


def _check_filled_in(path: Path) -> None:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    left = [
        f"  - line {number}: {' and '.join(asked)}"
        for number, line in enumerate(lines, start=1)
        if not line.lstrip().startswith("#") and (asked := re.findall(rf'"{FILL_IN}:? ?([^"]*)"', line))
    ]
    if left:
        raise DeclarationError(
            "This wave file is not filled in yet:\n" + "\n".join(left),
            where=str(path),
            repair=f'Write what is asked for over each "{FILL_IN} …", the quotation marks included. Dates stand '
            "without them (2017-02-01), words within them. Ask who led the fieldwork; then run the command again.",
        )


def known_waves(raw: Path) -> list[str]:
    """The names of the folders under `raw` that hold a wave file."""
    return sorted(path.parent.name for path in raw.glob(f"*/{WAVE_FILE}"))


def known_questionnaires() -> list[str]:
    """The names of the instruments."""
    return sorted(path.stem for path in QUESTIONNAIRES.glob("*.toml"))


def load_questionnaire(name: str) -> Questionnaire:
    """An instrument as it is declared, without the overrides of any wave. DeclarationError for a mistake in it."""
    return build(Questionnaire, _declared(name), questionnaire_files(name)[0])


def questionnaire_files(name: str) -> list[Path]:
    """The files that an instrument is made from, its own first. DeclarationError if one of them is not there."""
    path = QUESTIONNAIRES / f"{name}.toml"
    return [path, *(QUESTIONNAIRES / SHARED / f"{part}.toml" for part in _shared_parts(read_toml(path), path))]


def _shared_parts(tables: dict[str, Any], path: Path) -> list[str]:
    parts = tables.get("shared", [])
    if not isinstance(parts, list):
        return []  # The model says what is wrong with it.
    known = sorted(file.stem for file in (QUESTIONNAIRES / SHARED).glob("*.toml"))
    for part in parts:
        if part not in known:
            raise DeclarationError(
                f'shared: there is no shared file "{part}".{nearest(str(part), known)}',
                where=str(path),
                repair=f"Use some of: {', '.join(known)}.",
            )
    return parts


def _declared(name: str) -> dict[str, Any]:
    """The tables of an instrument over those that it shares with others."""
    own, *shared = [read_toml(path) for path in questionnaire_files(name)]
    return reduce(_merged, [*shared, own], {})


def _load_questionnaire(file: WaveFile, wave_path: Path) -> Questionnaire:
    known = known_questionnaires()
    if file.questionnaire not in known:
        raise DeclarationError(
            f'questionnaire: there is no questionnaire "{file.questionnaire}".{nearest(file.questionnaire, known)}',
            where=str(wave_path),
            repair=f"Use one of: {', '.join(known)}.",
        )
    if not file.overrides:
        return load_questionnaire(file.questionnaire)
    tables = _merged(_declared(file.questionnaire), file.overrides)
    return build(Questionnaire, tables, Path(f"{wave_path} [overrides] over {file.questionnaire}.toml"))


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; anything else is replaced whole."""
    merged = dict(below)
    for key, value in above.items():
        both_tables = isinstance(value, dict) and isinstance(below.get(key), dict)
        merged[key] = _merged(below[key], value) if both_tables else value
    return merged


def _check_input_files(wave: Wave) -> None:
    for path in wave.input_files:
        if not path.is_file():
            there = sorted(p.name for p in wave.folder.iterdir() if p.name != WAVE_FILE and not p.name.startswith("~$"))
            alike = [name for name in there if Path(name).suffix == path.suffix]
            raise CannotReadOrWrite(
                f'The wave file names "{path.name}", which is not in its folder.{nearest(path.name, alike)}',
                where=str(wave.folder / WAVE_FILE),
                repair=f"Put the file there or mend the name. In the folder: {', '.join(there) or 'nothing else'}.",
            )
