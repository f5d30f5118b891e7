"""Who is taken out, by which rule, in the order of the ledger.

The first rule that holds takes a row out; later rules do not see it. Duplicates are found over all rows received, so
that which copy is kept does not depend on any other rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import ibis

from pipeline.engine import Engine, Words
from pipeline.ingest.approval import approval_findings, is_not_approved
from pipeline.ingest.cleaning.apply import REMOVED
from pipeline.ingest.conditions import holds
from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.layout import Layout
from pipeline.ingest.recode import FILE, IS_COPY, ROW, status
from pipeline.questionnaire import DateColumn, IntegerColumn, Questionnaire
from pipeline.vocabulary import EXCLUDING_RULES, MISSING_WORDS, UNKNOWN, Missing, Rule
from pipeline.wave import Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

EXCLUDED_BY = "excluded_by"
"""Name of the column with the rule that took a row out; empty for the analysed."""

RULES_HELD = {EXCLUDED_BY: ["", *EXCLUDING_RULES]}
"""Every word that the column may hold."""

_FAMILY = "family_of_edits"


def derive(recoded: ir.Table, q: Questionnaire) -> ir.Table:
    """Adds `route` (first rule that holds, else `unknown`), `age_group` and `region_of_origin`."""
    route = ibis.cases(*[(holds(r.when, recoded), str(r.route)) for r in q.routes], else_=UNKNOWN)
    age = recoded["age"]
    in_group = [
        ((age >= group.low) & (ibis.literal(True) if group.high is None else age <= group.high), name)
        for name, group in q.age_groups.items()
    ]
    # An age below the youngest group is no age group; those people are taken out by under_14.
    age_group = ibis.cases(*[(test.fill_null(False), name) for test, name in in_group], else_=recoded[status("age")])
    age_group = age_group.nullif("given").fill_null(UNKNOWN)
    nationality = recoded["nationality"]
    in_region = [(nationality.isin(region.countries), name) for name, region in q.regions.items()]
    region = ibis.cases(*in_region, else_=nationality)
    return recoded.mutate(route=route, age_group=age_group, region_of_origin=region)


def derived_words(q: Questionnaire, held: Words) -> dict[str, Sequence[str]]:
    """Every word that the columns of `derive` may hold. held: the same for the columns of `recode`."""
    words: dict[str, Sequence[str]] = {"route": [*dict.fromkeys(str(r.route) for r in q.routes), UNKNOWN]}
    if status("age") in held:
        words["age_group"] = list(dict.fromkeys([*q.age_groups, *MISSING_WORDS, UNKNOWN]))
    if "nationality" in held:
        words["region_of_origin"] = list(dict.fromkeys([*q.regions, *held["nationality"]]))
    return words


def exclude(table: ir.Table, wave: Wave, engine: Engine) -> ir.Table:
    """The rows with `excluded_by`. Needs the columns of `derive`; `REMOVED` is only there with a cleaning log."""
    q = wave.questionnaire
    marked = table.mutate(is_not_approved=is_not_approved(table, wave, engine))
    holding: dict[Rule, ir.BooleanValue] = {
        Rule.REMOVED_BY_LOG: marked[REMOVED] if REMOVED in marked.columns else ibis.literal(False),
        Rule.DUPLICATE: marked[IS_COPY],
        Rule.NOT_APPROVED: marked["is_not_approved"],
        Rule.INVALID: _impossible(marked, wave),
    }
    for exclusion in q.exclusions:
        holding[exclusion.rule] = holds(exclusion.when, marked)
    in_order = [(holding[Rule(rule)], str(rule)) for rule in EXCLUDING_RULES if Rule(rule) in holding]
    used = [name for name in (IS_COPY, "is_not_approved", REMOVED) if name in marked.columns]
    return marked.mutate(**{EXCLUDED_BY: ibis.cases(*in_order, else_="")}).drop(*used)


def ledger(respondents: ir.Table, wave: Wave, engine: Engine) -> pd.DataFrame:
    """The exclusion ledger: a row a rule, in order, with zeros for the rules that took nobody out."""
    import pandas as pd

    from pipeline.tables import LEDGER, conform

    counted = engine.frame(respondents.group_by(EXCLUDED_BY).agg(rows=respondents.count()))
    by_rule = dict(zip(counted[EXCLUDED_BY], counted["rows"].astype(int), strict=True))
    reasons = {**_OTHER_REASONS, **{str(e.rule): e.reason["en"] for e in wave.questionnaire.exclusions}}
    rows = {
        str(Rule.RECEIVED): sum(by_rule.values()),
        **{rule: by_rule.get(rule, 0) for rule in EXCLUDING_RULES},
        str(Rule.ANALYSED): by_rule.get("", 0),
    }
    records = [{"rule": rule, "rows": n, "reason": reasons.get(rule, "")} for rule, n in rows.items()]
    return conform(pd.DataFrame(records), LEDGER)


_OTHER_REASONS = {
    "received": "Rows in the export",
    "removed_by_log": "Removed by the analysts' cleaning log",
    "duplicate": "The same submission again, or an earlier version of an edited one",
    "not_approved": "Not approved on the survey platform",
    "invalid": "An age that is not possible, or a date outside fieldwork",
    "analysed": "Respondents whose answers are analysed",
}


def findings_on_rows(excluded: ir.Table, wave: Wave, layouts: list[Layout], engine: Engine) -> list[Finding]:
    """Where the invalid rows, the rows without a route and those without a date are, by file and header."""
    layout_of = {layout.file: layout for layout in layouts}
    findings = _findings_on_rows(excluded, wave, engine)
    return [
        *approval_findings(excluded, wave, layouts, engine),
        *(
            replace(finding, column=layout_of[finding.file].header_of(finding.column)) if finding.column else finding
            for finding in findings
        ),
    ]


def _findings_on_rows(excluded: ir.Table, wave: Wave, engine: Engine) -> list[Finding]:
    return [
        *_nobody_left(excluded, engine),
        *_not_asked_at_all(excluded, wave, engine),
        *_invalid_rows(excluded, wave, engine),
        *_rows_without_route(excluded, engine),
        *_blank_dates(excluded, engine),
    ]


COPY_KEYS = ("submission_uuid", "root_uuid", "submission_id", "submission_time")
"""What copies and edits of a submission are found by."""


def find_copies(keys: ir.Table, engine: Engine, *, may_be_edited: bool = True) -> dict[str, list[int]]:
    """The rows of each file that are not the one to keep among copies of a submission, or among its edits.

    keys: `file`, `row` and `COPY_KEYS` of every row received. may_be_edited: whether some export says what was edited.
    """
    known = keys.filter(keys["submission_uuid"].notnull())
    # Without edits, no two submissions are of one family. Only the few rows that share a key are dated and ordered.
    has_edits = may_be_edited and bool(engine.frame(known.aggregate(n=known["root_uuid"].count()))["n"][0])
    shared = _sharing(known, known["submission_uuid"])
    places = engine.hold(shared.union(_sharing(known, _family(known)), distinct=True) if has_edits else shared)
    if not engine.frame(places.aggregate(n=places.count()))["n"][0]:
        return {}
    few = known.semi_join(places, [FILE, ROW])
    few = few.mutate(**{_FAMILY: _family(few)})
    dated = few.select(FILE, ROW, _FAMILY, uuid=few["submission_uuid"], time=_moment(few), number=_number(few))
    copies = _beyond_first(dated, "uuid", [ibis.asc("time", nulls_first=False), *_TIE_BREAKERS])
    kept = dated.anti_join(copies, [FILE, ROW])
    edits = _beyond_first(kept, _FAMILY, [ibis.desc("time", nulls_first=False), *_LATEST_FIRST])
    found = engine.frame(copies.union(edits).order_by([FILE, ROW]))
    return {str(file): rows[ROW].tolist() for file, rows in found.groupby(FILE)}


def _family(keys: ir.Table) -> ir.StringValue:
    """A key that edits of one submission share with it."""
    return keys["root_uuid"].re_replace("^uuid:", "").fill_null(keys["submission_uuid"])


def _moment(keys: ir.Table) -> ir.TimestampValue:
    """When a submission came in. A time without a zone is taken as UTC, whatever the machine's own zone is."""
    stamp = keys["submission_time"]
    zoned = ibis.ifelse(stamp.re_search(r"(Z|[+-][0-9]{2}:?[0-9]{2})$"), stamp, stamp + "Z")
    return zoned.try_cast("timestamp('UTC')")


