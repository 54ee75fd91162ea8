"""What all that shows an arm says of it: whether it is the true one or, while blinded, a dummy."""

from __future__ import annotations

# Stands on every table, every figure and the report while treatment is blinded.
DUMMY_TREATMENT = "DUMMY TREATMENT"


def is_dummy(treatment: str) -> bool:
    """Whether arms are dummy ones; only the word ``unblinded`` makes them true.

    Args:
        treatment: Entry ``treatment`` of the protocol.

    >>> is_dummy("blinded"), is_dummy("unblinded")
    (True, False)
    """
    return treatment != "unblinded"


def arms_shown(treatment: str) -> str:
    """What the column ``TREATMENT`` of a table says of its arms: ``actual`` or ``dummy``.

    Args:
        treatment: Entry ``treatment`` of the protocol.
    """
    return "dummy" if is_dummy(treatment) else "actual"
