"""Several releases side by side: what one indicator, common to all instruments, has been by route over the years.

Everything is copied from released tables, number by number, and nothing is computed between waves: whoever has the
releases has it all. So it tells nothing that they do not, and needs no disclosure control of its own. It reads neither
people, exports nor exact tables; what waves declare says when they were held, and what may not be joined.

`order`: which waves are in it, and where they stand in time. `rows`: the table.
`figure`, `page`: how it is shown. `making`: all of it.
"""

from pipeline.archive.making import Made, Wanted, make_trend

__all__ = ["Made", "Wanted", "make_trend"]
