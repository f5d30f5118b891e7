"""The whole pipeline. `run_wave` reads like the method section; with `checking` it alone knows every stage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from enum import IntEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline import manifest
from pipeline.aside import Apart, Begin, aside, at_once, ending
from pipeline.inputs import declared
from pipeline.places import INTERNAL, Places, check_name
from pipeline.publish import left_over, lock, mend, prepare, publish, reading, scratch, writing
from pipeline.refusal import forget_refusal, is_refused, told_on_a_page

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.disclose.door import Disclosed
    from pipeline.engine import Engine
    from pipeline.ingest.findings import Finding
    from pipeline.ingest.stage import Ingested
    from pipeline.report.painter import Painter
    from pipeline.report.text import Text
    from pipeline.rounds import Round
    from pipeline.stats.estimate import Estimates
    from pipeline.tabulate import Tabulated
    from pipeline.wave import Wave


class Stage(IntEnum):
    """How far a run goes. A later stage includes the earlier ones."""

    INGEST = 1
    INDICATORS = 2
    FIGURES = 3
    REPORT = 4


class Progress(Protocol):
    """Shows what a run is doing."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Around each stage."""


@dataclass(frozen=True)
class Asked:
    """What the user asked for."""

    wave: str
    stage: Stage = Stage.REPORT
    engine: str = "duckdb"
    locale: str = "en"

    @property
    def settings(self) -> dict[str, str]:
        """What of it can change what is released. Every engine finds the same numbers."""
        return {"locale": self.locale}

    @classmethod
    def before(cls, recorded: dict[str, Any], stage: Stage) -> Asked:
        """What was asked for when a processed manifest was written, as far as a stage. KeyError for another make."""
        source = recorded["provenance"]
        return cls(source["wave"], stage, recorded["engine"], source["settings"]["locale"])


@dataclass(frozen=True)
class Outcome:
    """What a run has done: rows by stage, findings; or nothing, because nothing had changed."""

    unchanged: bool
    rows: dict[str, int]
    findings: tuple[Finding, ...] = ()


def run_wave(asked: Asked, places: Places, progress: Progress) -> Outcome:
    """Takes a wave from export to the stage asked for. The old outputs stay until the new ones are whole.

    Errors: every `PipelineError`; after any of them the outputs are as they were before.
    """
    check_name(asked.wave)
    processed, reports = places.processed(asked.wave), places.reports(asked.wave)
    made = reports, processed, places.checked(asked.wave)
    if any(left_over(folder) for folder in made):
        with lock(processed):
            mend(*made)
    recorded = manifest.read(processed)
    if is_current(asked, places, recorded):
        # An export that was refused may since have been put back as it was.
        if is_refused(asked.wave, places):
            with lock(processed):
                forget_refusal(asked.wave, places)
        if recorded.get("copied_to"):
            with lock(processed):
                _copy(recorded, asked.wave, processed)
        return Outcome(unchanged=True, rows=recorded["rows"])
    # Processes beside this one are begun first, so that they load while the wave is.
    with _apart(asked.stage) as apart, _painter(asked.stage) as painter:
        run = _begin(asked, places, progress, apart)
        with lock(processed), told_on_a_page(run.wave, places):
            outcome = _run(run, painter, processed, reports)
            _copy(manifest.read(processed), asked.wave, processed, before=recorded)
            return outcome


def _copy(recorded: dict[str, Any], wave: str, processed: Path, before: dict[str, Any] | None = None) -> None:
    """Keeps a copy of what is processed where the wave file asks for one, and none where it no longer does.

    recorded, before: manifests of this run and of the one before it. A run with nothing to do looks as well, since the
    copy of the last one may have failed.
    """
    address, earlier = (str((told or {}).get("copied_to", "")) for told in (recorded, before))
    if address or earlier:
        from pipeline import copies

        if address:
            copies.keep(address, wave, processed)
        if earlier and earlier != address:
            copies.forget(earlier, wave)


