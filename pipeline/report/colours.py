"""The colour of each route, in every figure and chart."""

from __future__ import annotations

# Dark, light, dark, light: told apart in grey and by people who see colours differently.
ROUTE_COLOURS = {
    "central": "#12407F",
    "eastern": "#E59A2F",
    "western": "#5B2A5E",
    "western_african": "#7DB7C9",
    "all": "#6A747C",
}
