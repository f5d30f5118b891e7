"""Reads specifications: Markdown with a section for each rule, and in it one or two tables.

The first table holds respondents. Its last columns are what each must come to (`OUTCOMES`); or, where a second table
follows, that table holds rows which a table of results must have. A column `people` repeats a row, a column `why` is
for the reader; a column in backticks is a header of the file itself. A block of TOML in the section is added to the
wave file; "Without the column `x`." takes a column out of the export. A table after "The cleaning log has:" or "The log
of deletions has:" is that log. "It is refused: `…`" and "A finding says: `…`" hold texts that must be told, and "No
finding says: `…`" texts that must not.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

Row = dict[str, str]
OUTCOMES = ("taken out by", "becomes", "counts in", "stands at", "queues")
"""What a row may have to come to. What is asked for stands behind a colon: `becomes: sex`."""

_LOGS = {"cleaning.csv": "The cleaning log has", "deletions.csv": "The log of deletions has"}


@dataclass(frozen=True)
class Spec:
    """One section. `result` names the table of results that `expected` is looked up in.

    keys: what the TOML sets at the top of the wave file. toml: its tables. logs: file name → entries. refused, told:
    texts that a refusal, or the findings, must hold. untold: texts that no finding may hold.
    """

    topic: str
    title: str
    keys: Row
    toml: str
    logs: dict[str, list[Row]]
    without: list[str]
    rows: list[Row]
    result: str
    expected: list[Row]
    refused: list[str]
    told: list[str]
    untold: list[str]

    def __str__(self) -> str:
        return f"{self.topic}: {self.title}"

    @property
    def outcomes(self) -> list[str]:
        """The columns that say what each row must come to."""
        return [name for name in self.rows[0] if name.partition(":")[0] in OUTCOMES]

    @property
    def own_headers(self) -> list[str]:
        """Headers of the file itself, which stand in backticks."""
        return [name.strip("`") for name in self.rows[0] if name.startswith("`")]

    @property
    def people(self) -> list[Row]:
        """The answers of each respondent, under our names or under headers of the file itself."""
        notes = {"people", "why", *self.outcomes}
        answers = [{name.strip("`"): cell for name, cell in row.items() if name not in notes} for row in self.rows]
        times = [int(row.get("people", 1)) for row in self.rows]
        return [dict(answer) for answer, n in zip(answers, times, strict=True) for _ in range(n)]


@dataclass(frozen=True)
class Section:
    """One section of a file that no wave is made from: its text, and what is in it."""

    title: str
    text: str
    toml: str
    without: list[str]
    tables: list[list[Row]]
    refused: list[str]

    def __str__(self) -> str:
        return self.title


def read_specs(folder: Path, but: Collection[str] = ()) -> list[Spec]:
    """Every section of every Markdown file in this folder. but: files that other tests read."""
    paths = [path for path in sorted(folder.glob("*.md")) if path.name not in but]
    return [_spec(path.stem, part) for path in paths for part in _parts(path)]


def read_sections(path: Path) -> list[Section]:
    """Every section of a Markdown file, without a thought about what its tables mean."""
    sections = []
    for part in _parts(path):
        title, _, body = part.partition("\n")
        refused = _texts("It is refused", body)
        sections.append(Section(title.strip(), body, _toml(body), _without(body), _tables(body), refused))
    return sections


def read_table(path: Path) -> list[Row]:
    """The only table of a Markdown file."""
    (block,) = re.findall(r"(?:^\|.*\n?)+", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return _table(block)


def _parts(path: Path) -> list[str]:
    return re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def _toml(body: str) -> str:
    return "\n".join(re.findall(r"^```toml\n(.*?)^```", body, flags=re.MULTILINE | re.DOTALL))


def _without(body: str) -> list[str]:
    named = re.search(r"^Without the columns? (.+)\.$", body, flags=re.MULTILINE)
    return re.findall(r"`(.+?)`", named[1]) if named else []


def _tables(body: str) -> list[list[Row]]:
    return [_table(block) for block in re.findall(r"(?:^\|.*\n?)+", body, flags=re.MULTILINE)]


def _spec(topic: str, text: str) -> Spec:
    title, _, body = text.partition("\n")
    keys, tables_of_toml = _divided(_toml(body))
    logs = {}
    for name, said in _LOGS.items():
        found = re.search(rf"^{said}:\n+((?:^\|.*\n?)+)", body, flags=re.MULTILINE)
        if found:
            logs[name] = _table(found[1])
            body = body.replace(found[0], "")
    tables = _tables(body)
    named = re.search(r"^Then `(\w+)` has", body, flags=re.MULTILINE)
    if not tables or (len(tables) == 2) != (named is not None):
        raise ValueError(f"{topic}, {title}: a table of respondents is needed, and a second one only after `Then`")
    spec = Spec(
        topic=topic,
        title=title.strip(),
        keys=keys,
        toml=tables_of_toml,
        logs=logs,
        without=_without(body),
        rows=tables[0],
        result=named[1] if named else "",
        expected=tables[1] if named else [],
        refused=_texts("It is refused", body),
        told=_texts("A finding says", body),
        untold=_texts("No finding says", body),
    )
    if not (spec.outcomes or spec.expected or spec.refused):
        raise ValueError(f"{topic}, {title}: nothing says what its rows must come to")
    return spec


def _texts(said: str, body: str) -> list[str]:
    """The texts in backticks on the lines that begin like this."""
    lines = re.findall(rf"^{said}: (.+)$", body, flags=re.MULTILINE)
    return re.findall(r"`(.+?)`(?:[ .]|$)", " ".join(lines))


def _divided(toml: str) -> tuple[Row, str]:
    """The keys that stand before the first table of some TOML, and its tables."""
    start = re.search(r"^\[", toml, flags=re.MULTILINE)
    head, tables = (toml[: start.start()], toml[start.start() :]) if start else (toml, "")
    pairs = [line.split("=", 1) for line in head.splitlines() if "=" in line]
    return {key.strip(): value.strip() for key, value in pairs}, tables


def _table(block: str) -> list[Row]:
    lines = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block.strip().splitlines()]
    header, _dashes, *body = lines
    return [dict(zip(header, cells, strict=True)) for cells in body]
