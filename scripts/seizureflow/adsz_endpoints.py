"""The protocol's endpoints as parameters of ADSZ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.adice import day_of_first
from seizureflow.adsz_parameters import AdszParameter, baseline_of, numbers, per_days
from seizureflow.array_types import BoolArray, FloatArray

Entry = dict[str, Any]


@dataclass(frozen=True)
class Rates:
    """Seizures of the window and of the baseline, by row of the windows.

    Attributes:
        count: Seizures.
        days: Recorded days.
        frequency: Seizures per ``frequency_days``; not a number where it is not known.
        base_count: Seizures in the baseline.
        base_days: Recorded days of the baseline.
        base_frequency: Frequency of the baseline.
    """

    count: FloatArray
    days: FloatArray
    frequency: FloatArray
    base_count: FloatArray
    base_days: FloatArray
    base_frequency: FloatArray


def endpoint_parameters(
    wide: pd.DataFrame,
    types: pd.DataFrame | None,
    endpoints: list[Entry],
    diary: Entry,
    events: pd.DataFrame | None,
) -> list[AdszParameter]:
    """The parameters of the endpoints.

    Args:
        wide: One row per participant and window, the baseline among them: ``USUBJID``, ``PERSON``,
            ``KIND``, ``END``, ``COUNT``, ``DAYS``, ``FREQ``, ``FREE``, ``BSCOUNT``, ``BSDAYS``,
            ``BSFREQ``; ``COMPLFL`` and ``EOSDY`` where the disposition is known.
        types: Seizures of each type, by row of ``wide``.
        endpoints: Entry ``endpoints`` of the protocol.
        diary: Entry ``diary`` of the protocol.
        events: Table ``adice``; needed where an endpoint names an event.
    """
    return [_endpoint(wide, types, entry, diary, events) for entry in endpoints]


def _endpoint(
    wide: pd.DataFrame,
    types: pd.DataFrame | None,
    entry: Entry,
    diary: Entry,
    events: pd.DataFrame | None,
) -> AdszParameter:
    code, label, kind = entry["id"], entry["label"], entry["kind"]
    if kind == "seizure_free_days":
        free = per_days(wide, wide["FREE"], diary)
        return AdszParameter(code, label, free, base=baseline_of(wide, free), at_baseline=False)
    of_type = entry.get("seizure_type")
    rates = _of_all(wide) if of_type is None else _of_type(wide, types, of_type, diary)
    base: FloatArray | None = None
    if kind == "responder":
        value = _judged(wide, rates, entry, events)
    elif kind == "percent_change":
        known = np.where(rates.base_frequency > 0, rates.base_frequency, np.nan)
        value = 100 * (rates.frequency - known) / known
    else:
        value = _logarithm(rates.frequency + entry["post_offset"])
        base = _logarithm(rates.base_frequency + entry["baseline_offset"])
    return AdszParameter(code, label, value, base=base, at_baseline=False, seizure_type=of_type)


def _of_all(wide: pd.DataFrame) -> Rates:
    names = ("COUNT", "DAYS", "FREQ", "BSCOUNT", "BSDAYS", "BSFREQ")
    return Rates(*(numbers(wide[name]) for name in names))


def _of_type(wide: pd.DataFrame, types: pd.DataFrame | None, of_type: str, diary: Entry) -> Rates:
    if types is None:
        raise ValueError("An endpoint by seizure type needs the table seizures.")
    count, days = numbers(types[of_type]), numbers(wide["DAYS"])
    rate = per_days(wide, count, diary)
    return Rates(
        count,
        days,
        rate,
        baseline_of(wide, count),
        baseline_of(wide, days),
        baseline_of(wide, rate),
    )


def _logarithm(values: FloatArray) -> FloatArray:
    """The logarithm; missing, never minus infinity, for a frequency of zero without an offset."""
    return np.log(np.where(values > 0, values, np.nan))


def reaches_reduction(rates: Rates, reduction: float) -> FloatArray:
    """Whether (1 or 0) the frequency fell by at least ``reduction`` percent from baseline.

    The comparison is one of whole numbers, count x baseline days against baseline count x days, so
    that a reduction of exactly 50% is one. Missing where either frequency is.
    """
    after = rates.count * rates.base_days * 100.0
    allowed = rates.base_count * rates.days * (100.0 - reduction)
    known = ~np.isnan(rates.frequency) & (rates.base_frequency > 0)
    return np.where(known, (after <= allowed).astype(np.float64), np.nan)


def _judged(
    wide: pd.DataFrame, rates: Rates, entry: Entry, events: pd.DataFrame | None
) -> FloatArray:
    """Let those who left, or had an event of the composite, be no responders.

    Who had no such seizure in the baseline cannot be judged by any rule, and stays missing.
    """
    reached = reaches_reduction(rates, entry["reduction"])
    failed = _left(wide, entry.get("dropouts", "observed_days"))
    if "composite_events" in entry:
        if events is None:
            raise ValueError("A composite endpoint needs the table adice.")
        day = wide["USUBJID"].astype("str").map(day_of_first(events, entry["composite_events"]))
        failed |= numbers(day) < numbers(wide["END"])
    judged = rates.base_frequency > 0
    return np.where(failed & judged, 0.0, reached)


def _left(wide: pd.DataFrame, rule: str) -> BoolArray:
    """Who is no responder for having left, by row of the windows."""
    if rule == "observed_days":
        return np.zeros(len(wide), dtype=np.bool_)
    stopped = (wide["COMPLFL"] != "Y").to_numpy(dtype=bool)
    if rule == "pragmatic":
        return stopped
    gone = stopped & (numbers(wide["EOSDY"]) < numbers(wide["END"]) - 1)
    return gone | np.isnan(numbers(wide["FREQ"]))
