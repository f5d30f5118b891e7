"""What single printed numbers say of the counts behind them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.disclose.audit.system import UNBOUNDED, System
from pipeline.disclose.further import Unit
from pipeline.disclose.policy import Policy


@dataclass(frozen=True)
class Printed:
    """Writes down what printed numbers say, by the rules of a policy that every reader knows."""

    system: System
    policy: Policy

    def count(self, at: int, printed: int | None, unit: Unit) -> None:
        """A count to the nearest step, none of which stands for fewer people than may be shown. A zero is a zero."""
        if printed is None:
            self.system.withheld[at] = unit
            return
        least, greatest = self.policy.behind(printed)
        self.system.say([(at, 1)], least, greatest, unit)
        self.system.prints.setdefault(unit, []).append(at)

    def share(self, parts: list[int], base: int, share: float | None, unit: Unit | None) -> None:
        """Parts together, in whole percents of a base, half up: (2p − 1) base ≤ 200 parts < (2p + 1) base."""
        if share is None:
            return
        percent = round(share * 100)
        of_parts = [(part, 200) for part in parts]
        self.system.say([*of_parts, (base, 1 - 2 * percent)], 0, UNBOUNDED, unit)
        self.system.say([*of_parts, (base, -1 - 2 * percent)], -UNBOUNDED, -1, unit)

    def part_of(self, part: int, base: int, *, shown: bool) -> None:
        """What the rule on parts of a base says of one that is shown, and of one that is not.

        The mark says that the part is small, or the others of the base are, or that it would give away another count. A
        reader is taken to guess rightly which; of a part that is small with few others, that it is small.
        """
        few = self.policy.fewest - 1
        some, whole = self.system.exact(part), self.system.exact(base)
        others = [(base, 1), (part, -1)]
        self.system.at_most(part, base)
        if some == 0 and shown:
            return
        if some <= few and not shown:
            # A zero of a large base would stand there.
            self.system.say([(part, 1)], int(some > 0 and whole >= self.policy.zero_base), few)
        elif whole - some <= few:
            self.system.say(others, 0, few)
        else:
            self.system.say([(part, 1)], self.policy.fewest, UNBOUNDED)
            self.system.say(others, self.policy.fewest, UNBOUNDED)

    def base(self, at: int, *, shown: bool, has_share: bool | None = None) -> None:
        """What the rule on bases says: large enough to be shown or not, and to carry a share or not."""
        few, people = self.policy.fewest - 1, self.system.exact(at)
        if not shown and people <= few:
            self.system.say([(at, 1)], 0, few)
        elif people:
            self.system.say([(at, 1)], self.policy.fewest, UNBOUNDED)
        if has_share:
            self.system.say([(at, 1)], self.policy.share_base, UNBOUNDED)
        elif has_share is False:
            self.system.say([(at, 1)], 0, self.policy.share_base - 1)

    def two_digits(self, parts: list[int], base: int, printed: float | None, unit: Unit | None) -> None:
        """A mean of two digits: the sum of parts over a base."""
        if printed is None:
            return
        value = Decimal(str(printed))
        step = Decimal(10) ** (value.adjusted() - 1) / 2 if value else Decimal(0)
        # Below a one with zeros, two digits are finer.
        below = step / 10 if value == Decimal(10) ** value.adjusted() else step
        scale = 10 ** max(0, -int((step / 10).adjusted()))
        low, high = int((value - below) * scale), int((value + step) * scale)
        terms = [(part, scale) for part in parts]
        self.system.say([*terms, (base, -low)], 0, UNBOUNDED, unit)
        self.system.say([*terms, (base, -high)], -UNBOUNDED, 0, unit)
