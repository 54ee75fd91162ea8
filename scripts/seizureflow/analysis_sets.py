"""Names of the analysis sets and of the facts that they can require."""

from __future__ import annotations

# Facts of ADSL that an analysis set can require.
FACTS = {
    "randomised": "RANDFL",
    "dosed": "DOSEDFL",
    "eligible": "ELIGFL",
    "baseline_diary": "BLDIARFL",
    "post_baseline_diary": "POSTBLFL",
    "completed": "COMPLFL",
    "no_deviation": "NODEVFL",
}
# Names that ADaM has for common analysis sets.
_STANDARD_FLAGS = {
    "enrolled": "ENRLFL",
    "randomised": "RANDFL",
    "safety": "SAFFL",
    "full": "FASFL",
    "itt": "ITTFL",
    "mitt": "MITTFL",
    "per_protocol": "PPROTFL",
    "completers": "COMPLFL",
}


def set_flag(identifier: str) -> str:
    """Name of the ADSL variable that flags an analysis set: ADaM's, or made from its id.

    >>> set_flag("full"), set_flag("responders")
    ('FASFL', 'RESPONFL')
    """
    made = identifier.replace("_", "")[:6].upper() + "FL"
    return _STANDARD_FLAGS.get(identifier, made)
