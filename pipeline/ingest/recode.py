"""From the words of an export to ours, keeping the kinds of missing apart.

An answer that the questionnaire does not know stays visible behind `UNKNOWN_MARK`, so that `check` can count it and
stop the run. A blank becomes `not_asked` only where the questionnaire says that the question was not put; otherwise
the person was asked and gave no answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.coded import Translation
from pipeline.engine import ROW as ROW_IN_FILE
from pipeline.engine import Engine, Words
from pipeline.ingest.cleaning.apply import REMOVED
from pipeline.ingest.conditions import holds
from pipeline.ingest.folding import BLANKS
from pipeline.ingest.layout import Layout
from pipeline.ingest.meanings import Meanings
from pipeline.questionnaire import (
    AnswerColumn,
    CodeColumn,
    DateColumn,
    IntegerColumn,
    KeyColumn,
    ManyColumn,
    Questionnaire,
)
from pipeline.vocabulary import MISSING_WORDS, Missing
from pipeline.wave import DayOrder

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNKNOWN_MARK = "?"
FILE = "file"
ROW = "row"
IS_COPY = "(is a copy)"
"""Name of the column that says whether another row has the same submission, and is the one that is kept."""

NO, YES = "no", "yes"
GIVEN = "given"
_LONGEST_BLANK = max(map(len, BLANKS))
_OF_PARTS = (YES, NO, *MISSING_WORDS)
_OURS, _WHY, _TICK, _ALL, _SAYS = "({} in our words)", "({} or why not)", "({}: {})", "(all of {})", "({} says {})"
"""Names of columns with what texts mean, beside those of an export."""
_TEXT = "text"
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?$"
_PARTS = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})([T ][0-9]{1,2}:[0-9]{2}.*)?$"
SERIAL = r"^([0-9]{5})([.,][0-9]+)?$"
_SERIAL_FIRST, _SERIAL_LAST = 32874, 73050


def status(column: str) -> str:
    """Name of the column that says whether a number or date was given, or why not."""
    return f"{column}_status"


def part(column: str, word: str) -> str:
    """Name of the yes/no column for one answer of a question with several."""
    return f"{column}_{word}"


@dataclass(frozen=True)
class Recoding:
    """How one export is recoded.

    keys: the columns of the platform that are needed. held: what `words_held` gives, and other words by column.
    """

    layout: Layout
    questionnaire: Questionnaire
    keys: Collection[str]
    held: Words


def recode(table: ir.Table, how: Recoding, engine: Engine) -> ir.Table:
    """The rows of one export in our words: `file`, `row`, the keys, and one column for each question.

    table: what `translated` gives. Numbers and dates have a second column, `<name>_status`: `given`, a kind of missing,
    or an unknown answer behind its mark.
    """
    given = table.select(
        **{FILE: ibis.literal(how.layout.file), ROW: table[ROW_IN_FILE]},
        **{name: table[name] for name in _carried(table)},
        **_first_pass(table, how),
    )
    given = engine.step(given, how.held)
    return engine.step(given.select(*_second_pass(given, how), *_carried(given)), how.held)


def together(parts: Iterable[ir.Table]) -> ir.Table:
    """One table of several, below each other."""
    return reduce(lambda above, below: above.union(below), parts)


def keys_of(table: ir.Table, layout: Layout, names: Iterable[str]) -> ir.Table:
    """`file`, `row` and these keys of the platform, of the rows of one export; NULL where it has none."""
    keys = {name: key_in(table, layout.columns.get(name)) for name in names}
    return table.select(**{FILE: ibis.literal(layout.file), ROW: table[ROW_IN_FILE]}, **keys)


def _carried(table: ir.Table) -> list[str]:
    """What is known about rows beside their answers."""
    return [name for name in (REMOVED, IS_COPY) if name in table.columns]


def words_held(meanings: Sequence[Meanings], questionnaire: Questionnaire) -> dict[str, Sequence[str]]:
    """Recoded column → every word that it may hold, for the columns in which no export has an unknown answer."""
    held: dict[str, Sequence[str]] = {}
    unsure = frozenset[str]().union(*map(_unsure, meanings))
    for name, column in questionnaire.columns.items():
        if name in unsure:
            continue
        if isinstance(column, AnswerColumn):
            held[name] = [*questionnaire.words(name), *MISSING_WORDS]
        elif isinstance(column, CodeColumn):
            codes = {code for one in meanings for code in one.words.get(name, {}).values()}
            held[name] = [*sorted(codes - {*MISSING_WORDS}), *MISSING_WORDS]
        elif isinstance(column, IntegerColumn):
            held[status(name)] = [GIVEN, *MISSING_WORDS]
        elif isinstance(column, ManyColumn):
            held |= {part(name, word): _OF_PARTS for word in questionnaire.words(name)}
    return held


# --- texts, each translated once -----------------------------------------------------------------------------------


def translated(table: ir.Table, how: Recoding, meanings: Meanings, engine: Engine) -> ir.Table:
    """The records of one export with what their texts mean, in columns beside them.

    A text that says that there is no answer becomes a blank: programs that write n/a or -99 into blank cells do so as
    well where a question was not put.
    """
    layout, questionnaire, held = how.layout, how.questionnaire, how.held
    new: dict[str, Translation] = {}
    for name, header in layout.columns.items():
        column = questionnaire.columns[name]
        if isinstance(column, AnswerColumn | CodeColumn):
            words = meanings.words.get(name, {}) | _unknown(name, meanings)
            new[_OURS.format(name)] = Translation(header, _or_blank(words), among=held.get(name, ()))
        elif isinstance(column, IntegerColumn):
            new |= _number(name, header, meanings, held)
        elif isinstance(column, DateColumn) and engine.is_few(table, header):
            new |= _few_days(name, header, list(engine.tally(table, [header])[header]), layout.dates, engine)
        elif isinstance(column, ManyColumn):
            new |= _choices(name, header, meanings, questionnaire)
    for (name, word), header in layout.children.items():
        ticks = {text: tick for text, tick in meanings.ticks.get((name, word), {}).items() if tick}
        new[_TICK.format(name, word)] = Translation(header, ticks, among=_OF_PARTS)
    needed = [header for name, header in layout.columns.items() if _is_read_as_it_is(name, how, new)]
    return engine.translate(table, [ROW_IN_FILE, *_carried(table), *needed], new)


def _is_read_as_it_is(name: str, how: Recoding, new: Mapping[str, Translation]) -> bool:
    column = how.questionnaire.columns[name]
    return name in how.keys or (isinstance(column, DateColumn) and _OURS.format(name) not in new)


def _unknown(name: str, meanings: Meanings) -> dict[str, str]:
    return {one.cell: UNKNOWN_MARK + one.cell for one in meanings.unknown if one.column == name}


def _or_blank(words: Mapping[str, str]) -> dict[str, str | None]:
    return {text: None if word == Missing.NO_ANSWER else word for text, word in words.items()}


def _number(name: str, header: str, meanings: Meanings, held: Words) -> dict[str, Translation]:
    """The number, NULL where none was given, and its status."""
    numbers = meanings.numbers.get(name, {})
    said = {**dict.fromkeys(numbers, GIVEN), **meanings.missing.get(name, {}), **_unknown(name, meanings)}
    return {
        _OURS.format(name): Translation(header, numbers, kind="number"),
        _WHY.format(name): Translation(header, _or_blank(said), among=held.get(status(name), ())),
    }


def _few_days(name: str, header: str, texts: list[str], order: DayOrder, engine: Engine) -> dict[str, Translation]:
    """The day, NULL where none was given, and its status: read from each text once."""
    import pyarrow as pa

    few = engine.from_arrow(pa.table({_TEXT: pa.array(texts, pa.string())}))
    found = engine.frame(few.select(_TEXT, **_date(name, few[_TEXT], order)))
    days = {text: day.date() for text, day in zip(found[_TEXT], found[name], strict=True) if day == day}  # noqa: PLR0124
    why = {text: said for text, said in zip(found[_TEXT], found[status(name)], strict=True) if isinstance(said, str)}
    return {
        _OURS.format(name): Translation(header, days, kind="day"),
        _WHY.format(name): Translation(header, why),
    }


def _choices(name: str, header: str, meanings: Meanings, questionnaire: Questionnaire) -> dict[str, Translation]:
    """What the text with all answers of a question says: whether there is one, and whether each answer is in it."""
    chosen = meanings.chosen.get(name, {})
    words = [*questionnaire.words(name), *MISSING_WORDS]
    there = {_ALL.format(name): Translation(header, dict.fromkeys(chosen, True), kind="yes or no")}
    return there | {
        _SAYS.format(name, word): Translation(
            header, {text: word in said for text, said in chosen.items()}, kind="yes or no"
        )
        for word in words
        if any(word in said for said in chosen.values())
    }


# --- two passes over the records -------------------------------------------------------------------------------------


def _first_pass(table: ir.Table, how: Recoding) -> dict[str, ir.Value]:
    """Every column in our words; blanks are NULL still, because who was asked depends on other answers."""
    columns: dict[str, ir.Value] = {}
    for name, column in how.questionnaire.columns.items():
        header = how.layout.columns.get(name)
        if isinstance(column, ManyColumn):
            columns.update(_parts(name, table, how.questionnaire))
        elif isinstance(column, KeyColumn):
            columns |= {name: key_in(table, header)} if name in how.keys else {}
        elif isinstance(column, DateColumn) and _OURS.format(name) not in table.columns:
            columns.update(_date(name, _text(table, header), how.layout.dates))
        else:
            columns[name] = _there(
                table, _OURS.format(name), "int64" if isinstance(column, IntegerColumn) else "string"
            )
            if isinstance(column, IntegerColumn | DateColumn):
                columns[status(name)] = _there(table, _WHY.format(name))
    return columns


def _there(table: ir.Table, column: str, kind: str = "string") -> ir.Value:
    """A column, or NULL where the export does not have it."""
    return table[column] if column in table.columns else ibis.null(kind)


def _unsure(meanings: Meanings) -> frozenset[str]:
    return frozenset(unknown.column for unknown in meanings.unknown)


def _second_pass(given: ir.Table, how: Recoding) -> list[ir.Value]:
    """The blanks divided into those who were not asked and those who did not answer."""
    columns: list[ir.Value] = [given[FILE], given[ROW]]
    for name, column in how.questionnaire.columns.items():
        if isinstance(column, KeyColumn):
            columns += [given[name]] if name in how.keys else []
            continue
        there = name in how.layout.columns or any(key == name for key, _ in how.layout.children)
        asked = _was_asked(name, given, how.questionnaire) if there else ibis.literal(False)
        blank = ibis.ifelse(asked, str(Missing.NO_ANSWER), str(Missing.NOT_ASKED))
        if isinstance(column, ManyColumn):
            filled = [part(name, word) for word in how.questionnaire.words(name)]
        elif isinstance(column, IntegerColumn | DateColumn):
            columns.append(given[name])
            filled = [status(name)]
        else:
            filled = [name]
        columns.extend(given[of].fill_null(blank).name(of) for of in filled)
    return columns


def _was_asked(name: str, given: ir.Table, questionnaire: Questionnaire) -> ir.BooleanValue:
    """Whether the form put a question to a person: by its condition, and by the version of the form."""
    asked = holds(questionnaire.condition(questionnaire.columns[name].asked_if), given)
    without = [version for version, spec in questionnaire.form_versions.items() if name in spec.not_asked]
    if without and "form_version" in given.columns:
        asked = asked & ~given["form_version"].isin(without).fill_null(False)
    return asked


def _text(table: ir.Table, header: str | None) -> ir.StringValue:
    """A column as text; blank cells and absent columns are NULL."""
    if header is None or header not in table.columns:
        return ibis.null("string")
    return table[header]


def key_in(table: ir.Table, header: str | None) -> ir.StringValue:
    """A column of the platform as text; what programs write into blank cells is NULL."""
    key = _text(table, header)
    # A glance at the length spares most keys the comparisons.
    return ibis.ifelse((key.length() <= _LONGEST_BLANK) & key.isin(BLANKS), ibis.null("string"), key)


def _marked(text: ir.StringValue) -> ir.StringValue:
    return ibis.literal(UNKNOWN_MARK) + text


def _date(name: str, text: ir.StringValue, order: DayOrder) -> dict[str, ir.Value]:
    """The day, NULL where none was given, and its status. A time and its zone are cut off: the day is the local one."""
    written = ibis.cases(
        (text.re_search(_ISO_DATE), text.substr(0, 10)),
        *([(text.re_search(_PARTS), _from_parts(text, order))] if order != "year-month-day" else []),
        else_=ibis.null("string"),
    )
    day = ibis.coalesce(written.try_cast("date"), _from_serial(text))
    why = ibis.cases(
        (text.isnull(), ibis.null("string")),
        (day.notnull(), ibis.literal(GIVEN)),
        (text.isin(BLANKS), ibis.null("string")),
        else_=_marked(text),
    )
    return {name: day, status(name): why}


def _from_parts(text: ir.StringValue, order: DayOrder) -> ir.StringValue:
    """3/5/2016 as 2016-05-03 or 2016-03-05, as the wave file says."""
    first, second = (text.re_extract(_PARTS, group).lpad(2, "0") for group in (1, 2))
    day, month = (first, second) if order == "day/month/year" else (second, first)
    return text.re_extract(_PARTS, 3) + "-" + month + "-" + day


def _from_serial(text: ir.StringValue) -> ir.DateValue:
    """The day behind a spreadsheet's serial number, 1990 to 2099; other numbers are no dates."""
    serial = ibis.ifelse(text.re_search(SERIAL), text.re_extract(SERIAL, 1), ibis.null("string")).try_cast("int32")
    in_range = serial.between(_SERIAL_FIRST, _SERIAL_LAST)
    return ibis.ifelse(in_range, ibis.date("1899-12-30") + serial.as_interval("D"), ibis.null("date"))


