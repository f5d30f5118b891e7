"""Canaries: words planted wherever an export can hold any, and where each of them may be read afterwards.

What is about a person is nowhere but in the raw export. Places and codes of enumerators stay with the analyst. Names of
columns, sheets and versions are told to the analyst in the terminal, who must know of them; no reader needs them.
"""

from __future__ import annotations

import csv
import io
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.command_line import main
from tests.support.carriers import Piece, hits, scan, scan_folder, scan_said
from tests.support.exports import write_xlsx
from tests.support.waves import FILE, HEADERS, NAME, Row, export_text, respondents, wave_toml, write_log, write_wave
from tests.support.whole_run import Run, run_pipeline

PERSONS = {
    "free answer": "zqfreeanswer spoken by one",
    "free answer in an unknown column": "zqunknowncell",
    "hidden column": "zqhiddencolumn",
    "uuid": "zquuid-77",
    "uuid of the first version": "zqrootuuid-77",
    "id": "zqsubmission-77",
    "cell of another sheet": "zqothersheetcell",
    "cell of a hidden sheet": "zqhiddensheetcell",
    "comment on a cell": "zqcellcomment",
    "author of the file": "zqauthorofit",
    "title of the file": "zqtitleofit",
    "reason in the cleaning log": "zqlogreason",
    "who decided in the cleaning log": "zqlogwho",
    "device": "zqdevicename",
}
PLACES = {"small monitoring point": "QZP-17", "smaller monitoring point": "QZP-18", "enumerator": "QZX-739"}
NAMES = {
    "unknown column": "zq_unknown_column",
    "hidden column": "zq_hidden_column",
    "column that is allowed": "zq_remarks",
    "why it is allowed": "zqallowedreason",
    "other sheet": "zqothersheet",
    "hidden sheet": "zqhiddensheet",
    "version of the form": "zqversion1",
}
MACHINE = {"folder": "zqfolder", "user": "zquser", "host": "zqhost", "home": "zqhome", "scratch": "zqscratch"}
"""What the machine and the person at it are called."""

ALL_OF_THEM = [*PERSONS.values(), *PLACES.values(), *NAMES.values()]
POINTS = 10
LARGE, SMALL = 60, {"QZP-17": 9, "QZP-18": 3}
MORE = f"""
[[allowed_columns]]
column = "{NAMES["column that is allowed"]}"
reason = "{NAMES["why it is allowed"]}"

[overrides.columns.enumerator]
pattern = "^QZX-[0-9]{{3}}$"
"""


def people() -> list[Row]:
    """Many at ten points, a few at two more; each third one reports something."""
    points = [f"ITA-{at:02d}" for at in range(POINTS) for _ in range(LARGE)]
    points += [code for code, size in SMALL.items() for _ in range(size)]
    rows = respondents({"monitoring_point": point, **_answers(at)} for at, point in enumerate(points))
    for row in rows:
        row |= {"enumerator": PLACES["enumerator"], "form_version": NAMES["version of the form"]}
    return rows


def _answers(at: int) -> Row:
    reports = {"unpaid_work": "yes_me", "unpaid_work_country": "LBY"} if at % 3 == 0 else {}
    return {"sex": "female" if at % 4 == 0 else "male", "age": str(16 + at % 30), **reports}


def cells_of(rows: list[Row]) -> list[list[str]]:
    """The rows as cells, with columns that the questionnaire does not know, and canaries about the seventh person."""
    person = {
        "submission_uuid": PERSONS["uuid"],
        "root_uuid": PERSONS["uuid of the first version"],
        "submission_id": PERSONS["id"],
        NAMES["column that is allowed"]: PERSONS["free answer"],
        NAMES["unknown column"]: PERSONS["free answer in an unknown column"],
        NAMES["hidden column"]: PERSONS["hidden column"],
        "zq_tablet": PERSONS["device"],
    }
    rows[6] |= person
    extra = [name for name in person if name not in HEADERS]
    return list(csv.reader(io.StringIO(export_text(rows, extra=extra), newline=""), delimiter=";"))


def write_canaries(root: Path) -> Path:
    """The wave, as a workbook with all that a workbook can hold, and a cleaning log. Returns its folder."""
    folder = root / "data" / "raw" / NAME
    folder.mkdir(parents=True)
    sheets = {
        "interviews": cells_of(people()),
        NAMES["other sheet"]: [["q1"], [PERSONS["cell of another sheet"]]],
        NAMES["hidden sheet"]: [["q1"], [PERSONS["cell of a hidden sheet"]]],
    }
    write_xlsx(
        folder / "export.xlsx",
        sheets,
        hidden=[NAMES["hidden sheet"]],
        properties={"author": PERSONS["author of the file"], "title": PERSONS["title of the file"]},
        comments={("interviews", "B7"): PERSONS["comment on a cell"]},
    )
    entry = {"uuid": PERSONS["uuid"], "question": "age", "old value": "22", "new value": "41"}
    entry |= {"change type": "change_response"}
    entry |= {"reason": PERSONS["reason in the cleaning log"], "who": PERSONS["who decided in the cleaning log"]}
    write_log(folder, [entry], name="cleaning.xlsx")
    (folder / "wave.toml").write_text(wave_toml(["export.xlsx"], more=MORE), encoding="utf-8")
    return folder