def is_current(asked: Asked, places: Places, recorded: dict[str, Any]) -> bool:
    """Whether the outputs on disk are those that this run would make."""
    try:
        if Stage[str(recorded["stage"])] < asked.stage:
            return False
        source = manifest.Provenance(**recorded["provenance"])
        folders = {"processed": places.processed(asked.wave), "released": places.reports(asked.wave)}
        return (
            (source.settings, recorded["engine"]) == (asked.settings, asked.engine)
            and _same_inputs(source, places)
            and not any(manifest.difference(folder, recorded[name]) for name, folder in folders.items())
        )
    except (OSError, KeyError, TypeError, ValueError):
        # A manifest of another make, or files that may not be read: the run itself will say what is wrong.
        return False


def _same_inputs(source: manifest.Provenance, places: Places) -> bool:
    now = manifest.provenance(
        places.raw / source.wave,
        exports=list(dict.fromkeys(map(declared, source.exports))),
        form=next(iter(source.form), None),
        cleaning=_logs(places.raw / source.wave),
        questionnaire=[manifest.QUESTIONNAIRES / f"{name}.toml" for name in source.questionnaire],
        settings=source.settings,
        earlier_wave=_manifests(source.earlier_wave, places),
    )
    return now == source


def _manifests(waves: Iterable[str], places: Places) -> dict[str, Path]:
    """Where the manifests of these waves' releases are."""
    from pipeline.published import manifest_of

    return {name: manifest_of(name, places) for name in waves}


def _logs(folder: Path) -> list[str]:
    from pipeline.ingest.cleaning.files import log_files

    return [path.name for path in log_files(folder)]


@dataclass(frozen=True)
class _Run:
    """One run: what was asked for, what it is made from, and what tells the user.

    hashing: the provenance, which is worked out while the exports are read. begin: how work is begun that may be done
    beside the rest. earlier: the round that its report sets it beside, if it names one.
    """

    asked: Asked
    wave: Wave
    text: Text
    places: Places
    hashing: Future[manifest.Provenance]
    progress: Progress
    begin: Begin
    earlier: Round | None

    @property
    def source(self) -> manifest.Provenance:
        """What it is made from."""
        with reading():
            return self.hashing.result()


def _begin(asked: Asked, places: Places, progress: Progress, apart: Apart | None) -> _Run:
    from pipeline.report.text import load_text
    from pipeline.wave import load_wave, questionnaire_files

    wave = load_wave(places.raw, asked.wave)
    earlier = _earlier_wave(wave, places) if asked.stage >= Stage.FIGURES else None
    text = load_text(asked.locale, wave.questionnaire)
    with reading():
        for path in wave.input_files:
            path.open("rb").close()
    hashing = aside(
        manifest.provenance,
        wave.folder,
        exports=[export.file for export in wave.file.exports],
        form=wave.file.form,
        cleaning=_logs(wave.folder),
        questionnaire=questionnaire_files(wave.file.questionnaire),
        settings=asked.settings,
        earlier_wave=_manifests([earlier.name] if earlier else [], places),
    )
    return _Run(asked, wave, text, places, hashing, progress, apart.begin if apart else at_once, earlier)


def _run(run: _Run, painter: Painter | None, processed: Path, reports: Path) -> Outcome:
    stage = run.asked.stage
    # What is internal is written inside of what stays with the analyst, and leaves an earlier release as it is.
    publishes = stage >= Stage.FIGURES and not run.wave.file.is_internal
    targets = [reports, processed] if publishes else [processed]
    *release, exact = prepare(*targets)
    try:
        with (
            scratch(processed) as private,
            open_engine(run.asked.engine, private) as engine,
            writing(*targets),
        ):
            found = _exact_stages(run, exact, engine, private)
            audited = ""
            # Also where the rest fails: what is written to may be cleared away next.
            with ending(found.written):
                if painter is not None and found.estimates is not None:
                    folders = exact, release[0] if publishes else exact / INTERNAL
                    audited = _release_stages(run, found.ingested, found.estimates, painter, folders)
        with writing(*targets):
            released = release[0] if publishes else reports
            content = manifest.processed_manifest(
                run.source,
                stage=stage.name,
                rows=found.rows,
                cleaning=found.ingested.cleaning,
                engine=run.asked.engine,
                versions=_versions(run.asked.engine),
                audit=audited,
                copied_to=run.wave.file.copy_processed_to or "",
                processed=exact,
                released=released,
            )
            manifest.write(exact, content)
        publish(*targets)
    finally:
        mend(*targets)
    return Outcome(False, found.rows, tuple(found.ingested.findings))


