"""The look of the page: one style sheet, light and dark, and for print. Nothing is fetched from anywhere."""

from __future__ import annotations

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1f262b",
    "quiet": "#515c65",
    "line": "#c9d0d5",
    "soft": "#f1f4f6",
    "link": "#12407f",
    "bar": "#4a6f9c",
    "alarm": "#a3291c",
    "notice": "#fdf3dc",
    "notice-ink": "#5c4210",
}
DARK = {
    "paper": "#15191c",
    "ink": "#e6eaed",
    "quiet": "#a9b4bc",
    "line": "#3d474e",
    "soft": "#1f262b",
    "link": "#9cc3f5",
    "bar": "#7fa6d6",
    "alarm": "#ff9d8f",
    "notice": "#3a2f14",
    "notice-ink": "#f3dfae",
}
TEXT_ON = (
    ("ink", "paper"),
    ("quiet", "paper"),
    ("link", "paper"),
    ("alarm", "paper"),
    ("ink", "soft"),
    ("quiet", "soft"),
    ("alarm", "soft"),
    ("link", "soft"),
    ("notice-ink", "notice"),
)
"""Every pair of a text and what it stands on; a test holds each to a contrast of 4.5 : 1."""


def style_sheet() -> str:
    """The style sheet as it stands in the page."""
    return (
        f":root {{ color-scheme: light dark; {_colours(LIGHT)} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {_colours(DARK)} }} }}\n"
        f"{_RULES}"
        f"@media print {{ :root {{ color-scheme: light; {_colours(LIGHT)} }}\n{_PRINT} }}\n"
    )


def _colours(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


_RULES = """* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main, header { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
main { padding-bottom: 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.4rem; margin: 3rem 0 .75rem; padding-top: 1rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; max-width: 46rem; }
a { color: var(--link); }
.quiet { color: var(--quiet); }
.alarm { color: var(--alarm); font-weight: 600; }
.stamp { background: var(--notice); color: var(--notice-ink); padding: .6rem .9rem; border-radius: .3rem;
  margin: .75rem 0; max-width: none; }
.figures { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.figures b { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; padding: 0; margin: 1.5rem 0 0; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; font-size: .92rem; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: .25rem 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); }
thead th { vertical-align: bottom; border-bottom: 2px solid var(--line); }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
tbody .number { white-space: nowrap; }
.mark { white-space: nowrap; }
dl { margin: .5rem 0; max-width: 50rem; display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
.rows { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.said { min-width: 16rem; }
figure { margin: 1rem 0; }
figcaption { color: var(--quiet); font-size: .92rem; max-width: 46rem; }
svg { width: 100%; height: auto; min-width: 44rem; max-width: 62rem; }
@media (max-width: 36rem) { dl { display: block; } dd { margin: 0 0 .5rem; } }
svg text { font: 12px "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  fill: var(--quiet); }
svg .strong { fill: var(--ink); font-weight: 600; }
svg .bar { fill: var(--bar); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .axis { stroke: var(--quiet); stroke-width: 1; }
svg .limit { stroke: var(--alarm); stroke-width: 1.5; stroke-dasharray: 4 3; }
svg .range { stroke: var(--line); stroke-width: 6; stroke-linecap: round; }
svg .dot { fill: var(--bar); }
svg .outside { fill: var(--alarm); }
svg .limit-name { fill: var(--alarm); }
details summary { cursor: pointer; color: var(--link); }
"""

_PRINT = """body { font-size: 10.5pt; }
main, header { max-width: none; padding: 0; }
h2 { break-after: avoid; } h3 { break-after: avoid; }
figure, tr, dl { break-inside: avoid; }
.scroll { overflow: visible; }
svg, .said { min-width: 0; }
th, td { padding-right: .5rem; }
a { color: inherit; text-decoration: none; }
nav, details { display: none; }
.stamp { border: 1px solid var(--line); }"""
