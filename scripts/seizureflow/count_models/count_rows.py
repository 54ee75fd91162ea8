"""The rows of a count model: one per participant, or one per participant and visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisRows, AnalysisSpec, analysis_rows, visit_rows
from seizureflow.array_types import FloatArray, IntArray
from seizureflow.count_models.clusters import Clusters
from seizureflow.problems import AnalysisError

# Of the baseline, where it is an observation like those of the visits.
_BASELINE_VARIABLES = ("BSCOUNT", "BSDAYS", "BSFREQ", "LBSFREQ")


def count_rows(data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, unit: str) -> AnalysisRows:
    """Put together counts and days of an analysis set.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis.
        unit: ``participant`` for one row per participant over the whole window, ``visit`` for one
            per visit in the window.

    Raises:
        AnalysisError: An arm has no participant left, or had no seizure.
    """
    rows = analysis_rows(data, spec) if unit == "participant" else _visit_counts(data, spec)
    _refuse_silent_arms(rows.frame, spec)
    return rows


def rows_with_baseline(data: Mapping[str, pd.DataFrame], spec: AnalysisSpec) -> AnalysisRows:
    """Put together counts at the visits, with the baseline as the observation before them.

    The column ``PERIOD`` is 0 in the baseline and 1 after it. In the rows of the baseline
    ``VISIT`` is missing.

    Raises:
        AnalysisError: The baseline is a covariate too, or an arm has no participant or no seizure.
    """
    twice = [name for name in spec.covariates if name in _BASELINE_VARIABLES]
    if twice:
        raise AnalysisError(
            f"Analysis {spec.id}: the baseline is an observation of the model, so that "
            f"{', '.join(twice)} cannot be a covariate."
        )
    rows = count_rows(data, spec, "visit")
    people = rows.frame.drop_duplicates("USUBJID").drop(columns=["VISIT", "COUNT", "DAYS"])
    known = data["adsl"].set_index("USUBJID")
    baseline = people.assign(
        COUNT=people["USUBJID"].map(known["BSCOUNT"]),
        DAYS=people["USUBJID"].map(known["BSDAYS"]),
        PERIOD=0.0,
    )
    recorded = baseline["DAYS"] > 0
    notes = rows.notes
    if not recorded.all():
        lost = baseline.loc[~recorded, "USUBJID"]
        notes += (f"{len(lost)} participants enter without a baseline, which was not recorded.",)
    frame = pd.concat([baseline[recorded], rows.frame.assign(PERIOD=1.0)], ignore_index=True)
    frame = frame.sort_values(["USUBJID", "PERIOD"], kind="stable", ignore_index=True)
    return AnalysisRows(frame, rows.population_size, notes)


def counts_and_offset(frame: pd.DataFrame, frequency_days: int) -> tuple[FloatArray, FloatArray]:
    """Counts, and the logarithm of the days in units of the frequency."""
    counts = frame["COUNT"].to_numpy(dtype=np.float64)
    return counts, np.log(frame["DAYS"].to_numpy(dtype=np.float64) / frequency_days)


def participant_numbers(frame: pd.DataFrame) -> IntArray:
    """Number of the participant of each row, from 0, in the order of the rows."""
    return np.asarray(pd.factorize(frame["USUBJID"])[0], dtype=np.int64)


def visit_clusters(frame: pd.DataFrame) -> Clusters:
    """Participant and visit of each row; a baseline, whose visit is missing, comes first."""
    visits = np.asarray(frame["VISIT"].cat.codes, dtype=np.int64)
    return Clusters.of(participant_numbers(frame), visits - int(visits.min()))


def _visit_counts(data: Mapping[str, pd.DataFrame], spec: AnalysisSpec) -> AnalysisRows:
    """Counts and days of the visits that have a frequency."""
    rows = visit_rows(data, replace(spec, endpoint="SZFREQ"), outcome="AVAL")
    frame, adsz = rows.frame.drop(columns="OUTCOME"), data["adsz"]
    keys = pd.MultiIndex.from_arrays([frame["USUBJID"], frame["VISIT"].astype("str")])
    for column, parameter in (("COUNT", "SZCOUNT"), ("DAYS", "SZDAYS")):
        chosen = adsz[(adsz["PARAMCD"] == parameter) & adsz["AVISIT"].isin(spec.visits)]
        values = chosen.set_index(["USUBJID", "AVISIT"])["AVAL"]
        frame[column] = values.reindex(keys).to_numpy(dtype=np.float64)
    notes = tuple(
        note.replace("a value of the endpoint at any visit", "recorded days at any visit")
        for note in rows.notes
    )
    return AnalysisRows(frame, rows.population_size, notes)


def _refuse_silent_arms(frame: pd.DataFrame, spec: AnalysisSpec) -> None:
    silent = [
        arm.label for arm in spec.arms if not frame.loc[frame["ARM"] == arm.id, "COUNT"].any()
    ]
    if silent:
        raise AnalysisError(
            f"Analysis {spec.id}: {', '.join(silent)} had no seizure in the window, so a rate "
            "ratio does not exist. Compare the arms by an analysis of seizure freedom."
        )
