"""From flow monitoring survey exports to evidence.

The map of the package, in the order in which modules may import each other:

- `errors`, `vocabulary`: what can go wrong, and the closed words of the project. `inputs`: where exports are.
- `declared`, `questionnaire`, `wave`: what people declare in TOML, checked. `questionnaires/` holds the instruments.
- `tables`: tables at rest. `shelf`, `coded`, `delimited`, `word_types`: how texts are kept, read, and held by a query.
- `engine/`: the seam to DuckDB and Spark. `manifest`, `publish`, `aside`: hashes, no halves, work beside other work.
- `ingest/`: exports → respondents. `tabulate`: respondents → counts. After it, nothing sees a person.
- `stats/`: counts → exact estimates. `disclose/`: exact estimates → `Released`, the only door.
- `report/`: draws and prints what is released; `workbook/` in it writes the tables for a spreadsheet.
- `quality/`: what someone should look at in the fieldwork, for the analyst's eyes.
- `run`: the whole pipeline, reading like the method section. `checking`: what is noticed about an export.
- `refusal`: the page about an export that is refused.
- `onboarding/`: a new wave's folder from its export, and how two waves differ. `rehearsal/`: waves of made-up people.
- `public_use/`: a synthetic table of people that anybody may have, with differential privacy.
- `several`: one verb for several waves, each in a process of its own.
- `archive/`: several releases side by side, by route and quarter.
- `published`, `moved`, `retention`: releases that are kept and verified, what moved since, and what a purge deletes.
- `places`, `terminal`, `schema`, `dictionary`: where outputs are, what is shown, what is written for editors.
- `interrupts`: what Ctrl-C does.
- `command_line`, run by `__main__`: verbs, and what becomes of errors.
"""

import os

# More threads add in another order, and then the last digits would be those of a machine with so many of them. The
# libraries ask when they are loaded, which is later than this.
os.environ.update(OPENBLAS_NUM_THREADS="1", VECLIB_MAXIMUM_THREADS="1")

__version__ = "0.1.0"
