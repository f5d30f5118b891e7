"""The colour of each route, in every figure and chart."""

from __future__ import annotations

# Four steps of lightness: told apart in grey, and by people who see colours differently.
ROUTE_COLOURS = {
    "central": "#12407F",
    "eastern": "#E59A2F",
    "western": "#8F4F5C",
    "western_african": "#418DB1",
    "all": "#6A747C",
}
