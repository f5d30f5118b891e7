"""The review queues: what each holds, why it matters, and what to do. The words are those of the page and the manual.

A queue is a list of rows to look at. Nothing in it is taken out of the analysis: that is for the analyst to decide,
with the field team, and to write into the cleaning log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.ingest.recode import FILE, ROW
from pipeline.quality.limits import Limits
from pipeline.quality.places import GROUP, TOLD, Places
from pipeline.quality.results import Cause, CauseKind, Durations, Queue

NEVER_DELETED = (
    "A review queue is a list of rows to look at. Nothing here is taken out of the analysis, and a row in a queue is "
    "not a wrong row. If the field team confirms that something is wrong, write it into the cleaning log, which the "
    "pipeline applies and counts."
)


BY_PERSON: tuple[CauseKind, ...] = ("enumerator", "point", "file")
BY_PLACE: tuple[CauseKind, ...] = ("point", "enumerator", "file")
ONE_BY_ONE: tuple[CauseKind, ...] = ()


@dataclass(frozen=True)
class About:
    """What a queue holds. Words in braces are filled in from the limits.

    shared_by: where one cause of many rows is looked for, in this order. together: what it means to find one.
    """

    name: str
    title: str
    why: str
    what_to_do: str
    shared_by: tuple[CauseKind, ...] = BY_PERSON
    together: str = "So many in one place have one cause: ask about it once."


QUEUES = (
    About(
        "near_duplicates",
        "Nearly the same interview",
        "Same monitoring point, day, age, sex and nationality, and at least {alike_percent}% of the other answers, "
        "under different identifiers. An interview may have been entered twice. People who travel together also "
        "answer alike.",
        "Compare each group with the enumerator’s notes. Two people who travel together: leave both. One person: mark "
        "all but one in the cleaning log as remove_survey.",
        together="So many that are alike are no chance: talk to whoever held them before using these interviews.",
    ),
    About(
        "outside_fieldwork",
        "Date outside fieldwork",
        "The date of the interview lies outside the days that the wave file declares for its file and route. These "
        "rows count as invalid and are left out.",
        "Compare with the day of submission. A mistyped date: correct it in the cleaning log. Fieldwork began earlier "
        "or ended later: mend fieldwork in wave.toml.",
        BY_PLACE,
    ),
    About(
        "no_date",
        "No date",
        "Without a date the interview cannot be placed within fieldwork.",
        "Ask the field team, and write the date into the cleaning log.",
        BY_PLACE,
    ),
    About(
        "other_day",
        "Date is not the day on which the interview was begun",
        "The date that was written down differs from the day on the tablet’s clock. The interview may have been "
        "entered later from paper, the date mistyped, or the clock wrong.",
        "Many rows of one enumerator: check the tablet’s clock. Interviews entered from paper: nothing.",
    ),
    About(
        "no_point",
        "No monitoring point",
        "The place decides the weight and the neighbours of an interview; without it the interview stands alone.",
        "Ask the field team, and write the code into the cleaning log.",
    ),
    About(
        "no_enumerator",
        "No enumerator code",
        "Without a code nobody can be asked about the interview, and it counts in no workload below.",
        "Ask the field team who worked at this point on this day.",
        BY_PLACE,
    ),
    About(
        "too_short",
        "Short interview",
        "Shorter than {low_limit} minutes from start to end ({limits_from}). Questions may have been skipped or "
        "answered by the enumerator.",
        "Look at who held them. Several of one enumerator: have a supervisor sit in.",
    ),
    About(
        "too_long",
        "Long interview",
        "Longer than {high_limit} minutes from start to end ({limits_from}). Usually the form was left open and "
        "finished later.",
        "Nothing, if the enumerator left forms open. Otherwise ask whether the interview was interrupted.",
    ),
    About(
        "ends_before_it_begins",
        "Ends before it begins",
        "The end is not after the start: the tablet’s clock was changed in between, or the times were not recorded.",
        "Check the tablet’s clock. The answers are not touched by it.",
    ),
    About(
        "spans_days",
        "Begun on one day, ended on another",
        "The form was open past midnight, so its length says nothing.",
        "Ask whether the interview was finished from memory.",
    ),
    About(
        "overlapping",
        "Two interviews at once",
        "One enumerator code was in two interviews at the same time. The code may be shared by two people, a form "
        "left open, or an interview made up.",
        "Ask the enumerator. A shared code: give each person one of their own.",
        together="The times of these do not hold: they were typed in later, or a tablet or a code was shared. No "
        "duration of theirs says anything.",
    ),
    About(
        "back_to_back",
        "Next interview at once",
        "Less than {between_minutes} minutes passed between two interviews of one enumerator code. To thank a person, "
        "find the next one and explain the survey takes longer.",
        "Look whether one enumerator does so often. Interviews held one after the other in a queue of people are "
        "possible.",
    ),
    About(
        "sent_late",
        "Sent long after the interview",
        "More than {sent_within_days} days lie between the interview and its submission. The tablet may have been "
        "offline, or the interview entered later.",
        "Ask when tablets were synchronised. Interviews entered from paper: check a few against the paper.",
    ),
    About(
        "sent_before_it_ended",
        "Sent before it ended",
        "The platform received the interview more than {clock_slack_minutes} minutes before its own end: a clock is "
        "wrong, so no duration of this tablet can be trusted.",
        "Check the clock and time zone of the tablet.",
    ),
    About(
        "interviewed_at_home",
        "Interviewed in the country of nationality",
        "The country of interview and the nationality are the same. The survey is about people on the move; someone "
        "may have returned, or one of the two was mistyped.",
        "Ask the field team. A mistake: correct it in the cleaning log.",
        BY_PLACE,
    ),
    About(
        "departed_from_here",
        "Departed from the country of interview",
        "The country of departure and the country of interview are the same. Someone may have set out from there "
        "again, or the question was understood as the last stop.",
        "Many rows at one point: explain the question to its enumerators. A mistake: correct it in the cleaning log.",
        BY_PLACE,
    ),
    About(
        "destination_is_origin",
        "Destination is the country of origin",
        "The country of nationality and the destination are the same. Someone may be returning, or the two questions "
        "were mixed up.",
        "Ask the field team. A mistake: correct it in the cleaning log.",
        BY_PLACE,
    ),
    About(
        "event_off_route",
        "An event in a country of another route",
        "The country named for an event stands in the questionnaire’s rules for another route and not in those for "
        "this one, and the person did not come from there.",
        "Ask whether the journey went there. A mistake in the country: correct it in the cleaning log.",
        BY_PLACE,
    ),
    About(
        "event_before_journey",
        "An event at home, though the journey began elsewhere",
        "The country named for an event is the nationality, but the journey began in another country. The questions "
        "are about the journey; the event may have happened before it.",
        "Ask how enumerators put the question. The answer stays as it was given unless they say otherwise.",
        BY_PLACE,
    ),
    About(
        "answered_unasked",
        "Answered though not asked",
        "There is an answer to a question that the form would not have put, by the answers before it or by its "
        "version. The form was changed, or the export edited.",
        "Look which version of the form these rows have, and whether the export was edited by hand.",
    ),
    About(
        "copies",
        "The same submission again",
        "The platform’s identifier says that these rows are another row once more, or an earlier edit of it. They are "
        "left out already and counted in the ledger as duplicates, or removed by the cleaning log.",
        "Nothing, unless there are many: then ask how the export was made.",
        ONE_BY_ONE,
    ),
)
"""In the order of the page: twins, where and when, how long, what was answered; last what is left out already."""


TOGETHER = {about.name: about.together for about in QUEUES}
"""Queue → what it means where many of its rows have one cause."""


def as_queues(
    places: Places, causes: Mapping[str, Sequence[Cause]], found: Durations | None, limits: Limits
) -> tuple[Queue, ...]:
    """Every queue that was measured, also an empty one, in the order of the page."""
    words = _words(found, limits)
    return tuple(
        Queue(
            name=about.name,
            title=about.title,
            why=about.why.format(**words),
            what_to_do=about.what_to_do,
            rows=len(places[about.name][[FILE, ROW]].drop_duplicates()),
            groups=int(places[about.name][GROUP].max()) if len(places[about.name]) else 0,
            causes=tuple(causes.get(about.name, ())),
            listed=int((places[about.name][TOLD] == "").sum()),
        )
        for about in QUEUES
        if about.name in places
    )


def _words(found: Durations | None, limits: Limits) -> dict[str, object]:
    return {
        "alike_percent": limits.alike_percent,
        "between_minutes": limits.between_minutes,
        "sent_within_days": limits.sent_within_days,
        "clock_slack_minutes": limits.clock_slack_minutes,
        "low_limit": minutes(found.low_limit) if found else "",
        "high_limit": minutes(found.high_limit) if found else "",
        "limits_from": found.limits_from if found else "",
    }


def minutes(length: float | None) -> str:
    """Minutes with one digit, as `7.5`, or a dash."""
    return "–" if length is None else f"{length:.1f}".removesuffix(".0")
