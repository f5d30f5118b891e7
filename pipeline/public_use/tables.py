"""The tables of a public-use file: what one row is, and what each column means."""

from __future__ import annotations

from pipeline.public_use.columns import ANY, CHARACTERISTICS
from pipeline.tables import Column, Table
from pipeline.vocabulary import Indicator

_ABOUT = {
    "route": "The route.",
    "transit": "Journey time, in the bins of the questionnaire.",
    "year_outside_origin": "Whether a year or more was spent outside the country of origin: yes, no.",
    "region_of_origin": "The region of the nationality. The nationality itself is too fine to be drawn.",
}

PUBLIC_USE = Table(
    "public_use",
    "One made-up person. Nobody answered so. In every column `missing` stands for an answer that was not valid, "
    "whatever the reason.",
    (
        *(Column(name, "text", _ABOUT.get(name, f"The level of {name}.")) for name in CHARACTERISTICS),
        *(
            Column(str(name), "text", "yes: an own experience; no: another valid answer. Only if the form asks for it.")
            for name in Indicator
        ),
        Column(ANY, "text", "yes if any indicator that counts is yes; no if any is no; else missing."),
    ),
)

QUALITY = Table(
    "quality",
    "One released share beside the same share of the public-use file. What is withheld is not compared.",
    (
        Column("table", "text", "The released table: estimates or distributions."),
        Column("what", "text", "The indicator whose share it is, or the level of `group` (distributions)."),
        Column("route", "text", "The route, or all."),
        Column("group", "text", "The characteristic, or `all`."),
        Column("level", "text", "The level of the group; crosses are joined with `|`."),
        Column("released", "number", "The share as released, in whole percents."),
        Column("synthetic", "number", "The share in the public-use file."),
        Column("rows", "count", "Rows of the public-use file behind it: those with a valid answer."),
        Column("difference", "number", "synthetic − released."),
    ),
)

DRAWS = Table(
    "draws",
    "One draw of a public-use file from a wave. Lines are added and never changed: what was spent stays spent.",
    (
        Column("number", "count", "1 for the first draw."),
        Column("drawn_on", "text", "The day."),
        Column("epsilon", "number", "ε of this draw. Over the draws of a wave they add up."),
        Column("delta", "number", "δ of this draw. They add up as well."),
        Column("resolution", "count", "Pairs of answers with a lower noisy count were taken as nobody."),
        Column("reason", "text", "Why it was drawn again; empty for the first."),
        Column("sha256", "text", "SHA-256 of its public_use.csv."),
    ),
)

TABLES = (PUBLIC_USE, QUALITY, DRAWS)