def _number(keys: ir.Table) -> ir.IntegerValue:
    number = keys["submission_id"]
    return ibis.ifelse(number.re_search("^[0-9]{1,18}$"), number, ibis.null("string")).try_cast("int64")


def _sharing(known: ir.Table, key: ir.StringValue) -> ir.Table:
    """`file` and `row` of the rows whose key another row has too."""
    keyed = known.select(FILE, ROW, key=key)
    counted = keyed.group_by("key").agg(n=keyed.count())
    return keyed.semi_join(counted.filter(counted["n"] > 1), "key").select(FILE, ROW)


_TIE_BREAKERS = [ibis.asc("number", nulls_first=False), ibis.asc(FILE), ibis.asc(ROW)]
_LATEST_FIRST = [ibis.desc("number", nulls_first=False), ibis.desc(FILE), ibis.desc(ROW)]


def _beyond_first(keyed: ir.Table, key: str, order: list[ir.Value]) -> ir.Table:
    """The rows that share a key with others and do not come first."""
    place = ibis.row_number().over(ibis.window(group_by=key, order_by=order))
    ranked = keyed.mutate(place=place)
    return ranked.filter(ranked["place"] > 0).select(FILE, ROW)


def _impossible(table: ir.Table, wave: Wave) -> ir.BooleanValue:
    """An answer that cannot be: a number outside the possible, a date outside fieldwork."""
    test: ir.BooleanValue = ibis.literal(False)
    for name, column in wave.questionnaire.columns.items():
        if isinstance(column, IntegerColumn):
            low, high = column.possible
            test = test | ~table[name].between(low, high).fill_null(True)
        elif isinstance(column, DateColumn):
            test = test | ~in_fieldwork(table, table[name], wave).fill_null(True)
    return test


