"""Finds how results left or entered the reference range: baseline by worst category afterwards."""

from __future__ import annotations

import pandas as pd

BOTH = "LOW and HIGH"
UNKNOWN = "no baseline"
ORDER = ("LOW", "NORMAL", "HIGH", BOTH, UNKNOWN)
_KEYS = ["USUBJID", "ARM", "SERIES"]


def worst_categories(frame: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Give each participant's baseline and worst later category of each series.

    Whoever was both below and above the range afterwards is in a category of their own: neither
    direction is worse.

    Args:
        frame: All rows of the series, with ``USUBJID``, ``ARM``, ``SERIES`` and ``BNRIND``.
        later: Those of them that the worst is among, with ``ANRIND``.

    Returns:
        One row per participant and series with a later category: the keys, ``FROM`` and ``TO``.
    """
    known = later[later["ANRIND"].notna()]
    low = (known["ANRIND"] == "LOW").groupby([known[key] for key in _KEYS], sort=False).any()
    high = (known["ANRIND"] == "HIGH").groupby([known[key] for key in _KEYS], sort=False).any()
    worst = pd.Series("NORMAL", index=low.index, dtype="str")
    worst = worst.mask(low, "LOW").mask(high, "HIGH").mask(low & high, BOTH)
    start = frame.dropna(subset="BNRIND").drop_duplicates(_KEYS).set_index(_KEYS)["BNRIND"]
    found = pd.DataFrame({"FROM": start.reindex(worst.index).fillna(UNKNOWN), "TO": worst})
    return found.reset_index()
