"""Participants of an analysis with their stratum, and the counts of two arms by stratum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisRows, AnalysisSpec, analysis_rows
from seizureflow.array_types import FloatArray
from seizureflow.cell_text import text_of
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class StratifiedCounts:
    """Responders and participants of an arm and of the reference arm, one element per stratum.

    Attributes:
        labels: Values of the strata; one empty label where there are no strata.
        responders: Responders of the arm.
        participants: Participants of the arm.
        reference_responders: Responders of the reference arm.
        reference_participants: Participants of the reference arm.
    """

    labels: tuple[str, ...]
    responders: FloatArray
    participants: FloatArray
    reference_responders: FloatArray
    reference_participants: FloatArray

    def where(self, kept: np.ndarray) -> StratifiedCounts:
        """The strata for which ``kept`` holds."""
        return StratifiedCounts(
            tuple(label for label, keep in zip(self.labels, kept, strict=True) if keep),
            self.responders[kept],
            self.participants[kept],
            self.reference_responders[kept],
            self.reference_participants[kept],
        )

    @property
    def has_both_arms(self) -> np.ndarray:
        """Whether a stratum has participants of both arms."""
        return (self.participants > 0) & (self.reference_participants > 0)


def stratified_rows(
    data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, strata: Sequence[str]
) -> AnalysisRows:
    """The participants of an analysis of responders, with their stratum in ``STRATUM``.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis; its endpoint is a responder flag.
        strata: Variables of ADSL that make the strata; may be none.

    Raises:
        AnalysisError: ADSL has no such variable, or an arm has no participant left.
    """
    unknown = [name for name in strata if name not in data["adsl"]]
    if unknown:
        raise AnalysisError(
            f"Analysis {spec.id}: ADSL has no variable {', '.join(unknown)}, named in the option "
            "strata. Name variables that the study has."
        )
    rows = analysis_rows(data, replace(spec, covariates=tuple(strata)), outcome="AVAL")
    label = pd.Series("", index=rows.frame.index, dtype="str")
    for position, name in enumerate(strata):
        value = text_of(rows.frame[name])
        label = value if position == 0 else label.str.cat(value, sep="; ")
    return replace(rows, frame=rows.frame.assign(STRATUM=label))


def count_by_stratum(frame: pd.DataFrame, arm: str, reference: str) -> StratifiedCounts:
    """Count responders and participants of two arms by stratum.

    Args:
        frame: One row per participant with ``ARM``, ``STRATUM`` and ``OUTCOME`` (0 or 1).
        arm: Id of the arm.
        reference: Id of the reference arm.
    """
    labels = sorted(frame["STRATUM"].unique())

    def totals(arm_id: str) -> tuple[FloatArray, FloatArray]:
        outcome = frame.loc[frame["ARM"] == arm_id].groupby("STRATUM")["OUTCOME"]
        responders = outcome.sum().reindex(labels, fill_value=0.0)
        participants = outcome.size().reindex(labels, fill_value=0)
        return (
            responders.to_numpy(dtype=np.float64),
            participants.to_numpy().astype(np.float64),
        )

    return StratifiedCounts(tuple(labels), *totals(arm), *totals(reference))


def count_two_arms(
    responders: float,
    participants: float,
    reference_responders: float,
    reference_participants: float,
) -> StratifiedCounts:
    """The counts of two arms without strata."""
    numbers = (responders, participants, reference_responders, reference_participants)
    return StratifiedCounts(("",), *(np.array([float(number)]) for number in numbers))
