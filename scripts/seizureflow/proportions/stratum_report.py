"""What a report says of strata: the responders of each, and which of them add nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from seizureflow.analysis import AnalysisSpec, Arm, Statistic
from seizureflow.proportions.strata import StratifiedCounts


def stratum_notes(counts: StratifiedCounts, arm: Arm, reference: Arm) -> list[str]:
    """Say whose data add nothing because their stratum has one arm alone.

    Args:
        counts: Counts by stratum.
        arm: The arm that is compared.
        reference: The reference arm.
    """
    lost = ~counts.has_both_arms
    people = (counts.participants + counts.reference_participants)[lost].sum()
    if not people:
        return []
    labels = [label for label, is_lost in zip(counts.labels, lost, strict=True) if is_lost]
    return [
        f"{int(people)} participants add nothing to the comparison of {arm.label or arm.id} with "
        f"{reference.label or reference.id}: their strata have one of the two arms alone "
        f"({', '.join(labels)})."
    ]


def stratum_statistics(
    frame: pd.DataFrame, strata: Sequence[str], spec: AnalysisSpec
) -> Iterator[Statistic]:
    """Participants and responders by stratum and arm.

    Args:
        frame: One row per participant with ``ARM``, ``STRATUM`` and ``OUTCOME``.
        strata: Variables that make the strata; nothing is given where there are none.
        spec: The analysis.
    """
    if not strata:
        return
    variable = ":".join(strata)
    for label, stratum in frame.groupby("STRATUM"):
        for arm in spec.arms:
            outcome = stratum.loc[stratum["ARM"] == arm.id, "OUTCOME"]
            for name, title, value in (
                ("participants", "Participants analysed", float(len(outcome))),
                ("responders", "Responders", float(outcome.sum())),
            ):
                yield Statistic(
                    name, title, value, group=arm.id, variable=variable, level=str(label)
                )