def in_fieldwork(table: ir.Table, day: ir.DateValue, wave: Wave) -> ir.BooleanValue:
    """Whether a day lies within the fieldwork that the wave file declares for the row's file and route."""
    branches = []
    for export in wave.file.exports:
        of_file = table[FILE] == export.file
        for route, period in export.fieldwork_by_route.items():
            branches.append((of_file & (table["route"] == str(route)), day.between(period.from_, period.to)))
        branches.append((of_file, day.between(export.fieldwork.from_, export.fieldwork.to)))
    return ibis.cases(*branches, else_=False)


def _not_asked_at_all(excluded: ir.Table, wave: Wave, engine: Engine) -> list[Finding]:
    """An indicator that nobody was asked must not stand in the count of "at least one of six"."""
    asked = {
        str(item.indicator): (excluded[str(item.indicator)] != str(Missing.NOT_ASKED)).sum()
        for item in wave.questionnaire.indicators
    }
    counts = engine.frame(excluded.aggregate(**asked)).iloc[0].fillna(0)
    missing = [name for name in asked if not counts[name]]
    if not missing or len(missing) == len(asked):
        return []
    message = f"Nobody was asked about {', '.join(missing)}, which the questionnaire lists among its indicators."
    repair = "List under [overrides] in wave.toml the indicators that this round asked about: indicators = [ … ]."
    return [Finding(Severity.ERROR, "not_asked_at_all", message, repair)]


def _nobody_left(excluded: ir.Table, engine: Engine) -> list[Finding]:
    counted = engine.frame(excluded.group_by(EXCLUDED_BY).agg(rows=excluded.count()))
    by_rule = dict(zip(counted[EXCLUDED_BY], counted["rows"].astype(int), strict=True))
    if by_rule.get(""):
        return []
    received = sum(by_rule.values())
    rules = ", ".join(f"{rule} {by_rule[rule]:,}" for rule in EXCLUDING_RULES if rule in by_rule)
    message = f"Of {received:,} interviews received, none is left to analyse."
    message += f" Left out, by rule: {rules}." if rules else ""
    repair = "Check that this is the right export, that consent was exported, and fieldwork and approved in wave.toml."
    return [Finding(Severity.ERROR, "nobody_left", message, repair, rows=received)]


def _invalid_rows(excluded: ir.Table, wave: Wave, engine: Engine) -> list[Finding]:
    findings: list[Finding] = []
    invalid = excluded.filter(excluded[EXCLUDED_BY] == str(Rule.INVALID))
    for name, column in wave.questionnaire.columns.items():
        if isinstance(column, IntegerColumn):
            low, high = column.possible
            bad = invalid.filter(~invalid[name].between(low, high).fill_null(True))
            message = f"A number outside the possible ({low} to {high}); these rows are left out as invalid."
            repair = "Ask the field team what was meant, and correct it in the cleaning log."
        elif isinstance(column, DateColumn):
            bad = invalid.filter(~in_fieldwork(invalid, invalid[name], wave).fill_null(True))
            message = "A date outside the fieldwork period; these rows are left out as invalid."
            repair = "Check these rows with the field team, and fieldwork in wave.toml."
        else:
            continue
        finding = Finding(Severity.WARNING, "invalid", message, repair, column=name)
        findings.extend(_by_file(bad, finding, engine))
    return findings


def _rows_without_route(excluded: ir.Table, engine: Engine) -> list[Finding]:
    lost = excluded.filter((excluded[EXCLUDED_BY] == "") & (excluded["route"] == UNKNOWN))
    repair = "Add the country of interview to a route: [[routes]] in the questionnaire, or in wave.toml [overrides]."
    finding = Finding(Severity.ERROR, "no_route", "No route rule holds for these respondents.", repair)
    return _by_file(lost, finding, engine)


def _blank_dates(excluded: ir.Table, engine: Engine) -> list[Finding]:
    blank = excluded.filter((excluded[EXCLUDED_BY] == "") & excluded["survey_date"].isnull())
    message = "The interview has no date, so it cannot be checked against fieldwork; it is kept."
    finding = Finding(Severity.WARNING, "blank_date", message, "Ask the field team.", column="survey_date")
    return _by_file(blank, finding, engine)


def _by_file(bad: ir.Table, finding: Finding, engine: Engine) -> list[Finding]:
    """The finding once for each file that has such rows."""
    rows = engine.frame(bad.select(FILE, ROW).order_by([FILE, ROW]))
    return [
        replace(finding, file=str(file), rows=len(in_file), row_numbers=tuple(int(row) for row in in_file[ROW]))
        for file, in_file in rows.groupby(FILE)
    ]
