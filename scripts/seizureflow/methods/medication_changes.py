"""Participants whose concomitant medication was started or stopped, by class and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.adverse_events.in_population import share, sizes_by_arm
from seizureflow.adverse_events.medication_changes import started_and_stopped
from seizureflow.analysis import AnalysisResult, AnalysisSpec, named

_UNKNOWN = "not recorded"


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Count participants, once each, by arm.

    Args:
        spec: The analysis; options ``from_day`` and ``classes``.
        data: Tables ``adsl`` and ``medications``.
    """
    people = in_set(data["adsl"], spec.population)
    medications = data["medications"]
    medications = medications[medications["USUBJID"].isin(people["USUBJID"])]
    classes = spec.options.get("classes")
    if classes is not None:
        medications = medications[medications["CLASS"].isin(classes)]
    arm_of = people.set_index("USUBJID")["TRT01P"]
    sizes = {arm.id: int((people["TRT01P"] == arm.id).sum()) for arm in spec.arms}
    statistics = sizes_by_arm(sizes)
    chosen = started_and_stopped(medications, spec.options.get("from_day", 2))
    for variable, level, who in _selections(medications, chosen):
        arms = arm_of[who.unique()]
        for arm, size in sizes.items():
            statistics += share(
                int((arms == arm).sum()),
                size,
                arm,
                variable=variable,
                level=level,
                label="Participants",
            )
    return AnalysisResult(tuple(statistics), notes=tuple(_notes(spec, medications)))


def _selections(
    medications: pd.DataFrame, chosen: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, str | None, pd.Series]]:
    """For each kind of change, class and reason that the study has: who had it."""
    classes = medications["CLASS"].astype("str").fillna(_UNKNOWN)
    reasons = classes + " / " + medications["REASON"].astype("str").fillna(_UNKNOWN)
    for variable, courses in chosen.items():
        yield variable, None, courses["USUBJID"]
        for suffix, values in (("class", classes), ("reason", reasons)):
            own = values[courses.index]
            # Classes and reasons without a change are counted too, as zero.
            for level in sorted(values.unique()):
                yield f"{variable}_by_{suffix}", str(level), courses.loc[own == level, "USUBJID"]


def _notes(spec: AnalysisSpec, medications: pd.DataFrame) -> list[str]:
    notes = [
        f"Changes from study day {spec.options.get('from_day', 2)} on. A medication taken before "
        "and ended since was stopped; one begun since was started, whether or not it ended."
    ]
    unknown = medications.loc[medications["ASTDY"].isna(), "USUBJID"]
    if len(unknown):
        notes.append(
            f"{len(unknown)} medications of {unknown.nunique()} participants have no start day and "
            f"count as taken before: {named(unknown)}."
        )
    return notes
