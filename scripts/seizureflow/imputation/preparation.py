"""What every analysis with imputed outcomes does first: read the trial, fit the model, say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisRows, AnalysisSpec
from seizureflow.array_types import FloatArray
from seizureflow.covariance_names import COVARIANCE_WORDS
from seizureflow.imputation.conditional_mean import Recipe, impute_by_conditional_mean
from seizureflow.imputation.mixed_model import Fit, FitError, fit_first_that_converges
from seizureflow.imputation.trial import IncompleteTrial, incomplete_trial
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class Prepared:
    """A trial that can be imputed and analysed.

    Attributes:
        trial: The trial.
        rows: Its participants.
        fit: The mixed model fitted to what was seen.
        recipe: How to impute and analyse; its first target is the effect over the window, the
            others are the visits.
        notes: What a reader must know.
    """

    trial: IncompleteTrial
    rows: AnalysisRows
    fit: Fit
    recipe: Recipe
    notes: tuple[str, ...]


def prepare(data: Mapping[str, pd.DataFrame], spec: AnalysisSpec) -> Prepared:
    """Read the trial, fit the model and try the imputation once.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis, with options ``strategy``, ``covariance``, ``covariates_by_visit``,
            ``earlier_visits`` and ``analysis_visits``.

    Raises:
        AnalysisError: The model or the strategy has no answer on these data.
    """
    strategy = spec.options["strategy"]
    trial, rows = incomplete_trial(data, spec, keep_unseen=strategy != "LMCF")
    try:
        fit, failures = fit_first_that_converges(trial, spec.options["covariance"])
        impute_by_conditional_mean(trial, fit, strategy)
    except FitError as error:
        raise AnalysisError(
            f"Analysis {spec.id}: the outcomes cannot be imputed. {str(error).rstrip('.')}."
        ) from error
    notes = [*rows.notes, *_of_missing(trial, spec)]
    if failures:
        used = COVARIANCE_WORDS[fit.structure]
        notes.append(f"Covariance between visits: {used}, after others failed. {failures[0]}.")
    targets = np.column_stack([_effect_weights(spec, len(trial.visits)), np.eye(len(trial.visits))])
    return Prepared(trial, rows, fit, Recipe(strategy, fit.structure, targets), tuple(notes))


def _effect_weights(spec: AnalysisSpec, visits: int) -> FloatArray:
    """(m,) weights of the visits in the effect: the window's alike, or the last alone."""
    weights = np.zeros(visits)
    if spec.options["analysis_visits"] == "last":
        weights[-1] = 1.0
    else:
        weights[-len(spec.visits) :] = 1 / len(spec.visits)
    return weights


def _of_missing(trial: IncompleteTrial, spec: AnalysisSpec) -> list[str]:
    missing = ~trial.observed
    if not missing.any():
        return ["No outcome is missing at these visits: every strategy gives the same numbers."]
    before = int((missing & ~trial.after_departure).sum())
    notes = []
    if before:
        notes.append(
            f"{before} of the {int(missing.sum())} missing outcomes lie before a later one that "
            "was seen; these are imputed as missing at random"
            + (
                ", but for participants who left later: theirs with the means of the reference arm."
                if spec.options["strategy"] == "CR"
                else "."
            )
        )
    silent = [
        arm.label
        for position, arm in enumerate(spec.arms)
        if not missing[trial.arm == position].any()
    ]
    if silent:
        notes.append(f"No outcome of {', '.join(silent)} is missing at these visits.")
    return notes