def stays(run: Run) -> Iterator[Piece]:
    """What a run wrote for the analyst alone."""
    for path in (run.root / "data").rglob("*"):
        if run.root / "data" / "raw" in path.parents or not path.is_file():
            continue
        if path.suffix == ".parquet":
            yield Piece(path.name, "parquet", str(pq.read_table(path).to_pydict()))
        else:
            yield from scan(path.name, path.read_bytes())


def this_host() -> list[str]:
    """What this machine is called; nothing if that is so short that it is somewhere in any compressed file."""
    name = socket.gethostname()
    return [name] if len(name) >= len(MACHINE["host"]) else []


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Run:
    base = tmp_path_factory.mktemp("canaries")
    root, home, scratch = (base / MACHINE[name] for name in ("folder", "home", "scratch"))
    home.mkdir()
    scratch.mkdir()
    write_canaries(root)
    called = {"USER": MACHINE["user"], "LOGNAME": MACHINE["user"], "HOSTNAME": MACHINE["host"]}
    run = run_pipeline(root, "report", **called, HOME=str(home), TMPDIR=str(scratch))
    assert run.code == 0, run.errors
    return run


def test_the_canaries_are_in_the_export(tmp_path: Path) -> None:
    found = {canary for _, _, canary in hits(scan_folder(write_canaries(tmp_path)), ALL_OF_THEM)}
    assert found == set(ALL_OF_THEM)


def test_no_canary_is_in_the_release(reported: Run) -> None:
    pieces = list(scan_folder(reported.root / "reports"))
    carriers = {piece.carrier for piece in pieces}
    assert {"PDF page text", "SVG comment", "CSV cell", "JSON value"} <= carriers
    assert {f"XLSX {part} text" for part in ("sheet", "shared strings", "chart", "properties")} <= carriers
    read = {piece.place.partition(" › ")[0] for piece in pieces if piece.carrier != "bytes"}
    assert {f"{NAME}/{name}" for name in ("annex.xlsx", "datapackage.json", "dictionary.csv", "glossary.csv")} <= read
    assert hits(pieces, [*ALL_OF_THEM, *MACHINE.values(), *this_host()]) == []


def test_a_report_tells_the_analyst_names_of_columns_and_no_more(reported: Run) -> None:
    said = list(scan_said(output=reported.output, errors=reported.errors))
    assert {canary for _, _, canary in hits(said, ALL_OF_THEM)} == set(NAMES.values())


def test_nothing_of_a_person_but_answers_is_kept(reported: Run) -> None:
    kept = list(stays(reported))
    assert hits(kept, PERSONS.values()) == []
    # What is told is found: the analyst's tables are by monitoring point.
    assert {PLACES["small monitoring point"]} <= {canary for _, _, canary in hits(kept, PLACES.values())}


