"""The wave file that `new-wave` writes: filled in as far as the export tells, with every key that may be needed."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.onboarding.gather import FORM_FROM
from pipeline.onboarding.look import Looked
from pipeline.onboarding.proposal import Proposal, places, why
from pipeline.wave import FILL_IN

_WIDTH = 116


def wave_text(proposal: Proposal) -> str:
    """The text of `wave.toml`. It cannot be loaded until what only the analyst knows is filled in."""
    parts = [
        *_head(proposal),
        *(line for place, one in enumerate(proposal.exports) for line in _export(one, proposal, explained=place == 0)),
        *_allowed(proposal),
        *_overrides(proposal),
    ]
    return "\n".join(parts) + "\n"


def _head(proposal: Proposal) -> Iterator[str]:
    fit = proposal.fit
    yield "#:schema ../../../docs/schemas/wave.json"
    yield ""
    yield from _comment(
        f"The wave {proposal.name}, written by `make new-wave` on {proposal.made_on} from what the export shows. What "
        f'it cannot show is marked "{FILL_IN} …": nothing runs until each of these is filled in. A line that begins '
        "with # explains, or is a key that you may need: take the # away to use it. docs/add-a-wave.md explains more."
    )
    yield ""
    yield from _comment("The name of this folder; and what stands on the cover, where region and months should be.")
    yield _key("wave", proposal.name)
    yield _key("title", f"{fit.questionnaire.title['en']}: {proposal.name}")
    yield ""
    yield from _comment(f"Which instrument: {why(proposal)}")
    yield _key("questionnaire", fit.name)
    yield ""
    made_up = " The wave file beside the export says so." if proposal.is_synthetic else ""
    yield from _comment(f"true only if a computer made the interviews up: every page of the report says so.{made_up}")
    yield f"synthetic = {str(proposal.is_synthetic).lower()}"
    yield from _comment('A "draft" says so on every page. Write "final" once the numbers may be quoted.')
    yield _key("status", "draft")
    yield from _comment("The day of the analysis, on the cover and in the PDF. For now it is the day of this file.")
    yield f"analysed_on = {proposal.made_on}"
    yield ""
    yield from _comment(
        "The XLSForm of the round: with it, columns and answers are matched by name or by label, in every language. "
        + ("" if proposal.form else f"None was given. {FORM_FROM} Put it into this folder and write its name here.")
    )
    yield _key("form", proposal.form) if proposal.form else '# form = "form.xlsx"'
    yield ""
    yield from _comment(
        "If only interviews count that were approved on the platform, name its statuses here. The others are in the "
        "ledger as not approved."
    )
    yield '# approved = ["validation_status_approved"]'
    yield from _comment("The wave before, if its release is here: the report then sets both side by side.")
    yield '# earlier_wave = "2016-10"'
    yield from _comment("How many megabytes a compressed export may unpack to, if it is more than 4,096.")
    yield "# max_unpacked_mb = 8192"


def _export(one: Looked, proposal: Proposal, *, explained: bool) -> Iterator[str]:
    """One export. explained: with comments on what is the same for each."""
    layout, order = one.layout, one.dates.order
    held_in = places(one, proposal.fit) or "not told"
    yield ""
    yield from _comment(f"{layout.file}: {one.rows:,} records. Countries of interview, with routes: {held_in}.")
    yield "[[exports]]"
    yield _key("file", layout.file)
    if layout.sheet.name:
        if explained:
            yield from _comment("The sheet with the interviews was found by its columns. To name it yourself:")
        yield ("" if proposal.sheet else "# ") + _key("sheet", layout.sheet.name)
    if explained:
        yield from _comment(
            "The first and the last day on which interviews were held. Ask who led the fieldwork, and do not look the "
            "days up in the data: a wrong date there is only found by comparing it with the true days."
        )
    yield (
        f'fieldwork = {{ from = "{FILL_IN}: the first day of fieldwork, as 2017-02-01", '
        f'to = "{FILL_IN}: the last day of fieldwork, as 2017-04-30" }}'
    )
    yield from _comment(f"How dates are written: {one.dates.reason}.")
    if order is None:
        yield from _comment("3/5/2017 may be 3 May or 5 March. Compare some interviews with the platform.")
        yield _key("dates", f"{FILL_IN}: day/month/year or month/day/year")
    else:
        yield ("# " if order == "year-month-day" else "") + _key("dates", order)
    if explained:
        yield from _comment("If a route had fewer days than the others, say so here, directly under its export:")
        yield "# [exports.fieldwork_by_route]"
        yield "# central = { from = 2017-02-15, to = 2017-04-30 }"


def _allowed(proposal: Proposal) -> Iterator[str]:
    yield ""
    yield from _comment(
        "A column that is refused because it could identify someone, and does not, is let past with a reason. It is "
        "dropped all the same."
    )
    for entry in proposal.allowed:
        yield "[[allowed_columns]]"
        yield _key("column", entry.column)
        yield _key("reason", entry.reason)
    if not proposal.allowed:
        yield "# [[allowed_columns]]"
        yield '# column = "the header, as the export has it"'
        yield '# reason = "why it tells nothing about a person"'


def _overrides(proposal: Proposal) -> Iterator[str]:
    yield ""
    yield from _comment(
        "Overrides: anything of the questionnaire, for this wave only. What could not be matched stands here, with "
        "proposals that nobody has checked: use those that are right."
    )
    unmatched = {missing.column: missing for missing in proposal.gaps.missing if missing.required or missing.near}
    for missing in unmatched.values():
        names = [missing.called, *missing.near] if missing.near else [missing.called, "its name in the export"]
        yield ""
        yield from _comment(
            f"{missing.file} has no column {_text(missing.called)}. If it is there under another name, add that name; "
            "if this round did not ask it, say that it is not required."
        )
        yield f"# [overrides.columns.{missing.column}]"
        yield f"# headers = [{', '.join(map(_text, names))}]"
        yield "# required = false"
    yield ""
    yield from _comment(
        "An answer that the questionnaire does not know, under the name that its list has there: what it means in our "
        "words, or which kind of missing it is (dont_know, declined, no_answer, not_asked)."
    )
    yield "# [overrides.answers.travel_mode]"
    yield '# friends = { means = "group", label = { en = "With friends", fr = "Avec des amis" } }'
    yield ""
    told = " ".join(finding.message for finding in proposal.versions)
    yield from _comment(f"Questions that a version of the form did not put, by our names of columns. {told}")
    yield '# [overrides.form_versions."name of the version"]'
    yield f'# not_asked = ["{proposal.fit.questionnaire.counted[-1]}"]'


def _key(key: str, value: str) -> str:
    return f"{key} = {_text(value)}"


def _text(value: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(value, ensure_ascii=False)


def _comment(text: str) -> Iterator[str]:
    """A comment in lines that are not too long. What a file is called may hold any character."""
    import textwrap

    plain = "".join(character if character.isprintable() else " " for character in text)
    for line in textwrap.wrap(plain, _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"
