"""The command line: `python -m pipeline <verb>`. Turns errors into messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipeline import __version__, manifest
from pipeline.errors import EXIT_CODES, INTERRUPTED, CannotReadOrWrite, PipelineError
from pipeline.interrupts import answer_interrupts
from pipeline.places import Places, check_name
from pipeline.run import Asked, Stage, open_engine, run_wave
from pipeline.terminal import Shown, new_console, run_console, show_findings, show_risk, show_rows, show_written

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    help="From flow monitoring survey exports to a report on experiences that may amount to trafficking or "
    "exploitation.\n\nA wave is a folder data/raw/<wave>/ with a wave.toml. The main job is `report`. Exact results "
    "stay in data/processed/<wave>/; only what is in reports/<wave>/ is meant for readers.",
    epilog=f"Exit codes: {'; '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Wave = Annotated[str, typer.Option("--wave", envvar="WAVE", help="Which wave: the name of its folder in data/raw.")]
Waves = Annotated[
    list[str],
    typer.Option(
        "--wave", envvar=["WAVES", "WAVE"], help="Which wave; several if given several times; or all of data/raw."
    ),
]
Jobs = Annotated[
    int, typer.Option(envvar="JOBS", min=0, help="How many waves at a time; 0: as many as there are processors.")
]
EngineName = Annotated[
    str, typer.Option("--engine", envvar="ENGINE", help="What computes: duckdb; or spark, where one is not enough.")
]
Language = Annotated[str, typer.Option("--locale", envvar="LOCALE", help="Language of the report: en, fr.")]
Root = Annotated[Path, typer.Option("--root", help="Folder that holds data/ and reports/.")]

DEFAULT_WAVE, DEFAULT_ENGINE, DEFAULT_LOCALE, HERE = "2016-10", "duckdb", "en", Path()
DEFAULT_WAVES = [DEFAULT_WAVE]


@app.command()
def report(
    wave: Waves = DEFAULT_WAVES,
    engine: EngineName = DEFAULT_ENGINE,
    locale: Language = DEFAULT_LOCALE,
    jobs: Jobs = 1,
    root: Root = HERE,
) -> None:
    """From export to PDF: everything that a wave gives. Does nothing if nothing has changed."""
    _each_to(Stage.REPORT, wave, root, jobs, engine=engine, locale=locale)


@app.command()
def figures(
    wave: Waves = DEFAULT_WAVES,
    engine: EngineName = DEFAULT_ENGINE,
    locale: Language = DEFAULT_LOCALE,
    jobs: Jobs = 1,
    root: Root = HERE,
) -> None:
    """Released tables, claims and figures, without the PDF."""
    _each_to(Stage.FIGURES, wave, root, jobs, engine=engine, locale=locale)


@app.command()
def indicators(
    wave: Waves = DEFAULT_WAVES, engine: EngineName = DEFAULT_ENGINE, jobs: Jobs = 1, root: Root = HERE
) -> None:
    """Exact counts and estimates, for the analyst; nothing is released."""
    _each_to(Stage.INDICATORS, wave, root, jobs, engine=engine)


@app.command()
def ingest(wave: Waves = DEFAULT_WAVES, engine: EngineName = DEFAULT_ENGINE, jobs: Jobs = 1, root: Root = HERE) -> None:
    """Read, check and exclude: respondents, ledger and findings."""
    _each_to(Stage.INGEST, wave, root, jobs, engine=engine)


@app.command("check-wave")
def check(wave: Waves = DEFAULT_WAVES, engine: EngineName = DEFAULT_ENGINE, jobs: Jobs = 1, root: Root = HERE) -> None:
    """Validate a wave, and see the quality of its fieldwork; computes no result."""
    _each("check-wave", lambda one: _check(one, engine, root), wave, root, jobs, engine=engine)


def _check(wave: str, engine: str, root: Path) -> None:
    from pipeline.checking import check_wave
    from pipeline.quality.terminal import print_summary

    console = new_console()
    checked = check_wave(Asked(wave, Stage.INGEST, engine), Places(root), Shown(console))
    ledger = checked.ingested.ledger
    show_rows(console, {str(rule): int(n) for rule, n in zip(ledger["rule"], ledger["rows"], strict=True)})
    print_summary(console, checked.quality, checked.ingested.findings)
    console.print(f"The wave {wave} can be used. What to look at, not for release: {checked.page}")


@app.command("new-wave")
def new_wave(
    *,
    wave: Annotated[str, typer.Option("--wave", envvar="WAVE", help="The new wave's name, as 2017-06.")],
    source: Annotated[
        Path, typer.Option("--from", envvar="FROM", help="The export, a folder with its files, or an archive of them.")
    ],
    questionnaire: Annotated[
        str, typer.Option(envvar="QUESTIONNAIRE", help="The instrument; recognised from the export if not given.")
    ] = "",
    sheet: Annotated[
        str, typer.Option(envvar="SHEET", help="The sheet with the interviews, if several could hold them.")
    ] = "",
    allow: Annotated[
        str, typer.Option(envvar="ALLOW", help="Harmless columns that are refused, as column=reason;column=reason.")
    ] = "",
    root: Root = HERE,
) -> None:
    """Make the folder of a new wave from its export, and say what is left to fill in."""
    from pipeline.onboarding import allowed_columns, print_proposal
    from pipeline.onboarding import new_wave as make
    from pipeline.publish import lock, scratch

    check_name(wave)
    allowed = allowed_columns(allow)
    places = Places(root)
    apart = places.checked(wave)
    with lock(places.processed(wave)), scratch(apart) as unpacked, open_engine(DEFAULT_ENGINE) as engine:
        proposal = make(
            places.raw,
            wave,
            source,
            scratch=unpacked,
            engine=engine,
            questionnaire=questionnaire or None,
            sheet=sheet or None,
            allowed=allowed,
        )
    print_proposal(new_console(), proposal)


@app.command("dummy-wave")
def dummy_wave(
    *,
    wave: Annotated[str, typer.Option("--wave", envvar="WAVE", help="The name of the wave to make.")],
    questionnaire: Annotated[str, typer.Option(envvar="QUESTIONNAIRE", help="Which instrument.")] = "fms-2016",
    layout: Annotated[str, typer.Option(envvar="LAYOUT", help="How the export is written.")] = "kobo_names",
    size: Annotated[int, typer.Option(envvar="SIZE", min=1, help="How many interviews.")] = 1000,
    seed: Annotated[int, typer.Option(envvar="SEED", help="The same seed gives the same people.")] = 1,
    root: Root = HERE,
) -> None:
    """Make a wave of made-up people, to rehearse a round before fieldwork. It is synthetic, and says so."""
    from pipeline.rehearsal import make_dummy_wave

    check_name(wave)
    folder = Places(root).raw / wave
    if folder.exists():
        raise CannotReadOrWrite(
            "There is a wave of this name.", where=str(folder), repair="Use another name, or delete that folder first."
        )
    written = make_dummy_wave(folder, questionnaire, layout=layout, size=size, seed=seed)
    console = new_console()
    console.print(f"Made up {size:,} interviews: {', '.join(str(path) for path in written)}")
    console.print(f"Now: make report WAVE={wave}")


@app.command()
def diff(
    wave: Wave = DEFAULT_WAVE,
    base: Annotated[str, typer.Option("--base", envvar="BASE", help="The wave to compare with.")] = DEFAULT_WAVE,
    root: Root = HERE,
) -> None:
    """How two waves' questionnaires and codes differ, what stays comparable, and by how much it differs."""
    from pipeline.differing.lines import Pair
    from pipeline.onboarding.diff import NUMBERS, diff_waves, write_difference
    from pipeline.onboarding.diff_numbers import numbers
    from pipeline.onboarding.diff_numbers_shown import print_numbers
    from pipeline.onboarding.diff_shown import print_difference
    from pipeline.publish import lock, scratch
    from pipeline.wave import load_wave

    check_name(wave)
    check_name(base)
    places = Places(root)
    pair = Pair(base=load_wave(places.raw, base), wave=load_wave(places.raw, wave))
    target = places.compared(wave, base)
    with lock(target), scratch(target) as unpacked:
        difference = diff_waves(pair, unpacked)
        compared = numbers(difference, places)
        path = write_difference(difference, target, compared.contrasts)
    console = new_console()
    print_difference(console, difference, path)
    print_numbers(console, difference, compared, path.with_name(NUMBERS))


