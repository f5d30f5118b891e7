"""Makes the files of `refused.md`: name → the file's name, and its bytes."""

from __future__ import annotations

import csv
import gzip
import os
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import exports
from tests.support.exports import Small
from tests.unit.sources.taking_in import MARK, TABLE

TEXT = exports.text(TABLE)
LINES = TEXT.removesuffix("\r\n").split("\r\n")
CSV = TEXT.encode()
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def written(write: Callable[..., Path], *args: object, **options: object) -> bytes:
    """The bytes of a file that a writer of `exports` makes."""
    with TemporaryDirectory() as folder:
        return write(Path(folder) / "file", *args, **options).read_bytes()


def zipped(files: Mapping[str, bytes]) -> bytes:
    return written(exports.write_zip, files)


def sheets(**rows: object) -> bytes:
    return written(exports.write_xlsx, rows)


def workbook_with(parts: Mapping[str, bytes]) -> bytes:
    """The table as a workbook with parts added or replaced."""
    with TemporaryDirectory() as folder:
        plain = exports.write_table_xlsx(Path(folder) / "plain", TABLE)
        return exports.with_parts(plain, Path(folder) / "changed", parts).read_bytes()


def cut_off(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def with_line(number: int, line: str) -> bytes:
    return "\r\n".join([*LINES[: number - 1], line, *LINES[number:], ""]).encode()


def _wide() -> Small:
    more = tuple(f"x{place}" for place in range(10_000))
    return Small((*TABLE.header, *more), tuple((*row, *(["1"] * len(more))) for row in TABLE.rows[:1]))


def _nested() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"uuid": ["u1"], "age": [[1, 2]], "enumerator": [MARK]})
    return written(lambda path: pq.write_table(table, path) or path)


def _far_out() -> bytes:
    import xlsxwriter

    def write(path: Path) -> Path:
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet("data")
            for place, row in enumerate((TABLE.header, *TABLE.rows)):
                sheet.write_row(place, 0, row)
            sheet.write_string(1_048_575, 999, MARK)
        return path

    return written(write)


def _random() -> bytes:
    return b"\x02" + random.Random(1).randbytes(4000)


def _bare(delimiter: str) -> list[str]:
    return exports.text(TABLE, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL).split("\r\n")


_ZEROS = b"uuid;age\n" + b"0" * 5_000_000

FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "nothing": ("e.csv", lambda: b""),
    "byte order mark alone": ("e.csv", lambda: b"\xef\xbb\xbf"),
    "line ends alone": ("e.csv", lambda: b"\r\n\r\n"),
    "NUL bytes alone": ("e.csv", lambda: bytes(100)),
    "gzip of nothing": ("e.csv.gz", lambda: gzip.compress(b"")),
    "header alone": ("e.csv", LINES[0].encode),
    "header and blank lines": ("e.csv", lambda: LINES[0].encode() + b"\r\n\r\n\r\n"),
    "workbook with a header alone": ("e.xlsx", lambda: sheets(data=[TABLE.header])),
    "Parquet with a header alone": ("e.parquet", lambda: written(exports.write_parquet, Small(TABLE.header, ()))),
    "CSV cut off in a cell": ("e.csv", lambda: CSV[:-6]),
    "workbook cut off": ("e.xlsx", lambda: cut_off(written(exports.write_table_xlsx, TABLE))),
    "SPSS cut off": ("e.sav", lambda: cut_off(written(exports.write_sav, TABLE))),
    "Stata cut off": ("e.dta", lambda: cut_off(written(exports.write_dta, TABLE))),
    "Parquet cut off": ("e.parquet", lambda: cut_off(written(exports.write_parquet, TABLE))),
    "gzip cut off": ("e.csv.gz", lambda: cut_off(gzip.compress(CSV))),
    "zip cut off": ("e.zip", lambda: cut_off(zipped({"e.csv": CSV}))),
    "a row with a cell more": ("e.csv", lambda: with_line(3, LINES[2] + f';"{MARK}"')),
    "a row with a cell fewer": ("e.csv", lambda: with_line(3, LINES[2].rsplit(";", 1)[0])),
    "all rows with a cell more": (
        "e.csv",
        lambda: "\r\n".join([LINES[0], *(f'"{place}";{line}' for place, line in enumerate(LINES[1:]))]).encode(),
    ),
    "rows with commas": ("e.csv", lambda: with_line(3, LINES[2].replace('";"', '","'))),
    "bare rows with commas": ("e.csv", lambda: "\r\n".join([*_bare(";")[:2], *_bare(",")[2:]]).encode()),
    "NUL byte in row 3": ("e.csv", lambda: with_line(3, LINES[2].replace(MARK, f"{MARK}\0"))),
    "NUL byte in row 3 of UTF-16": (
        "e.csv",
        lambda: with_line(3, LINES[2].replace(MARK, f"{MARK}\0")).decode().encode("utf-16"),
    ),
    "UTF-16 cut off": ("e.csv", lambda: TEXT.encode("utf-16")[:-1]),
    "no encoding": ("e.csv", lambda: CSV.replace("é".encode(), b"\x81")),
    "bytes of no meaning": ("e.csv", _random),
    "other columns": ("e.csv", f"name;phone\r\n{MARK};{MARK}\r\n".encode),
    "labels with expected words in them": ("e.csv", f"1. Your age ;2. Your sex ;3. A\r\n{MARK};{MARK};1\r\n".encode),
    "no header": ("e.csv", lambda: "\r\n".join(LINES[1:]).encode()),
    "10,000 columns": ("e.csv", lambda: exports.text(_wide()).encode()),
    "workbook of 10,000 columns": ("e.xlsx", lambda: written(exports.write_table_xlsx, _wide())),
    "cell far out": ("e.xlsx", _far_out),
    "zip bomb": ("e.zip", lambda: zipped({"e.csv": _ZEROS})),
    "gzip bomb": ("e.csv.gz", lambda: gzip.compress(_ZEROS)),
    "workbook bomb": ("e.xlsx", lambda: workbook_with({"xl/media/image1.png": bytes(5_000_000)})),
    "more than may be unpacked": ("e.zip", lambda: zipped({f"{n}.txt": os.urandom(3_000_000) for n in range(7)})),
    "zip in zip": ("e.zip", lambda: zipped({"inner.zip": zipped({"e.csv": CSV})})),
    "gzip in gzip": ("e.gz", lambda: gzip.compress(gzip.compress(CSV))),
    "10,001 files in a zip": ("e.zip", lambda: zipped({f"{place}.txt": b"x" for place in range(10_001)})),
    "zip without a table": ("e.zip", lambda: zipped({"picture.png": b"\x89PNG\r\n\x1a\n"})),
    "zip with a name that leads out": ("e.zip", lambda: zipped({"../e.csv": CSV})),
    "zip with two exports": ("e.zip", lambda: zipped({"a.csv": CSV, "b.csv": CSV})),
    "two sheets that could be the data": (
        "e.xlsx",
        lambda: sheets(new=[TABLE.header, *TABLE.rows], old=[TABLE.header, *TABLE.rows]),
    ),
    "workbook without cells": ("e.xlsx", lambda: sheets(data=[])),
    "workbook with a password": ("e.xlsx", lambda: _OLE + "EncryptedPackage".encode("utf-16-le") + bytes(500)),
    "Excel 97": ("e.xls", lambda: _OLE + "Workbook".encode("utf-16-le") + bytes(500)),
    "Excel 5": ("e.xls", lambda: b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(200)),
    "macros": ("e.xlsm", lambda: workbook_with({"xl/vbaProject.bin": b"x"})),
    "macros by another name": (
        "e.xlsx",
        lambda: workbook_with(
            {"[Content_Types].xml": b'<Types><Override ContentType="application/vnd.ms-excel.macroEnabled"/></Types>'}
        ),
    ),
    "external links": ("e.xlsx", lambda: workbook_with({"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})),
    "entities": ("e.xlsx", lambda: workbook_with({"xl/sharedStrings.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><sst/>'})),
    "workbook without its list of sheets": ("e.xlsx", lambda: workbook_with({"xl/workbook.xml": b"<x"})),
    "binary workbook": ("e.xlsb", lambda: zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b""})),
    "OpenDocument": ("e.ods", lambda: zipped({"content.xml": b"<x/>"})),
    "Word document": ("e.xlsx", lambda: zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b""})),
    "web page": ("e.xls", lambda: b"<html><body><table></table></body></html>"),
    "JSON": ("e.csv", lambda: b'{"detail": "Not found."}'),
    "PDF": ("e.csv", lambda: b"%PDF-1.7"),
    "encrypted Parquet": ("e.parquet", lambda: b"PARE" + bytes(40) + b"PARE"),
    "nested columns": ("e.parquet", _nested),
}