def _parts(name: str, table: ir.Table, questionnaire: Questionnaire) -> dict[str, ir.Value]:
    """yes or no for each answer of a question with several; NULL where nothing was chosen or said.

    The text with all answers counts where there is one; the columns of the single answers serve where there is none. A
    chosen code that stands for no answer, such as "prefer not to say", is the reason why the others are missing, also
    where it is chosen in a column of its own.
    """
    words = questionnaire.words(name)
    ticks = {word: _there(table, _TICK.format(name, word)) for word in words}
    any_ticked = reduce(or_, [tick.notnull() for tick in ticks.values()])
    kinds = {kind: ibis.null("string") if kind == Missing.NO_ANSWER else kind for kind in MISSING_WORDS}
    why_missing = [(_says(table, name, kind), said) for kind, said in kinds.items()]
    unsaid = {_TICK.format(name, kind): said for kind, said in kinds.items()}
    ticked_missing = [(table[tick] == YES, said) for tick, said in unsaid.items() if tick in table.columns]
    parts: dict[str, ir.Value] = {}
    for word in words:
        said = ibis.ifelse(_says(table, name, word), YES, NO)
        # Blank beside other answers that are not blank: this one was not there to be chosen.
        ticked = ticks[word].fill_null(ibis.ifelse(any_ticked, str(Missing.NOT_ASKED), ibis.null("string")))
        cases = [*why_missing, (_is_said(table, name), said), *ticked_missing]
        parts[part(name, word)] = ibis.cases(*cases, else_=ticked)
    return parts


def _is_said(table: ir.Table, name: str) -> ir.BooleanValue:
    """Whether there is a text with all answers; never NULL."""
    return _there(table, _ALL.format(name), "boolean").fill_null(False)


def _says(table: ir.Table, name: str, word: str) -> ir.BooleanValue:
    """Whether the text with all answers holds this one; never NULL."""
    return _there(table, _SAYS.format(name, word), "boolean").fill_null(False)


def disagreements(table: ir.Table, layout: Layout, meanings: Meanings) -> dict[tuple[str, str], ir.BooleanValue]:
    """(question, answer) → where the text with all answers and the column of this one say otherwise.

    table: what `translated` gives.
    """
    found = {}
    for name, word in layout.children:
        if name in meanings.chosen and any(meanings.ticks.get((name, word), {}).values()):
            tick = table[_TICK.format(name, word)]
            found[name, word] = _is_said(table, name) & tick.notnull() & (_says(table, name, word) != (tick == YES))
    return found
