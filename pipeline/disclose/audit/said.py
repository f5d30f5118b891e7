"""Each released table, row by row, as statements on exact counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.disclose.audit.earlier import Earlier, PrintedBefore
from pipeline.disclose.audit.incomplete import say_incomplete
from pipeline.disclose.audit.known import know
from pipeline.disclose.audit.printed import Printed
from pipeline.disclose.audit.release import Release, Row
from pipeline.disclose.audit.slipped import slipped
from pipeline.disclose.audit.system import UNBOUNDED, Count, System, people
from pipeline.disclose.coarse import Line
from pipeline.disclose.further import Unit
from pipeline.disclose.shares import NO_ANSWERS
from pipeline.errors import DisclosureBroken
from pipeline.vocabulary import ALL, DECLINED, DERIVED, OWN_OR_FAMILY, UNKNOWN, Derived

MISSING_LEVELS = (DECLINED, UNKNOWN)


def say_everything(release: Release) -> System:
    """All that is printed of counts. What is worked out from printed numbers alone says no more, and is not here."""
    system = System()
    Said(release, system, Printed(system, release.policy)).everything()
    for earlier in release.earlier:
        _say_earlier(release, earlier, system)
    know(release, system)
    say_incomplete(release, system)
    return system


def _say_earlier(release: Release, earlier: Earlier, system: System) -> None:
    """What an earlier release prints of the same counts. DisclosureBroken if they are no longer the same."""
    then = replace(release, released=earlier.beside(release.exact), earlier=())
    if next(slipped(then), None) is not None:
        raise earlier.refuse()
    try:
        Said(then, system, PrintedBefore(system, earlier.policy)).everything()
    except DisclosureBroken as broken:
        raise earlier.refuse() from broken


@dataclass(frozen=True)
class Said:
    """The tables of a release, each of which adds its counts and what it says of them."""

    release: Release
    system: System
    printed: Printed

    def everything(self) -> None:
        """Every table."""
        self.analysed()
        self.distributions()
        self.estimates()
        self.events()
        self.experience()
        self.cooccurrence()
        self.nonresponse()
        self.means()

    def analysed(self) -> None:
        """Respondents by route are released as they are."""
        for route in self.release.routes:
            exact = self.release.analysed[route]
            at = self.system.count(people(route, ALL, ALL), exact)
            self.system.say([(at, 1)], exact, exact)

    def distributions(self) -> None:
        """Respondents at a level, of those with a known answer; those without, of everybody."""
        for exact, row in self.release.rows("distributions"):
            of_variable = (exact.variable, exact.route)
            part = self.system.count(people(exact.route, exact.variable, exact.level), exact.respondents)
            if exact.level in MISSING_LEVELS:
                base = self.system.place[people(exact.route, ALL, ALL)]
            else:
                base = self.system.count(Count("known", "", exact.route, exact.variable, ""), exact.base)
            unit = Unit("distributions", (exact.variable, exact.route, exact.level), "respondents")
            shown = row.suppressed == ""
            self.printed.count(part, row.respondents, unit)
            self.printed.share([part], base, row.share, unit._replace(part="share"))
            if exact.variable not in NO_ANSWERS or exact.respondents != exact.base:
                self.printed.part_of(part, base, shown=shown)
            if exact.level not in MISSING_LEVELS:
                self._base(base, row.base, Unit("distributions", of_variable, "base"))
        for (variable, route, level), respondents in self.release.merged_distributions():
            part = self.system.count(people(route, variable, level), respondents)
            if 0 < respondents < self.release.policy.fewest:
                self.system.withheld[part] = Unit("distributions", (variable, route, level), "respondents")

    def estimates(self) -> None:
        """Asked, answered and yes of each indicator; of lines that are withheld as a whole, what stays in print."""
        everybody = self._asked_of_all()
        for exact, row in self.release.rows("estimates"):
            self._estimate(exact, row, everybody)
        for exact, row in self.release.coarse_rows("estimates"):
            if not self.release.coarse.hides_level(exact.group, exact.level, exact.route):
                self._bases(exact, row, everybody, None)
        self._merged_estimates(everybody)

    def _merged_estimates(self, everybody: set[str]) -> None:
        """Merged levels, together: nothing is printed of them, and the others of their group tell how many they are."""
        system = self.system
        for (indicator, route, group, level), exact in self.release.merged_estimates():
            of = (indicator, route, group, level)
            whole = system.place[people(*of[1:])]
            if indicator in everybody:
                asked = system.same(Count("asked", *of), whole)
            else:
                asked = system.count(Count("asked", *of), exact["asked"])
                system.at_most(asked, whole)
            answered = system.count(Count("answered", *of), exact["answered"])
            system.at_most(answered, asked)
            if Line("estimates", of[:3]) in self.release.coarse:
                continue
            yes = system.count(Count("yes", *of), exact["yes"])
            possible = system.count(Count("possible", *of), exact["possible"])
            for small, large in ((yes, answered), (yes, possible), (possible, asked)):
                system.at_most(small, large)
            if indicator not in DERIVED:
                system.say([(yes, 1), (asked, 1), (answered, -1), (possible, -1)], 0, 0)
            if exact["asked"] and not self.release.policy.shows_part(exact["yes"], exact["answered"]):
                system.withheld[yes] = Unit("estimates", of, "yes")

    def _estimate(self, exact: Row, row: Row, everybody: set[str]) -> None:
        shown = row.suppressed == ""
        asked, answered = self._bases(exact, row, everybody, shown)
        of = (exact.indicator, exact.route, exact.group, exact.level)
        yes, unit = self.system.count(Count("yes", *of), exact.yes), Unit("estimates", of, "yes")
        self.printed.count(yes, row.yes, unit)
        self.printed.share([yes], answered, row.share, unit)
        self._bounds(row, (asked, answered, yes), exact, unit)
        if not (shown and not exact.asked):
            self.printed.part_of(yes, answered, shown=shown)

    def _bases(self, exact: Row, row: Row, everybody: set[str], shown: bool | None) -> tuple[int, int]:
        """Those asked and those who answered, as printed and by the rules. shown: whether a share may stand there."""
        system, of = self.system, (exact.indicator, exact.route, exact.group, exact.level)
        whole = people(*of[1:])
        if exact.indicator in everybody:
            asked = system.same(Count("asked", *of), system.count(whole, exact.asked))
        else:
            asked = system.count(Count("asked", *of), exact.asked)
            if whole in system.place:
                system.at_most(asked, system.place[whole])
        answered = system.count(Count("answered", *of), exact.answered)
        system.at_most(answered, asked)
        # Everybody on a route is released as they are: how many of them answered is no secret of anyone.
        for at, printed, part in ((asked, row.asked, "asked"), (answered, row.answered, "answered")):
            if printed is not None or exact.group != ALL:
                self.printed.count(at, printed, Unit("estimates", of, part))
        if exact.asked or row.asked is None:
            self.printed.base(asked, shown=row.asked is not None)
            has_share = row.share is not None if shown else None
            self.printed.base(answered, shown=row.answered is not None, has_share=has_share)
        return asked, answered

    def _asked_of_all(self) -> set[str]:
        """Indicators that everybody was asked: whoever knows the form knows who was."""
        frame = self.release.exact["estimates"]
        whole = frame[(frame["group"] == ALL) & (frame["route"] == ALL)]
        return set(whole.loc[whole["asked"] == self.release.analysed[ALL], "indicator"])

    def _bounds(self, row: Row, counts: tuple[int, int, int], exact: Row, unit: Unit) -> None:
        """Shares of all who were asked: as if each missing answer were a no, or a yes where it can turn someone."""
        asked, answered, yes = counts
        self.printed.share([yes], asked, row.bound_low, unit)
        if not exact.asked:
            return
        possible = round(exact.bound_high * exact.asked)
        at = self.system.count(Count("possible", *unit.key), possible)
        self.system.at_most(yes, at)
        self.system.at_most(at, asked)
        if exact.indicator not in DERIVED:
            self.system.say([(yes, 1), (asked, 1), (answered, -1), (at, -1)], 0, 0)
        self.printed.share([at], asked, row.bound_high, unit)

    def events(self) -> None:
        """Events by country, and the people who reported them. Each one who says yes names one country, or none."""
        system = self.system
        for exact, row in self.release.rows("events"):
            key = (exact.indicator, exact.route, exact.country)
            events = system.count(Count("events", *key, ""), exact.events)
            who = Count("event_people", *key, "")
            # Nobody reports one experience twice; several of them, in one country, some do.
            by = system.count(who, exact.people) if exact.indicator == ALL else system.same(who, events)
            if exact.country in MISSING_LEVELS:
                base = system.count(Count("all_events", *key[:2], "", ""), exact.base)
            else:
                base = system.count(Count("known_events", *key[:2], "", ""), exact.base)
                self._base(base, row.base, Unit("events", key[:2], "base"))
            system.at_most(by, events)
            unit, shown = Unit("events", key, "events"), row.suppressed == ""
            self.printed.count(events, row.events, unit)
            self.printed.count(by, row.people, unit)
            self.printed.share([events], base, row.share, unit)
            if exact.events:
                self.printed.part_of(events, base, shown=shown)
                if shown:
                    self.printed.base(by, shown=True)

    def experience(self) -> None:
        """Own and family members' experiences; and how many reported how many indicators."""
        system = self.system
        whole = (ALL, ALL)
        for exact, row in self.release.rows("experience"):
            if exact.measure == OWN_OR_FAMILY:
                base = system.place[Count("answered", exact.indicator, exact.route, *whole)]
                own = Count("yes", exact.indicator, exact.route, *whole)
            else:
                base = system.place[Count("answered", str(Derived.AT_LEAST_ONE), exact.route, *whole)]
                own = None
            if own is not None and exact.level == "own":
                part = system.place[own]
            else:
                part = system.count(
                    Count(exact.measure, exact.indicator, exact.route, "", exact.level), exact.respondents
                )
            unit = Unit("experience", (exact.measure, exact.indicator, exact.route, exact.level), "respondents")
            self.printed.count(part, row.respondents, unit)
            self.printed.share([part], base, row.share, unit)
            self.printed.part_of(part, base, shown=row.suppressed == "")

    def cooccurrence(self) -> None:
        """Two indicators of the same people: each of the four groups that they make is large enough, or is nobody."""
        system = self.system
        for exact, row in self.release.rows("cooccurrence"):
            key = (exact.indicator, exact.route, exact.other)
            unit = Unit("cooccurrence", key, "yes")
            names = ("answered", "yes", "yes_indicator", "yes_other")
            base, both, one, other = (
                system.count(Count(f"both_{name}", exact.indicator, exact.route, exact.other, ""), getattr(exact, name))
                for name in names
            )
            for side, part in ((exact.indicator, one), (exact.other, other)):
                answered, yes = (system.place[Count(what, side, exact.route, ALL, ALL)] for what in ("answered", "yes"))
                system.at_most(both, part)
                system.at_most(part, yes)
                system.say([(answered, 1), (base, -1), (yes, -1), (part, 1)], 0, UNBOUNDED)
            system.say([(base, 1), (one, -1), (other, -1), (both, 1)], 0, UNBOUNDED)
            for at, name in ((base, "answered"), (both, "yes"), (one, "yes_indicator"), (other, "yes_other")):
                if at == both or getattr(row, name) is not None:
                    self.printed.count(at, getattr(row, name), unit)
            self.printed.share([both], base, row.share, unit)

    def nonresponse(self) -> None:
        """Complete cases of whole routes. Those who are not complete are the others of two printed groups."""
        system = self.system
        for exact, row in self.release.rows("nonresponse"):
            if exact.group != ALL:
                continue
            of = (exact.indicator, exact.route, ALL, ALL)
            answered, yes = (system.place[Count(what, *of)] for what in ("answered", "yes"))
            unit = Unit("nonresponse", of, "complete")
            if exact.indicator in DERIVED:
                complete = system.count(Count("complete", *of), exact.complete)
                complete_yes = system.count(Count("complete_yes", *of), exact.complete_yes)
                system.at_most(complete, answered)
                system.at_most(complete_yes, yes)
                system.say([(answered, 1), (complete, -1), (yes, -1), (complete_yes, 1)], 0, UNBOUNDED)
            else:
                complete, complete_yes = answered, yes
            system.at_most(complete_yes, complete)
            for at, printed in ((complete, row.complete), (complete_yes, row.complete_yes)):
                if exact.indicator in DERIVED or printed is not None:
                    self.printed.count(at, printed, unit)
            self.printed.share([complete_yes], complete, row.complete_share, unit)

    def means(self) -> None:
        """The mean number of indicators: all single ones together, over those who answered any."""
        for exact, row in self.release.rows("means"):
            base = self.system.place[Count("answered", str(Derived.AT_LEAST_ONE), exact.route, ALL, ALL)]
            if row.mean is None:
                continue
            counted = [
                self.system.place[Count("yes", name, exact.route, ALL, ALL)] for name in self.release.structure.counted
            ]
            self.printed.two_digits(counted, base, row.mean, Unit("means", (exact.indicator_set, exact.route), "mean"))

    def _base(self, at: int, printed: int | None, unit: Unit) -> None:
        """A base that stands in several rows is said once."""
        if unit not in self.system.units and at not in self.system.withheld:
            self.printed.count(at, printed, unit)
