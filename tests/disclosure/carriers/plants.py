"""Secrets planted in files, each as a program could leave it there."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)

from tests.support.exports import with_parts

SECRET = "Zaqwim Ötterfelt"
Planted = dict[str, bytes]
"""Name → bytes."""

PLANTS: dict[str, tuple[str, Callable[[Path], Planted]]] = {}
"""What is planted → the carrier in which it must be found, and what makes the files, given a folder to work in."""


def _in(carrier: str, what: str) -> Callable[[Callable[[Path], Planted]], Callable[[Path], Planted]]:
    def keep(plant: Callable[[Path], Planted]) -> Callable[[Path], Planted]:
        PLANTS[what] = (carrier, plant)
        return plant

    return keep


# --- drawings -------------------------------------------------------------------------------------------------------


def drawing(inner: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<svg xmlns="http://www.w3.org/2000/svg" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{inner}</svg>'
    ).encode()


_DRAWINGS = {
    "comment": ("SVG comment", f"<!-- {SECRET} -->"),
    "description": ("SVG text", f"<g><desc>{SECRET}</desc></g>"),
    "title": ("SVG text", f"<title>{SECRET}</title>"),
    "metadata": ("SVG text", f"<metadata><x>{SECRET}</x></metadata>"),
    "text of no size": ("SVG text", f'<text font-size="0">{SECRET}</text>'),
    "identifier": ("SVG attribute", f'<path id="{SECRET}" d="M 0 0"/>'),
    "link": ("SVG attribute", f'<a xlink:href="https://example.org/{SECRET}"/>'),
    "style": ("SVG text", f"<style>/* {SECRET} */</style>"),
    "script as characters": ("SVG text", f"<script><![CDATA[{SECRET}]]></script>"),
    "instruction": ("SVG instruction", f"<?told {SECRET}?>"),
}
for _what, (_carrier, _inner) in _DRAWINGS.items():
    PLANTS[f"SVG {_what}"] = (_carrier, lambda _, inner=_inner: {"a.svg": drawing(inner)})


@_in("SVG entity", "SVG entity")
def _(_: Path) -> Planted:
    return {"a.svg": drawing("", head=f'<!DOCTYPE svg [<!ENTITY told "{SECRET}">]>')}


@_in("PNG tEXt", "PNG in an SVG")
def _(_: Path) -> Planted:
    inside = base64.b64encode(picture((b"tEXt", b"Comment\0" + SECRET.encode("latin-1")))).decode()
    return {"a.svg": drawing(f'<image xlink:href="data:image/png;base64,{inside}"/>')}


# --- pictures -------------------------------------------------------------------------------------------------------


def picture(*chunks: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    """A white point, with these chunks in it."""
    head = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    parts = [head, *chunks, (b"IDAT", zlib.compress(b"\0\xff")), (b"IEND", b"")]
    whole = b"".join(
        struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts
    )
    return b"\x89PNG\r\n\x1a\n" + whole + after


_LATIN = SECRET.encode("latin-1")
_PICTURES = {
    "tEXt": (b"tEXt", b"Author\0" + _LATIN),
    "zTXt": (b"zTXt", b"Comment\0\0" + zlib.compress(_LATIN)),
    "iTXt": (b"iTXt", b"Title\0\0\0de\0Titel\0" + SECRET.encode()),
    "iTXt, packed": (b"iTXt", b"Title\0\1\0\0\0" + zlib.compress(SECRET.encode())),
    "eXIf": (b"eXIf", b"MM\0*\0\0\0\x08" + _LATIN),
    "a chunk of a program's own": (b"prVt", _LATIN),
}
for _what, _chunk in _PICTURES.items():
    PLANTS[f"PNG {_what}"] = (
        f"PNG {_chunk[0].decode()}",
        lambda _, chunk=_chunk: {"a.png": picture(chunk)},
    )


@_in("after the end of a PNG", "PNG after its end")
def _(_: Path) -> Planted:
    return {"a.png": picture(after=_LATIN)}


# --- documents ------------------------------------------------------------------------------------------------------


def _document(plant: Callable[[PdfWriter], object]) -> Planted:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    plant(writer)
    return {"a.pdf": _written(writer)}


def _written(writer: PdfWriter) -> bytes:
    for page in writer.pages:
        page.compress_content_streams()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _packed_stream(writer: PdfWriter, data: bytes, **entries: str) -> Any:
    stream = DecodedStreamObject()
    stream.set_data(data)
    packed = stream.flate_encode()
    packed.update({NameObject(f"/{key}"): NameObject(value) for key, value in entries.items()})
    return writer._add_object(packed)


def _page_draws(writer: PdfWriter, data: bytes) -> None:
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    page = writer.pages[0]
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(named)})}
    )
    page[NameObject("/Contents")] = _packed_stream(writer, data)


def _structured(writer: PdfWriter, key: str) -> None:
    element = DictionaryObject(
        {NameObject("/Type"): NameObject("/StructElem"), NameObject(key): TextStringObject(SECRET)}
    )
    root = DictionaryObject({NameObject("/K"): ArrayObject([writer._add_object(element)])})
    writer.root_object[NameObject("/StructTreeRoot")] = writer._add_object(root)


def _scripted(writer: PdfWriter) -> None:
    action = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject(f"app.alert('{SECRET}')"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


_UTF16 = (b"\xfe\xff" + SECRET.encode("utf-16-be")).hex().encode()
_DOCUMENTS: dict[str, tuple[str, Callable[[PdfWriter], object]]] = {
    "page text": ("PDF page text", lambda w: _page_draws(w, b"BT /F1 9 Tf (" + _LATIN + b") Tj ET")),
    "page text that is not shown": (
        "PDF page text",
        lambda w: _page_draws(w, b"BT /F1 9 Tf 3 Tr (" + _LATIN + b") Tj ET"),
    ),
    "page text over two lines": (
        "PDF page text",
        lambda w: _page_draws(w, b"BT /F1 9 Tf 10 90 Td (Zaqwim \xd6tter-) Tj 0 -11 Td (felt) Tj ET"),
    ),
    "text to be read instead": (
        "PDF alt text",
        lambda w: _page_draws(w, b"/Span << /ActualText <" + _UTF16 + b"> >> BDC EMC"),
    ),
    "comment between operators": ("PDF drawing", lambda w: _page_draws(w, b"0 0 m % " + _LATIN + b"\n1 1 l S")),
    "document information": ("PDF info", lambda w: w.add_metadata({"/Subject": SECRET})),
    "outline": ("PDF outline", lambda w: w.add_outline_item(title=SECRET, page_number=0)),
    "attachment": ("PDF attachment: line of text", lambda w: w.add_attachment("notes.txt", SECRET.encode())),
    "name of an attachment": ("PDF attachment name", lambda w: w.add_attachment(f"{SECRET}.txt", b"-")),
    "alt text": ("PDF alt text", lambda w: _structured(w, "/Alt")),
    "title of a part": ("PDF structure", lambda w: _structured(w, "/T")),
    "annotation": ("PDF annotation", lambda w: w.add_annotation(0, FreeText(text=SECRET, rect=(0, 0, 9, 9)))),
    "link": ("PDF link", lambda w: w.add_annotation(0, Link(rect=(0, 0, 9, 9), url=f"https://example.org/{SECRET}"))),
    "script": ("PDF script", _scripted),
    "text that nothing leads to": ("PDF string", lambda w: w._add_object(TextStringObject(SECRET))),
    "stream that nothing leads to": ("PDF drawing", lambda w: _packed_stream(w, _LATIN)),
}
for _what, (_carrier, _plant) in _DOCUMENTS.items():
    PLANTS[f"PDF {_what}"] = (_carrier, lambda _, plant=_plant: _document(plant))


@_in("PDF metadata text", "PDF metadata")
def _(_: Path) -> Planted:
    packet = f'<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta><?xpacket end="w"?>'

    def plant(writer: PdfWriter) -> None:
        metadata = _packed_stream(writer, packet.encode(), Type="/Metadata", Subtype="/XML")
        writer.root_object[NameObject("/Metadata")] = metadata

    return _document(plant)


@_in("PDF attachment: CSV cell", "PDF with a packed table attached")
def _(_: Path) -> Planted:
    table = _zipped({"cells.csv": f"a,b\n1,{SECRET}\n".encode()})
    return _document(lambda writer: writer.add_attachment("tables.zip", table))


@_in("PDF info", "PDF as it was before it was corrected")
def _(_: Path) -> Planted:
    before = _document(lambda writer: writer.add_metadata({"/Subject": SECRET}))["a.pdf"]
    writer = PdfWriter(io.BytesIO(before), incremental=True)
    writer.add_metadata({"/Subject": "corrected"})
    after = _written(writer)
    assert PdfReader(io.BytesIO(after)).metadata["/Subject"] == "corrected"
    return {"a.pdf": after}


# --- workbooks ------------------------------------------------------------------------------------------------------


def _workbook(folder: Path, fill: Callable[[xlsxwriter.Workbook, Any], object]) -> Path:
    path = folder / "made.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("shown")
        sheet.write_string(0, 0, "harmless")
        fill(workbook, sheet)
    return path


def _chart(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
    """A chart keeps a copy of what it draws, even from a workbook that is not there."""
    chart = workbook.add_chart({"type": "column"})
    chart.add_series({"name": SECRET, "values": "=shown!$B$1:$B$2"})
    sheet.insert_chart("D1", chart)


def _described_chart(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
    chart = workbook.add_chart({"type": "column"})
    chart.add_series({"values": "=shown!$B$1:$B$2"})
    sheet.insert_chart("D1", chart, {"description": SECRET})


def _pictured(folder: Path) -> Callable[[xlsxwriter.Workbook, Any], object]:
    path = folder / "point.png"
    path.write_bytes(picture((b"tEXt", b"Comment\0" + _LATIN)))
    return lambda _, sheet: sheet.insert_image("D1", str(path))


def _on_a_hidden_sheet(workbook: xlsxwriter.Workbook, _: Any) -> None:
    hidden = workbook.add_worksheet("kept")
    hidden.very_hidden()
    hidden.write_formula(0, 0, "=1", None, SECRET)


def _in_a_hidden_column(_: xlsxwriter.Workbook, sheet: Any) -> None:
    sheet.set_column("F:F", None, None, {"hidden": True})
    sheet.write_string("F9", SECRET)


_WORKBOOKS: dict[str, tuple[str, Callable[[xlsxwriter.Workbook, Any], object]]] = {
    "hidden sheet": ("XLSX sheet text", _on_a_hidden_sheet),
    "name of a hidden sheet": ("XLSX workbook attribute", lambda w, _: w.add_worksheet(SECRET).hide()),
    "hidden column": ("XLSX shared strings text", _in_a_hidden_column),
    "kept value of a formula": ("XLSX sheet text", lambda _, s: s.write_formula("B1", "=A1", None, SECRET)),
    "formula": ("XLSX sheet text", lambda _, s: s.write_formula("B1", f'=IF(A1="","{SECRET}","")')),
    "comment": ("XLSX comments text", lambda _, s: s.write_comment("A1", SECRET)),
    "author of a comment": ("XLSX comments text", lambda _, s: s.write_comment("A1", "-", {"author": SECRET})),
    "defined name": ("XLSX workbook text", lambda w, _: w.define_name("told", f'="{SECRET}"')),
    "properties": ("XLSX properties text", lambda w, _: w.set_properties({"company": SECRET})),
    "property of its own": ("XLSX properties text", lambda w, _: w.set_custom_property("told", SECRET)),
    "copy that a chart keeps": ("XLSX chart text", _chart),
    "head of a printed page": ("XLSX sheet text", lambda _, s: s.set_header(f"&L{SECRET}")),
    "list of allowed answers": (
        "XLSX sheet text",
        lambda _, s: s.data_validation("A1", {"validate": "list", "source": [SECRET]}),
    ),
    "alt text of a chart": ("XLSX part attribute", _described_chart),
    "foot of a printed page": ("XLSX sheet text", lambda _, s: s.set_footer(f"&L{SECRET}")),
    "head of a table": (
        "XLSX part attribute",
        lambda _, s: s.add_table("F1:F3", {"columns": [{"header": SECRET}]}),
    ),
    "form of a number": (
        "XLSX part attribute",
        lambda w, s: s.write_number(4, 0, 1, w.add_format({"num_format": f'"{SECRET}"0'})),
    ),
}
for _what, (_carrier, _fill) in _WORKBOOKS.items():
    PLANTS[f"XLSX {_what}"] = (
        _carrier,
        lambda folder, fill=_fill: {"a.xlsx": _workbook(folder, fill).read_bytes()},
    )


def sheet_of(number: float) -> bytes:
    """A workbook with a number in a cell that shows it as a whole percent."""
    with TemporaryDirectory() as folder:
        return _workbook(
            Path(folder), lambda w, sheet: sheet.write_number(0, 1, number, w.add_format({"num_format": "0%"}))
        ).read_bytes()


def chart_of(number: float) -> bytes:
    """A workbook whose chart has a number that no cell has: how far an error bar goes."""

    def fill(workbook: xlsxwriter.Workbook, sheet: Any) -> None:
        chart = workbook.add_chart({"type": "column"})
        bars = {"type": "custom", "plus_values": [number], "minus_values": [0]}
        chart.add_series({"values": "=shown!$B$1:$B$1", "y_error_bars": bars})
        sheet.insert_chart("D1", chart)

    with TemporaryDirectory() as folder:
        return _workbook(Path(folder), fill).read_bytes()


@_in("PNG tEXt", "XLSX picture")
def _(folder: Path) -> Planted:
    return {"a.xlsx": _workbook(folder, _pictured(folder)).read_bytes()}


def _with_part(folder: Path, part: str, text: str) -> Planted:
    plain = _workbook(folder, lambda *_: None)
    return {"a.xlsx": with_parts(plain, folder / "more.xlsx", {part: text.encode()}).read_bytes()}


@_in("XLSX shared strings text", "XLSX shared string left over")
def _(folder: Path) -> Planted:
    strings = f"<sst><si><t>harmless</t></si><si><t>{SECRET}</t></si></sst>"
    return _with_part(folder, "xl/sharedStrings.xml", strings)


@_in("XLSX pivot cache attribute", "XLSX pivot cache")
def _(folder: Path) -> Planted:
    return _with_part(
        folder, "xl/pivotCache/pivotCacheRecords1.xml", f'<pivotCacheRecords><s v="{SECRET}"/></pivotCacheRecords>'
    )


@_in("XLSX sheet attribute", "XLSX target of a link")
def _(folder: Path) -> Planted:
    return _with_part(folder, "xl/worksheets/_rels/x.rels", f'<Relationships><R Target="{SECRET}"/></Relationships>')


# --- text, archives, names ------------------------------------------------------------------------------------------


def _zipped(files: Planted, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = comment
    return out.getvalue()


def _gzipped(content: bytes, name: str = "") -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(filename=name, mode="wb", fileobj=out, mtime=0) as packed:
        packed.write(content)
    return out.getvalue()


_AS_JSON = json.dumps(SECRET)
_INNER = _zipped({"deep/inner.json": f'{{"a": {_AS_JSON}}}'.encode()})
_TEXTS: dict[str, tuple[str, Planted]] = {
    "JSON value, deep inside": ("JSON value", {"a.json": f'{{"a": [1, {{"b": [{_AS_JSON}]}}]}}'.encode()}),
    "JSON key": ("JSON key", {"a.json": f'{{"a": {{{_AS_JSON}: 1}}}}'.encode()}),
    "JSON value behind another of its key": ("JSON value", {"a.json": f'{{"a": {_AS_JSON}, "a": 1}}'.encode()}),
    "key of a manifest": ("JSON key", {"manifest.json": json.dumps({"files": {f"{SECRET}.csv": "0"}}).encode()}),
    "CSV cell": ("CSV cell", {"a.csv": f'a,b\n1,"x\n{SECRET}"\n'.encode()}),
    "CSV cell beyond the header": ("CSV cell", {"a.csv": f"a,b\n1,2,{SECRET}\n".encode()}),
    "line of Markdown": ("line of text", {"README.md": f"# A\n\n[//]: # ({SECRET})\n".encode()}),
    "HTML comment": ("HTML comment", {"a.html": f"<html><!-- {SECRET} --></html>".encode()}),
    "HTML attribute": ("HTML attribute", {"a.html": f'<html><p data-n="{SECRET}">1</p></html>'.encode()}),
    "drawing in a page": (
        "HTML comment",
        {"a.html": f"<!doctype html><html><svg><!-- {SECRET} --><path d='M 0 0'></svg></html>".encode()},
    ),
    "data behind a page": ("HTML text", {"a.html": f"<html><script>x = ['{SECRET}']</script></html>".encode()}),
    "file name": ("file name", {f"{SECRET}.csv": b"a\n"}),
    "name of a folder": ("file name", {f"{SECRET}/a.csv": b"a\n"}),
    "hidden file": ("line of text", {".a.swp": SECRET.encode()}),
    "archive in an archive": ("JSON value", {"a.zip": _zipped({"inner.zip": _INNER})}),
    "name of an archive's entry": ("archive entry name", {"a.zip": _zipped({f"{SECRET}.txt": b""})}),
    "comment of an archive": ("archive comment", {"a.zip": _zipped({"a": b""}, comment=SECRET.encode())}),
    "gzip": ("CSV cell", {"a.csv.gz": _gzipped(f"a\n{SECRET}\n".encode())}),
    "file name in gzip": ("gzip file name", {"a.gz": _gzipped(b"-", name=SECRET)}),
    "archive under another name": ("CSV cell", {"a.bin": _zipped({"a.csv": f"a\n{SECRET}\n".encode()})}),
    "text of two bytes a character": ("bytes", {"a.dat": SECRET.encode("utf-16-le")}),
}
for _what, (_carrier, _files) in _TEXTS.items():
    PLANTS[_what] = (_carrier, lambda _, files=_files: files)
