"""The command line: `python -m pipeline <verb>`. Turns errors into messages and exit codes, and shows progress."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, cast

import typer

from pipeline import __version__, manifest
from pipeline.errors import INTERRUPTED, CannotReadOrWrite, ExportInvalid, PipelineError
from pipeline.run import Asked, Places, Stage, check_name, check_wave, run_wave

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.ingest.findings import Finding

app = typer.Typer(
    help="From flow monitoring survey exports to a report on experiences that may amount to trafficking or "
    "exploitation.\n\nA wave is a folder data/raw/<wave>/ with a wave.toml. The main job is `report`. Exact results "
    "stay in data/processed/<wave>/; only what is in reports/<wave>/ is meant for readers.",
    epilog="Exit codes: 0 done; 2 wrong usage or wave file; 3 the export fails validation; 4 the export is not "
    "anonymised; 5 a disclosure rule would be broken; 6 cannot read or write; 7 another run holds the wave; "
    "130 interrupted; 1 a fault of ours.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Wave = Annotated[str, typer.Option("--wave", envvar="WAVE", help="Which wave: the name of its folder in data/raw.")]
EngineName = Annotated[str, typer.Option("--engine", envvar="ENGINE", help="What computes: duckdb.")]
Language = Annotated[str, typer.Option("--locale", envvar="LOCALE", help="Language of the report: en.")]
Root = Annotated[Path, typer.Option("--root", help="Folder that holds data/ and reports/.")]

DEFAULT_WAVE, DEFAULT_ENGINE, DEFAULT_LOCALE, HERE = "2016-10", "duckdb", "en", Path()


@app.command()
def report(
    wave: Wave = DEFAULT_WAVE,
    engine: EngineName = DEFAULT_ENGINE,
    locale: Language = DEFAULT_LOCALE,
    root: Root = HERE,
) -> None:
    """From export to PDF: everything that a wave gives. Does nothing if nothing has changed."""
    _run(Asked(wave, Stage.REPORT, engine, locale), root)


@app.command()
def figures(
    wave: Wave = DEFAULT_WAVE,
    engine: EngineName = DEFAULT_ENGINE,
    locale: Language = DEFAULT_LOCALE,
    root: Root = HERE,
) -> None:
    """Released tables, claims and figures, without the PDF."""
    _run(Asked(wave, Stage.FIGURES, engine, locale), root)


@app.command()
def indicators(wave: Wave = DEFAULT_WAVE, engine: EngineName = DEFAULT_ENGINE, root: Root = HERE) -> None:
    """Exact counts and estimates, for the analyst; nothing is released."""
    _run(Asked(wave, Stage.INDICATORS, engine), root)


@app.command()
def ingest(wave: Wave = DEFAULT_WAVE, engine: EngineName = DEFAULT_ENGINE, root: Root = HERE) -> None:
    """Read, check and exclude: respondents, ledger and findings."""
    _run(Asked(wave, Stage.INGEST, engine), root)


@app.command("check-wave")
def check(wave: Wave = DEFAULT_WAVE, engine: EngineName = DEFAULT_ENGINE, root: Root = HERE) -> None:
    """Validate a wave and write nothing."""
    console = _console()
    ingested = check_wave(Asked(wave, Stage.INGEST, engine), Places(root), _Shown(console))
    rows = {str(rule): int(n) for rule, n in zip(ingested.ledger["rule"], ingested.ledger["rows"], strict=True)}
    _show_rows(console, rows)
    _show_findings(console, ingested.findings)
    console.print(f"The wave {wave} can be used.")


@app.command()
def verify(wave: Wave = DEFAULT_WAVE, root: Root = HERE) -> None:
    """Compare a release with its manifest, file by file."""
    from pipeline.publish import reading

    check_name(wave)
    folder = Places(root).reports(wave)
    recorded = manifest.read(folder)
    if not isinstance(recorded.get("files"), dict):
        raise CannotReadOrWrite(
            f"There is no release of {wave}.", where=str(folder / manifest.MANIFEST), repair="Run `make report` first."
        )
    with reading():
        found = manifest.difference(folder, recorded["files"])
    if found:
        kinds = {"missing": found.missing, "changed": found.changed, "not in the manifest": found.extra}
        lines = [f"  - {name}: {kind}" for kind, names in kinds.items() for name in names]
        raise ExportInvalid(
            "The release is not what its manifest says:\n" + "\n".join(lines),
            where=str(folder),
            repair="Delete the folder and run `make report` again, or get an unchanged copy.",
        )
    _console().print(f"{len(recorded['files'])} files of {folder} are as the manifest says.")


@app.command()
def dictionary(root: Root = HERE) -> None:
    """Write the data dictionary and glossary, docs/data-dictionary.md, from the code."""
    from pipeline.dictionary import PATH, dictionary_text
    from pipeline.publish import writing

    with writing():
        (root / PATH).parent.mkdir(parents=True, exist_ok=True)
        (root / PATH).write_text(dictionary_text(), encoding="utf-8", newline="\n")
    _console().print(f"Written: {root / PATH}")


@app.command()
def purge(
    wave: Annotated[str, typer.Option("--wave", help="Which wave. There is no default: say which.")],
    root: Root = HERE,
) -> None:
    """Delete the processed people and exact tables of a wave. The export and the release stay."""
    import shutil

    from pipeline.publish import beside, lock, writing

    check_name(wave)
    folder = Places(root).processed(wave)
    there = [path for path in (folder, *beside(folder)) if path.exists()]
    if not there:
        raise CannotReadOrWrite(f"Nothing of {wave} is processed.", where=str(folder), repair="Check the wave's name.")
    with lock(folder), writing():
        for path in there:
            shutil.rmtree(path)
    _console().print(f"Deleted: {folder}. The export and the release were left alone.")


def _run(asked: Asked, root: Path) -> None:
    console = _console()
    places = Places(root)
    outcome = run_wave(asked, places, _Shown(console))
    if outcome.unchanged:
        console.print(f"Nothing has changed since the last run of {asked.wave}; nothing to do.")
    else:
        _show_rows(console, outcome.rows)
        _show_findings(console, list(outcome.findings))
    _show_places(console, asked, places)


def _show_places(console: Console, asked: Asked, places: Places) -> None:
    exact = places.processed(asked.wave)
    if asked.stage < Stage.FIGURES:
        console.print(f"Exact results, not for release: {exact}/")
        return
    reports = places.reports(asked.wave)
    if asked.stage is Stage.REPORT:
        suffix = "" if asked.locale == DEFAULT_LOCALE else f".{asked.locale}"
        console.print(f"Report: {reports / f'report{suffix}.pdf'}", style="bold")
    console.print(f"Released tables and figures: {reports}/    Exact, not for release: {exact}/")
    console.print("Not yet audited for recovery; do not publish.", style="yellow")


def _show_rows(console: Console, rows: dict[str, int]) -> None:
    taken = [f"{n:,} {rule.replace('_', ' ')}" for rule, n in rows.items() if n and rule not in _NOT_TAKEN]
    console.print(
        f"{rows['received']:,} interviews received, {rows['analysed']:,} analysed; left out: {', '.join(taken)}"
    )


_NOT_TAKEN = ("received", "analysed", "counts", "estimates")


def _show_findings(console: Console, findings: list[Finding]) -> None:
    from pipeline.ingest.findings import listed

    for finding in findings:
        rows = f" (rows {listed(finding.row_numbers, 10)})" if finding.row_numbers else ""
        place = f'{finding.file}, column "{finding.column}"' if finding.column else finding.file
        console.print(f"{finding.severity}: {place}: {finding.message}{rows}", markup=False, highlight=False)


class _Shown:
    """Progress for people: a spinner while a stage runs, a line with its time when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """See `run.Progress`."""
        begun = time.perf_counter()
        with self._console.status(f"{name} …"):
            yield
        self._console.print(f"  done: {name} ({time.perf_counter() - begun:.1f} s)", highlight=False)


class _Steady:
    """Standard output that never stops a run: what cannot be shown, because a pipe was closed, is dropped."""

    def __getattr__(self, name: str) -> object:
        return getattr(sys.stdout, name)

    def write(self, text: str) -> int:
        """Writes, or goes silent for good."""
        try:
            written = sys.stdout.write(text)
            sys.stdout.flush()
        except OSError:
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open until the process ends)
            return len(text)
        return written

    def flush(self) -> None:
        """Nothing is held back: each write is passed on at once."""


def _console() -> Console:
    from rich.console import Console

    return Console(file=cast("IO[str]", _Steady()), soft_wrap=True)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line and gives its exit code. No traceback for a mistake that the user can mend."""
    command: Callable[..., object] = typer.main.get_command(app)
    try:
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


_STOPPED = "\nStopped. The outputs are as they were before.\n"


def _our_fault(fault: Exception) -> int:
    """A fault of ours keeps its traceback, but not the text of the error: a library may have put data into it."""
    sys.stderr.write(
        f"\nA fault in the pipeline, version {__version__}: {type(fault).__name__}. Please report it with:\n"
    )
    for frame in traceback.extract_tb(fault.__traceback__):
        sys.stderr.write(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
