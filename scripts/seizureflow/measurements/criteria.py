"""Finds results that a plan calls markedly abnormal."""

from __future__ import annotations

from typing import Any

import pandas as pd

from seizureflow.bounds import within

Entry = dict[str, Any]


def quantities(frame: pd.DataFrame) -> dict[str, pd.Series[Any]]:
    """What a criterion can put bounds on, one value per row of ADLB or ADVS."""
    upper = frame["ANRHI"].where(frame["ANRHI"] > 0)
    return {
        "value": frame["AVAL"],
        "change": frame["CHG"],
        "percent_change": frame["PCHG"],
        "times_upper_limit": frame["AVAL"] / upper,
    }


def meets(frame: pd.DataFrame, criterion: Entry) -> tuple[pd.Series[bool], pd.Series[bool]]:
    """Whether each row can be judged by a criterion, and whether it meets it.

    Args:
        frame: Rows of ADLB or ADVS.
        criterion: ``test``, and bounds on any of :func:`quantities`.

    Returns:
        Whether all that is bounded is known of the row; whether all bounds are kept.
    """
    judged = frame["PARAMCD"] == criterion["test"]
    met = judged.copy()
    for name, values in quantities(frame).items():
        if name in criterion:
            judged &= values.notna()
            met &= within(values, criterion[name])
    return judged, met
