"""The keys of the JSON files that are written."""

from __future__ import annotations

from pipeline.dictionary.markdown import section, table

CLAIMS = {
    "wave": "The wave's name.",
    "status": "What every page is stamped with.",
    "indicator_set": "The set that `at_least_one` is counted over.",
    "claims": "Each headline sentence, stated or not.",
    "claims.claim": "Its kind, with the route where it is about one: `at_least_one:central`.",
    "claims.sentence": "The sentence; not there if the wave cannot state it.",
    "claims.value": "The number of the sentence, as released.",
    "claims.base": "Respondents behind it, rounded.",
    "claims.interval": "The 95% interval, low and high.",
    "claims.table": "The released table, or the file, that it came from.",
    "claims.rows": "What picks the rows of that table: column and value.",
    "claims.omitted": "Why the wave cannot state it.",
    "claims.headline": "Whether it stands among the key findings.",
    "claims.values": "Further numbers of the sentence, by name.",
}

MANIFEST = {
    "provenance": "What the run was made from; each value is a SHA-256, but for names and the version.",
    "provenance.wave": "The wave's name.",
    "provenance.exports": "Each export file.",
    "provenance.form": "The XLSForm, if there is one.",
    "provenance.cleaning": "Each file of the cleaning log.",
    "provenance.wave_file": "wave.toml.",
    "provenance.questionnaire": "Each file that the instrument is made from.",
    "provenance.code_version": "The version of the pipeline.",
    "provenance.code": "All of its source files together.",
    "provenance.lock": "The locked dependencies.",
    "provenance.settings": "What was asked for on the command line: locale.",
    "provenance.earlier_wave": "The wave that it is set beside, if its wave file names one: the hash of that release's "
    "manifest.",
    "stage": "How far the run went. Processed only.",
    "engine": "What computed it: duckdb or spark; both find the same numbers. Processed only.",
    "rows": "Rows of each line of the ledger, and of counts and estimates. Processed only.",
    "cleaning": "Entries of the cleaning log by change type; empty without a log. Processed only.",
    "versions": "Python, and the libraries that numbers pass through. Processed only.",
    "processed": "SHA-256 of each exact file. Processed only: the hash of a small table confirms a guess.",
    "released": "SHA-256 of each released file. Processed only.",
    "status": "What every page is stamped with. Released only.",
    "policy": "The numbers of the disclosure policy. Released only.",
    "policy.name": "Which policy: public; public, stricter; or internal, which withholds nothing.",
    "policy.smallest": "Fewest people that may be shown.",
    "policy.smallest_printed": "Smallest count that may stand in print once rounded.",
    "policy.rounding": "Step of the printed counts.",
    "policy.share_base": "Smallest base for a printed share.",
    "policy.zero_base": "Smallest base at which a true zero may be shown.",
    "policy.ratio_share": "Smallest printed share that may stand in a ratio.",
    "policy.width": "How far apart the least and the greatest are that a withheld count can be, at least.",
    "policy.reason": "Why it is stricter than the public policy, if the wave file asks for that.",
    "policy.audited": "Whether the release was audited for what could be worked out from several numbers together.",
    "analysed": "Respondents analysed, by route. Released only.",
    "audit": "What the audit for recovery found, in a line; empty where there was none to make.",
    "copied_to": "The address that gets a copy of what is processed; empty where the wave file asks for none.",
    "files": "SHA-256 of each file of the release. Released only.",
}

TREND_MANIFEST = {
    "status": "What the figure and the page are stamped with.",
    "waves": "Each wave that is in it.",
    "waves.wave": "Its name.",
    "waves.release": "The folder of the release that its numbers are copied from.",
    "waves.estimates": "SHA-256 of `estimates.csv` there.",
    "waves.manifest": "SHA-256 of the manifest of that release.",
    "waves.wave_file": "SHA-256 of wave.toml, which says when the wave was held: the same as in that manifest.",
    "waves.questionnaire": "SHA-256 of each file that the instrument was made from, as in that manifest.",
    "waves.code_version": "The version of the pipeline that made the release.",
    "left_out": "Made-up waves that were left out beside real ones.",
    "code_version": "The version of the pipeline that made the trend.",
    "code": "All of its source files together.",
    "lock": "The locked dependencies.",
    "settings": "What was asked for on the command line: locale.",
    "files": "SHA-256 of each file of the trend.",
}

DATA_PACKAGE = {
    "profile": "The profile of the standard: tabular-data-package.",
    "name": "The wave, as a name for programs.",
    "id": "The address of the DOI; not there unless the wave file gives a `doi`.",
    "title": "The title of the report and the wave.",
    "description": "What it is, with the stamps of every page, and the policy.",
    "version": "The version of the pipeline, and the wave.",
    "created": "The day of the analysis, as the wave file declares it.",
    "keywords": "What the report is on.",
    "contributors": "The organisation.",
    "sources": "Each export file, with its SHA-256.",
    "citation": "How to cite the release.",
    "resources": "Each CSV file: path, size, SHA-256, and the columns with type, meaning, closed words and key.",
}


def documents() -> str:
    """The sections on claims.json, datapackage.json and manifest.json."""
    parts = []
    for name, about, keys in (
        ("claims.json", "The headline sentences of a release.", CLAIMS),
        (
            "datapackage.json",
            "The CSV files of a release for programs, by the standard Frictionless Data Package 1.0.",
            DATA_PACKAGE,
        ),
        (
            "manifest.json",
            "One for the analyst in `data/processed/<wave>/`, one for readers. `internal_manifest.json` is like it.",
            MANIFEST,
        ),
        ("manifest.json of the trend", "In `reports/trend/`.", TREND_MANIFEST),
    ):
        parts.append(
            section(name, about, table(("key", "meaning"), [(f"`{key}`", what) for key, what in keys.items()]))
        )
    return "\n".join(parts)
