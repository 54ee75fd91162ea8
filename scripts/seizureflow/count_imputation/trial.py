"""The participants of an analysis as arrays: counts, recorded and missing time, covariates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisSpec
from seizureflow.array_types import FloatArray, IntArray
from seizureflow.count_imputation.missing_time import missing_time
from seizureflow.design_matrix import build_design
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class CountTrial:
    """Participants of an analysis; times are in units of the seizure frequency.

    Attributes:
        counts: Seizures on recorded days, shape (participants,).
        recorded: Recorded time in the window.
        between: Missing time while under follow-up.
        after: Missing time after the end of follow-up.
        length: Time that the window lasts.
        matrix: Design matrix of arm and covariates, shape (participants, terms).
        reference_matrix: The same, as if all were in the reference arm.
        arms: Number of each participant's arm, the reference being 0.
        arm_ids: Ids of the arms by number.
        effects: For each arm but the reference, the column of the matrix that is its effect.
    """

    counts: FloatArray
    recorded: FloatArray
    between: FloatArray
    after: FloatArray
    length: FloatArray
    matrix: FloatArray
    reference_matrix: FloatArray
    arms: IntArray
    arm_ids: tuple[str, ...]
    effects: IntArray

    @property
    def size(self) -> int:
        """Number of participants."""
        return len(self.counts)


def count_trial(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]
) -> tuple[CountTrial, tuple[str, ...]]:
    """Put together the participants of an analysis.

    A participant of the analysis set without any recorded day in the window stays in: all of the
    window is then missing.

    Args:
        spec: The analysis.
        data: Tables ``adsl``, ``adsz`` and ``intervals``.

    Returns:
        The participants, and notes on who was left out and how missing time was told apart.

    Raises:
        AnalysisError: An arm has no recorded day or no seizure in the window, or the covariates
            cannot be told apart.
    """
    people = in_set(data["adsl"], spec.population)
    days = missing_time(people, data["adsz"], data["intervals"], str(spec.window))
    frame = people[["USUBJID", *spec.covariates]].reset_index(drop=True)
    frame["ARM"] = pd.Categorical(people["TRT01P"].to_numpy(), [arm.id for arm in spec.arms])
    frame = frame.join(days.reset_index(drop=True))
    frame, notes = _leave_out_incomplete(frame, spec)
    _refuse_silent_arms(frame, spec)
    if "COMPLFL" not in people or people["COMPLFL"].isna().all():
        notes.append(
            "The study does not say who completed it: all days after the last recorded one of a "
            "participant count as after the end of follow-up."
        )
    design = build_design(frame, spec.arms, spec.covariates)
    matrix = design.matrix.to_numpy(dtype=np.float64)
    terms = list(design.matrix.columns)
    effects = [terms.index(design.effects[arm.id]) for arm in spec.arms[1:]]
    reference = matrix.copy()
    reference[:, effects] = 0.0
    times = {
        name.lower(): frame[name].to_numpy(dtype=np.float64) / spec.frequency_days
        for name in ("RECORDED", "BETWEEN", "AFTER", "LENGTH")
    }
    trial = CountTrial(
        counts=frame["COUNT"].to_numpy(dtype=np.float64),
        matrix=matrix,
        reference_matrix=reference,
        arms=np.asarray(frame["ARM"].cat.codes, dtype=np.int64),
        arm_ids=tuple(arm.id for arm in spec.arms),
        effects=np.array(effects, dtype=np.int64),
        **times,
    )
    return trial, tuple(notes)


def _leave_out_incomplete(
    frame: pd.DataFrame, spec: AnalysisSpec
) -> tuple[pd.DataFrame, list[str]]:
    needed = {"LENGTH": "the window"} | {name: spec.label(name) for name in spec.covariates}
    size, notes = len(frame), []
    for name, words in needed.items():
        lost = frame.loc[frame[name].isna(), "USUBJID"].astype("str")
        if len(lost):
            shown = ", ".join(lost.iloc[:5]) + (" ..." if len(lost) > 5 else "")
            notes.append(
                f"{len(lost)} of {size} participants left out for want of {words}: {shown}."
            )
            frame = frame[frame[name].notna()]
    empty = [arm.label for arm in spec.arms if not (frame["ARM"] == arm.id).any()]
    if empty:
        raise AnalysisError(
            f"Analysis {spec.id}: no participant of {', '.join(empty)} has the data it needs. "
            + " ".join(notes)
        )
    return frame.reset_index(drop=True), notes


def _refuse_silent_arms(frame: pd.DataFrame, spec: AnalysisSpec) -> None:
    totals = frame.groupby("ARM", observed=False)[["RECORDED", "COUNT"]].sum()
    unseen = [arm.label for arm in spec.arms if totals.loc[arm.id, "RECORDED"] == 0]
    if unseen:
        raise AnalysisError(
            f"Analysis {spec.id}: no day of the window was recorded in {', '.join(unseen)}, so "
            "there is no rate from which its missing days could be imputed."
        )
    silent = [arm.label for arm in spec.arms if totals.loc[arm.id, "COUNT"] == 0]
    if silent:
        raise AnalysisError(
            f"Analysis {spec.id}: {', '.join(silent)} had no seizure in the window, so a rate "
            "ratio does not exist. Compare the arms by an analysis of seizure freedom."
        )
