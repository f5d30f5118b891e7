"""The anonymity gate: what could identify a person is refused, by the name of the column and never by a value."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.errors import NotAnonymised
from tests.support.messages import refusal
from tests.support.run import Results
from tests.support.waves import FILE, export_text, respondents

Run = Callable[..., Results]

VALUE = "Zq7"
"""A harmless value, so that only the name of its column gives it away."""

NAMES = {
    "a person's name": [
        *("name", "full_name", "Respondent Name", "firstName", "family name", "profile/surname"),
        *("nom", "prénom", "cognome", "apellidos", "Επώνυμο", "الاسم", "enumerator_name"),
    ],
    "a phone number": ["phone", "mobile_number", "telefono", "numéro de téléphone", "whatsapp", "τηλέφωνο", "هاتف"],
    "an e-mail or account": ["email", "e-mail", "courriel", "correo", "facebook_account", "username"],
    "a place on the map": ["_geolocation", "gps", "_gps_latitude", "_location_longitude", "lat", "coordonnées"],
    "a device": ["deviceid", "imei", "simserial", "subscriberid", "ip_address"],
    "a document number": ["passport_no", "national_id", "id_number", "codice_fiscale", "unhcr_id"],
    "a date of birth": ["date_of_birth", "dob", "date de naissance", "data di nascita"],
    "an address": ["home_address", "adresse", "indirizzo"],
    "free text or a recording": ["comments", "enumerator_notes", "other_specify", "audio", "photo_of_card"],
}

VALUES = {
    "e-mail addresses": ["amina.k@example.org", "write to amina.k@example.org please"],
    "phone numbers": ["+39 333 1234567", "0039 (333) 123-4567", "03331234567"],
    "map coordinates": ["37.50213", "37.50213 15.08719 0 0", "-1.28333, 36.81667"],
    "long free text": ["x" * 120, "they kept us in a house by the sea for three weeks without any water"],
}

HARMLESS = ["age_of_house", "housing", "distance_km", "latent", "telling", "nominal", "shipment"]


def text_with(columns: dict[str, str]) -> str:
    """An export with more columns, filled in for the second of three people."""
    rows = respondents([{}, {}, {}])
    rows[1] |= columns
    return export_text(rows, extra=columns)


def refused(run: Run, columns: dict[str, str], more: str = "") -> list[str]:
    """The lines of the refusal, one for each column."""
    error = refusal(NotAnonymised, 4, lambda: run(text_with(columns), more))
    assert [value for value in columns.values() if value in str(error)] == []
    assert "Nothing was written" in error.what
    assert error.where == FILE
    assert "[[allowed_columns]]" in error.repair
    return [line for line in error.what.splitlines() if line.startswith("  - ")]


@pytest.mark.parametrize("kind", NAMES)
def test_columns_by_their_names(kind: str, run_export: Run) -> None:
    lines = refused(run_export, dict.fromkeys(NAMES[kind], VALUE))
    assert len(lines) == len(NAMES[kind])
    for header, line in zip(NAMES[kind], lines, strict=True):
        assert line.startswith(f'  - "{header}": looks like ')
        assert kind in line


@pytest.mark.parametrize("kind", VALUES)
def test_columns_by_their_values(kind: str, run_export: Run) -> None:
    columns = {f"question_{number}": value for number, value in enumerate(VALUES[kind])}
    assert refused(run_export, columns) == [f'  - "{header}": looks like {kind}' for header in columns]


def test_a_column_by_its_name_and_its_values(run_export: Run) -> None:
    (line,) = refused(run_export, {"phone": "+39 333 1234567"})
    assert line == '  - "phone": looks like a phone number and phone numbers'


def test_harmless_columns_are_dropped_with_a_note(run_export: Run) -> None:
    results = run_export(text_with(dict.fromkeys(HARMLESS, VALUE)))
    notes = [finding.column for finding in results.ingested.findings if finding.check == "unused_column"]
    assert notes == HARMLESS
    assert not set(HARMLESS) & set(results.respondents.columns)


def test_a_wholly_blank_column_identifies_nobody(run_export: Run) -> None:
    results = run_export(text_with({"phone": "", "_geolocation": ""}))
    assert results.ledger["analysed"] == 3


ALLOWED = '[[allowed_columns]]\ncolumn = "phone"\nreason = "Holds the model of the tablet, not a number"\n'


def test_an_allowed_column_passes_and_is_dropped_all_the_same(run_export: Run) -> None:
    results = run_export(text_with({"phone": VALUE}), ALLOWED)
    assert results.ledger["analysed"] == 3
    assert not results.respondents.isin([VALUE]).any(axis=None)


def test_allowing_one_column_allows_no_other(run_export: Run) -> None:
    assert len(refused(run_export, {"phone": VALUE, "phone_2": VALUE, "email": VALUE}, ALLOWED)) == 2


def test_columns_of_the_platform_are_never_kept(run_rows: Run) -> None:
    columns = set(run_rows({}).respondents.columns)
    assert not columns & {"submission_uuid", "root_uuid", "submission_id", "submission_time", "enumerator"}
