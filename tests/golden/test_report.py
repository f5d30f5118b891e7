"""The shipped wave from export to PDF: what a reader holds in hand says what IOM published, and can be traced."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil

import pandas as pd
import pytest
from pypdf import PdfReader

from pipeline.report.figures import NAMES
from tests.disclosure.slow_door import released_estimate
from tests.support.confined import die_of_a_socket, run_confined
from tests.support.pdf import elements
from tests.support.whole_run import WAVE, lay_out, run_pipeline


@pytest.fixture(scope="session")
def pdf(shipped_run):
    return PdfReader(shipped_run.reports / "report.pdf")


@pytest.fixture(scope="session")
def pages(pdf):
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pdf.pages]


def table(shipped_run, name):
    with (shipped_run.reports / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claims(shipped_run):
    return json.loads((shipped_run.reports / "claims.json").read_text(encoding="utf-8"))["claims"]


# The nine results of October 2016 that IOM published, and that the synthetic wave was drawn to hold.
PUBLISHED = [
    "8,475 respondents: 5,695 on the Eastern Mediterranean route and 2,780 on the Central Mediterranean route",
    "from December 2015 to September 2016 on the Eastern Mediterranean route and from June to September 2016 on the "
    "Central Mediterranean route; the data were analysed on 11 October 2016",
    "On the Central Mediterranean route, 71% of respondents reported at least one of six proxy indicators",
    "On the Eastern Mediterranean route, 14% of respondents reported at least one of six proxy indicators",
    "49% reported having been held against their will",
    "about 7 to 8 times as often on the Central Mediterranean route as on the Eastern Mediterranean route: being held "
    "against one’s will (49% against 6%) and unpaid work (50% against 7%)",
    "at least one year outside their country of origin, 79% reported at least one indicator",
    "35% of respondents on the Central Mediterranean route against 11% of respondents on the Eastern Mediterranean "
    "route had been travelling for more than six months",
    "Libya was named for 87% of the events that respondents on the Central Mediterranean route reported",
]


@pytest.mark.parametrize("words", PUBLISHED)
def test_published_results_are_in_the_report(pages, words):
    assert words in " ".join(pages)


def test_every_headline_claim_stands_in_the_report_word_for_word(shipped_run, pages):
    headlines = [claim for claim in claims(shipped_run) if claim["headline"] and not claim.get("omitted")]
    assert len(headlines) >= 9
    missing = [claim["sentence"] for claim in headlines if claim["sentence"] not in " ".join(pages)]
    assert missing == []


def test_every_claim_leads_to_released_rows(shipped_run):
    traced = 0
    for claim in claims(shipped_run):
        if claim.get("table") not in ("estimates", "distributions", "events", "experience"):
            continue
        rows = table(shipped_run, claim["table"])
        for key in claim["rows"]:
            found = [row for row in rows if all(row[name] == word for name, word in key.items())]
            assert len(found) == 1
            assert found[0]["suppressed"] == ""
        if len(claim["rows"]) == 1:
            assert float(found[0]["share"]) == claim["value"]
        traced += 1
    assert traced >= 15


def test_every_page_says_that_it_is_synthetic_and_is_audited(pages):
    for page in pages:
        assert "Synthetic data: no person is in it" in page
        assert "Not yet audited" not in page


def test_every_figure_says_that_it_is_synthetic(shipped_run):
    figures = sorted((shipped_run.reports / "figures").glob("*.svg"))
    assert len(figures) == len(NAMES)
    for figure in figures:
        # Text is drawn as outlines; matplotlib keeps the words beside them as a comment.
        drawn = figure.read_text(encoding="utf-8")
        assert "<!-- DTM · wave 2016-10 · Synthetic data: no person is in it -->" in drawn
        assert figure.with_suffix(".png").stat().st_size > 20_000


def test_the_words_hold(shipped_run, pages):
    said = " ".join([*pages, (shipped_run.reports / "claims.json").read_text(encoding="utf-8")]).lower()
    for figure in (shipped_run.reports / "figures").glob("*.svg"):
        said += figure.read_text(encoding="utf-8").lower()
    assert "victim" not in said
    assert "prevalence" not in said
    assert "margin of error" in said  # only to say that an interval is none
    assert said.count("margin of error") == said.count("must not be quoted as a margin of error")
    assert re.search(r"% (were|was|of \w+ were) trafficked", said) is None
    assert "sexual exploitation was not asked about in 2016" in said


def test_the_pdf_is_archival_and_accessible(pdf):
    catalogue = pdf.trailer["/Root"]
    described = pdf.xmp_metadata.stream.get_data().decode("utf-8") if pdf.xmp_metadata else ""
    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert catalogue["/Lang"] == "en"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title.startswith("Experiences that may amount to trafficking or exploitation")
    assert pdf.metadata.creation_date.date().isoformat() == "2016-10-11"
    assert [entry["/Title"] for entry in pdf.outline if isinstance(entry, dict)][:3] == [
        "About this report",
        "Key findings",
        "Indicators by route",
    ]


def test_every_figure_has_an_alt_text_with_its_finding_and_numbers(pdf):
    alts = [str(element["/Alt"]) for element in elements(pdf) if element.get("/S") == "/Figure"]
    assert len(alts) == len(NAMES)
    for alt in alts:
        assert alt.startswith("Figure: ")
        assert len(re.findall(r"\d", alt)) > 10
        assert "Synthetic data" in alt


def test_tables_have_header_cells(pdf):
    kinds = [element.get("/S") for element in elements(pdf)]
    assert kinds.count("/Table") >= 10
    assert kinds.count("/TH") > kinds.count("/Table")


# --- disclosure: what is in the release, cell by cell ---------------------------------------------------------------


PARTS = {"distributions": "respondents", "events": "events", "experience": "respondents", "estimates": "yes"}


@pytest.mark.parametrize("name", PARTS)
def test_released_counts_are_rounded_and_large_enough(shipped_run, name):
    columns = {"estimates": ("asked", "answered", "yes"), "events": ("events", "base", "people")}
    for row in table(shipped_run, name):
        for column in columns.get(name, (PARTS[name], "base")):
            if row[column]:
                assert int(row[column]) % 5 == 0
                assert int(row[column]) == 0 or int(row[column]) >= 15


def withheld_further(run):
    """Cells of estimates that are withheld beyond the rules on single cells, by what they are named by."""
    audited = pd.read_csv(run.processed / "disclosure_audit.csv")
    rows = audited[(audited["table"] == "estimates") & (audited["why"] != "primary")]
    return {tuple(cell.split(" | ")) for cell in rows["cell"]}


def test_released_estimates_follow_the_policy_row_by_row(shipped_run):
    further = withheld_further(shipped_run)
    exact = pd.read_parquet(shipped_run.processed / "estimates.parquet")
    met = exact[exact["group"] == "all"].groupby("route")["asked"].max().to_dict()
    released = table(shipped_run, "estimates")
    assert len(released) == len(exact)
    for row, out in zip(exact.itertuples(), released, strict=True):
        assert (row.indicator, row.route, row.group, row.level) == tuple(
            out[name] for name in ("indicator", "route", "group", "level")
        )
        if not met[row.route]:
            assert (out["asked"], out["answered"], out["yes"], out["share"]) == ("0", "0", "0", "")
            continue
        if (row.indicator, row.route, row.group, row.level) in further:
            assert (out["yes"], out["share"], out["ci_low"], out["suppressed"]) == ("", "", "", "withheld")
            continue
        expected = released_estimate(row._asdict(), met[row.route])
        assert out["suppressed"] == expected["suppressed"]
        for name, count in {"yes": "part", "answered": "base", "asked": "asked"}.items():
            assert out[name] == ("" if expected[count] is None else str(expected[count]))
        assert (float(out["share"]) if out["share"] else None) == expected["share"]


def test_no_monitoring_point_or_submission_leaves(shipped_run):
    people = pd.read_parquet(shipped_run.processed / "respondents.parquet")
    points = set(people["monitoring_point"]) - {"not_asked", "no_answer"}
    assert len(points) > 90
    for path in shipped_run.reports.rglob("*"):
        if path.suffix in (".csv", ".json", ".svg", ".md"):
            text = path.read_text(encoding="utf-8")
            assert not [point for point in points if point in text]
            assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-", text) is None


def test_people_are_kept_without_the_keys_of_the_platform(shipped_run):
    people = pd.read_parquet(shipped_run.processed / "respondents.parquet")
    assert len(people) == 9251
    assert not [name for name in people.columns if "uuid" in name or name in ("submission_id", "enumerator")]
    assert (people["excluded_by"] == "").sum() == 8475


# --- provenance -----------------------------------------------------------------------------------------------------


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_report_names_the_export_by_its_hash(shipped_run, pages):
    export = shipped_run.root / "data" / "raw" / WAVE / "fms_2016_10.csv"
    assert sha256(export) in pages[-1]
    manifest = json.loads((shipped_run.reports / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["provenance"]["exports"] == {"fms_2016_10.csv": sha256(export)}


def test_the_released_manifest_names_every_file_and_no_exact_table(shipped_run):
    manifest = json.loads((shipped_run.reports / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(shipped_run.reports).as_posix() for p in shipped_run.reports.rglob("*") if p.is_file()}
    assert set(manifest["files"]) == files - {"manifest.json"}
    assert all(sha256(shipped_run.reports / name) == value for name, value in manifest["files"].items())
    text = (shipped_run.reports / "manifest.json").read_text(encoding="utf-8")
    assert not [p.name for p in shipped_run.processed.iterdir() if p.name != "manifest.json" and sha256(p) in text]


def test_the_analysts_manifest_has_rows_versions_and_all_files(shipped_run):
    manifest = json.loads((shipped_run.processed / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["rows"]["received"] == 9251
    assert manifest["rows"]["analysed"] == 8475
    assert set(manifest["processed"]) == {p.name for p in shipped_run.processed.iterdir()} - {"manifest.json"}
    assert "duckdb" in manifest["versions"]


# --- the same again -------------------------------------------------------------------------------------------------


def test_an_unchanged_wave_is_left_alone(shipped_run):
    before = {path: path.stat().st_mtime_ns for path in shipped_run.root.rglob("*")}
    again = run_pipeline(shipped_run.root, "report")
    assert again.code == 0
    assert "Nothing has changed" in again.output
    assert {path: path.stat().st_mtime_ns for path in shipped_run.root.rglob("*")} == before


def test_another_run_elsewhere_gives_the_same_bytes_and_needs_no_network(shipped_run, tmp_path):
    """All variations at once; one by one they are in `commands/test_same_everywhere.py`."""
    elsewhere = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "7", "COLUMNS": "40"}
    other = run_confined(die_of_a_socket, "report", root=lay_out(tmp_path), **elsewhere)
    assert other.code == 0, other.errors
    for folder, same in ((shipped_run.reports, other.reports), (shipped_run.processed, other.processed)):
        names = {p.relative_to(folder) for p in folder.rglob("*") if p.is_file()}
        assert names == {p.relative_to(same) for p in same.rglob("*") if p.is_file()}
        assert [str(name) for name in sorted(names) if sha256(folder / name) != sha256(same / name)] == []


def test_verify_finds_what_was_tampered_with(shipped_run, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(shipped_run.root, root)
    assert run_pipeline(root, "verify").code == 0
    reports = root / "reports" / WAVE
    (reports / "estimates.csv").write_text("changed")
    (reports / "events.csv").unlink()
    (reports / "added.txt").write_text("added")
    found = run_pipeline(root, "verify")
    assert found.code == 3
    assert "estimates.csv: changed" in found.errors
    assert "events.csv: missing" in found.errors
    assert "added.txt: not in the manifest" in found.errors
