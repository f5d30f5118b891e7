"""Holds each entry of a log against the records that it names, and changes those of them that fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from pipeline.declared import nearest
from pipeline.ingest.cleaning.export import Cleanable
from pipeline.ingest.cleaning.log import Change, CleaningLog
from pipeline.ingest.cleaning.mistakes import MORE_TOLD, Mistakes
from pipeline.ingest.cleaning.words import is_blank


class Kind(Enum):
    """What can be done with a question that the log names."""

    ANSWERED = auto()
    IDENTIFIER = auto()
    AMBIGUOUS = auto()
    NOT_NEEDED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class Question:
    """A question that the log names, in one export. headers: where it stands there; several if it is ambiguous."""

    kind: Kind
    headers: tuple[str, ...] = ()


def look_up(export: Cleanable, question: str) -> Question:
    """What a question of the log stands for in an export."""
    headers = export.find(question)
    if not headers:
        return Question(Kind.UNKNOWN)
    if export.uuid in headers:
        return Question(Kind.IDENTIFIER, headers)
    if len(headers) > 1:
        return Question(Kind.AMBIGUOUS, headers)
    return Question(Kind.ANSWERED if headers[0] in export.table.columns else Kind.NOT_NEEDED, headers)


@dataclass
class Record:
    """One record, as it becomes while the log is worked through. A blank cell is an empty text.

    export: its place among the exports. changed_by: header → row of the log that changed it last.
    """

    export: int
    row: int
    uuid: str = field(repr=False)
    cells: dict[str, str] = field(repr=False)
    received: dict[str, str] = field(repr=False)
    changed_by: dict[str, int] = field(default_factory=dict)
    is_removed: bool = False

    @property
    def edits(self) -> dict[str, str]:
        """Header → text, where it is another than was received."""
        return {header: text for header, text in self.cells.items() if text != self.received[header]}


Copy = tuple[Record, str]
"""A record, and the header of the answer that is meant. A submission may have been received several times."""


class Desk:
    """Works through a log, entry by entry, in its order. questions: for each export, as the log calls them."""

    def __init__(
        self,
        exports: Sequence[Cleanable],
        questions: Sequence[dict[str, Question]],
        records: Sequence[Record],
        mistakes: Mistakes,
    ) -> None:
        self._exports = exports
        self._questions = questions
        self._mistakes = mistakes
        self._hinted: set[str] = set()
        self._records: dict[str, list[Record]] = {}
        for record in records:
            self._records.setdefault(record.uuid, []).append(record)

    def work_through(self, log: CleaningLog) -> None:
        """Removals are marked first, so that a change of a removed record is noticed wherever it stands."""
        for removal in log.removals:
            if removal.uuid not in self._records:
                self._mistakes.add("log_uuid_unknown", removal.place)
            for record in self._records.get(removal.uuid, []):
                record.is_removed = True
        for change in log.changes:
            self._change(change)

    def _change(self, change: Change) -> None:
        records = self._records.get(change.uuid, [])
        if not records:
            self._mistakes.add("log_uuid_unknown", change.place)
        elif all(record.is_removed for record in records):
            self._mistakes.add("log_removed", change.place)
        concerned = {record.export for record in records} or range(len(self._exports))
        found = {place: self._questions[place][change.question] for place in concerned}
        header_in = {place: one.headers[0] for place, one in found.items() if one.kind is Kind.ANSWERED}
        copies = [(record, header_in[record.export]) for record in records if record.export in header_in]
        if copies:
            self._change_copies(change, copies)
        elif not header_in:
            self._tell_of_question(change, list(found.values()))

    def _tell_of_question(self, change: Change, found: list[Question]) -> None:
        """There is nothing to change: the question is not there, or must not or need not be changed."""
        kinds = {one.kind: one for one in found}
        if Kind.IDENTIFIER in kinds:
            self._mistakes.add("log_identifier", change.place)
        elif Kind.AMBIGUOUS in kinds:
            could_be = " or ".join(f'"{header}"' for header in kinds[Kind.AMBIGUOUS].headers)
            self._mistakes.add("log_question_ambiguous", change.place, more=could_be)
        elif Kind.NOT_NEEDED in kinds:
            self._mistakes.add("log_not_needed", change.place)
        else:
            self._mistakes.add("log_question_unknown", change.place, more=self._hint(change))

    def _hint(self, change: Change) -> str:
        """The nearest question, once for each that is unknown. The log's own text may be misplaced and is not told."""
        if change.question in self._hinted or len(self._hinted) >= MORE_TOLD:
            return ""
        self._hinted.add(change.question)
        hint = nearest(change.question, [name for export in self._exports for name in export.questions]).strip()
        return f"Row {change.place.row}: {hint[0].lower()}{hint[1:]}" if hint else ""

    def _change_copies(self, change: Change, copies: Sequence[Copy]) -> None:
        """Changes every copy of the record that holds the old value. One must hold it."""
        header = copies[0][1]
        holding = [copy for copy in copies if self._says(copy, change.old)]
        if not holding:
            self._tell_of_old_value(change, copies)
        elif all(self._says(copy, change.new) for copy in holding):
            self._mistakes.add("log_nothing_changed", change.place, header)
        if change.new and not any(self._meaning(copy, change.new) is not None for copy in copies):
            self._mistakes.add("log_new_value", change.place, header)
        # After a mistake the new value is taken for true, so that a chain that goes on from it is not told again.
        for record, of in holding or copies:
            record.cells[of] = change.new
            record.changed_by[of] = change.place.row

    def _tell_of_old_value(self, change: Change, copies: Sequence[Copy]) -> None:
        header = copies[0][1]
        earlier = max(record.changed_by.get(of, 0) for record, of in copies)
        if earlier:
            pair = f"row {change.place.row} after row {earlier}"
            self._mistakes.add("log_changed_twice", change.place, header, pair)
        else:
            self._mistakes.add("log_old_value", change.place, header)

    def _says(self, copy: Copy, text: str) -> bool:
        """Whether the record has this answer, in these words or in others."""
        record, header = copy
        held = record.cells[header]
        if held == text:
            return True
        if not held or not text:
            return not held and is_blank(text)
        meaning = self._meaning(copy, held)
        return meaning is not None and meaning == self._meaning(copy, text)

    def _meaning(self, copy: Copy, text: str) -> object:
        record, header = copy
        return self._exports[record.export].meaning(header, text)
