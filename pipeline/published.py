"""Releases that were published, kept so that a later one can be audited together with them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import manifest
from pipeline.errors import UsageError
from pipeline.places import Places, check_name
from pipeline.publish import prepare, publish, writing

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.disclose.audit.earlier import Earlier
    from pipeline.tables import Table


def keep(wave: str, places: Places) -> Path:
    """Keeps the released tables of a wave and their manifest. UsageError if there is no release, or it is kept already.

    Returns the folder.
    """
    check_name(wave)
    reports = places.reports(wave)
    told = manifest.read(reports)
    if not told.get("policy", {}).get("audited"):
        raise UsageError(
            "There is no audited release of this wave to keep.", where=f"{reports}/", repair=f"make report WAVE={wave}"
        )
    if manifest.difference(reports, told["files"]):
        raise UsageError(
            "The release is not as it was made.", where=f"{reports}/", repair=f"make verify WAVE={wave} says how."
        )
    kept = _kept(wave, places)
    for folder in kept:
        if manifest.read(folder).get("files") == told["files"]:
            raise UsageError("This release is kept already.", where=f"{folder}/", repair="There is nothing to do.")
    folder = places.published(wave) / str(1 + max((int(each.name) for each in kept), default=0))
    (new,) = prepare(folder)
    with writing():
        for path in [*sorted(reports.glob("*.csv")), reports / manifest.MANIFEST]:
            shutil.copy2(path, new / path.name)
    publish(folder)
    return folder


def _kept(wave: str, places: Places) -> list[Path]:
    """The folders of releases that are kept whole, in order. Others are what a copy that was stopped has left."""
    return sorted(
        (each for each in places.published(wave).glob("*") if each.name.isdigit()), key=lambda each: int(each.name)
    )


def earlier(wave: str, places: Places) -> list[Earlier]:
    """The releases of a wave that are kept, in order."""
    from pipeline.disclose.audit.earlier import Earlier, policy_then
    from pipeline.tables import ESTIMATED, conform

    found = []
    for folder in _kept(wave, places):
        told = json.loads((folder / manifest.MANIFEST).read_text(encoding="utf-8"))
        files = {table: folder / f"{table.name}.csv" for table in ESTIMATED}
        tables = {table.name: conform(_read(path, table), table) for table, path in files.items() if path.is_file()}
        found.append(Earlier(folder.name, policy_then(told["policy"]), told["analysed"], tables))
    return found


def _read(path: Path, table: Table) -> pd.DataFrame:
    import pandas as pd

    texts = {column.name: "str" for column in table.columns if column.type == "text"}
    frame = pd.read_csv(path, dtype=texts, keep_default_na=False, na_values={name: [""] for name in table.names})
    return frame.assign(**{name: frame[name].fillna("") for name in texts})