@app.command()
def trend(
    wave: Annotated[
        list[str] | None,
        typer.Option("--wave", envvar="WAVES", help="Which waves; if not given, every one that has a release."),
    ] = None,
    locale: Language = DEFAULT_LOCALE,
    root: Root = HERE,
) -> None:
    """The share that every instrument has in common, by route and quarter over several waves, from their releases."""
    from pipeline.archive import Wanted, make_trend
    from pipeline.archive.terminal import print_trend

    print_trend(run_console(), make_trend(Wanted(tuple(wave or ()), locale), Places(root)))


@app.command("public-use")
def public_use(
    *,
    wave: Wave = DEFAULT_WAVE,
    epsilon: Annotated[
        float, typer.Option(envvar="EPSILON", help="How much the file may tell of a respondent; smaller protects more.")
    ] = 4.0,
    resolution: Annotated[
        int, typer.Option(envvar="RESOLUTION", help="Pairs of answers with a lower noisy count are taken as nobody.")
    ] = 11,
    again: Annotated[
        bool, typer.Option("--again", envvar="AGAIN", help="Draw another one beside the one that there is.")
    ] = False,
    reason: Annotated[str, typer.Option(envvar="REASON", help="Why another one is needed.")] = "",
    root: Root = HERE,
) -> None:
    """Draw a file of made-up people for public use, with differential privacy; once, from a finished report."""
    from pipeline.public_use import Wanted, make_public_use
    from pipeline.public_use.terminal import print_outcome

    console = new_console()
    wanted = Wanted(wave, epsilon, resolution, again, reason)
    print_outcome(console, make_public_use(wanted, Places(root), Shown(console)))


