"""Names the analysis of a plan that answers its question."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]


def answering_analysis(protocol: Entry) -> Entry | None:
    """The analysis that answers the question: the criterion's, else the first primary one.

    Args:
        protocol: A study's protocol.
    """
    criterion = protocol.get("success_criterion")
    for entry in protocol["analyses"]:
        if entry["id"] == criterion["analysis"] if criterion else entry["role"] == "primary":
            return dict(entry)
    return None