@dataclass(frozen=True)
class _Exact:
    """What stays with the analyst. rows: by stage. written: tables that may still be on their way to the disk."""

    ingested: Ingested
    rows: dict[str, int]
    estimates: Estimates | None = None
    written: Future[None] | None = None


def _exact_stages(run: _Run, folder: Path, engine: Engine, private: Path) -> _Exact:
    """What stays with the analyst: respondents, ledger, findings, counts, exact estimates.

    private: a folder for texts on their way.
    """
    from pipeline.tables import write_csv

    aside(_get_ready, run.asked.stage, run.begin)
    with run.progress.stage("read, check, exclude"):
        ingested = _ingest(run.wave, engine, private)
        engine.write_parquet(ingested.respondents, folder / "respondents.parquet", ["file", "row"])
        write_csv(ingested.ledger, folder / "ledger.csv")
        write_csv(_findings_frame(ingested), folder / "findings.csv")
        write_csv(ingested.lineage, folder / "lineage.csv")
    rows = {str(rule): int(n) for rule, n in zip(ingested.ledger["rule"], ingested.ledger["rows"], strict=True)}
    if run.asked.stage is Stage.INGEST:
        return _Exact(ingested, rows)
    with run.progress.stage("tabulate"):
        tabulated = _tabulate(ingested, run.wave, engine)
    with run.progress.stage("estimate"):
        estimates = _estimate(tabulated, run)
    written = aside(_write_exact, tabulated, estimates, run.wave, folder)
    rows |= {"counts": len(tabulated.counts), "estimates": len(estimates.estimates)}
    return _Exact(ingested, rows, estimates, written)


def _release_stages(
    run: _Run, ingested: Ingested, estimates: Estimates, painter: Painter, folders: tuple[Path, Path]
) -> str:
    """What is for readers, or for the office alone: everything after the door. Returns what the audit says of it.

    folders: of the exact tables, where the audit stays; and of the release.
    """
    exact, folder = folders
    from pipeline.report.edition import Edition
    from pipeline.report.pack import write_pack
    from pipeline.report.publication import write_claims, write_readme, write_report, write_tables, write_workbook
    from pipeline.stats.methods import methods
    from pipeline.tables import DISCLOSURE_AUDIT, write_csv

    with run.progress.stage("disclosure control"):
        disclosed = _disclose(estimates, ingested, run)
        if disclosed.audit is not None:
            write_csv(disclosed.audit.cells, exact / f"{DISCLOSURE_AUDIT.name}.csv")
    released = disclosed.released
    earlier = run.earlier.wave if run.earlier else None
    edition = Edition(released, run.wave, run.text, methods(beside_earlier=earlier is not None), earlier)
    folder.mkdir(exist_ok=True)
    with painter.painting(edition, folder / "figures") as wait_for_page:
        with run.progress.stage("tables and figures"):
            write_tables(edition, run.source, folder)
            write_claims(edition, folder)
            write_readme(edition, folder)
            write_pack(edition, folder / "figures")
            if run.asked.stage is Stage.REPORT:
                # While other processes draw.
                write_workbook(edition, run.source, folder)
            wait_for_page()
        if run.asked.stage is Stage.REPORT:
            with run.progress.stage("report"):
                write_report(edition, run.source, folder)
    audit = disclosed.audit
    told = {
        "status": edition.stamps,
        "policy": asdict(released.policy),
        "audit": audit.told if audit is not None else "",
        "analysed": released.analysed_by_route,
    }
    manifest.write(folder, manifest.released_manifest(run.source, told, folder), edition.file_name(manifest.MANIFEST))
    return audit.summary if audit is not None else ""


