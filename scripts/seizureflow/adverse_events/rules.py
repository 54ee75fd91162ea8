"""What the protocol says of adverse events that analyses of them rest on."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]

# The rule of treatment emergence where the protocol sets none.
DEFAULT_RULE: Entry = {
    "from": "first_dose",
    "until_days_after_last_dose": None,
    "worsened": False,
}
# Flags of an event, and the variable of ADAE that holds each.
FLAGS = {"serious": "AESER", "related": "AEREL", "withdrawn": "AEWDFL", "fatal": "AESDTH"}


def adverse_event_rules(domain: Entry) -> Entry:
    """Which adverse events emerge under treatment, and which flags of them the study knows.

    Args:
        domain: Entry ``domains.adverse_events`` of the protocol, with the columns of its source.

    Returns:
        ``emergent``, the rule, and ``flags``, names of :data:`FLAGS`.
    """
    return {"emergent": domain.get("emergent", DEFAULT_RULE), "flags": known_flags(domain)}


def known_flags(domain: Entry) -> list[str]:
    """Flags that a study's records of adverse events can tell.

    Args:
        domain: Entry ``domains.adverse_events`` of the protocol, with the columns of its source.
    """
    columns = domain.get("columns", {})
    known = {
        "serious": True,
        "related": "related" in columns,
        "withdrawn": "action" in columns and "withdrawn_value" in domain,
        "fatal": "outcome" in columns and "fatal_value" in domain,
    }
    return [name for name in FLAGS if known[name]]
