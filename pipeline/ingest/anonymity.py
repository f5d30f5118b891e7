"""The anonymity gate: an export with a column that could identify a person is refused before anything is written.

It looks at the columns that the questionnaire does not know, by name and by what their cells look like. A refusal
names columns and kinds of identifier, never a value. Columns that the wave allows are dropped all the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.engine import Engine
from pipeline.errors import NotAnonymised
from pipeline.ingest.read import Layout
from pipeline.wave import Wave

if TYPE_CHECKING:
    import ibis.expr.types as ir

# Parts of a column name, in English, French, Italian, Spanish, Greek and Arabic.
NAME_PATTERNS = {
    "a person's name": r"\b(first|last|full|family|sur|respondent|beneficiary|enumerator)_?name\b|\bsurname\b"
    r"|\bname\b"
    r"|\bnom\b|\bprenom\b|\bprénom\b|\bnome\b|\bcognome\b|\bnombre\b|\bapellidos?\b"
    r"|όνομα|επώνυμο|ονομα|επωνυμο|اسم|لقب",
    "a phone number": r"phone|telephone|téléphone|telefono|teléfono|\btel\b|mobile|whatsapp|viber"
    r"|τηλέφωνο|τηλεφωνο|هاتف",
    "an e-mail or account": r"e-?mail|courriel|correo|facebook|skype|username|بريد",
    "a place on the map": r"geolocation|\bgps\b|latitude|longitude|\blat\b|\blon\b|\blng\b"
    r"|coordinate|coordonn|altitude",
    "a device": r"deviceid|device_id|\bimei\b|subscriberid|simserial|simid|\bip\b|ip_address|phonenumber|phone_number",
    "a document number": r"passport|passeport|pasaporto|passaporto|pasaporte|id_?number|national_id|document_n"
    r"|διαβατήριο|registration_?(number|no)|case_?(number|no)|unhcr_?(id|number)|codice_fiscale|جواز",
    "a date of birth": r"birth|\bdob\b|naissance|nascita|nacimiento|γέννησης|ميلاد",
    "an address": r"address|adresse|indirizzo|direccion|dirección|διεύθυνση|عنوان",
    "free text or a recording": r"comment|remark|observaci|osservazion|\bnotes?\b|specify|audio|photo"
    r"|signature|σχόλι|ملاحظ",
}

# What a cell looks like. RE2 syntax without look-around, so that every engine reads it the same way.
VALUE_PATTERNS = {
    "e-mail addresses": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z]{2,}",
    "phone numbers": r"^\s*(\+|00)[0-9][0-9 ().-]{7,}[0-9]\s*$|^\s*0[0-9]{8,12}\s*$",
    "map coordinates": r"^\s*-?[0-9]{1,3}\.[0-9]{4,}([ ,;]+-?[0-9]{1,3}\.[0-9]{4,}.*)?$",
    "long free text": r"^.{120,}$|([^ ]+ ){12,}",
}

_IDENTIFYING = re.compile("|".join(VALUE_PATTERNS.values()))


def looks_identifying(text: str) -> bool:
    """Whether a piece of text looks like an identifier, so that it must not be printed."""
    return bool(_IDENTIFYING.search(text))


def pass_gate(layout: Layout, table: ir.Table, wave: Wave, engine: Engine) -> None:
    """NotAnonymised if a column of this export could identify a person and the wave does not allow it."""
    allowed = {entry.column for entry in wave.file.allowed_columns}
    suspects = [header for header in layout.unused if header not in allowed]
    filled = _filled(suspects, table, engine)
    kinds = {header: [*_kinds_by_name(header), *by_value] for header, by_value in filled.items()}
    refused = {header: found for header, found in kinds.items() if found}
    if not refused:
        return
    lines = "\n".join(f'  - "{header}": looks like {" and ".join(found)}' for header, found in refused.items())
    raise NotAnonymised(
        f"This export is not anonymised. Nothing was written.\n{lines}",
        where=layout.path.name,
        repair="Take these columns out of the export where it is kept safely, and copy it here again. If one is "
        "harmless, allow it in wave.toml with [[allowed_columns]], column and reason; it is dropped all the same.",
    )


def _kinds_by_name(header: str) -> list[str]:
    # `_` counts as a letter in regular expressions; part names there, so that \b works on "respondent_name".
    spoken = re.sub(r"[\s/.:]+|(?<=[a-zà-ÿ])(?=[A-Z])", " ", header).lower()
    parted = spoken.replace("_", " ")
    return [kind for kind, pattern in NAME_PATTERNS.items() if re.search(pattern, spoken) or re.search(pattern, parted)]


def _filled(headers: list[str], table: ir.Table, engine: Engine) -> dict[str, list[str]]:
    """The kinds of identifier among the cells of each column, without the columns whose every cell is blank."""
    if not headers:
        return {}
    sums = {f"{i}|any": table[header].notnull().sum() for i, header in enumerate(headers)}
    for i, header in enumerate(headers):
        for kind, pattern in VALUE_PATTERNS.items():
            sums[f"{i}|{kind}"] = table[header].re_search(pattern).fill_null(False).sum()
    counts = engine.frame(table.aggregate(**sums)).iloc[0].fillna(0)
    return {
        header: [kind for kind in VALUE_PATTERNS if counts[f"{i}|{kind}"]]
        for i, header in enumerate(headers)
        if counts[f"{i}|any"]
    }
