"""Participants with results that the plan calls markedly abnormal."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.measurements.criteria import meets
from seizureflow.measurements.rows import after_baseline, measurement_rows

_ANY = "Any criterion"


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count participants with a result after day 1 that meets a criterion, once each, by arm.

    Percentages are of the participants of the arm with a result by which the criterion can be
    judged; for any criterion, by which one of them can.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adlb`` or ``advs``.

    Raises:
        AnalysisError: A parameter is not in the dataset, or nobody has a result.
    """
    criteria = spec.options["criteria"]
    rows = measurement_rows(data, spec, [entry["test"] for entry in criteria])
    later = after_baseline(rows.frame, spec.options.get("records", "post_baseline"))
    in_arm = rows.people.set_index("USUBJID")["ARM"]
    judged_by_any: set[str] = set()
    met_any: set[str] = set()
    statistics = []
    for entry in criteria:
        judged, met = meets(later, entry)
        judged_by, met_by = set(later.loc[judged, "USUBJID"]), set(later.loc[met, "USUBJID"])
        judged_by_any |= judged_by
        met_any |= met_by
        statistics += _counts(str(entry["label"]), judged_by, met_by, in_arm, spec)
    if len(criteria) > 1:
        statistics += _counts(_ANY, judged_by_any, met_any, in_arm, spec)
    return AnalysisResult(tuple(statistics), notes=rows.notes)


def _counts(
    label: str,
    judged: set[str],
    met: set[str],
    in_arm: pd.Series[str],
    spec: AnalysisSpec,
) -> list[Statistic]:
    statistics = []
    for arm in spec.arms:
        members = set(in_arm.index[in_arm == arm.id])
        size, count = len(judged & members), len(met & members)
        place = {"group": arm.id, "variable": label}
        statistics += [
            Statistic("participants_assessed", "Participants judged", float(size), **place),
            Statistic("participants", "Participants who meet it", float(count), **place),
            Statistic(
                "participants_percent",
                "Participants who meet it",
                100 * count / size if size else float("nan"),
                unit="%",
                note=None if size else f"{label}: no participant of the arm can be judged.",
                **place,
            ),
        ]
    return statistics
