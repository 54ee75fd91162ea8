"""Mixed models for repeated measures of many outcomes that share their participants."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.mmrm import (
    IdentifiabilityError,
    MMRMBatch,
    MMRMError,
    MMRMWarning,
    mmrm_batch,
)
from seizureflow.specification_curve.choices import Specification
from seizureflow.specification_curve.effects import Effects
from seizureflow.specification_curve.prepare import NotPossible, Prepared
from seizureflow.specification_curve.trial import Trial


def mixed_models(trial: Trial, spec: Specification, prepared: Sequence[Prepared]) -> Effects:
    """Fit the model of a specification to outcomes of the same participants and visits.

    The covariance structures are tried in turn, for those outcomes that have not converged.

    Args:
        trial: The participants.
        spec: One of the specifications, which differ in the outcome alone.
        prepared: What enters each of them.

    Returns:
        The effect averaged over the visits, one per outcome.

    Raises:
        NotPossible: The model cannot be fitted to these participants.
    """
    frame, outcomes = _frame(trial, spec, prepared)
    size = len(outcomes)
    columns = {name: np.full(size, np.nan) for name in ("estimate", "se", "df")}
    waiting, reasons = np.ones(size, dtype=bool), []
    for structure in spec.model.covariance:
        try:
            fits = _fit(frame, outcomes[waiting], structure, spec)
        except IdentifiabilityError as error:
            reasons.append(str(error))
            continue
        except MMRMError as error:
            raise NotPossible(str(error)) from error
        places = np.flatnonzero(waiting)[fits.converged]
        effect = fits.contrast("ARM", reference=trial.arms[0].id, average_over="VISIT")
        for name, values in columns.items():
            values[places] = effect[name].to_numpy()[fits.converged]
        waiting[places] = False
        if not waiting.any():
            break
    if waiting.all() and len(reasons) == len(spec.model.covariance):
        raise NotPossible(reasons[-1])
    return Effects(columns["estimate"], columns["se"], columns["df"], ~waiting)


def _fit(
    frame: pd.DataFrame, outcomes: FloatArray, structure: str, spec: Specification
) -> MMRMBatch:
    chosen = [name for name in spec.model.covariates_by_visit if name in spec.covariates]
    terms = ["ARM * VISIT", *spec.covariates, *(f"{name}:VISIT" for name in chosen)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MMRMWarning)  # what did not converge is in the table
        return mmrm_batch(
            f"~ {' + '.join(terms)}",
            frame,
            outcomes,
            subject="USUBJID",
            visit="VISIT",
            covariance=structure,
            df=spec.model.df,
        )


def _frame(
    trial: Trial, spec: Specification, prepared: Sequence[Prepared]
) -> tuple[pd.DataFrame, FloatArray]:
    """One row per participant and visit seen, and the outcomes on those rows, shape (S, rows)."""
    first = prepared[0]
    seen: BoolArray = np.isfinite(first.outcome)
    person, visit = np.nonzero(seen)
    frame = first.covariates.take(person).reset_index(drop=True)
    arms = np.where(trial.treated[first.kept], trial.arms[1].id, trial.arms[0].id)
    frame["USUBJID"] = person
    frame["ARM"] = pd.Categorical(arms[person], [arm.id for arm in trial.arms])
    names = np.array(spec.visits, dtype=object)[visit]
    frame["VISIT"] = pd.Categorical(names, list(spec.visits), ordered=True)
    return frame, np.stack([one.outcome[seen] for one in prepared])
