"""The cleaning log: what it changes, how it may be written, and each mistake in it, told by row and without a value."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter

from pipeline.engine import ROW, Engine
from pipeline.errors import ExportInvalid
from pipeline.ingest.cleaning.apply import REMOVED, apply_log
from pipeline.ingest.cleaning.export import cleanable
from pipeline.ingest.cleaning.files import log_files
from pipeline.ingest.cleaning.log import CleaningLog, load_log
from pipeline.ingest.cleaning.words import HEADERS, ChangeType, Part, part_of, type_of
from pipeline.ingest.codebook import Codebook
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import lay_out
from pipeline.ingest.sheet import Cells, Sheet
from pipeline.wave import load_questionnaire
from tests.support.messages import refusal
from tests.support.waves import HEADERS as EXPORT
from tests.support.waves import Row, respondents

Q = load_questionnaire("fms-2016")
CODEBOOK = Codebook(Q)
LIMIT = 1_000_000
HEADER = "uuid,question,old value,new value,change type,reason,who,date"
GENDER, AGE = EXPORT["sex"], EXPORT["age"]


@dataclass(frozen=True)
class Done:
    """What a log did to exports: their rows by our names, and what was noticed."""

    exports: list[list[Row]]
    findings: tuple[Finding, ...]
    cells: int
    records: int

    @property
    def rows(self) -> list[Row]:
        (rows,) = self.exports
        return rows

    def told(self, severity: Severity) -> dict[str, tuple[int, ...]]:
        return {one.check: one.row_numbers for one in self.findings if one.severity is severity}

    @property
    def errors(self) -> dict[str, tuple[int, ...]]:
        return self.told(Severity.ERROR)

    @property
    def warnings(self) -> dict[str, tuple[int, ...]]:
        return self.told(Severity.WARNING)


Clean = Callable[..., Done]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture
def load(tmp_path: Path, scratch: Path) -> Callable[..., CleaningLog | None]:
    """Loads the logs in a folder that holds these files."""

    def of(files: dict[str, str | bytes], named: tuple[str, ...] = ()) -> CleaningLog | None:
        folder = tmp_path / "wave"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return load_log(folder, scratch, LIMIT, named)

    return of


@pytest.fixture
def clean(load: Callable[..., CleaningLog | None], engine: Engine) -> Clean:
    """Applies a log to exports. Lines of the log: those below the usual header, or files by name."""

    def of(lines: str | dict[str, str | bytes], *exports: list[Row], has_uuid: bool = True) -> Done:
        log = load({"cleaning.csv": f"{HEADER}\n{lines}\n"} if isinstance(lines, str) else lines)
        assert log is not None
        names = list(EXPORT)
        parts = [cleanable(*as_read(rows, names, engine), CODEBOOK) for rows in exports]
        parts = parts if has_uuid else [replace(part, uuid=None) for part in parts]
        tables, applied = apply_log(parts, log, engine)
        cleaned = []
        for table in tables:
            frame = engine.frame(table.order_by(ROW))
            headers = [EXPORT[name] for name in names]
            texts = [
                dict(zip([*names, "removed"], cells, strict=True))
                for cells in frame[[*headers, REMOVED]].fillna("").itertuples(index=False)
            ]
            cleaned.append([{**row, "removed": "yes" if row["removed"] else ""} for row in texts])
        return Done(cleaned, applied.findings, applied.cells, applied.records)

    return of


def as_read(rows: list[Row], names: list[str], engine: Engine):  # type: ignore[no-untyped-def]
    """An export as it is when the log is applied, and its layout."""
    columns = {EXPORT[name]: pa.array([row[name] or None for row in rows], pa.string()) for name in names}
    table = pa.table({**columns, ROW: pa.array(range(2, len(rows) + 2), pa.int64())})
    layout = lay_out(Sheet("export.csv", "", tuple(columns), Cells(table)), CODEBOOK)
    return engine.from_arrow(table), layout


PEOPLE = respondents([{"sex": "male", "age": "30"}, {"sex": "female", "age": "", "reasons": "war economic"}, {}])


# --- what it changes ------------------------------------------------------------------------------------------------


def test_an_answer_is_changed_and_nothing_else(clean: Clean) -> None:
    done = clean("uuid-1,profile/sex,male,female,change_response,typed wrong,A,2016-10-02", PEOPLE)
    assert done.errors == done.warnings == {}
    assert [row["sex"] for row in done.rows] == ["female", "female", "male"]
    assert (done.cells, done.records) == (1, 0)
    assert [row["age"] for row in done.rows] == ["30", "", "30"]


def test_an_answer_is_blanked(clean: Clean) -> None:
    done = clean("uuid-1,age,30,,blank_response,joke,A,", PEOPLE)
    assert done.errors == {}
    assert done.rows[0]["age"] == ""


def test_a_blank_is_answered(clean: Clean) -> None:
    done = clean("uuid-2,age,,41,change_response,asked again,A,", PEOPLE)
    assert done.errors == {}
    assert done.rows[1]["age"] == "41"


def test_a_record_is_removed_and_keeps_its_row(clean: Clean) -> None:
    done = clean("uuid-2,,,,remove_survey,a test,A,", PEOPLE)
    assert done.errors == {}
    assert [row["removed"] for row in done.rows] == ["", "yes", ""]
    assert (done.cells, done.records) == (0, 1)


def test_no_action_does_nothing(clean: Clean) -> None:
    done = clean("nobody,no such question,,,no_action,,,", PEOPLE)
    assert done.errors == done.warnings == {}
    assert (done.cells, done.records) == (0, 0)


def test_entries_are_counted_by_type(load: Callable[..., CleaningLog | None]) -> None:
    log = load(
        {
            "cleaning.csv": f"{HEADER}\na,age,1,2,change_response,r,w,\na,age,2,,blank_response,r,w,\n"
            "b,,,,remove_survey,r,w,\n,,,,no_action,,,\n,,,,no_action,,,\n",
            "deletions.csv": "uuid,reason,who,date\nc,r,w,\n",
        }
    )
    assert log is not None
    assert log.findings == ()
    assert log.counts == {"change_response": 1, "blank_response": 1, "remove_survey": 2, "no_action": 2}
    assert [path.name for path in log.files] == ["cleaning.csv", "deletions.csv"]


def test_a_list_of_deletions_removes(clean: Clean) -> None:
    done = clean({"deletions.csv": "_uuid;reason;who;date\nuuid-3;a test;A;2016-10-02\n"}, PEOPLE)
    assert done.errors == done.warnings == {}
    assert [row["removed"] for row in done.rows] == ["", "", "yes"]


def test_a_chain_of_changes_is_followed_in_the_order_of_the_log(clean: Clean) -> None:
    done = clean("uuid-1,age,30,31,change_response,r,A,\nuuid-1,profile/age,31,32,change_response,r,A,", PEOPLE)
    assert done.errors == {}
    assert done.rows[0]["age"] == "32"
    assert done.cells == 1


def test_every_copy_that_has_the_old_value_is_changed(clean: Clean) -> None:
    copies = respondents([{"submission_uuid": "a", "age": age} for age in ("30", "30", "31")])
    done = clean("a,age,30,40,change_response,r,A,", copies)
    assert done.errors == {}
    assert [row["age"] for row in done.rows] == ["40", "40", "31"]


def test_every_copy_is_removed(clean: Clean) -> None:
    copies = respondents([{"submission_uuid": "a"}, {"submission_uuid": "b"}, {"submission_uuid": "a"}])
    assert [row["removed"] for row in clean("a,,,,remove_survey,r,A,", copies).rows] == ["yes", "", "yes"]


def test_a_record_is_found_in_whichever_export_has_it(clean: Clean) -> None:
    here, there = respondents([{"submission_uuid": "a"}]), respondents([{"submission_uuid": "b"}])
    done = clean("b,age,30,40,change_response,r,A,\na,,,,remove_survey,r,A,", here, there)
    assert done.errors == {}
    assert [[(row["age"], row["removed"]) for row in rows] for rows in done.exports] == [[("30", "yes")], [("40", "")]]


@pytest.mark.parametrize("uuid", ["uuid-1", " uuid-1 ", "uuid:uuid-1"])
def test_a_submission_is_found_however_the_platform_writes_its_uuid(uuid: str, clean: Clean) -> None:
    assert clean(f"{uuid},age,30,40,change_response,r,A,", PEOPLE).rows[0]["age"] == "40"


@pytest.mark.parametrize(
    "question", ["profile/age", "age", "AGE", "profile.age", "X_profile.age", "group/subgroup/age", "profile:age"]
)
def test_a_question_is_found_however_it_is_called(question: str, clean: Clean) -> None:
    done = clean(f"uuid-1,{question},30,40,change_response,r,A,", PEOPLE)
    assert done.errors == {}
    assert done.rows[0]["age"] == "40"


def test_a_question_is_found_by_our_name(clean: Clean) -> None:
    assert EXPORT["transit"] == "journey/journey_time"
    assert clean("uuid-1,transit,3m_6m,lt_2w,change_response,r,A,", PEOPLE).rows[0]["transit"] == "lt_2w"


def test_the_column_of_one_answer_is_a_question_too(clean: Clean) -> None:
    lines = (
        "uuid-1,journey/reasons/economic,0,1,change_response,r,A,\nuuid-1,reasons,war,war economic,change_response,r,A,"
    )
    done = clean(lines, PEOPLE)
    assert done.errors == {}
    assert (done.rows[0]["reasons/economic"], done.rows[0]["reasons"]) == ("1", "war economic")


SAME_ANSWER = {
    "another word for one answer": ("sex", "male", "Male"),
    "a number with a point": ("age", "30", "30.0"),
    "a day with its time": ("survey_date", "2016-07-15", "2016-07-15 00:00:00"),
    "a day as a serial number": ("survey_date", "2016-07-15", "42566"),
    "several answers in another order": ("reasons", "war economic", "economic war"),
    "a tick": ("reasons/war", "1", "TRUE"),
    "blank as R writes it": ("age", "", "NA"),
    "blank as Excel writes it": ("age", "", "#N/A"),
}


@pytest.mark.parametrize(("column", "held", "old"), SAME_ANSWER.values(), ids=SAME_ANSWER)
def test_an_old_value_may_be_the_same_answer_in_other_words(column: str, held: str, old: str, clean: Clean) -> None:
    new = {"age": "40", "sex": "female", "survey_date": "2016-07-16", "reasons": "war", "reasons/war": "0"}[column]
    done = clean(f'uuid-1,{EXPORT[column]},"{old}",{new},change_response,r,A,', respondents([{column: held}]))
    assert done.errors == {}
    assert done.rows[0][column] == new


def test_na_is_text_where_the_export_holds_it(clean: Clean) -> None:
    done = clean("uuid-1,age,NA,40,change_response,r,A,", respondents([{"age": "NA"}]))
    assert done.errors == {}
    assert done.rows[0]["age"] == "40"


def test_questions_that_nothing_needs_are_left_alone(clean: Clean) -> None:
    done = clean("uuid-1,_status,x,y,change_response,r,A,", PEOPLE)
    assert done.errors == done.warnings == {}
    assert done.told(Severity.NOTE)["log_not_needed"] == (2,)


# --- what does not fit ----------------------------------------------------------------------------------------------

MISTAKES = {
    "another old value": ("uuid-1,age,31,40,change_response,r,A,", "log_old_value", (2,)),
    "an old value that is blank": ("uuid-1,age,,40,change_response,r,A,", "log_old_value", (2,)),
    "an old value where there is none": ("uuid-2,age,41,40,change_response,r,A,", "log_old_value", (2,)),
    "an old value that is no answer": ("uuid-1,sex,zzz,female,change_response,r,A,", "log_old_value", (2,)),
    "a blanked answer with another old value": ("uuid-1,age,31,,blank_response,r,A,", "log_old_value", (2,)),
    "an unknown uuid": ("zzz,age,30,40,change_response,r,A,", "log_uuid_unknown", (2,)),
    "an unknown uuid to remove": ("zzz,,,,remove_survey,r,A,", "log_uuid_unknown", (2,)),
    "an unknown question": ("uuid-1,zzz,30,40,change_response,r,A,", "log_question_unknown", (2,)),
    "the identifier itself": ("uuid-1,_uuid,uuid-1,zzz,change_response,r,A,", "log_identifier", (2,)),
    "a new value that is no answer": ("uuid-1,sex,male,zzz,change_response,r,A,", "log_new_value", (2,)),
    "a new value that is no number": ("uuid-1,age,30,zzz,change_response,r,A,", "log_new_value", (2,)),
    "a new value that is no day": ("uuid-1,survey_date,2016-07-15,zzz,change_response,r,A,", "log_new_value", (2,)),
    "an unknown change type": ("uuid-1,age,30,40,zzz,r,A,", "log_type_unknown", (2,)),
    "no change type": ("uuid-1,age,30,40,,r,A,", "log_type_unknown", (2,)),
    "no uuid": (",age,30,40,change_response,r,A,", "log_uuid_blank", (2,)),
    "no question": ("uuid-1,,30,40,change_response,r,A,", "log_question_blank", (2,)),
    "no new value": ("uuid-1,age,30,,change_response,r,A,", "log_no_new_value", (2,)),
    "a new value for a blank": ("uuid-1,age,30,40,blank_response,r,A,", "log_blank_with_value", (2,)),
    "changed twice from one value": (
        "uuid-1,age,30,40,change_response,r,A,\nuuid-3,,,,remove_survey,r,A,\nuuid-1,age,30,41,change_response,r,A,",
        "log_changed_twice",
        (4,),
    ),
    "more cells than the header": ("uuid-1,age,30,40,change_response,r,A,,zzz", "log_ragged", (2,)),
}


@pytest.mark.parametrize(("lines", "check", "rows"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_an_error_by_row_and_without_a_value(
    lines: str, check: str, rows: tuple[int, ...], clean: Clean
) -> None:
    done = clean(lines, PEOPLE)
    assert done.errors == {check: rows}
    (error,) = [one for one in done.findings if one.severity is Severity.ERROR]
    assert error.file == "cleaning.csv"
    assert error.rows == len(rows)
    assert error.message
    assert error.repair
    said = f"{error.message} {error.repair} {error.column}"
    assert [text for text in ("zzz", "uuid-1", "30", "31", "40") if text in said] == []


def test_two_changes_of_one_answer_name_both_rows(clean: Clean) -> None:
    done = clean("uuid-1,age,30,40,change_response,r,A,\nuuid-1,age,41,42,change_response,r,A,", PEOPLE)
    (error,) = [one for one in done.findings if one.severity is Severity.ERROR]
    assert "row 3 after row 2" in error.message
    assert error.column == AGE


def test_an_unknown_question_gets_the_nearest_one(clean: Clean) -> None:
    done = clean("uuid-1,profile/aeg,30,40,change_response,r,A,", PEOPLE)
    (error,) = [one for one in done.findings if one.severity is Severity.ERROR]
    assert 'Row 2: did you mean "profile/age"?' in error.message


def test_the_column_of_the_export_is_named(clean: Clean) -> None:
    done = clean("uuid-1,sex,female,male,change_response,r,A,", PEOPLE)
    assert [one.column for one in done.findings if one.severity is Severity.ERROR] == [GENDER]


def test_all_mistakes_of_a_log_are_told_at_once(clean: Clean) -> None:
    done = clean("\n".join(lines for lines, *_ in MISTAKES.values()), PEOPLE)
    assert set(done.errors) == {check for _, check, _ in MISTAKES.values()}


def test_a_mistake_in_a_chain_is_told_once(clean: Clean) -> None:
    done = clean("uuid-1,age,31,40,change_response,r,A,\nuuid-1,age,40,41,change_response,r,A,", PEOPLE)
    assert done.errors == {"log_old_value": (2,)}


WARNINGS = {
    "the new value is the old one": ("uuid-1,age,30,30,change_response,r,A,", "log_nothing_changed"),
    "the new value is the old one in other words": ("uuid-1,age,30,30.0,change_response,r,A,", "log_nothing_changed"),
    "a blank is blanked": ("uuid-2,age,,,blank_response,r,A,", "log_nothing_changed"),
    "no reason": ("uuid-1,age,30,40,change_response,,A,", "log_no_reason"),
    "nobody decided": ("uuid-1,age,30,40,change_response,r,,", "log_no_who"),
    "removed and nobody says why": ("uuid-1,,,,remove_survey,NA,A,", "log_no_reason"),
    "changed and removed below": (
        "uuid-1,age,30,40,change_response,r,A,\nuuid-1,,,,remove_survey,r,A,",
        "log_removed",
    ),
}


@pytest.mark.parametrize(("lines", "check"), WARNINGS.values(), ids=WARNINGS)
def test_what_is_odd_is_a_warning(lines: str, check: str, clean: Clean) -> None:
    done = clean(lines, PEOPLE)
    assert done.errors == {}
    assert done.warnings == {check: (2,)}


def test_a_change_of_a_removed_record_must_fit_all_the_same(clean: Clean) -> None:
    done = clean("uuid-1,,,,remove_survey,r,A,\nuuid-1,age,31,40,change_response,r,A,", PEOPLE)
    assert done.errors == {"log_old_value": (3,)}


def test_without_a_column_of_uuids_no_entry_can_be_applied(clean: Clean) -> None:
    done = clean("uuid-1,age,30,40,change_response,r,A,", PEOPLE, has_uuid=False)
    assert list(done.errors) == ["log_no_uuid_column"]
    assert [row["age"] for row in done.rows] == ["30", "", "30"]


# --- how it may be written ------------------------------------------------------------------------------------------

TYPES = {
    "change_response": "change_response",
    "Change Response": "change_response",
    "CHANGE-RESPONSE": "change_response",
    "changer la réponse": "change_response",
    "Modifier la reponse": "change_response",
    "change": "change_response",
    "yes": "change_response",
    "Oui": "change_response",
    "blank_response": "blank_response",
    "Vider la réponse": "blank_response",
    "remove_survey": "remove_survey",
    "Remove survey": "remove_survey",
    "deletion": "remove_survey",
    "Supprimer l'enquête": "remove_survey",
    "no_action": "no_action",
    "No action": "no_action",
    "aucune action": "no_action",
    "no": "no_action",
    "delete": None,
    "": None,
    "chnage_response": None,
}


@pytest.mark.parametrize(("text", "kind"), TYPES.items())
def test_kinds_of_change(text: str, kind: str | None) -> None:
    assert type_of(text, "new") == (ChangeType(kind) if kind else None)


@pytest.mark.parametrize("nothing", ["", "NA", "  "])
def test_a_log_that_only_says_that_something_changed_may_blank(nothing: str) -> None:
    assert type_of("yes", nothing) is ChangeType.BLANK_RESPONSE


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("X_uuid", Part.UUID),
        ("_uuid", Part.UUID),
        ("Question.Name", Part.QUESTION),
        ("old.value", Part.OLD),
        ("Old_Value", Part.OLD),
        ("Ancienne valeur", Part.OLD),
        ("new.value", Part.NEW),
        ("Nouvelle valeur", Part.NEW),
        ("Type of change", Part.TYPE),
        ("changed", Part.TYPE),
        ("Type de modification", Part.TYPE),
        ("feedback", Part.REASON),
        ("Enquêteur", Part.WHO),
        ("today", Part.DATE),
        ("KEY", Part.UUID),
        ("variable_to_clean", Part.QUESTION),
        ("change_type", Part.TYPE),
        ("reason for deletion", Part.REASON),
        ("motif de suppression", Part.REASON),
        ("check_id", None),
        ("question_label", None),
        ("index", None),
    ],
)
def test_headers_of_logs(header: str, part: Part | None) -> None:
    assert part_of(header) is part


def test_no_header_means_two_things() -> None:
    known = [(header, part) for part, headers in HEADERS.items() for header in headers]
    assert [header for header, part in known if part_of(header) is not part] == []


def in_workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return content.getvalue()


LINE = ["uuid-1", "age", "30", "40", "change_response", "r", "A", ""]
WRITTEN: dict[str, dict[str, str | bytes]] = {
    "commas": {"cleaning.csv": f"{HEADER}\n{','.join(LINE)}\n"},
    "semicolons, quotes, BOM, CRLF": {
        "cleaning.csv": "\ufeff" + ";".join(f'"{h}"' for h in HEADER.split(",")) + "\r\n" + ";".join(LINE) + "\r\n"
    },
    "tabs": {"cleaning.csv": HEADER.replace(",", "\t") + "\n" + "\t".join(LINE) + "\n"},
    "Latin-1": {
        "cleaning.csv": (
            "uuid;question;ancienne valeur;nouvelle valeur;type de changement;problème;enquêteur;date\n"
            "uuid-1;age;30;40;changer la réponse;erreur;A;\n"
        ).encode("cp1252")
    },
    "as R writes it": {
        "cleaning.csv": '"","X_uuid","question.name","old.value","new.value","changed","issue","feedback","who"\n'
        '"1","uuid-1","profile.age","30","40","yes",NA,"typed wrong",21\n'
    },
    "a workbook": {"cleaning.xlsx": in_workbook(("log", [HEADER.split(","), LINE]))},
    "as cleaning tools write it": {
        "cleaning.csv": "uuid,old_value,question,issue,check_id,check_binding,change_type,new_value,enumerator\n"
        "uuid-1,30,age,typed wrong,c1,age ~/~ uuid-1,change_response,40,A\n"
    },
    "in French": {
        "cleaning.csv": "uuid;Nom de la question;Ancienne valeur;Nouvelle valeur;Type de modification;Motif;Qui\n"
        "uuid-1;Quel âge avez-vous ?;30;40;Modifier la réponse;faute de frappe;A\n"
    },
    "numbers in a workbook": {
        "cleaning.xlsx": in_workbook(
            ("log", [HEADER.split(","), ["uuid-1", "age", 30, 40, "change_response", "r", "A"]])
        )
    },
    "not on the first sheet": {
        "cleaning.xlsx": in_workbook(("read me", [["How we cleaned"], ["by hand"]]), ("log", [HEADER.split(","), LINE]))
    },
    "a file of another case": {"Cleaning.CSV": f"{HEADER}\n{','.join(LINE)}\n"},
    "with the lock file of an open workbook": {
        "cleaning.xlsx": in_workbook(("log", [HEADER.split(","), LINE])),
        "~$cleaning.xlsx": b"\x05owner",
    },
}


@pytest.mark.parametrize("files", WRITTEN.values(), ids=WRITTEN)
def test_a_log_may_be_written_in_many_ways(files: dict[str, str | bytes], clean: Clean) -> None:
    done = clean(files, PEOPLE)
    assert done.errors == done.warnings == {}
    assert [row["age"] for row in done.rows] == ["40", "", "30"]


def test_rows_are_those_of_a_spreadsheet(clean: Clean) -> None:
    lines = 'uuid-1,age,30,40,change_response,"two\nlines",A,\n\n,,,,,,,\nzzz,age,30,40,change_response,r,A,'
    assert clean(lines, PEOPLE).errors == {"log_uuid_unknown": (5,)}


def test_no_log(load: Callable[..., CleaningLog | None]) -> None:
    assert load({"export.csv": "a,b\n"}) is None


def test_an_empty_log_changes_nothing(clean: Clean) -> None:
    done = clean({"cleaning.csv": f"{HEADER}\n"}, PEOPLE)
    assert done.findings == ()
    assert [row["age"] for row in done.rows] == ["30", "", "30"]


def test_two_files_for_one_log(clean: Clean) -> None:
    text = f"{HEADER}\n{','.join(LINE)}\n"
    done = clean({"cleaning.csv": text, "cleaning.xlsx": in_workbook(("log", [HEADER.split(","), LINE]))}, PEOPLE)
    assert list(done.errors) == ["log_two_files"]
    assert "cleaning.csv and cleaning.xlsx" in done.findings[0].message
    assert done.rows[0]["age"] == "30"


def test_columns_that_are_missing_are_named(clean: Clean) -> None:
    done = clean({"cleaning.csv": "uuid,question,new value\nuuid-1,age,40\n"}, PEOPLE)
    assert list(done.errors) == ["log_columns_missing"]
    assert '"old value"; "change type"' in done.findings[0].message


def test_two_columns_for_one_part_are_named(clean: Clean) -> None:
    done = clean({"cleaning.csv": f"{HEADER},_uuid\n{','.join(LINE)},x\n"}, PEOPLE)
    assert list(done.errors) == ["log_column_twice"]
    assert '"uuid" may be "uuid" and "_uuid"' in done.findings[0].message


def test_two_sheets_that_could_be_the_log(load: Callable[..., CleaningLog | None]) -> None:
    book = in_workbook(("first", [HEADER.split(","), LINE]), ("second", [HEADER.split(","), LINE]))
    error = refusal(ExportInvalid, 3, lambda: load({"cleaning.xlsx": book}))
    assert '"first" and "second"' in error.what


def test_a_sheet_of_deletions_beside_the_log_is_not_overlooked(clean: Clean) -> None:
    sheets = ("log", [HEADER.split(","), LINE]), ("deletions", [["uuid", "reason"], ["uuid-2", "r"]])
    done = clean({"cleaning.xlsx": in_workbook(*sheets)}, PEOPLE)
    assert list(done.warnings) == ["log_sheet_not_read"]
    assert '"deletions"' in done.findings[0].message


def test_mistakes_in_one_log_do_not_hide_those_in_the_other(clean: Clean) -> None:
    done = clean({"cleaning.csv": "uuid,question\n", "deletions.csv": "uuid,reason,who\nzzz,r,A\n"}, PEOPLE)
    assert set(done.errors) == {"log_columns_missing", "log_uuid_unknown"}
    assert {one.file for one in done.findings if one.severity is Severity.ERROR} == {"cleaning.csv", "deletions.csv"}


def test_a_forgotten_quotation_mark_does_not_swallow_the_rest(load: Callable[..., CleaningLog | None]) -> None:
    text = f'{HEADER}\nuuid-1,age,30,40,change_response,"r,A,\nuuid-2,age,,40,change_response,r,A,\n'
    error = refusal(ExportInvalid, 3, lambda: load({"cleaning.csv": text}))
    assert "cleaning.csv" in error.where
    assert "uuid" not in str(error)


@pytest.mark.parametrize("name", ["cleaning_log.csv", "Cleaning log.xlsx", "deletion_log.csv", "cleaning.xls"])
def test_a_file_called_much_like_a_log_is_not_overlooked(name: str, load: Callable[..., CleaningLog | None]) -> None:
    log = load({name: "x"})
    assert log is not None
    assert [(one.severity, one.check, one.file) for one in log.findings] == [(Severity.WARNING, "log_not_read", name)]
    assert log.files == ()


def test_an_export_called_much_like_a_log_is_an_export(load: Callable[..., CleaningLog | None]) -> None:
    assert load({"after_cleaning.csv": "x"}, named=("after_cleaning.csv",)) is None


def test_log_files_are_listed_without_being_read(tmp_path: Path) -> None:
    for name in ("deletions.xlsx", "cleaning.csv", "export.csv", "~$cleaning.xlsx"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in log_files(tmp_path)] == ["cleaning.csv", "deletions.xlsx"]


def test_nothing_of_a_log_is_shown_by_accident(load: Callable[..., CleaningLog | None]) -> None:
    # Words that no folder is called: the path of a file may be shown, and pytest numbers its folders.
    change, removal = "uuid-zwq1,zwqage,zwqold,zwqnew,change_response,r,A,", "uuid-zwq2,,,,remove_survey,r,A,"
    log = load({"cleaning.csv": f"{HEADER}\n{change}\n{removal}\n"})
    assert log is not None
    assert (len(log.changes), len(log.removals)) == (1, 1)
    assert "zwq" not in repr(log)
