"""Derives covariates from other variables of ADSL: flags by bounds, and transformed numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from seizureflow.bounds import within

Entry = dict[str, Any]


def derive_covariate(
    values: pd.Series[Any], entry: Entry, centred_over: pd.Series[Any]
) -> pd.Series[Any]:
    """Derive one covariate.

    Args:
        values: The variable that it is derived from, indexed by participant.
        entry: Its entry of ``derived_covariates``.
        centred_over: Whether each participant is among those whose mean is taken off.

    Returns:
        ``Y`` or ``N`` where the entry has bounds. Where it has a transform, the transformed
        number; missing where the logarithm of no number, of zero or of a negative one is asked
        for.
    """
    if "transform" not in entry:
        return pd.Series(np.where(within(values, entry), "Y", "N"), index=values.index)
    numbers = values.astype("float64") / entry.get("divide_by", 1)
    if entry["transform"] == "log":
        numbers = np.log(numbers.where(numbers > 0))
    if entry.get("centre", False):
        numbers = numbers - numbers[centred_over].mean()
    return numbers
