"""Complete cases of groups: what is printed of at least one indicator among those who answered every question.

Printed are shares alone, without their bases. What they could tell is how many respondents of a group left out an
answer and reported an experience all the same: they are the difference of two printed groups.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.disclose.audit.blocks import INCOMPLETE_YES
from pipeline.disclose.audit.known import Known
from pipeline.disclose.audit.release import Release, Row
from pipeline.disclose.audit.system import UNBOUNDED, Count, System, Terms
from pipeline.disclose.further import Unit
from pipeline.disclose.policy import Policy
from pipeline.vocabulary import ALL, Derived

ONE = str(Derived.AT_LEAST_ONE)


def say_incomplete(release: Release, system: System) -> None:
    """Adds the counts of those whom complete cases leave out, and what printed shares and other counts say of them.

    Without any such share these counts would stand for nothing: they come last, so that the rest can do without them.
    """
    system.begin_incomplete()
    said = SaidOfIncomplete(release, system, release.policy)
    said.all_but_merged()
    said.merged()
    for earlier in release.earlier:
        then = replace(release, released=earlier.beside(release.exact), earlier=())
        SaidOfIncomplete(then, system, earlier.policy, is_known=True).shares()
    known = Known(release, system, {count: at for count, at in system.place.items() if count.what == INCOMPLETE_YES})
    known.levels_add_up()
    known.routes_add_up()
    known.regions_add_up()


@dataclass(frozen=True)
class SaidOfIncomplete:
    """The rows of complete cases, as statements. is_known: they were printed before, and cannot be withheld now."""

    release: Release
    system: System
    policy: Policy
    is_known: bool = False

    def all_but_merged(self) -> None:
        """Of a whole route, complete cases may be counted; of each level of a group that is told, a share may be."""
        told = self._told()
        routes = {exact.route for exact in told}
        for exact in (*told, *self._whole_untold()):
            of = (ONE, exact.route, exact.group, exact.level)
            yes, at = self._left_out(exact, of, is_beside_told=self._is_beside(exact.route, routes))
            complete = self.system.place.get(Count("complete_yes", *of))
            if complete is not None:
                self.system.say([(yes, 1), (complete, -1), (at, -1)], 0, 0)
        self.shares()

    def _is_beside(self, route: str, told: set[str]) -> bool:
        """Whether any complete cases are told, now or before, of people met there. told: routes of those told now."""
        return bool(self.release.earlier) or route in told or ALL in told or (route == ALL and bool(told))

    def _told(self) -> list[Row]:
        return [exact for exact, _ in self.release.rows("nonresponse") if exact.indicator == ONE]

    def _whole_untold(self) -> list[Row]:
        """Whole routes of which no complete cases are told: their groups are of the same people all the same."""
        place = self.system.place
        rows = (exact for exact, _ in self.release.coarse_rows("nonresponse") if exact.indicator == ONE)
        return [exact for exact in rows if exact.group == ALL and Count("yes", ONE, exact.route, ALL, ALL) in place]

    def shares(self) -> None:
        """The shares of groups that are printed."""
        for exact, row in self.release.rows("nonresponse"):
            if exact.group != ALL and row.complete_share is not None:
                of = (exact.indicator, exact.route, exact.group, exact.level)
                self._share(exact, round(row.complete_share * 100), of)

    def merged(self) -> None:
        """Merged levels, together."""
        for of, left_out in self.release.merged_incomplete():
            yes = self.system.place.get(Count("yes", *of))
            at = self.system.count(Count(INCOMPLETE_YES, *of), left_out)
            if yes is not None:
                self.system.at_most(at, yes)

    def _left_out(self, exact: Row, of: tuple[str, str, str, str], *, is_beside_told: bool) -> tuple[int, int]:
        """Those who are positive, and of them those whom complete cases leave out: protected where they are few.

        Where no complete cases are told, nothing is there to protect them from: what totals say, they always do.
        """
        system = self.system
        yes = system.place[Count("yes", *of)]
        left_out = exact.yes - exact.complete_yes
        at = system.count(Count(INCOMPLETE_YES, *of), left_out)
        system.at_most(at, yes)
        incomplete = exact.answered - exact.complete
        is_open = is_beside_told and yes not in system.withheld
        if is_open and incomplete and not self.policy.shows_part(left_out, incomplete):
            system.withheld[at] = Unit("nonresponse", of, INCOMPLETE_YES)
        return yes, at

    def _share(self, exact: Row, percent: int, of: tuple[str, str, str, str]) -> None:
        """A printed share, and what a reader knows of how many it is a share of.

        Who left out an answer and reported nothing is one whom that answer could make positive, and counted as such in
        print; but for those who were not asked every question. Of these, a reader is taken to know how many they are.
        """
        system, policy = self.system, self.policy
        unit = None if self.is_known else Unit("nonresponse", of, "complete")
        asked, answered, yes, possible, left_out = (
            system.place[Count(what, *of)] for what in ("asked", "answered", "yes", "possible", INCOMPLETE_YES)
        )
        positive: Terms = [(yes, 1), (left_out, -1)]
        others: Terms = [(asked, 1), (possible, -1)]
        unasked = system.value(others) - (exact.complete - exact.complete_yes)
        if exact.complete_yes:
            system.say(positive, policy.fewest, UNBOUNDED, unit)
        else:
            system.say(positive, 0, 0, unit)
        system.say(others, policy.fewest + unasked, UNBOUNDED, unit)
        system.say([*positive, *others], policy.share_base + unasked, UNBOUNDED, unit)
        # Whoever is not complete and not positive answered something.
        system.say([(answered, 1), (asked, -1), (possible, 1), (yes, -1)], -unasked, UNBOUNDED, unit)
        for each in self._answered(of):
            # Complete are those who answered this question at most.
            terms = [(each, 1), *((at, -times) for at, times in (*positive, *others))]
            system.say(terms, -unasked, UNBOUNDED, unit)
        self._say_missing(exact, of, unasked, unit)
        low, high = 2 * percent - 1, 2 * percent + 1
        system.say(_less(positive, others, low), -low * unasked, UNBOUNDED, unit)
        system.say(_less(positive, others, high), -UNBOUNDED, -1 - high * unasked, unit)

    def _answered(self, of: tuple[str, str, str, str]) -> list[int]:
        """Where those are who answered each of the questions, as far as they are told."""
        names = self.release.structure.counted
        places = (self.system.place.get(Count("answered", name, *of[1:])) for name in names)
        return [at for at in places if at is not None]

    def _say_missing(self, exact: Row, of: tuple[str, str, str, str], unasked: int, unit: Unit | None) -> None:
        """Every answer that is missing was left out by somebody: so many at most are not complete."""
        system, names = self.system, self.release.structure.counted
        each = self._answered(of)
        asked = [system.place.get(Count("asked", name, *of[1:])) for name in names]
        there = [at for at in asked if at is not None and system.exact(at) == exact.asked]
        if unasked or not len(names) == len(each) == len(there):
            return
        yes, possible, left_out = (system.place[Count(what, *of)] for what in ("yes", "possible", INCOMPLETE_YES))
        missing = [*((at, 1) for at in there), *((at, -1) for at in each)]
        system.say([*missing, (yes, 1), (left_out, -1), (possible, -1)], 0, UNBOUNDED, unit)


def _less(positive: Terms, others: Terms, percent: int) -> Terms:
    """200 times the positive ones, less so many times those together with others."""
    return [
        *((at, times * (200 - percent)) for at, times in positive),
        *((at, -times * percent) for at, times in others),
    ]
