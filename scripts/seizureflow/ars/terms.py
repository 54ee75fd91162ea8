"""The standard's terms for roles of analyses and types of files, and ours where it has none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seizureflow.ars import identifiers

Entry = dict[str, Any]

_PURPOSES = {"primary": "PRIMARY OUTCOME MEASURE", "secondary": "SECONDARY OUTCOME MEASURE"}
_FILE_TYPES = ("pdf", "rtf", "txt")
# The standard's third purpose, exploratory, would be wrong of each of these.
_OWN_PURPOSES = {
    "sensitivity": ("SENSITIVITY ANALYSIS", "How far a result depends on a choice of the plan."),
    "subgroup": ("SUBGROUP ANALYSIS", "How far the effect differs between groups of participants."),
    "safety": ("SAFETY OUTCOME MEASURE", "Adverse events and other safety outcomes."),
    "descriptive": ("DESCRIPTION", "Who took part and what was observed, without a hypothesis."),
}
_OWN_FILE_TYPES = {
    "html": ("html", "One page that needs no other file."),
    "svg": ("svg", "A figure as vectors."),
    "png": ("png", "A figure as pixels."),
}


def reason() -> Entry:
    """Why an analysis is made: all stand in the plan."""
    return {"controlledTerm": "SPECIFIED IN SAP"}


def purpose(role: str) -> Entry:
    """What an analysis is for.

    >>> purpose("primary"), purpose("safety")
    ({'controlledTerm': 'PRIMARY OUTCOME MEASURE'}, {'sponsorTermId': 'Term.purpose.safety'})
    """
    if role in _PURPOSES:
        return {"controlledTerm": _PURPOSES[role]}
    return {"sponsorTermId": identifiers.term("purpose", role)}


def file_type(suffix: str) -> Entry:
    """The type of a file by the ending of its name, without the full stop."""
    if suffix in _FILE_TYPES:
        return {"controlledTerm": suffix}
    return {"sponsorTermId": identifiers.term("file_type", suffix)}


def extensions(roles: Iterable[str], suffixes: Iterable[str]) -> list[Entry]:
    """The terms in use that the standard has not.

    Args:
        roles: Roles of the analyses.
        suffixes: Endings of the names of the outputs.
    """
    used = (
        ("AnalysisPurposeEnum", "purpose", _OWN_PURPOSES, set(roles) - set(_PURPOSES)),
        ("OutputFileTypeEnum", "file_type", _OWN_FILE_TYPES, set(suffixes) - set(_FILE_TYPES)),
    )
    return [
        {
            "id": f"TerminologyExtension.{name}",
            "enumeration": enumeration,
            "sponsorTerms": [_term(name, own, word) for word in sorted(words)],
        }
        for enumeration, name, own, words in used
        if words
    ]


def _term(name: str, own: dict[str, tuple[str, str]], word: str) -> Entry:
    value, description = own.get(word, (word, ""))
    term = {"id": identifiers.term(name, word), "submissionValue": value}
    return term | ({"description": description} if description else {})
