"""Small releases on disk, written as a run writes them, without any run: what is made of releases needs no more."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from pipeline import manifest
from pipeline.places import Places
from pipeline.tables import ESTIMATES
from pipeline.vocabulary import ALL, ROUTES, Derived
from pipeline.wave import questionnaire_files

Numbers = dict[str, str]
NOBODY: Numbers = {"asked": "0", "answered": "0", "yes": "0"}
WITHHELD: Numbers = {"asked": "60", "answered": "60", "suppressed": "withheld"}
SMALL: Numbers = {"asked": "35", "answered": "35", "yes": "15", "reliable": "no"}
"""Released rows of one route: without anyone, withheld, and of a base too small for a share."""


def share(percent: int, low: int, high: int, *, n: int = 1000, reliable: str = "yes") -> Numbers:
    """The released row of a route with a share, in percents."""
    ends = {"share": percent, "ci_low": low, "ci_high": high}
    people = {"asked": str(n + 5), "answered": str(n), "yes": str(round(n * percent / 500) * 5)}
    return {
        **people,
        **{name: str(value / 100) for name, value in ends.items()},
        "ci_method": "korn_graubard",
        "reliable": reliable,
    }


def write_release(
    root: Path,
    wave: str,
    days: tuple[str, str],
    numbers: Mapping[str, Numbers],
    *,
    questionnaire: str = "fms-2016",
    synthetic: bool = True,
    status: str = "final",
    more: str = "",
    kept: int = 0,
    singles: Mapping[str, Mapping[str, Numbers]] | None = None,
) -> Path:
    """A wave file, and a release of it with these numbers by route. Gives the folder of the release.

    more: stands in the wave file after the export. kept: the number under which it is kept as published; 0 for one in
    reports/. A route that is not named has nobody. singles: the same of single indicators.
    """
    places = Places(root)
    text = (
        f'wave = "{wave}"\ntitle = "Made for a test"\nquestionnaire = "{questionnaire}"\n'
        f'synthetic = {str(synthetic).lower()}\nstatus = "{status}"\nanalysed_on = 2020-01-01\n\n'
        f'[[exports]]\nfile = "gone.csv"\nfieldwork = {{ from = {days[0]}, to = {days[1]} }}\n{more}'
    )
    (places.raw / wave).mkdir(parents=True, exist_ok=True)
    (places.raw / wave / "wave.toml").write_text(text, encoding="utf-8")
    folder = places.published(wave) / str(kept) if kept else places.reports(wave)
    folder.mkdir(parents=True)
    write_estimates(folder, wave, numbers, singles or {})
    seal(root, folder, wave, questionnaire)
    return folder


def write_estimates(
    folder: Path, wave: str, numbers: Mapping[str, Numbers], singles: Mapping[str, Mapping[str, Numbers]] = {}
) -> None:
    """The released table: the common indicator, and others that must not be mistaken for it."""
    with (folder / "estimates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ESTIMATES.names, restval="", lineterminator="\n")
        writer.writeheader()
        for indicator in (Derived.AT_LEAST_ONE, Derived.AT_LEAST_ONE_COMMON):
            for route in (*ROUTES, ALL):
                own = numbers.get(route, NOBODY) if indicator is Derived.AT_LEAST_ONE_COMMON else share(99, 98, 100)
                key = {"wave": wave, "indicator": str(indicator), "route": route}
                writer.writerow({**key, "group": ALL, "level": ALL, **own})
                writer.writerow({**key, "group": "sex", "level": "female", **share(98, 97, 99)})
        for single, by_route in singles.items():
            for route in (*ROUTES, ALL):
                key = {"wave": wave, "indicator": single, "route": route, "group": ALL, "level": ALL}
                writer.writerow({**key, **by_route.get(route, NOBODY)})


def seal(root: Path, folder: Path, wave: str, questionnaire: str) -> None:
    """The manifest of a release, over what stands in its folder."""
    files = questionnaire_files(questionnaire)
    provenance = {
        "wave": wave,
        "wave_file": manifest.sha256(Places(root).raw / wave / "wave.toml"),
        "questionnaire": {
            path.relative_to(manifest.QUESTIONNAIRES).with_suffix("").as_posix(): manifest.sha256(path)
            for path in files
        },
        "code_version": "0.1.0",
    }
    told = {"provenance": provenance, "policy": {"name": "public", "audited": True}, "files": manifest.hashes(folder)}
    manifest.write(folder, told)
