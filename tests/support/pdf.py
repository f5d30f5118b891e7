"""What a PDF library reads back of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader


def said(pdf: PdfReader) -> str:
    """The text of a document, in the order in which it is read out."""
    return re.sub(r"[ \t]+", " ", "\n".join(page.extract_text() for page in pdf.pages)).strip() + "\n"


def elements(pdf: PdfReader) -> Iterator[dict[str, Any]]:
    """Every element of the tag tree."""
    waiting = [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, dict):
            continue
        yield element
        kids = element.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        waiting.extend(kids if isinstance(kids, list) else [kids])
