"""Runs a mixed model of the counts at the visits and words what it gives."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.count_models.count_design import DesignChoices, build_count_design
from seizureflow.count_models.count_rows import count_rows, counts_and_offset, visit_clusters
from seizureflow.count_models.errors import CountModelError, fitting
from seizureflow.count_models.mixed import MixedFit, RandomEffects, fit_mixed
from seizureflow.count_models.notes import NOT_CONVERGED, POISSON_LIMIT
from seizureflow.count_models.rate_ratios import (
    Estimates,
    rate_ratio_statistics,
    term_statistics,
)
from seizureflow.methods.common_statistics import participants_by_arm

_AT_BOUNDARY = (
    "A standard deviation of the random effects is estimated as 0: the counts vary no more "
    "between participants than the rest of the model explains."
)
_LAPLACE = (
    "The integral over several random effects of a participant is approximated by Laplace's "
    "method, which is biased where counts are small."
)
_SECOND_SD = {
    "participant_and_row": ("row_sd", "Standard deviation of the counts' log rates"),
    "participant_and_slope": ("slope_sd", "Standard deviation of the slopes over VISITLIN"),
}


def analyse_mixed(
    spec: AnalysisSpec,
    data: Mapping[str, pd.DataFrame],
    *,
    random_effects: RandomEffects,
    negative_binomial: bool,
) -> AnalysisResult:
    """Fit a mixed model and give the rate ratios with Wald intervals.

    Args:
        spec: The analysis, with the options ``quadrature_points``, ``visit_effect``, ``arm_by`` and
            ``arm_by_visit``.
        data: Tables ``adsl`` and ``adsz``.
        random_effects: See :func:`seizureflow.count_models.mixed.fit_mixed`.
        negative_binomial: Whether counts vary more than Poisson counts given the random effects.

    Raises:
        AnalysisError: There are no seizures in an arm, the terms cannot be told apart, or the
            likelihood has no maximum.
    """
    rows = count_rows(data, spec, "visit")
    design = build_count_design(rows.frame, spec, DesignChoices.of(spec.options))
    counts, offset = counts_and_offset(rows.frame, spec.frequency_days)
    clusters = visit_clusters(rows.frame)
    codes = np.asarray(rows.frame["VISIT"].cat.codes, dtype=np.float64)
    with fitting(spec.id):
        if clusters.present.sum(axis=1).max() < 2:
            raise CountModelError(
                "No participant has two visits, so that nothing tells the variation between "
                "participants from that within them. Use negative_binomial."
            )
        fit = fit_mixed(
            counts,
            design.matrix.to_numpy(),
            offset,
            clusters,
            random_effects=random_effects,
            slope=(2 * codes - len(spec.visits) + 1) / 10,
            negative_binomial=negative_binomial,
            quadrature_points=spec.options["quadrature_points"],
        )
    estimates = Estimates(fit.coefficients, fit.covariance, "full information")
    return AnalysisResult(
        (
            *participants_by_arm(rows, spec),
            *rate_ratio_statistics(estimates, design, spec),
            *_variation(fit, random_effects, negative_binomial=negative_binomial),
            *term_statistics(estimates, design.matrix),
        ),
        converged=fit.converged,
        notes=(
            *rows.notes,
            *design.notes,
            *_notes(fit, random_effects, negative_binomial=negative_binomial),
        ),
    )


def _variation(
    fit: MixedFit, random_effects: RandomEffects, *, negative_binomial: bool
) -> list[Statistic]:
    deviations = fit.standard_deviations
    label = "Standard deviation of the participants' log rates"
    statistics = [Statistic("participant_sd", label, float(deviations[0]))]
    if random_effects in _SECOND_SD:
        statistics.append(Statistic(*_SECOND_SD[random_effects], float(deviations[1])))
    if random_effects == "participant_and_slope":
        note = None if math.isfinite(fit.correlation) else "One of them does not vary."
        statistics.append(
            Statistic(
                "random_effects_correlation",
                "Correlation of participants' log rates and slopes",
                fit.correlation,
                note=note,
            )
        )
    if negative_binomial:
        statistics.append(
            Statistic(
                "theta",
                "Shape of the negative binomial distribution",
                fit.theta,
                note=POISSON_LIMIT if math.isinf(fit.theta) else None,
            )
        )
    return [
        *statistics,
        Statistic("log_likelihood", "Log-likelihood", fit.log_likelihood),
        Statistic("quadrature_points", "Points of the quadrature", float(fit.quadrature_points)),
    ]


def _notes(fit: MixedFit, random_effects: RandomEffects, *, negative_binomial: bool) -> list[str]:
    notes = []
    if random_effects != "participant":
        notes.append(_LAPLACE)
    if fit.at_boundary:
        notes.append(_AT_BOUNDARY)
    if negative_binomial and math.isinf(fit.theta):
        notes.append(
            "Given the random effects, the counts are no more variable than Poisson counts: the "
            "Poisson mixed model is given."
        )
    if not fit.converged:
        notes.append(NOT_CONVERGED)
    return notes
