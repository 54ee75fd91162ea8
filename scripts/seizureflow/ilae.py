"""Maps the seizure types that people write to the ILAE 2017 classes and to a protocol's types.

A term maps only where it says one thing. What is ambiguous or unknown is left unmapped, with a
suggestion, because a wrong type changes what is counted.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from seizureflow.ilae_classes import AMBIGUOUS_TERMS, CLASSES, SeizureClass

__all__ = [
    "AMBIGUOUS",
    "CLASSES",
    "MappedType",
    "SeizureClass",
    "class_terms",
    "classify",
    "map_types",
    "nearest_class",
    "normalise_term",
]

Entry = dict[str, Any]

_CLOSE = 0.7  # likeness below which a suggestion would mislead
_SILENT = {"seizure", "onset"}
_SAME_WORD = {
    "sz": "seizure",
    "szs": "seizure",
    "seizures": "seizure",
    "absences": "absence",
    "attacks": "attack",
    "auras": "aura",
    "automatism": "automatisms",
    "behavioural": "behaviour",
    "convulsions": "convulsion",
    "drops": "drop",
    "fits": "fit",
    "spasm": "spasms",
    "spells": "spell",
    "tonicclonic": "tonic clonic",
    # Words for what is seen or felt; the classification does not tell them apart.
    "sign": "signs",
    "symptom": "signs",
    "symptoms": "signs",
    "feature": "signs",
    "features": "signs",
    "component": "signs",
    "components": "signs",
    "manifestations": "signs",
}
_BRITISH = (
    (re.compile(r"\b(general|local)iz"), r"\1is"),
    (re.compile(r"\bbehavior"), "behaviour"),
    (re.compile(r"\bnon (?=[a-z])"), "non"),
)


def normalise_term(text: str) -> str:
    """Bring a term to its normal form.

    Case, punctuation, blanks, British or American spelling and the words "seizure" and "onset" do
    not matter. Nothing but "seizure" stays "seizure".

    >>> normalise_term("Generalized-onset Tonic-Clonic Seizures")
    'generalised tonic clonic'
    """
    spaced = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
    for pattern, replacement in _BRITISH:
        spaced = pattern.sub(replacement, spaced)
    words = [_SAME_WORD.get(word, word) for word in spaced.split()]
    telling = [word for word in words if word not in _SILENT]
    if not telling and "seizure" in words:
        return "seizure"
    return " ".join(telling)


def class_terms(seizure_class: SeizureClass) -> list[str]:
    """Every term of a class in normal form: its id, its label and its synonyms."""
    written = (seizure_class.id, seizure_class.label, *seizure_class.synonyms)
    return list(dict.fromkeys(normalise_term(term) for term in written))


_CLASS_OF_TERM = {term: entry for entry in CLASSES for term in class_terms(entry)}
CLASS_IDS = {entry.id for entry in CLASSES}

AMBIGUOUS: dict[str, str] = {normalise_term(term): why for term, why in AMBIGUOUS_TERMS.items()}
"""Terms in normal form that name more than one class, and which."""


def classify(term: str) -> SeizureClass | None:
    """Give the class that a term names, None where it is unknown or names several.

    Source:
        Fisher et al. 2017, Epilepsia 58: 531-542, table of old and new terms.
    """
    return _CLASS_OF_TERM.get(normalise_term(term))


def nearest_class(term: str) -> str | None:
    """Give the label of the class whose name or synonym is most like a term, if any is like it."""
    close = difflib.get_close_matches(normalise_term(term), _CLASS_OF_TERM, n=1, cutoff=_CLOSE)
    return _CLASS_OF_TERM[close[0]].label if close else None


@dataclass(frozen=True)
class MappedType:
    """What a verbatim seizure type stands for.

    Attributes:
        verbatim: The term as written.
        type_id: Seizure type of the protocol; None where the term is not mapped.
        ilae_id: ILAE class; None where the type or term has none.
        via: ``protocol`` where the protocol names the term, ``ilae`` where the class decided.
        countable: Whether the protocol counts the type; None where the term is not mapped.
        suggestion: Why the term is not mapped and what may have been meant; empty where it is.
    """

    verbatim: str
    type_id: str | None
    ilae_id: str | None
    via: Literal["protocol", "ilae", ""]
    countable: bool | None
    suggestion: str


def map_types(values: Iterable[str], declared: list[Entry]) -> list[MappedType]:
    """Map verbatim seizure types to the types that a protocol declares.

    A term maps to the declared type that has it as id, label or synonym; else to the one declared
    type of the class that the term names; else it is left unmapped.

    Args:
        values: Terms as written.
        declared: Entry ``diary.seizure_types`` of the protocol. A type's class is its ``ilae``,
            or its id where that is the id of a class.

    Returns:
        One entry per distinct term, in order of first appearance.
    """
    by_term: dict[str, list[Entry]] = {}
    by_class: dict[str, list[Entry]] = {}
    for entry in declared:
        written = (entry["id"], entry["label"], *entry.get("synonyms", ()))
        for term in dict.fromkeys(map(normalise_term, written)):
            by_term.setdefault(term, []).append(entry)
        by_class.setdefault(declared_class(entry) or "", []).append(entry)
    by_term.pop("", None)
    by_class.pop("", None)
    return [_map_type(value, by_term, by_class) for value in dict.fromkeys(values)]


def declared_class(entry: Entry) -> str | None:
    named: str | None = entry.get("ilae")
    return named or (entry["id"] if entry["id"] in CLASS_IDS else None)


def _map_type(
    value: str, by_term: dict[str, list[Entry]], by_class: dict[str, list[Entry]]
) -> MappedType:
    named = by_term.get(normalise_term(value), [])
    if len(named) == 1:
        return _mapped(value, named[0], "protocol")
    seizure_class = classify(value)
    if named:
        why = f"{_labels(named)} are all declared with this term; let one keep it."
    elif seizure_class is None:
        why = _suggestion(value, by_term)
    else:
        of_class = by_class.get(seizure_class.id, [])
        if len(of_class) == 1:
            return _mapped(value, of_class[0], "ilae")
        why = f'It is of the class "{seizure_class.label}", of which the protocol declares '
        why += f"{_labels(of_class)}." if of_class else "no type."
        why += " Add the term to the synonyms of one type."
    return MappedType(value, None, seizure_class.id if seizure_class else None, "", None, why)


def _mapped(value: str, entry: Entry, via: Literal["protocol", "ilae"]) -> MappedType:
    return MappedType(value, entry["id"], declared_class(entry), via, entry["countable"], "")


def _suggestion(value: str, by_term: dict[str, list[Entry]]) -> str:
    term = normalise_term(value)
    if term in AMBIGUOUS:
        return f"The term is ambiguous: {AMBIGUOUS[term]}. Add it to the synonyms of one type."
    close = difflib.get_close_matches(term, by_term, n=1, cutoff=_CLOSE)
    label = by_term[close[0]][0]["label"] if close else nearest_class(value)
    return f'Did you mean "{label}"?' if label else "Add it to the synonyms of one type."


def _labels(entries: list[Entry]) -> str:
    return " and ".join(f'"{entry["label"]}"' for entry in entries)
