"""Gives a specification as plain data, as it stands in define.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from seizureflow.specification.model import Codelist, Specification

ABOUT = {
    "what": "The analysis datasets of a study, written by seizureflow from its protocol.",
    "study": "Name of the study.",
    "title": "Title of the trial.",
    "simulated": "Whether the participants are simulated.",
    "dummy_treatment": "Whether the arms are dummies because treatment is blinded.",
    "datasets": (
        "One entry per dataset: name; label; structure (what a row is); keys (variables that tell "
        "rows apart, in their order); variables and parameters, in the order of the dataset."
    ),
    "variables": (
        "name; label (at most 40 bytes); kind (text, integer, float or date); length (bytes of the "
        "longest text, 8 for numbers and dates); codelist (values allowed, each with its meaning; "
        "empty where there is no list); derivation (how the values come about); source (where "
        "they come from: raw file and columns, DATASET.VARIABLE, canonical table or key of the "
        "protocol)."
    ),
    "parameters": (
        "Value-level: code (PARAMCD); label (PARAM); kind, derivation, source and codelist of "
        "AVAL; baseline (how BASE comes about; empty where there is none)."
    ),
}


def as_document(specification: Specification) -> dict[str, Any]:
    """A specification as plain data for JSON; the entry ``about`` explains the others."""
    document = {"about": ABOUT, **asdict(specification)}
    for dataset in document["datasets"]:
        for entry in (*dataset["variables"], *dataset["parameters"]):
            entry["codelist"] = _terms(entry["codelist"])
    return document


def _terms(codelist: Codelist) -> list[dict[str, str]]:
    return [{"value": value, "meaning": meaning} for value, meaning in codelist]
