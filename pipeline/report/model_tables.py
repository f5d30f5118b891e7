"""Tables of the model of factors: odds ratios by IOM's four levels, profiles, and how well it predicts."""

from __future__ import annotations

from pipeline.questionnaire import in_language
from pipeline.report.edition import Edition, interval_of
from pipeline.report.grid import WIDE, Row, Table, count, extrapolated, likely, p_value, percent, table, times
from pipeline.vocabulary import FACTOR_LEVELS, ROUTE


def appendix(edition: Edition) -> list[Table]:
    """The tables on the model; none without one."""
    return [*odds(edition), _calibration(edition)] if edition.has_model else []


def odds(edition: Edition) -> list[Table]:
    """Adjusted odds ratios, if there is a model."""
    return [_odds(edition)] if edition.has_model else []


def level_label(edition: Edition, factor: str, level: str) -> str:
    """What a reader sees for a level of a factor."""
    return edition.text.say(f"route_short.{level}") if factor == ROUTE else edition.text.level(factor, level)


def _odds(edition: Edition) -> Table:
    text = edition.text
    rows: list[Row] = []
    for iom_level in FACTOR_LEVELS:
        for factor, levels in edition.factors(iom_level).items():
            level_name = text.say(f"factor_level.{iom_level}")
            rows.append([text.say("format.factor", level=level_name, factor=text.variable(factor))])
            for row in levels:
                label = level_label(edition, factor, str(row["level"]))
                if row["role"] == "reference":
                    told = [text.say("report.reference"), "", ""]
                else:
                    told = [
                        times(edition, interval_of(row, "odds_ratio", "odds_low", "odds_high")),
                        times(edition, interval_of(row, "single_ratio", "single_low", "single_high")),
                        p_value(edition, row["log10_p_bh"]),
                    ]
                n = row["answered"]
                rows.append([label, count(edition, None if n is None else int(n)), *told])
    columns, widths = "level answered odds_points odds_single p", [0, 18, WIDE, WIDE, 15]
    note = " ".join([text.say("report.table_odds_note"), *edition.caveats("sex")])
    return table(edition, text.say("report.table_odds"), columns, "lrrrr", rows, kind="odds", note=note, widths=widths)


def profiles(edition: Edition) -> Table:
    """How likely the model takes a report, profile by profile, on each route."""
    text = edition.text
    rows = []
    for name, profile in edition.wave.questionnaire.profiles.items():
        cells = []
        for route in edition.routes:
            found, note = edition.predicted(name, route)
            told = likely(edition, found)
            cells.append(extrapolated(edition, told) if note == "extrapolated" else told)
        rows.append([in_language(profile.label, text.locale), *cells])
    title, align = text.say("report.table_profiles"), "l" + "r" * len(edition.routes)
    made = table(edition, title, "profile", align, rows, kind="profiles")
    made["columns"] += [text.say(f"route_short.{route}") for route in edition.routes]
    return {**made, "note": text.say("report.table_profiles_note"), "widths": [0, *[WIDE] * len(edition.routes)]}


def _calibration(edition: Edition) -> Table:
    """Predicted against observed shares, in tenths."""
    text, rows = edition.text, []
    for row in edition.released.calibration:
        shares = [row[name] for name in ("expected", "observed")]
        told = [percent(edition, None if one is None else float(one)) for one in shares]
        n = row["answered"]
        rows.append([str(row["tenth"]), count(edition, None if n is None else int(n)), *told])
    title, note = text.say("report.table_calibration"), text.say("report.table_calibration_note")
    return table(edition, title, "tenth answered expected observed", "lrrr", rows, kind="calibration", note=note)
