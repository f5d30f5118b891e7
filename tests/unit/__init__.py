"""Formulas, messages and refusals, one at a time."""
