"""Poisson generalised estimating equations of the seizure counts at the visits."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.count_models.clusters import Clusters
from seizureflow.count_models.count_design import DesignChoices, build_count_design
from seizureflow.count_models.count_rows import (
    count_rows,
    counts_and_offset,
    rows_with_baseline,
    visit_clusters,
)
from seizureflow.count_models.errors import CountModelError, fitting
from seizureflow.count_models.gee import GeeFit, fit_gee
from seizureflow.count_models.gee_covariance import gee_covariance
from seizureflow.count_models.notes import FEW_PARTICIPANTS, NOT_CONVERGED
from seizureflow.count_models.rate_ratios import (
    Estimates,
    rate_ratio_statistics,
    standard_error_statistics,
    term_statistics,
)
from seizureflow.count_models.working_correlation import estimate_correlation
from seizureflow.methods.common_statistics import participants_by_arm

_WORDS = {
    "sandwich": "sandwich",
    "mancl_derouen": "sandwich, Mancl-DeRouen",
    "kauermann_carroll": "sandwich, Kauermann-Carroll",
    "fay_graubard": "sandwich, Fay-Graubard",
}
_FEW = 40


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Solve the equations and give the rate ratios.

    The rate is that of the population: the mean over participants. Counts that are missing must be
    missing completely at random. With the plain sandwich intervals are normal, as in geepack;
    with a small-sample correction they are t with participants less terms degrees of freedom.

    Options: ``correlation`` and ``denominator`` of the working correlation, ``standard_error``,
    and those of :class:`seizureflow.count_models.count_design.DesignChoices`.

    Args:
        spec: The analysis; it takes no endpoint.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: There are no seizures in an arm, the terms cannot be told apart, there are
            fewer participants than terms, or the working correlation cannot be estimated.

    Source:
        Liang & Zeger (Biometrika 1986; 73: 13-22); Diggle, Heagerty, Liang & Zeger, Analysis of
        Longitudinal Data, 2nd ed., 8.4, for the baseline as a period.
    """
    options = spec.options
    choices = DesignChoices.of(options)
    baseline = choices.baseline_as_period
    rows = rows_with_baseline(data, spec) if baseline else count_rows(data, spec, "visit")
    design = build_count_design(rows.frame, spec, choices)
    counts, offset = counts_and_offset(rows.frame, spec.frequency_days)
    clusters = visit_clusters(rows.frame)
    kind = options["standard_error"]
    with fitting(spec.id):
        fit = fit_gee(
            counts,
            design.matrix.to_numpy(),
            offset,
            clusters,
            options["correlation"],
            options["denominator"],
        )
        covariance = gee_covariance(fit, kind)
    df = math.inf if kind == "sandwich" else clusters.participants - design.matrix.shape[1]
    estimates = Estimates(fit.coefficients, covariance, _WORDS[kind], df)
    model = Estimates(fit.coefficients, fit.model_covariance, "if the working model held")
    notes = (*rows.notes, *design.notes)
    if kind == "sandwich" and clusters.participants < _FEW:
        notes += (FEW_PARTICIPANTS,)
    if not fit.converged:
        notes += (NOT_CONVERGED,)
    return AnalysisResult(
        (
            *participants_by_arm(rows, spec),
            *rate_ratio_statistics(estimates, design, spec),
            *standard_error_statistics("log_rate_ratio_se_model", model, design, spec),
            *_working_model(fit, clusters, _observations(spec, baseline=baseline)),
            *term_statistics(estimates, design.matrix),
        ),
        converged=fit.converged,
        notes=notes,
    )


def _observations(spec: AnalysisSpec, *, baseline: bool) -> list[str]:
    """Names of the observations of a participant, in order."""
    return ["baseline", *spec.visits] if baseline else list(spec.visits)


def _working_model(fit: GeeFit, clusters: Clusters, names: list[str]) -> list[Statistic]:
    """Scale and working correlation."""
    correlation = fit.correlation
    statistics = [Statistic("scale", "Scale of the working variance", correlation.scale)]
    if correlation.structure == "unstructured":
        names = names[-len(correlation.matrix) :]
        return [
            *statistics,
            *(
                Statistic(
                    "working_correlation",
                    "Working correlation",
                    float(correlation.matrix[row, column]),
                    variable=names[row],
                    level=names[column],
                )
                for row, column in zip(*np.tril_indices(len(names), -1), strict=True)
            ),
        ]
    if correlation.structure != "independence":
        label = "Working correlation"
        statistics.append(Statistic("working_correlation", label, correlation.alpha))
        statistics.append(_less_terms(fit, clusters))
    return statistics


def _less_terms(fit: GeeFit, clusters: Clusters) -> Statistic:
    """The moment estimate of Liang & Zeger, and SAS, at the solution."""
    terms, structure = len(fit.coefficients), fit.correlation.structure
    value, note = math.nan, None
    try:
        value = estimate_correlation(
            fit.pearson, clusters, terms, structure, "rows_less_terms"
        ).alpha
    except CountModelError as error:
        note = str(error)
    return Statistic(
        "working_correlation_less_terms",
        "Working correlation, denominators less the number of terms",
        value,
        note=note,
    )
