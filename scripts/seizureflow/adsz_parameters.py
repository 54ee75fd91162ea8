"""A parameter of ADSZ, and the arithmetic that its values are made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adsz_names import BASELINE
from seizureflow.array_types import FloatArray
from seizureflow.seizure_frequency import frequency

Entry = dict[str, Any]


@dataclass(frozen=True)
class AdszParameter:
    """One parameter of ADSZ.

    Attributes:
        code: ``PARAMCD``.
        label: ``PARAM``.
        value: ``AVAL``, by row of the windows.
        base: ``BASE``, by row of the windows; None where the parameter has none.
        percent: Whether ``PCHG`` makes sense.
        at_baseline: Whether the baseline period has a row of it.
        seizure_type: Seizure type, None where the parameter is of all countable seizures.
    """

    code: str
    label: str
    value: FloatArray
    base: FloatArray | None = None
    percent: bool = False
    at_baseline: bool = True
    seizure_type: str | None = None


def per_days(wide: pd.DataFrame, count: Any, diary: Entry) -> FloatArray:
    """A count per ``frequency_days`` recorded days, by row of the windows."""
    result: FloatArray = frequency(
        count, wide["DAYS"], diary["frequency_days"], diary["minimum_recorded_days"]
    )
    return result


def baseline_of(wide: pd.DataFrame, value: FloatArray) -> FloatArray:
    """The value of each participant's baseline period, by row of the windows."""
    by_person = value[(wide["KIND"] == BASELINE).to_numpy()]
    return by_person[wide["PERSON"].to_numpy()]


def numbers(values: pd.Series[Any]) -> FloatArray:
    """Values as floating-point numbers, missing as not a number."""
    return values.to_numpy(dtype=np.float64, na_value=np.nan)
