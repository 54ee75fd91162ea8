"""Which variables of participants a protocol can name, and whether they hold numbers or text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from seizureflow.adsl_names import DEMOGRAPHIC

Entry = dict[str, Any]
Kind = Literal["number", "text"]

BASELINE_VARIABLES = ("BSCOUNT", "BSDAYS", "BSFREQ", "LBSFREQ")


def variable_kinds(data: Entry) -> dict[str, Kind]:
    """Give the kind of every variable that bounds, strata and covariates can name.

    Args:
        data: The protocol with defaults filled in.

    Returns:
        Kind by variable; derived covariates are last, in the order in which they are derived.
    """
    columns = data["domains"]["participants"]["columns"]
    kinds: dict[str, Kind] = {
        name: "number" if name == "AGE" else "text"
        for name, column in DEMOGRAPHIC.items()
        if column in columns
    }
    kinds |= dict.fromkeys(BASELINE_VARIABLES, "number")
    for name, entry in columns.get("covariates", {}).items():
        kinds.setdefault(name, covariate_kind(entry))
    for entry in data["derived_covariates"]:
        kinds.setdefault(entry["id"], "number" if "transform" in entry else "text")
    return kinds


def covariate_kind(entry: Mapping[str, Any]) -> Kind:
    """Whether a covariate holds numbers: by its type, or by what its raw values stand for."""
    if entry.get("type", "category") != "category":
        return "number"
    return "number" if are_numbers(entry.get("values", {})) else "text"


def are_numbers(meanings: Mapping[str, Any]) -> bool:
    """Whether raw values stand for numbers alone; a number among words is a word.

    >>> are_numbers({"low": 1, "high": 2}), are_numbers({"low": 1, "high": "two"})
    (True, False)
    """
    return bool(meanings) and all(isinstance(value, int | float) for value in meanings.values())
