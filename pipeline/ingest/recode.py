"""From the words of an export to ours, keeping the kinds of missing apart.

An answer that the questionnaire does not know stays visible behind `UNKNOWN_MARK`, so that `check` can count it and
stop the run. A blank becomes `not_asked` only where the questionnaire says that the question was not put; otherwise
the person was asked and gave no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import ROW as ROW_IN_FILE
from pipeline.engine import Engine
from pipeline.ingest.cleaning.apply import REMOVED
from pipeline.ingest.conditions import holds
from pipeline.ingest.folding import BLANKS
from pipeline.ingest.layout import Layout
from pipeline.ingest.meanings import WHOLE_NUMBER, Meanings
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
NO, YES = "no", "yes"
_CHOSEN, _SAYS = "(all of {})", "({} says {})"
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


def recode(table: ir.Table, layout: Layout, meanings: Meanings, questionnaire: Questionnaire) -> ir.Table:
    """The rows of one export in our words: keys, `file`, `row`, and one column for each question.

    Numbers and dates have a second column, `<name>_status`: `given`, a kind of missing, or an unknown answer behind
    its mark.
    """
    given = table.select(
        **{FILE: ibis.literal(layout.file), ROW: table[ROW_IN_FILE]},
        **{name: table[name] for name in _carried(table)},
        **_first_pass(table, layout, meanings, questionnaire),
    )
    return given.select(*_second_pass(given, layout, meanings, questionnaire), *_carried(given))


def keys_of(table: ir.Table, layout: Layout, names: Iterable[str]) -> ir.Table:
    """`file`, `row` and these keys of the platform, of the rows of one export; NULL where it has none."""
    keys = {name: _key(table, layout.columns.get(name)) for name in names}
    return table.select(**{FILE: ibis.literal(layout.file), ROW: table[ROW_IN_FILE]}, **keys)


def with_chosen(
    table: ir.Table, layout: Layout, meanings: Meanings, questionnaire: Questionnaire, engine: Engine
) -> ir.Table:
    """The rows of an export with what the texts of questions with several answers say: a column for each answer.

    Each combination of answers is a text of its own, and there may be thousands: a join finds them at the same cost.
    """
    import pyarrow as pa

    for name, chosen in meanings.chosen.items():
        words = [*questionnaire.words(name), *MISSING_WORDS]
        said = {_SAYS.format(name, word): [word in of_text for of_text in chosen.values()] for word in words}
        texts = pa.table({_CHOSEN.format(name): pa.array(list(chosen), pa.string()), **said})
        lookup = engine.from_arrow(texts)
        # A view keeps the join apart from one that a cleaning log has made: ibis would take them for one.
        joined = table.view().left_join(lookup, [(layout.columns[name], _CHOSEN.format(name))])
        table = joined.select(*joined.columns)
    return table


def _carried(table: ir.Table) -> list[str]:
    """What the cleaning log says about rows, where there is one."""
    return [name for name in (REMOVED,) if name in table.columns]


def words_held(meanings: Sequence[Meanings], questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Recoded column → every word that it may hold, for the columns in which no export has an unknown answer."""
    held: dict[str, list[str]] = {}
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
            held[status(name)] = ["given", *MISSING_WORDS]
        elif isinstance(column, ManyColumn):
            held |= {part(name, word): [YES, NO, *MISSING_WORDS] for word in questionnaire.words(name)}
    return held


def _first_pass(
    table: ir.Table, layout: Layout, meanings: Meanings, questionnaire: Questionnaire
) -> dict[str, ir.Value]:
    """Every column in our words; blanks are NULL still, because who was asked depends on other answers."""
    columns: dict[str, ir.Value] = {}
    for name, column in questionnaire.columns.items():
        header = layout.columns.get(name)
        if isinstance(column, AnswerColumn | CodeColumn):
            columns[name] = _word(table, header, meanings.words.get(name, {}), name in _unsure(meanings))
        elif isinstance(column, ManyColumn):
            columns.update(_parts(name, table, layout, meanings, questionnaire))
        elif isinstance(column, IntegerColumn):
            number = _plain_integer if name in meanings.plain else _integer
            columns.update(number(name, _text(table, header), meanings.missing.get(name, {})))
        elif isinstance(column, DateColumn):
            columns.update(_date(name, _text(table, header), layout.dates))
        else:
            columns[name] = _key(table, header)
    return columns