@app.command()
def publish(wave: Wave = DEFAULT_WAVE, root: Root = HERE) -> None:
    """Keep the tables of a release that is published, so that a later one cannot give away what it withholds."""
    from pipeline.publish import writing
    from pipeline.published import keep

    with writing():
        folder = keep(wave, Places(root))
    new_console().print(f"Kept: {folder}/. A later release of {wave} is audited together with it.")


@app.command()
def verify(wave: Wave = DEFAULT_WAVE, root: Root = HERE) -> None:
    """Compare a release with its manifest, file by file; or, named `trend`, what `make trend` has made."""
    from pipeline.published import verify as verified

    places = Places(root)
    console = new_console()
    console.print(f"{verified(wave, places)} files of {places.reports(wave)} are as the manifest says.")


@app.command()
def dictionary(root: Root = HERE) -> None:
    """Write the data dictionary and glossary, and the schemas for editors, from the code."""
    from pipeline.dictionary import GLOSSARY_PATH, PATH, dictionary_text
    from pipeline.dictionary.glossary import glossary_text
    from pipeline.publish import writing
    from pipeline.schema import schemas

    texts = {PATH: dictionary_text(), GLOSSARY_PATH: glossary_text(), **schemas()}
    with writing():
        for path, text in texts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8", newline="\n")
    new_console().print(f"Written: {', '.join(str(root / path) for path in texts)}")


@app.command()
def purge(
    wave: Annotated[str, typer.Option("--wave", help="Which wave. There is no default: say which.")],
    root: Root = HERE,
) -> None:
    """Delete the processed people, exact tables and checks of a wave. The export and the release stay."""
    from pipeline.retention import purge as delete

    console = new_console()
    purged = delete(wave, Places(root))
    if purged.copy:
        console.print(f"Deleted: the copy at {purged.copy}")
    for told, folders in (("Deleted", purged.deleted), ("Left alone", purged.left)):
        for folder, what in folders.items():
            console.print(f"{told}: {folder}/ ({what})")


@app.command()
def moved(
    wave: Wave = DEFAULT_WAVE,
    since: Annotated[
        str, typer.Option(envvar="SINCE", help="Folder of an earlier release; else the last that `publish` kept.")
    ] = "",
    every: Annotated[bool, typer.Option("--every", envvar="EVERY", help="Show every row, not only the first.")] = False,
    root: Root = HERE,
) -> None:
    """Which released numbers of a wave have moved since an earlier release of it: for the changelog."""
    from pipeline.moved import moved_since, print_moved
    from pipeline.publish import reading

    with reading():
        found = moved_since(wave, Places(root), Path(since) if since else None)
    print_moved(new_console(), found, most=None if every else 5)


def _each_to(stage: Stage, waves: list[str], root: Path, jobs: int, **options: str) -> None:
    """Takes each wave to this stage. options: those of `Asked`, which the command line calls so, too."""
    _each(stage.name.lower(), lambda one: _run(Asked(one, stage, **options), root), waves, root, jobs, **options)


