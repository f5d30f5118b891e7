"""Numbers in print although their line is withheld as a whole: the margins of such lines do not look at their cells."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.disclose.audit.release import Release, Row
from pipeline.disclose.further import KEYS, Unit

OF_PART = {
    "estimates": ("yes", ("yes", "share", "bound_low", "bound_high")),
    "distributions": ("respondents", ("respondents", "share")),
    "events": ("events", ("events", "people", "base", "share")),
    "experience": ("respondents", ("respondents", "share")),
    "cooccurrence": ("yes", ("yes", "answered", "yes_indicator", "yes_other", "share")),
    "nonresponse": ("complete", ("complete", "complete_yes", "complete_share")),
}
"""The count of a row that is withheld with its line, and the numbers that tell of it."""
BASES = ("asked", "answered")


def slipped(release: Release) -> Iterator[tuple[Unit, int]]:
    """The unit and the exact count of each row that has a number where its line is withheld as a whole."""
    for table, (part, names) in OF_PART.items():
        for exact, row in release.coarse_rows(table):
            if _has_any(row, names):
                yield _unit(table, exact, part), int(getattr(exact, part))
    for exact, row in release.coarse_rows("estimates"):
        if _hides_people(release, exact) and _has_any(row, BASES):
            yield _unit("estimates", exact, "answered"), int(exact.answered)
    yield from _bases(release)


def _bases(release: Release) -> Iterator[tuple[Unit, int]]:
    """Bases of shares of a distribution, each once."""
    hides, found = release.coarse, {}
    for exact, row in [*release.rows("distributions"), *release.coarse_rows("distributions")]:
        if row.base is not None and hides.hides_base(exact.variable, exact.route):
            found[Unit("distributions", (exact.variable, exact.route), "base")] = int(exact.base)
    yield from found.items()


def _hides_people(release: Release, exact: Row) -> bool:
    """Whether nothing is told of anyone at this level on this route, not even how many were asked."""
    return release.coarse.hides_level(exact.group, exact.level, exact.route)


def _has_any(row: Row, names: tuple[str, ...]) -> bool:
    return any(getattr(row, name) is not None for name in names)


def _unit(table: str, exact: Row, part: str) -> Unit:
    return Unit(table, tuple(str(getattr(exact, name)) for name in KEYS[table]), part)