def _unsure(meanings: Meanings) -> frozenset[str]:
    return frozenset(unknown.column for unknown in meanings.unknown)


def _second_pass(given: ir.Table, layout: Layout, meanings: Meanings, questionnaire: Questionnaire) -> list[ir.Value]:
    """The blanks divided into those who were not asked and those who did not answer.

    Programs that write n/a or -99 into blank cells do so as well where a question was not put: a text that says that
    there is no answer is a blank.
    """
    columns: list[ir.Value] = [given[FILE], given[ROW]]
    in_words = _with_no_answer(meanings)
    for name, column in questionnaire.columns.items():
        if isinstance(column, KeyColumn):
            columns.append(given[name])
            continue
        there = name in layout.columns or any(key == name for key, _ in layout.children)
        asked = _was_asked(name, given, questionnaire) if there else ibis.literal(False)
        blank = ibis.ifelse(asked, str(Missing.NO_ANSWER), str(Missing.NOT_ASKED))
        if isinstance(column, ManyColumn):
            words = questionnaire.words(name)
            columns.extend(_filled(given[part(name, word)], blank, name in in_words) for word in words)
        elif isinstance(column, IntegerColumn | DateColumn):
            columns.append(given[name])
            columns.append(_filled(given[status(name)], blank, name in in_words))
        else:
            columns.append(_filled(given[name], blank, name in in_words))
    return columns


def _filled(said: ir.StringValue, blank: ir.StringValue, in_words: bool) -> ir.StringValue:
    given = said.nullif(str(Missing.NO_ANSWER)) if in_words else said
    return given.fill_null(blank).name(said.get_name())


def _with_no_answer(meanings: Meanings) -> frozenset[str]:
    """The questions for which some text says that there is no answer."""
    one = {**meanings.words, **meanings.missing}
    several = {name: {word for words in texts.values() for word in words} for name, texts in meanings.chosen.items()}
    said = {name: set(texts.values()) for name, texts in one.items()} | several
    of_columns = {name for name, word in meanings.ticks if word == Missing.NO_ANSWER}
    return frozenset(of_columns | {name for name, words in said.items() if Missing.NO_ANSWER in words})


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


def _key(table: ir.Table, header: str | None) -> ir.StringValue:
    """A column of the platform as text; what programs write into blank cells is NULL."""
    key = _text(table, header)
    return ibis.ifelse(key.isin(BLANKS), ibis.null("string"), key)


def _word(table: ir.Table, header: str | None, words: dict[str, str], has_unknown: bool) -> ir.StringValue:
    """Our word for each text. A text that is our word already passes as it is, which spares an engine the work."""
    if header is None:
        return ibis.null("string")
    text = table[header]
    if has_unknown:
        return text.cases(*words.items(), else_=_marked(text)) if words else _marked(text)
    if all(said == word for said, word in words.items()):
        return text
    return text.cases(*words.items(), else_=ibis.null("string"))


def _marked(text: ir.StringValue) -> ir.StringValue:
    return ibis.literal(UNKNOWN_MARK) + text


def _integer(name: str, text: ir.StringValue, missing: Mapping[str, str]) -> dict[str, ir.Value]:
    """The number, NULL where none was given, and its status. The guard comes first: casts differ between engines."""
    is_number = text.re_search(WHOLE_NUMBER)
    declared_missing = text.isin(list(missing)) if missing else ibis.literal(False)
    digits = ibis.ifelse(is_number & ~declared_missing, text.re_replace("[.,]0+$", ""), ibis.null("string"))
    branches = [(text == said, ibis.literal(str(kind))) for said, kind in missing.items()]
    why = ibis.cases(
        *branches,
        (text.isnull(), ibis.null("string")),
        (is_number, ibis.literal("given")),
        else_=_marked(text),
    )
    return {name: digits.try_cast("int64"), status(name): why}


