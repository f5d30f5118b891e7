"""Conditions of a questionnaire as Ibis expressions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

import ibis

from pipeline.questionnaire import Condition

if TYPE_CHECKING:
    import ibis.expr.types as ir


def holds(conditions: Iterable[Condition], table: ir.Table) -> ir.BooleanValue:
    """True for the rows where every condition holds; never NULL, so that it may guard a first match."""
    tests = [_one(condition, table[condition.column]) for condition in conditions]
    return reduce(and_, tests, ibis.literal(True))


def _one(condition: Condition, value: ir.Value) -> ir.BooleanValue:
    if condition.is_ is not None:
        return value.isin(condition.is_).fill_null(False)
    if condition.is_not is not None:
        # A blank is not "yes", so it passes `is_not`: a blank consent is no consent.
        return ~value.isin(condition.is_not).fill_null(False)
    if condition.missing is not None:
        return value.isnull() if condition.missing else value.notnull()
    return (value < condition.below).fill_null(False)
