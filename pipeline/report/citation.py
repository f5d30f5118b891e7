"""How a release is cited: by whom, when, what, of which version."""

from __future__ import annotations

from pipeline import __version__
from pipeline.report.edition import Edition

DOI_ADDRESS = "https://doi.org/"


def version_of(edition: Edition) -> str:
    """The version of a release: that of the pipeline, and the wave."""
    return f"{__version__}+{edition.wave.name}"


def citation(edition: Edition) -> str:
    """The release in a sentence, with its stamps, and its DOI where the wave file gives one."""
    text, file = edition.text, edition.wave.file
    said = text.say(
        "package.citation",
        organisation=text.say("report.organisation"),
        year=file.analysed_on.year,
        title=text.say("report.title"),
        wave_title=file.title_in(text.locale),
        wave=file.wave,
        version=__version__,
        stamps="".join(f" [{stamp}]" for stamp in edition.stamps),
    )
    return f"{said} {DOI_ADDRESS}{file.doi}" if file.doi else said