# --- each stage imports what it needs when it runs, so that help and a run with nothing to do are instant -----------


def _ingest(wave: Wave, engine: Engine, unpacked: Path) -> Ingested:
    from pipeline.ingest.stage import ingest

    return ingest(wave, engine, unpacked)


def _findings_frame(ingested: Ingested) -> pd.DataFrame:
    from pipeline.ingest.findings import as_frame

    return as_frame(ingested.findings)


def _tabulate(ingested: Ingested, wave: Wave, engine: Engine) -> Tabulated:
    from pipeline.tabulate import tabulate

    return tabulate(ingested.respondents, wave.questionnaire, engine)


def _estimate(tabulated: Tabulated, run: _Run) -> Estimates:
    from pipeline.stats.estimate import estimate

    return estimate(tabulated, run.wave, run.begin)


def _write_exact(tabulated: Tabulated, estimates: Estimates, wave: Wave, folder: Path) -> None:
    from pipeline.stats.risk import risk
    from pipeline.tables import write_csv, write_parquet

    write_csv(risk(tabulated.classes, wave.questionnaire.keys, wave.name), folder / "risk.csv")
    counted = {name: getattr(tabulated, name) for name in ("counts", "profiles", "pairs")}
    for name, frame in (counted | estimates.every_table()).items():
        write_parquet(frame, folder / f"{name}.parquet")


def _disclose(estimates: Estimates, ingested: Ingested, run: _Run) -> Disclosed:
    from pipeline.disclose.audit.structure import structure_of
    from pipeline.disclose.door import disclose
    from pipeline.disclose.policy import policy_of
    from pipeline.published import earlier
    from pipeline.rounds import before

    checks = [(str(finding.severity), finding.check) for finding in ingested.findings]
    policy, structure = policy_of(run.wave.file), structure_of(run.wave.questionnaire)
    releases = earlier(run.wave.name, run.places)
    beside = before(run.earlier, run.wave) if run.earlier else None
    return disclose(
        estimates, ingested.ledger, policy, structure, checks, earlier=releases, beside=beside, begin=run.begin
    )


def _earlier_wave(wave: Wave, places: Places) -> Round | None:
    if wave.file.earlier_wave is None:
        return None
    from pipeline.rounds import earlier_wave

    return earlier_wave(wave, places)


@contextmanager
def open_engine(name: str, spill: Path | None = None) -> Iterator[Engine]:
    """The engine of this name, given back afterwards. spill: a private folder for what memory does not hold."""
    from pipeline.engine import connect

    engine = connect(name, spill)
    try:
        yield engine
    finally:
        engine.close()


def _apart(stage: Stage) -> AbstractContextManager[Apart | None]:
    """A process that infers, where there will be estimates."""
    return Apart() if stage >= Stage.INDICATORS else nullcontext()


def _painter(stage: Stage) -> AbstractContextManager[Painter | None]:
    """A painter where figures are asked for."""
    if stage < Stage.FIGURES:
        return nullcontext()
    from pipeline.report.painter import Painter

    return Painter()


def _get_ready(stage: Stage, begin: Begin) -> None:
    """Loads what is needed later, while the engine is busy reading outside of Python."""
    from pipeline.ingest.anonymity import compile_words

    compile_words()
    import_module("pandas")
    if stage > Stage.INGEST:
        import_module("pyarrow.parquet")
        begin(_get_ready_to_infer)


def _get_ready_to_infer() -> None:
    for name in ("pipeline.disclose.worked_out", "pipeline.stats.inference", "scipy.special"):
        import_module(name)
    from pipeline.stats.multilevel import load_gpboost

    load_gpboost()


def _versions(engine: str) -> dict[str, str]:
    """Versions of Python and of the libraries that numbers pass through."""
    import platform
    from importlib.metadata import version

    engines = ("duckdb", "pyspark") if engine == "spark" else ("duckdb",)
    libraries = (*engines, "ibis-framework", "pandas", "numpy", "pyarrow", "matplotlib", "typst", "babel")
    return {"python": platform.python_version(), **{name: version(name) for name in libraries}}
