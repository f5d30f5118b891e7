"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from pipeline.ingest.findings import Finding, Severity
from pipeline.ingest.sources.container import refusing_damage
from pipeline.ingest.sources.opening import Opening

HEAD = 4096


class Kind(StrEnum):
    """The kinds of file that can be read, in the words of a message."""

    TEXT = "delimited text"
    WORKBOOK = "an Excel workbook"
    ZIP = "a zip archive"
    GZIP = "a gzip file"
    SPSS = "an SPSS file"
    STATA = "a Stata file"
    PARQUET = "a Parquet file"


_AS_CSV = "Open it in the program that wrote it and save it as CSV (UTF-8) or as an Excel workbook (.xlsx)."
_UNPACK = "Unpack it, and name the file that was in it in wave.toml; or pack it again as .zip."
_AGAIN = "Download the export again, as CSV or as an Excel workbook; the platform may have sent a page instead of data."
_WRONG = "Check that wave.toml names the export, and not another file."

_READ: tuple[tuple[bytes, Kind], ...] = (
    (b"\x1f\x8b", Kind.GZIP),
    (b"PK\x03\x04", Kind.ZIP),
    (b"PK\x05\x06", Kind.ZIP),
    (b"$FL2@(#)", Kind.SPSS),
    (b"$FL3@(#)", Kind.SPSS),
    (b"<stata_dta>", Kind.STATA),
    (b"PAR1", Kind.PARQUET),
    (b"PARE", Kind.PARQUET),
)
# Stata up to release 12: number of the release, byte order, kind of file, a zero.
_OLD_STATA = re.compile(rb"[\x66-\x73][\x01\x02]\x01\x00")

_NOT_READ: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), what, repair)
    for pattern, what, repair in (
        (rb"%PDF", "a PDF document", _WRONG),
        (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|RIFF....WEBP|BM....\0\0\0\0", "an image", _WRONG),
        (rb"RIFF|OggS|ID3|\0\0\0.ftyp", "a sound or a film", _WRONG),
        (
            rb"7z\xbc\xaf\x27\x1c|Rar!|BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd|.{257}ustar",
            "an archive of another kind",
            _UNPACK,
        ),
        (rb"RD[AX][23]\n|[XAB]\n\0\0", "an R data file", 'In R, write it with write.csv(…, fileEncoding = "UTF-8").'),
        (rb"SQLite format 3\0|\0\x01\0\0Standard (?:Jet|ACE) DB", "a database", _AS_CSV),
        (rb"ARROW1|FEA1", "an Arrow or Feather file", "Save it as Parquet or CSV."),
        (rb".{0,400}SPSS PORT FILE", "an SPSS portable file", "In SPSS, save it as .sav."),
        (rb"HEADER RECORD\*{7}|\0{12}\xc2\xea\x81\x60", "a SAS file", _AS_CSV),
        (rb"\t[\0\2\4\x08][\4-\x10]\0", "a workbook of Excel 5 or older", "Save it as an Excel workbook (.xlsx)."),
        (rb"\s*\{\\rtf", "a text document (RTF)", _AS_CSV),
        (rb"\x7fELF|MZ\x90", "a program", _WRONG),
        (rb"\s*<(?:!doctype\s+html|html|head|body|table|script|meta)\b", "a web page", _AGAIN),
        (rb"\s*(?:<\?xml|<!--|<!doctype|<\w+\s+xmlns)", "an XML file", _AGAIN),
        (rb"\s*(?:\{\s*(?:\"|\}\s*$)|\[\s*[\[{]|\[\s*\]\s*$)", "a JSON file", _AGAIN),
    )
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_SEARCHED = 1 << 26

_BY_SUFFIX: dict[str, Kind] = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".dat", ".psv"), Kind.TEXT),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".xltx"), Kind.WORKBOOK),
    ".zip": Kind.ZIP,
    **dict.fromkeys((".gz", ".gzip"), Kind.GZIP),
    **dict.fromkeys((".sav", ".zsav"), Kind.SPSS),
    ".dta": Kind.STATA,
    **dict.fromkeys((".parquet", ".pq"), Kind.PARQUET),
}


def kind_of(path: Path, opening: Opening) -> Kind:
    """What kind of file this is. ExportInvalid for an empty file, and for a kind that is not read."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\r\n \t\0"):
        raise _nothing(head, opening)
    if head.startswith(_OLE):
        raise _old_office(path, opening)
    kind = _read_kind(head)
    if kind is Kind.ZIP:
        return _zip_kind(path, opening)
    if kind is None:
        _check_not_another(head, opening)
    return kind or Kind.TEXT


def _nothing(head: bytes, opening: Opening) -> Exception:
    if head.count(0) > 2:
        return opening.refused("This file holds nothing but NUL bytes: it is damaged.", "Download the export again.")
    return opening.refused("This file is empty.", "Download the export again.")


def _read_kind(head: bytes) -> Kind | None:
    if _OLD_STATA.match(head):
        return Kind.STATA
    return next((kind for start, kind in _READ if head.startswith(start)), None)


def _check_not_another(head: bytes, opening: Opening) -> None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = text.replace(b"\0", b"")[2:]
    for pattern, what, repair in _NOT_READ:
        if pattern.match(text) or pattern.match(text.lower()):
            raise opening.refused(f"This file is {what}, not a table of data.", repair)


def _old_office(path: Path, opening: Opening) -> Exception:
    with path.open("rb") as file:
        if _PASSWORD in file.read(_SEARCHED):
            return opening.refused(
                "This workbook is password-protected.",
                "In Excel, take the password off (File, Info, Protect Workbook, Encrypt with Password) and save it.",
            )
    return opening.refused(
        "This is a file of Excel 97–2003 (.xls) or of another old Office program.",
        "Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx).",
    )


def _zip_kind(path: Path, opening: Opening) -> Kind:
    """Office files are zip archives too. ExportInvalid for those that are not read, and for a damaged archive."""
    damaged = refusing_damage("This archive or workbook is damaged, or was cut off.", "Download it again.", opening)
    with damaged, zipfile.ZipFile(path) as archive:
        names = {name.replace("\\", "/").casefold() for name in archive.namelist()}
    if "[content_types].xml" not in names:
        for name, what in (("content.xml", "an OpenDocument file"), ("index/document.iwa", "an Apple Numbers file")):
            if name in names:
                raise opening.refused(f"This is {what}.", "Save it as an Excel workbook (.xlsx) or as CSV (UTF-8).")
        return Kind.ZIP
    if "xl/workbook.bin" in names:
        raise opening.refused("This is a binary Excel workbook (.xlsb).", "Save it as an Excel workbook (.xlsx).")
    if not any(name.startswith("xl/") for name in names):
        raise opening.refused("This is an Office document, not a workbook.", _WRONG)
    return Kind.WORKBOOK


def note_on_name(name: str, kind: Kind, opening: Opening) -> list[Finding]:
    """A note if the file's name says that it is of another kind."""
    said = _BY_SUFFIX.get(Path(name).suffix.lower())
    if said in (None, kind):
        return []
    return [
        opening.noticed(
            Severity.NOTE,
            "file_kind",
            f'This file is called "{Path(name).suffix.lower()}" and is {kind}. It was read as what it is.',
            "Nothing, if you know why; else check that it is the export that you meant.",
        )
    ]


def calls_itself_a_table(name: str) -> bool:
    """Whether the ending of a file's name is one of a table or an archive."""
    return Path(name).suffix.lower() in _BY_SUFFIX
