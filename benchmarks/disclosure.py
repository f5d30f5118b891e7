"""Times disclosure control, withholding and audit, on the shipped wave and on one with 60 nationalities.

The second wave is made up: 20,000 interviews on three routes, nationalities as rehearsals draw them. Some are frequent,
and most so rare that they are merged. Exact tables are made beforehand; each wave then has a process of its own. A slow
machine fails nothing; a release that the audit does not let through does. Run it by `python -m benchmarks.disclosure`.
"""

from __future__ import annotations

import json
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.command_line import look_for_rings_seldom
from pipeline.disclose.audit.structure import structure_of
from pipeline.disclose.door import Disclosed, disclose
from pipeline.disclose.policy import policy_of
from pipeline.ingest.stage import ingest
from pipeline.rehearsal import FORM, make_dummy_wave
from pipeline.rehearsal.delimited import write_text
from pipeline.rehearsal.forms import write_form
from pipeline.rehearsal.people import draw_people
from pipeline.run import open_engine
from pipeline.stats.estimate import estimate
from pipeline.tabulate import tabulate
from pipeline.vocabulary import ALL
from pipeline.wave import WAVE_FILE, Wave, load_questionnaire, load_wave

ROOT = Path(__file__).resolve().parents[1]
SHIPPED, LARGE = "2016-10", "large"
INSTRUMENT, LAYOUT = "fms-2016", "kobo_names"
"""Its form names three routes."""
INTERVIEWS, NATIONALITIES, SEED = 20_000, 60, 1
RUNS = {SHIPPED: 5, LARGE: 1}
FLOORS = {SHIPPED: 3, LARGE: 60}
"""Seconds at the most."""
WHYS = ("primary", "complementary", "coarsened")


@dataclass(frozen=True)
class Measured:
    """What disclosure control of one wave took, and what it withheld.

    people: analysed respondents. seconds: median. peak: megabytes of its process at its largest. withheld: counts by
    why. broken: withheld counts that could be worked out.
    """

    wave: str
    people: int
    nationalities: int
    routes: int
    seconds: float
    peak: float
    withheld: dict[str, int]
    broken: int


def measure() -> list[Measured]:
    """Both waves, each in a process of its own. Ends with what a process said if its audit did not hold."""
    with tempfile.TemporaryDirectory() as folder:
        write_large_wave(Path(folder))
        waves = load_wave(ROOT / "data" / "raw", SHIPPED), load_wave(Path(folder), LARGE)
        return [_in_a_process(wave, Path(folder)) for wave in waves]


def write_large_wave(raw: Path) -> None:
    """Writes a made-up wave whose form lists more countries than any instrument does."""
    folder = raw / LARGE
    make_dummy_wave(folder, INSTRUMENT, layout=LAYOUT, size=1, seed=SEED, tidy=True)
    with (folder / WAVE_FILE).open("a", encoding="utf-8") as file:
        file.write(_more_countries())
    wave = load_wave(raw, LARGE)
    period = wave.period.from_, wave.period.to
    people = draw_people(wave.questionnaire, size=INTERVIEWS, seed=SEED, fieldwork=period, tidy=True)
    write_text(people, folder, LAYOUT, "en")
    write_form(wave.questionnaire, folder / FORM, repeat=False)


def _more_countries() -> str:
    """As overrides of a wave file: countries up to the number of nationalities, in a region of their own."""
    there = sum(len(region.countries) for region in load_questionnaire(INSTRUMENT).regions.values())
    codes = [f"X{number:02d}" for number in range(there + 1, NATIONALITIES + 1)]
    lines = [f'{code} = {{ means = "{code}", label = {{ en = "Country {code}" }} }}' for code in codes]
    return "\n".join(
        [
            "\n[overrides.answers.country]",
            *lines,
            "[overrides.regions]",
            f'elsewhere = {{ label = {{ en = "Elsewhere" }}, countries = {codes} }}',
        ]
    )


def _in_a_process(wave: Wave, folder: Path) -> Measured:
    with open_engine("duckdb") as engine, tempfile.TemporaryDirectory() as scratch:
        ingested = ingest(wave, engine, Path(scratch))
        exact = estimate(tabulate(ingested.respondents, wave.questionnaire, engine), wave)
    given = folder / "given.pickle"
    structure = structure_of(wave.questionnaire)
    given.write_bytes(pickle.dumps((wave.name, (exact, ingested.ledger, policy_of(wave.file), structure))))
    command = [sys.executable, "-m", "benchmarks.disclosure", str(given)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"Disclosure control of {wave.name}:\n{done.stdout}{done.stderr}")
    return Measured(**json.loads(done.stdout))


def _timed(given: Path) -> Measured:
    """Times one wave in this process, which is set up as a run is. DisclosureBroken if the audit does not hold."""
    look_for_rings_seldom()
    name, asked = pickle.loads(given.read_bytes())
    seconds = []
    for _ in range(RUNS[name]):
        begun = time.perf_counter()
        disclosed = disclose(*asked)
        seconds.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    exact = asked[0]
    people = exact.distributions[exact.distributions["variable"] == "nationality"]
    return Measured(
        wave=name,
        people=exact.analysed[ALL],
        nationalities=people[people["respondents"] > 0]["level"].nunique(),
        routes=sum(1 for route, n in exact.analysed.items() if n and route != ALL),
        seconds=statistics.median(seconds),
        peak=peak,
        **_found(disclosed),
    )


def _found(disclosed: Disclosed) -> dict[str, object]:
    if disclosed.audit is None:
        raise SystemExit("Nothing was audited: the policy of the wave withholds nothing.")
    return {"withheld": dict(Counter(disclosed.audit.cells["why"])), "broken": len(disclosed.audit.broken)}


def lines(found: list[Measured]) -> list[str]:
    """The part of the results on disclosure control."""
    aims = (f"{FLOORS[one.wave]} s for {named(one)}: {'kept' if _is_kept(one) else 'not kept'}" for one in found)
    return [
        "Disclosure control, withholding and audit, from exact tables to released ones; libraries loaded, "
        f"medians of {RUNS[SHIPPED]}, and once. Aimed at are at most " + "; ".join(aims) + ". Counts are broken that "
        "could be worked out; if there were any, there would be no results.",
        "",
        "| wave | respondents | nationalities | routes | seconds | peak MB | " + " | ".join(WHYS) + " | broken |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_row(one) for one in found),
    ]


def _is_kept(one: Measured) -> bool:
    return one.seconds <= FLOORS[one.wave]


def named(one: Measured) -> str:
    return "the shipped wave" if one.wave == SHIPPED else "a made-up one"


def _row(one: Measured) -> str:
    counts = " | ".join(f"{one.withheld.get(why, 0):,}" for why in WHYS)
    wave = f"| {named(one)} | {one.people:,} | {one.nationalities} | {one.routes} "
    return f"{wave}| {one.seconds:.2f} | {one.peak:.0f} | {counts} | {one.broken} |"


def main() -> None:
    """Prints the figures; given a file of exact tables, those of its wave alone, as JSON."""
    if len(sys.argv) == 1:
        print("\n".join(lines(measure())))
    else:
        print(json.dumps(asdict(_timed(Path(sys.argv[1])))))


if __name__ == "__main__":
    main()
