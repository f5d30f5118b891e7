"""What does not fit in a log: gathered over all its rows, and told once for each kind, by row numbers of the log.

Nothing here holds a value, a reason or an identifier that stands in a log: they are about people.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.ingest.cleaning.words import ChangeType
from pipeline.ingest.findings import Finding, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
MORE_TOLD = 10
"""How many details of one kind of mistake are told."""


@dataclass(frozen=True, order=True)
class Place:
    """Where an entry stands: the log's file name and the row in it."""

    file: str
    row: int


_SAID = {
    "log_type_unknown": (
        _ERROR,
        f"The change type of these rows is none of {', '.join(ChangeType)}.",
        "Write one of these four in the log.",
    ),
    "log_uuid_blank": (_ERROR, "These rows of the log name no submission.", "Write its uuid."),
    "log_question_blank": (_ERROR, "These rows of the log name no question.", "Write its XML name, or its label."),
    "log_no_new_value": (
        _ERROR,
        "These rows change an answer, and the new one is blank.",
        "Write the new value; if the answer is to be blank, the change type is blank_response.",
    ),
    "log_blank_with_value": (
        _ERROR,
        "These rows are to blank an answer, and give a new one.",
        "Take the new value out, or make the change type change_response.",
    ),
    "log_uuid_unknown": (
        _ERROR,
        "No submission in the exports has the uuid of these rows.",
        "Check that the log belongs to this wave, and that no uuid was cut short by the program that wrote it.",
    ),
    "log_question_unknown": (
        _ERROR,
        "No column of the export is called like the question of these rows.",
        "Write the XML name of the question, with or without its group, or its label as the form has it.",
    ),
    "log_question_ambiguous": (
        _ERROR,
        "The question of these rows could be several columns of the export",
        "Write the header of the column as it stands in the export.",
    ),
    "log_identifier": (
        _ERROR,
        "These rows change the identifier of a submission.",
        "Take them out of the log: by its identifier a submission is found.",
    ),
    "log_old_value": (
        _ERROR,
        "The old value in these rows of the log is not what the export holds.",
        "Compare with the export as received: was the log made from another download, or was this one edited by hand? "
        "An answer is only changed where the old value is right.",
    ),
    "log_changed_twice": (
        _ERROR,
        "These rows of the log change an answer that another row has changed, from an old value that is not the new "
        "value of that row",
        "Keep one of the two; or write them in the order in which they were made, each beginning where the other ends.",
    ),
    "log_new_value": (
        _ERROR,
        "The new value in these rows of the log is not an answer to this question.",
        "Write the XML name of the answer, or its label as the form has it.",
    ),
    "log_no_uuid_column": (
        _ERROR,
        "There is a log, and no export has a column with the submissions' uuid.",
        "Export the data again with the platform's own columns; without them no entry of the log finds its record.",
    ),
    "log_two_files": (
        _ERROR,
        "There are two files for one log",
        "Keep the one that holds, and move the other out of the folder.",
    ),
    "log_columns_missing": (
        _ERROR,
        "The log lacks a column",
        "Write the names of the columns in the first row: uuid, question, old value, new value, change type, reason, "
        "who, date. A log of deletions needs uuid, and should have reason, who, date.",
    ),
    "log_column_twice": (_ERROR, "Two columns of the log could be the same", "Delete or rename the wrong one."),
    "log_ragged": (
        _ERROR,
        "These rows of the log have more cells than its first row.",
        "Put cells that hold the delimiter between quotation marks, or save the log as XLSX.",
    ),
    "log_not_read": (
        _WARNING,
        "This file is called much like a log, and was not read.",
        "If it is the log, call it cleaning.csv or cleaning.xlsx, or deletions.csv or deletions.xlsx for a list of "
        "records to remove; if not, move it out of the folder.",
    ),
    "log_sheet_not_read": (
        _WARNING,
        "Another sheet of this workbook has columns of a log, and was not read",
        "If it lists records to remove, save it as deletions.xlsx; if it holds more changes, copy them into the log.",
    ),
    "log_nothing_changed": (
        _WARNING,
        "The new value in these rows of the log is the old one: nothing changes.",
        "Check whether another value was meant. If none was, the change type is no_action.",
    ),
    "log_removed": (
        _WARNING,
        "These rows change a record that the log removes.",
        "Nothing, if it is to be removed.",
    ),
    "log_no_reason": (_WARNING, "These rows of the log give no reason.", "Write why, so that others can follow it."),
    "log_no_who": (_WARNING, "These rows of the log do not say who decided.", "Write who, so that they can be asked."),
    "log_not_needed": (
        _NOTE,
        "These rows change a question that the analysis does not use; they were left alone and not checked.",
        "",
    ),
}


class Mistakes:
    """Gathers what does not fit, row by row."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], list[int]] = {}
        self._more: dict[tuple[str, str, str], list[str]] = {}

    def add(self, check: str, place: Place, column: str = "", more: str = "") -> None:
        """One row of a log. column: the export's header, where one is meant. more: what else to say, without values."""
        key = (check, place.file, column)
        self._rows.setdefault(key, []).append(place.row)
        if more:
            self._more.setdefault(key, []).append(more)

    def add_file(self, check: str, file: str, more: str = "") -> None:
        """Something that concerns a whole log."""
        self._rows.setdefault((check, file, ""), [])
        if more:
            self._more.setdefault((check, file, ""), []).append(more)

    def findings(self) -> list[Finding]:
        """One finding for each kind of mistake, file and column, in the order of `_SAID`."""
        order = list(_SAID)
        return [self._finding(*key) for key in sorted(self._rows, key=lambda key: (order.index(key[0]), *key[1:]))]

    def _finding(self, check: str, file: str, column: str) -> Finding:
        severity, message, repair = _SAID[check]
        rows = tuple(dict.fromkeys(sorted(self._rows[check, file, column])))
        more = list(dict.fromkeys(self._more.get((check, file, column), [])))
        if more:
            rest = f"; and {len(more) - MORE_TOLD} more" if len(more) > MORE_TOLD else ""
            told = f"{'; '.join(more[:MORE_TOLD])}{rest}"
            message = f"{message} {told}" if message.endswith(".") else f"{message}: {told}."
        return Finding(severity, check, message, repair, file=file, column=column, rows=len(rows), row_numbers=rows)