def test_the_page_on_fieldwork_names_places_and_no_person(
    reported: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The page stays with the analyst, who must find the team that it is about: it may name places and enumerators."""
    shutil.copytree(reported.root / "data" / "raw", tmp_path / "data" / "raw")
    assert main(["check-wave", "--root", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    pieces = [*scan_said(output=captured.out, errors=captured.err), *stays(Run(tmp_path, "", "", 0))]
    assert hits(pieces, PERSONS.values()) == []
    assert {canary for carrier, _, canary in hits(pieces, ALL_OF_THEM) if carrier == "HTML text"} >= set(
        PLACES.values()
    )


# --- runs that fail -------------------------------------------------------------------------------------------------

MARK = "zqperson"
"""Every text about a person in the exports below has it."""

FREE = f"{MARK} spoke of it"
SPOILT: dict[str, tuple[int, Row]] = {
    "an unknown answer": (3, {"sex": f"{MARK}x"}),
    "an unknown answer with a digit": (3, {"travel_mode": f"{MARK}7"}),
    "an unknown answer among several": (3, {"reasons": f"war {MARK}"}),
    "an unknown country": (3, {"unpaid_work": "yes_me", "unpaid_work_country": f"{MARK}land"}),
    "unknown answers all over": (3, dict.fromkeys(["sex", "education", "transit", "cost", "consent"], f"{MARK}x")),
    "an age in words": (3, {"age": f"{MARK} years"}),
    "a date that is none": (3, {"survey_date": f"{MARK}-07-15"}),
    "a code of a point that is none": (3, {"monitoring_point": f"{MARK}-1"}),
    "a name in place of an enumerator": (4, {"enumerator": f"{MARK.title()} Rossi"}),
    "an e-mail in an answer": (4, {"sex": f"{MARK}@example.org"}),
    "a phone number in an age": (4, {"age": f"+39 333 7654321 {MARK}"}),
    "a free text in an answer": (4, {"education": f"{MARK} " * 15}),
    "a uuid that stands twice": (0, {"submission_uuid": f"{MARK}-1", "sex": "female"}),
    "times that are none": (0, dict.fromkeys(["interview_start", "interview_end", "submission_time"], f"{MARK}T09")),
    "a state of approval that is unknown": (0, {"validation_status": f"{MARK}"}),
}
"""What is wrong → the exit code, and the answers of the second person. Where the code is 0, that is no mistake."""


def persons(**second: str) -> list[Row]:
    """Twelve people with a free text each; the second has these answers."""
    rows = respondents([{"submission_uuid": f"{MARK}-{number}"} for number in range(12)])
    rows[1] |= second
    return [{**row, "q17": FREE} for row in rows]


Written = Callable[[Path], object]


def _export(change: Callable[[str], str | bytes]) -> Written:
    """An export of twelve people whose text is changed."""

    def write(folder: Path) -> None:
        content = change(export_text(persons(), extra=["q17"]))
        (folder / "export.csv").write_bytes(content.encode() if isinstance(content, str) else content)

    return write


def _log(**entry: str) -> Written:
    """A sound export, and a cleaning log with this entry."""

    def write(folder: Path) -> None:
        _export(str)(folder)
        sound = {"uuid": f"{MARK}-3", "question": "age", "old value": "30", "new value": "31"}
        filled = {"change type": "change_response", "reason": f"{MARK} said so", "who": f"{MARK} too"}
        write_log(folder, [{**sound, **filled, **entry}])

    return write


def _cut_workbook(folder: Path) -> None:
    write_xlsx(folder / "whole.xlsx", {"data": [[*HEADERS.values()], [FREE] * len(HEADERS)]})
    (folder / "export.csv").write_bytes((folder / "whole.xlsx").read_bytes()[:-200])
    (folder / "whole.xlsx").unlink()


BROKEN: dict[str, tuple[int, Written]] = {
    "a column that is missing": (3, _export(lambda text: text.replace('"profile/age"', '"profile/zq"'))),
    "a header that stands twice": (3, _export(lambda text: text.replace('"profile/sex"', '"profile/age"'))),
    "no header": (3, _export(lambda text: text.partition("\r\n")[2])),
    "a quotation mark that is missing": (3, _export(lambda text: text.replace(f'"{FREE}"', f'"{FREE}', 1))),
    "a cell too many": (3, _export(lambda text: text.replace(f'"{FREE}"', f'"{FREE}";"{FREE}"', 1))),
    "a cell too few": (3, _export(lambda text: text.replace(f';"{FREE}"', "", 1))),
    "bytes that are no text": (3, _export(lambda text: text.replace(FREE, f"{FREE}\0", 1).encode() + b"\xff\xfe\x81")),
    "a workbook that is cut off": (3, _cut_workbook),
    "a log on nobody": (3, _log(uuid=f"{MARK}-unknown")),
    "a log on a question that is unknown": (3, _log(question=f"{MARK}_question")),
    "a log with a wrong old value": (3, _log(**{"old value": f"{MARK}"})),
    "a log with a new value that is none": (3, _log(**{"new value": f"{MARK}"})),
    "a log with an unknown kind of change": (3, _log(**{"change type": f"{MARK}"})),
    "a log with an e-mail for an answer": (3, _log(**{"new value": f"{MARK}@example.org"})),
}
"""What is wrong → the exit code, and what writes the files."""


def told_of_a_failure(root: Path, code: int, captured: pytest.CaptureFixture[str]) -> list[Piece]:
    """What a run that ends like this tells anyone, in words and in files."""
    assert main(["ingest" if code else "check-wave", "--root", str(root)]) == code
    said = captured.readouterr()
    assert code == 0 or "What to do:" in said.err
    return [
        *scan_said(output=said.out, errors=said.err),
        *scan_folder(root / "reports"),
        *stays(Run(root, "", "", code)),
    ]


@pytest.mark.parametrize("what", SPOILT)
def test_no_message_holds_what_a_person_answered(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answers = SPOILT[what]
    folder = write_wave(tmp_path / "data" / "raw", persons(**answers))
    (folder / FILE).write_text(export_text(persons(**answers), extra=["q17"]), encoding="utf-8", newline="")
    pieces = told_of_a_failure(tmp_path, code, capsys)
    assert hits(pieces, [MARK]) == []
    assert hits(pieces, ["export.csv"]), "what is told is found"


@pytest.mark.parametrize("what", BROKEN)
def test_no_message_holds_a_piece_of_a_broken_file(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, write = BROKEN[what]
    folder = write_wave(tmp_path / "data" / "raw", persons())
    write(folder)
    assert hits(told_of_a_failure(tmp_path, code, capsys), [MARK]) == []


def test_a_fault_of_ours_tells_where_and_not_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_wave(tmp_path / "data" / "raw", persons())

    def fails(*_: object) -> None:
        raise ValueError(f"could not convert {FREE}")

    monkeypatch.setattr("pipeline.ingest.stage.ingest", fails)
    assert main(["report", "--root", str(tmp_path)]) == 1
    said = capsys.readouterr()
    pieces = [*scan_said(output=said.out, errors=said.err), *stays(Run(tmp_path, "", "", 1))]
    assert hits(pieces, [MARK]) == []
    assert hits(pieces, ["ValueError"])
