"""What people see: whole lines without colours in a file, texts as they are, and a run that outlives its pipe."""

from __future__ import annotations

import io
import sys

import pytest

from pipeline.ingest.findings import Finding, Severity
from pipeline.terminal import Shown, new_console, run_console, show_findings, show_rows, show_written

ROWS = {
    "received": 1200,
    "duplicate": 3,
    "no_consent": 0,
    "under_14": 12,
    "analysed": 1185,
    "counts": 9,
    "estimates": 9,
}
LONG = "a/path/" * 40


class Terminal(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class ClosedPipe(io.StringIO):
    """An output whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.fixture
def shown(monkeypatch):
    """Runs something with a console, and gives what was written to standard output."""

    def of(show, output: io.StringIO | None = None, width: int = 80) -> str:
        output = io.StringIO() if output is None else output
        monkeypatch.setattr(sys, "stdout", output)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("NO_COLOR", raising=False)
        show(new_console())
        return output.getvalue()

    return of


@pytest.mark.parametrize("width", [20, 80, 300])
def test_a_long_line_is_never_broken(shown, width):
    assert shown(lambda console: console.print(f"Report: {LONG}.pdf"), width=width) == f"Report: {LONG}.pdf\n"


def test_a_file_gets_no_colours_and_a_terminal_does(shown):
    def bold(console):
        console.print("Report: 12 pages", style="bold")

    assert shown(bold) == "Report: 12 pages\n"
    assert "\x1b[" in shown(bold, Terminal())


TEXTS = ["a folder [old]/2016-10", "[red]no style[/red]", "[/]", "a time 10:a:30", ":smile:", "back\\slash \\[x]"]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_shown_as_they_are(shown, text):
    assert shown(lambda console: console.print(text)) == f"{text}\n"
    finding = Finding(Severity.NOTE, "a_check", text, repair=text, file=text, column=text)
    assert shown(lambda console: show_findings(console, [finding])).count(text) == 4


def test_what_was_written_is_told_with_its_size(shown, tmp_path):
    (tmp_path / "report.pdf").write_bytes(bytes(1_240_000))
    for name in ("a.csv", "b.csv", "figures/c.svg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(bytes(2_000))
    told = shown(lambda console: show_written(console, tmp_path))
    assert "report.pdf (1.2 MB), 2 tables as CSV (4 kB), figures/ with 1 files (2 kB)" in told


@pytest.mark.parametrize(("asked", "says"), [("1", ""), ("0", "said\n"), ("", "said\n")])
def test_a_run_that_is_asked_to_be_quiet_says_nothing(shown, monkeypatch, asked, says):
    monkeypatch.setenv("QUIET", asked)
    assert shown(lambda _: run_console().print("said")) == says


def test_rows_are_told_without_rules_that_took_nobody(shown):
    told = shown(lambda console: show_rows(console, ROWS))
    assert told == "1,200 interviews received, 1,185 analysed; left out: 3 duplicate, 12 under 14\n"


def test_rows_of_a_wave_from_which_nobody_was_left_out(shown):
    told = shown(lambda console: show_rows(console, {"received": 5, "no_consent": 0, "analysed": 5}))
    assert told == "5 interviews received, 5 analysed; left out: nobody\n"


def test_findings_stand_by_severity_with_rows_and_repair(shown):
    findings = [
        Finding(Severity.NOTE, "one", "Noted.", file="a.csv"),
        Finding(Severity.WARNING, "two", "Noticed.", "Look at it.", "a.csv", "age", 2, (7, 3)),
    ]
    lines = shown(lambda console: show_findings(console, findings)).splitlines()
    noticed = next(line for line in lines if "Noticed." in line)
    assert 'a.csv, column "age"' in noticed
    assert "rows 3, 7" in noticed
    assert lines.index(noticed) < lines.index(next(line for line in lines if "Noted." in line))
    assert any("Look at it." in line for line in lines)


def test_a_stage_is_told_when_it_is_done_and_a_file_gets_no_spinner(shown):
    def stage(console):
        with Shown(console).stage("tabulate [x]"):
            console.print("meanwhile")

    first, second = shown(stage).splitlines()
    assert first == "meanwhile"
    assert second.startswith("  done: tabulate [x] (")


def test_a_stage_that_fails_is_not_told_as_done(shown):
    def stage(console):
        with pytest.raises(ValueError, match="a fault"), Shown(console).stage("tabulate"):
            raise ValueError("a fault")

    assert shown(stage) == ""


def test_a_closed_pipe_stops_no_run(shown):
    def twice(console):
        console.print("to nobody")
        console.print("and again")

    shown(twice, ClosedPipe())
    sys.stdout.close()
