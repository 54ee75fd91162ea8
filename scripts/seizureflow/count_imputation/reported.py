"""What the methods on imputed counts report alike, and how they read their options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from seizureflow.analysis import AnalysisSpec, Statistic
from seizureflow.array_types import FloatArray
from seizureflow.count_imputation.trial import CountTrial
from seizureflow.problems import AnalysisError
from seizureflow.suggestions import nearest


@contextmanager
def in_analysis(spec: AnalysisSpec) -> Iterator[None]:
    """Name the analysis in what a model says of data that it cannot be fitted to."""
    try:
        yield
    except AnalysisError as error:
        raise AnalysisError(f"Analysis {spec.id}: {error}") from error


def multiplier_of_arms(spec: AnalysisSpec) -> FloatArray:
    """The option ``multipliers`` by number of the arm; 1 where an arm has none.

    Raises:
        AnalysisError: A multiplier is of an arm that does not exist.
    """
    given = dict(spec.options["multipliers"])
    arms = [arm.id for arm in spec.arms]
    unknown = [name for name in given if name not in arms]
    if unknown:
        raise AnalysisError(
            f'Analysis {spec.id}: option multipliers names "{unknown[0]}", which is no arm. '
            + nearest(unknown[0], arms)
        )
    return np.array([float(given.get(arm, 1.0)) for arm in arms])


def arm_statistics(trial: CountTrial, imputed: FloatArray | None = None) -> list[Statistic]:
    """Participants, those who left early, and recorded and missing time, by arm.

    Args:
        trial: The participants.
        imputed: Mean number of imputed seizures by arm.
    """
    statistics = []
    for number, arm in enumerate(trial.arm_ids):
        own = trial.arms == number
        length = float(trial.length[own].sum())
        shares = [
            ("recorded_share", "Share of the window recorded", trial.recorded),
            ("missing_between_share", "Share missing while under follow-up", trial.between),
            ("missing_after_share", "Share missing after the end of follow-up", trial.after),
        ]
        left = float((trial.after[own] > 0).sum())
        statistics += [
            Statistic("participants", "Participants analysed", float(own.sum()), group=arm),
            Statistic("left_early", "Participants who left before the end", left, group=arm),
            *(
                Statistic(name, label, 100 * float(time[own].sum()) / length, group=arm, unit="%")
                for name, label, time in shares
            ),
            Statistic("seizures", "Seizures seen", float(trial.counts[own].sum()), group=arm),
        ]
        if imputed is not None:
            statistics.append(
                Statistic(
                    "imputed_seizures", "Seizures imputed, mean", float(imputed[number]), group=arm
                )
            )
    return statistics