def _each(verb: str, run: Callable[[str], None], waves: list[str], root: Path, jobs: int, **options: str) -> None:
    """Runs one wave here, or several each in a process of its own: the same verb with these options."""
    from pipeline.several import RELEASING, chosen, in_order, run_each

    raw = Places(root).raw
    names = chosen(waves, raw)
    if len(names) == 1:
        run(names[0])
        return
    given = [word for name, value in {**options, "root": str(root)}.items() for word in (f"--{name}", value)]
    # Only a release is set beside another one: until there, no wave has to wait.
    waiting = in_order(names, raw) if verb in RELEASING else dict.fromkeys(names)
    raise typer.Exit(run_each(verb, waiting, given, jobs))


def _run(asked: Asked, root: Path) -> None:
    console = run_console()
    places = Places(root)
    outcome = run_wave(asked, places, Shown(console))
    if outcome.unchanged:
        console.print(f"Nothing has changed since the last run of {asked.wave}; nothing to do.")
    else:
        show_rows(console, outcome.rows)
        show_findings(console, list(outcome.findings))
        show_risk(console, places.processed(asked.wave) / "risk.csv")
    _show_places(console, asked, places)


def _show_places(console: Console, asked: Asked, places: Places) -> None:
    exact = places.processed(asked.wave)
    if address := manifest.read(exact).get("copied_to"):
        console.print(f"A copy of {exact}/ is kept at {address}: exact, not for release.")
    if asked.stage < Stage.FIGURES:
        console.print(f"Exact results, not for release: {exact}/")
        return
    reports, internal = places.reports(asked.wave), places.internal(asked.wave)
    suffix = "" if asked.locale == DEFAULT_LOCALE else f".{asked.locale}"
    if internal.is_dir():
        _show_internal(console, internal, f"internal_report{suffix}.pdf", reports)
        return
    if asked.stage is Stage.REPORT:
        console.print(f"Open first: {reports / f'report{suffix}.pdf'}", style="bold")
    show_written(console, reports)
    console.print(f"Exact, not for release: {exact}/")
    console.print(f"Audited: what is withheld cannot be worked out from it. Each count: {exact}/disclosure_audit.csv")


def _show_internal(console: Console, internal: Path, report: str, reports: Path) -> None:
    """Where an internal edition is, and that it stays there."""
    if (internal / report).is_file():
        console.print(f"Internal report: {internal / report}", style="bold")
    console.print(f"Internal tables and figures: {internal}/    Exact, not for release either: {internal.parent}/")
    if manifest.read(reports):
        console.print(f"An earlier release is in {reports}/; it was left as it was.")
    console.print(
        "Nothing in the internal edition is withheld: internal, not for release. It must not leave your office.",
        style="yellow",
    )


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line and gives its exit code. No traceback for a mistake that the user can mend."""
    try:
        command: Callable[..., object] = typer.main.get_command(app)
        command(args=arguments, prog_name="python -m pipeline", standalone_mode=True)
    except SystemExit as end:
        if end.code == INTERRUPTED:
            sys.stderr.write(_STOPPED)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except PipelineError as mistake:
        sys.stderr.write(f"\n{mistake}\n")
        return mistake.exit_code
    except KeyboardInterrupt:
        sys.stderr.write(_STOPPED)
        return INTERRUPTED
    except Exception as fault:
        return _our_fault(fault)
    return 0


_STOPPED = "\nStopped. The outputs are whole: as they were before or, if all was done already, the new ones.\n"


def _our_fault(fault: Exception) -> int:
    """A fault of ours keeps its traceback, but not the text of the error: a library may have put data into it."""
    sys.stderr.write(
        f"\nA fault in the pipeline, version {__version__}: {type(fault).__name__}. Please report it with:\n"
    )
    for frame in traceback.extract_tb(fault.__traceback__):
        sys.stderr.write(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}\n")
    return 1


def look_for_rings_seldom() -> None:
    """Libraries make very many small objects while they load and while queries are written. Looking through them for
    rings, which Python does after every 700 new ones, took a tenth of a run.
    """
    gc.set_threshold(200_000, 50, 1000)


def run() -> NoReturn:
    """The program from beginning to end, as `python -m pipeline` runs it."""
    look_for_rings_seldom()
    answer_interrupts()
    _leave(main())


def _leave(code: int) -> NoReturn:
    """Ends the process at once: all is closed already, and giving back each object would take a third of a second.

    After an interrupt it is needed, too. Python 3.11 forgets that an interrupt was handled if it fell into code that is
    made from text, as dataclasses are (`run_eval_code_obj` notes it as unhandled), and would end by the signal itself.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)
