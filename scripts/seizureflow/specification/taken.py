"""Variables that are taken from a raw column as they are."""

from __future__ import annotations

from typing import Any

from seizureflow.specification.model import Codelist, Variable
from seizureflow.specification.sources import NOT_COLLECTED, collected, raw_source

Entry = dict[str, Any]


def taken(
    protocol: Entry,
    place: tuple[str, str],
    name: str,
    label: str,
    kind: str,
    derivation: str = "As collected.",
    codelist: Codelist = (),
) -> Variable:
    """A variable that is a raw column.

    Args:
        protocol: The protocol.
        place: Raw domain, and this project's name of the column; the study may lack them.
        name: Name of the variable.
        label: Its label.
        kind: Its kind.
        derivation: Which of the column's values it has; all of them by default.
        codelist: The values allowed.
    """
    domain, column = place
    if not collected(protocol, domain, column):
        return Variable(name, label, kind, NOT_COLLECTED, "", codelist)
    values = protocol["domains"][domain].get("values", {}).get(column, {})
    return Variable(
        name,
        label,
        kind,
        f"{derivation}{value_changes(values)}",
        raw_source(protocol, domain, column),
        codelist,
    )


def value_changes(values: Entry) -> str:
    """Which raw values stand for others, as a sentence that follows another.

    >>> value_changes({"1": "Y", "N": "N"})
    ' "1" becomes Y.'
    """
    pairs = [f'"{raw}" becomes {value}' for raw, value in values.items() if raw != str(value)]
    return f" {', '.join(pairs)}." if pairs else ""