def _plain_integer(name: str, text: ir.StringValue, missing: Mapping[str, str]) -> dict[str, ir.Value]:
    """The same where each text is a number in digits or says why there is none: nothing has to be guarded against."""
    digits = ibis.ifelse(text.isin(list(missing)), ibis.null("string"), text) if missing else text
    why = text.cases(*((said, str(kind)) for said, kind in missing.items()), else_="given") if missing else "given"
    given = ibis.ifelse(text.isnull(), ibis.null("string"), why)
    return {name: digits.try_cast("int64"), status(name): given}


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
        (day.notnull(), ibis.literal("given")),
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


def _parts(
    name: str, table: ir.Table, layout: Layout, meanings: Meanings, questionnaire: Questionnaire
) -> dict[str, ir.Value]:
    """yes or no for each answer of a question with several; NULL where nothing was chosen or said.

    The text with all answers counts where there is one; the columns of the single answers serve where there is none. A
    chosen code that stands for no answer, such as "prefer not to say", is the reason why the others are missing, also
    where it is chosen in a column of its own.
    """
    words = questionnaire.words(name)
    chosen = meanings.chosen.get(name, {})
    ticks = {word: _tick(table, layout, meanings, name, word) for word in words}
    unsaid = [
        (_tick(table, layout, meanings, name, kind) == YES, kind)
        for kind in MISSING_WORDS
        if YES in meanings.ticks.get((name, kind), {}).values()
    ]
    any_ticked = reduce(or_, [tick.notnull() for tick in ticks.values()])
    why_missing = [
        (_says(table, name, kind), kind) for kind in MISSING_WORDS if any(kind in w for w in chosen.values())
    ]
    parts: dict[str, ir.Value] = {}
    for word in words:
        said = ibis.ifelse(_says(table, name, word), YES, NO)
        # Blank beside other answers that are not blank: this one was not there to be chosen.
        ticked = ticks[word].fill_null(ibis.ifelse(any_ticked, str(Missing.NOT_ASKED), ibis.null("string")))
        parts[part(name, word)] = ibis.cases(*why_missing, (_is_said(table, name), said), *unsaid, else_=ticked)
    return parts


def _tick(table: ir.Table, layout: Layout, meanings: Meanings, name: str, word: str) -> ir.StringValue:
    """yes or no from the column of one answer."""
    said = {text: tick for text, tick in meanings.ticks.get((name, word), {}).items() if tick}
    header = layout.children.get((name, word))
    if header is None or not said:
        return ibis.null("string")
    return table[header].cases(*said.items(), else_=ibis.null("string"))


def _is_said(table: ir.Table, name: str) -> ir.BooleanValue:
    """Whether there is a text with all answers; never NULL."""
    column = _CHOSEN.format(name)
    return table[column].notnull() if column in table.columns else ibis.literal(False)


def _says(table: ir.Table, name: str, word: str) -> ir.BooleanValue:
    """Whether the text with all answers holds this one; never NULL."""
    column = _SAYS.format(name, word)
    return table[column].fill_null(False) if column in table.columns else ibis.literal(False)


def disagreements(table: ir.Table, layout: Layout, meanings: Meanings) -> dict[tuple[str, str], ir.BooleanValue]:
    """(question, answer) → where the text with all answers and the column of this one say otherwise."""
    found = {}
    for (name, word), header in layout.children.items():
        if name in meanings.chosen and any(meanings.ticks.get((name, word), {}).values()):
            tick = _tick(table, layout, meanings, name, word)
            both = _is_said(table, name) & tick.notnull() & table[header].notnull()
            found[name, word] = both & (_says(table, name, word) != (tick == YES).fill_null(False))
    return found
