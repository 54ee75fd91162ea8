"""Share of each arm with at least each reduction of the seizure frequency."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from seizureflow.adsz_endpoints import Rates, reaches_reduction
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic, analysis_rows
from seizureflow.methods.common_statistics import participants_by_arm
from seizureflow.problems import AnalysisError
from seizureflow.proportions.cumulative import area_between
from seizureflow.proportions.interval import normal_quantile, wilson

_VARIABLE = "Reduction of at least"


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Give the cumulative responder curve of each arm, and the area between the curves.

    Whether a participant reaches a reduction is decided as for an endpoint of that cut, in whole
    numbers. The intervals are Wilson's, each for itself, not for the curve.

    Args:
        spec: The analysis; it takes no endpoint. Options ``lowest_reduction`` and ``step``.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: An arm has no participant with a baseline and a frequency in the window.
    """
    lowest = float(spec.options.get("lowest_reduction", 0))
    step = float(spec.options.get("step", 5))
    rows = analysis_rows(data, spec)
    frame, notes = _with_baseline(rows.frame, data["adsl"], spec)
    statistics = participants_by_arm(replace(rows, frame=frame), spec)
    for cut in np.arange(lowest, 100.0 + step / 2, step):
        if cut <= 100.0:
            statistics += _shares(frame, float(cut), spec)
    statistics += _areas(frame, lowest, spec)
    return AnalysisResult(
        tuple(statistics),
        notes=(*rows.notes, *notes, "The intervals hold for each reduction alone."),
    )


def _with_baseline(
    frame: pd.DataFrame, adsl: pd.DataFrame, spec: AnalysisSpec
) -> tuple[pd.DataFrame, list[str]]:
    """Add the baseline of each participant, and leave out those without seizures in it."""
    columns = ["BSCOUNT", "BSDAYS", "BSFREQ"]
    joined = frame.merge(adsl[["USUBJID", *columns]], on="USUBJID", validate="one_to_one")
    known = joined["BSFREQ"] > 0
    lost = joined.loc[~known, "USUBJID"]
    kept = joined[known].reset_index(drop=True)
    notes = []
    if len(lost):
        shown = ", ".join(lost[:5]) + (" ..." if len(lost) > 5 else "")
        notes.append(
            f"{len(lost)} participants left out who had no seizure in the baseline, from which "
            f"nothing can be reduced: {shown}."
        )
    empty = [arm.label or arm.id for arm in spec.arms if not (kept["ARM"] == arm.id).any()]
    if empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant of {', '.join(empty)} has a baseline frequency. "
            + " ".join(notes)
        )
    return kept, notes


def _shares(frame: pd.DataFrame, cut: float, spec: AnalysisSpec) -> Iterator[Statistic]:
    names = ("COUNT", "DAYS", "FREQ", "BSCOUNT", "BSDAYS", "BSFREQ")
    rates = Rates(*(frame[name].to_numpy(dtype=np.float64) for name in names))
    reached = reaches_reduction(rates, cut)
    for arm in spec.arms:
        outcome = reached[(frame["ARM"] == arm.id).to_numpy()]
        responders, size = float(outcome.sum()), len(outcome)
        limits = wilson(responders, size, normal_quantile(spec.confidence_level))
        for name, label, share in (
            ("responders_percent", "Responders", responders / size),
            ("responders_percent_lower", "Lower limit of the responders", limits.lower),
            ("responders_percent_upper", "Upper limit of the responders", limits.upper),
        ):
            yield Statistic(
                name,
                label,
                100 * share,
                group=arm.id,
                variable=_VARIABLE,
                level=f"{cut:g}%",
                unit="%",
            )


def _areas(frame: pd.DataFrame, lowest: float, spec: AnalysisSpec) -> Iterator[Statistic]:
    def reductions(arm: Arm) -> np.ndarray:
        chosen = frame[frame["ARM"] == arm.id]
        values: np.ndarray = -100 * (chosen["FREQ"] / chosen["BSFREQ"] - 1).to_numpy()
        return values

    reference = reductions(spec.reference)
    for arm in spec.arms[1:]:
        found = area_between(reductions(arm), reference, lowest, spec.confidence_level)
        for name, label, value in (
            (
                "area_between",
                f"Difference of the mean reduction, limited to {lowest:g}% to 100% (the area "
                "between the curves)",
                found.area,
            ),
            ("area_between_lower", "Lower limit of the difference", found.interval.lower),
            ("area_between_upper", "Upper limit of the difference", found.interval.upper),
        ):
            note = (
                "An arm has one participant, or nobody's reductions differ: there is no interval."
                if math.isnan(value)
                else None
            )
            yield Statistic(
                name,
                label,
                value,
                group=arm.id,
                reference=spec.reference.id,
                unit="%",
                note=note,
            )
