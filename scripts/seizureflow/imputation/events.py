"""Participants with an event that counts as the worst outcome, and the others with theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisRows, AnalysisSpec, analysis_rows
from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.imputation.worst_rank import worst_ranked
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class CompositeOutcome:
    """Outcomes in which an event counts as the worst.

    Attributes:
        rows: Participants with ``USUBJID``, ``ARM`` and the covariates, and the notes.
        outcome: (n,) outcomes; infinity with the event.
        event: (n,) who had the event.
    """

    rows: AnalysisRows
    outcome: FloatArray
    event: BoolArray

    def of_arm(self, arm: str) -> FloatArray:
        """Outcomes of an arm."""
        return self.outcome[np.asarray(self.rows.frame["ARM"] == arm)]


def composite_outcome(data: Mapping[str, pd.DataFrame], spec: AnalysisSpec) -> CompositeOutcome:
    """Read the outcomes; an event replaces an outcome, and stands where there is none.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis; its option ``completion_flag`` names the variable of ADSL that is Y for
            participants without the event.

    Raises:
        AnalysisError: The variable does not exist, or an arm has nobody.
    """
    flag = spec.options["completion_flag"]
    adsl = data["adsl"]
    if flag not in adsl:
        raise AnalysisError(
            f"Analysis {spec.id}: the study has no variable {flag}, so it is not known who has the "
            "event. Map the disposition of the participants, or name another flag."
        )
    people = in_set(adsl, spec.population)
    people = people[["USUBJID", "TRT01P", flag, *spec.covariates]]
    events = people[(people[flag] != "Y").fillna(True)]
    measured = analysis_rows(data, spec, outcome=spec.outcome)
    missing = events[~events["USUBJID"].isin(measured.frame["USUBJID"])]
    added = missing.dropna(subset=list(spec.covariates)).copy()
    added["ARM"] = pd.Categorical(added["TRT01P"], [arm.id for arm in spec.arms])
    columns = ["USUBJID", "ARM", "OUTCOME", *spec.covariates]
    frame = pd.concat([measured.frame, added.assign(OUTCOME=np.nan)])[columns]
    frame = frame.sort_values("USUBJID", ignore_index=True)
    event = np.asarray(frame["USUBJID"].isin(events["USUBJID"]))
    notes = list(measured.notes)
    if len(added):
        notes.append(
            f"Of those, {len(added)} participants with the event enter all the same, with the "
            "worst rank."
        )
    outcome = worst_ranked(frame["OUTCOME"].to_numpy(np.float64), event)
    return CompositeOutcome(
        AnalysisRows(frame, measured.population_size, tuple(notes)), outcome, event
    )
