"""What the columns of a log and its kinds of change are called, in English and French, by several programs."""

from __future__ import annotations

from enum import StrEnum

from pipeline.ingest.folding import BLANKS, fold, unmangled


class ChangeType(StrEnum):
    """What an entry of the log does."""

    CHANGE_RESPONSE = "change_response"
    BLANK_RESPONSE = "blank_response"
    REMOVE_SURVEY = "remove_survey"
    NO_ACTION = "no_action"


class Part(StrEnum):
    """A column of a log. The value is what messages call it."""

    UUID = "uuid"
    QUESTION = "question"
    OLD = "old value"
    NEW = "new value"
    TYPE = "change type"
    REASON = "reason"
    WHO = "who"
    DATE = "date"


SPOKEN_OF = frozenset({Part.REASON, Part.WHO, Part.DATE})
"""Columns that nothing is done with but to see whether they are filled. There may be several of each."""

HEADERS = {
    Part.UUID: (
        "uuid",
        "submission uuid",
        "survey uuid",
        "instance id",
        "key",
        "meta/instanceID",
        "identifiant",
        "identifiant de la soumission",
        "uuid de la soumission",
    ),
    Part.QUESTION: (
        "question",
        "questions",
        "question name",
        "variable",
        "variable name",
        "variable to clean",
        "column",
        "field",
        "nom de la question",
        "nom de la variable",
        "colonne",
        "champ",
    ),
    Part.OLD: (
        "old value",
        "original value",
        "previous value",
        "old answer",
        "ancienne valeur",
        "valeur initiale",
        "réponse initiale",
        "valeur d’origine",
        "valeur originale",
        "ancienne réponse",
    ),
    Part.NEW: (
        "new value",
        "corrected value",
        "cleaned value",
        "new answer",
        "nouvelle valeur",
        "valeur corrigée",
        "nouvelle réponse",
        "réponse corrigée",
    ),
    Part.TYPE: (
        "change type",
        "type of change",
        "changed",
        "action",
        "type de changement",
        "type de modification",
        "modifié",
        "changé",
    ),
    Part.REASON: (
        "reason",
        "reason for change",
        "reason for deletion",
        "deletion reason",
        "issue",
        "type of issue",
        "feedback",
        "comment",
        "comments",
        "explanation",
        "justification",
        "raison",
        "motif",
        "motif de suppression",
        "raison de la modification",
        "problème",
        "commentaire",
        "commentaires",
    ),
    Part.WHO: ("who", "enumerator", "changed by", "checked by", "analyst", "author", "qui", "enquêteur", "auteur"),
    Part.DATE: ("date", "today", "when", "date of change", "quand", "date de modification", "aujourd’hui"),
}

CHANGED = "changed"
"""A log that only says whether an answer was changed: to nothing, if it gives no new one."""

_TYPES = {
    ChangeType.CHANGE_RESPONSE: (
        "change response",
        "change",
        "changer la réponse",
        "modifier la réponse",
        "changement de réponse",
        "modification de réponse",
    ),
    ChangeType.BLANK_RESPONSE: ("blank response", "vider la réponse", "effacer la réponse", "réponse vide"),
    ChangeType.REMOVE_SURVEY: (
        "remove survey",
        "delete survey",
        "deletion",
        "supprimer l’enquête",
        "supprimer l’entretien",
        "suppression de l’enquête",
    ),
    ChangeType.NO_ACTION: ("no action", "no change", "flag", "no", "aucune action", "pas d’action", "non"),
}
_CHANGED = ("yes", "oui")

_PART_OF = {fold(text): part for part, texts in HEADERS.items() for text in texts}
_TYPE_OF: dict[str, ChangeType | str] = {
    **{fold(text): kind for kind, texts in _TYPES.items() for text in texts},
    **dict.fromkeys(map(fold, _CHANGED), CHANGED),
}
_BLANK = frozenset({"", *(text.casefold() for text in BLANKS)})


def part_of(header: str) -> Part | None:
    """Which column of a log a header is, or None for one that we do not need."""
    return _PART_OF.get(fold(unmangled(header)))


def type_of(text: str, new: str) -> ChangeType | None:
    """The kind of change that a text names, None if it is none. new: the new value, for logs that only say yes."""
    found = _TYPE_OF.get(fold(text))
    if found == CHANGED:
        return ChangeType.BLANK_RESPONSE if is_blank(new) else ChangeType.CHANGE_RESPONSE
    return ChangeType(found) if found else None


def is_blank(text: str) -> bool:
    """Whether a cell of the log stands for no answer. R writes NA where there is none."""
    return text.strip().casefold() in _BLANK
