"""Mixed model for repeated measures of the change in log seizure frequency at the visits."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, visit_rows
from seizureflow.array_types import FloatArray
from seizureflow.covariance_names import COVARIANCE_WORDS
from seizureflow.methods.common_statistics import participants_by_arm, relative_change
from seizureflow.mmrm import MMRM, MMRMError, MMRMWarning, mmrm
from seizureflow.problems import AnalysisError

# At which the residuals are compared with a normal distribution.
_PROBABILITIES = np.round(np.linspace(0.01, 0.99, 41), 4)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give LS means and differences, averaged over the visits and at each.

    The fixed effects are arm, visit, arm by visit, the covariates, and the covariates named in the
    option ``covariates_by_visit`` by visit. The average gives each visit the same weight.

    The visits are those whose windows lie in the window of the analysis. Options: ``covariance``
    (structures, tried in turn), ``df`` (see :func:`seizureflow.mmrm.mmrm`) and
    ``covariates_by_visit``.

    Args:
        spec: The analysis; its endpoint is a change in log frequency.
        data: Tables ``adsl`` and ``adsz``.

    Raises:
        AnalysisError: The model cannot be fitted on these data.
    """
    rows = visit_rows(data, spec, outcome="CHG")
    fit = _fit(rows.frame, spec)
    return AnalysisResult(
        (
            *participants_by_arm(rows, spec),
            *_lsmeans(fit),
            *_differences(fit, spec),
            *_diagnostics(fit),
            *_residuals(fit, rows.frame["VISIT"], spec.confidence_level),
            *_coefficients(fit),
        ),
        converged=fit.converged,
        notes=(*rows.notes, *_fallbacks(fit)),
    )


def model_formula(spec: AnalysisSpec) -> str:
    """The fixed effects as a formula."""
    by_visit = [f"{name}:VISIT" for name in spec.options["covariates_by_visit"]]
    return " + ".join(["OUTCOME ~ ARM * VISIT", *spec.covariates, *by_visit])


def _fit(frame: pd.DataFrame, spec: AnalysisSpec) -> MMRM:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MMRMWarning)  # a fall-back is a result: it is in the notes
        try:
            return mmrm(
                model_formula(spec),
                frame,
                subject="USUBJID",
                visit="VISIT",
                covariance=spec.options["covariance"],
                df=spec.options["df"],
                level=spec.confidence_level,
            )
        except MMRMError as error:
            raise AnalysisError(f"Analysis {spec.id}: {error}") from error


def _fallbacks(fit: MMRM) -> list[str]:
    """Say which covariance structures failed before the one that was used."""
    failed = [
        f"{COVARIANCE_WORDS[attempt.structure]} ({attempt.message.rstrip('.')})"
        for attempt in fit.attempts[:-1]
    ]
    if not failed:
        return []
    used = COVARIANCE_WORDS[fit.specification.covariance]
    return [f"Covariance between visits: {used}, after these failed: {'; '.join(failed)}."]


def _lsmeans(fit: MMRM) -> Iterator[Statistic]:
    """LS means of each arm, averaged over the visits first and then at each."""
    names = {
        "estimate": ("lsmean", "LS mean"),
        "se": ("lsmean_se", "Standard error of the LS mean"),
        "df": ("lsmean_df", "Degrees of freedom of the LS mean"),
        "lower": ("lsmean_lower", "Lower limit of the LS mean"),
        "upper": ("lsmean_upper", "Upper limit of the LS mean"),
    }
    for arm, row in _rows(fit.lsmeans("ARM")):
        for column, (name, label) in names.items():
            yield Statistic(name, label, float(row[column]), group=arm[0])
    for (arm_id, visit), row in _rows(fit.lsmeans("ARM", by="VISIT")):
        for column, (name, label) in names.items():
            yield Statistic(name, label, float(row[column]), group=arm_id, visit=visit)


def _differences(fit: MMRM, spec: AnalysisSpec) -> Iterator[Statistic]:
    """Differences from the reference, averaged over the visits first and then at each."""
    reference = spec.reference.id
    averaged = fit.contrast("ARM", reference=reference, average_over="VISIT")
    for arm, row in _rows(averaged):
        yield from _difference(row, arm[0], None, spec)
        estimate, lower, upper = (float(row[name]) for name in ("estimate", "lower", "upper"))
        yield from relative_change(estimate, lower, upper, arm[0], spec)
    for (arm_id, visit), row in _rows(fit.contrast("ARM", reference=reference, by="VISIT")):
        yield from _difference(row, arm_id, visit, spec)


def _difference(
    row: pd.Series[Any], arm: str, visit: str | None, spec: AnalysisSpec
) -> Iterator[Statistic]:
    for column, name, label in (
        ("estimate", "difference", "Difference of LS means"),
        ("se", "difference_se", "Standard error of the difference"),
        ("df", "difference_df", "Degrees of freedom of the difference"),
        ("lower", "difference_lower", "Lower limit of the difference"),
        ("upper", "difference_upper", "Upper limit of the difference"),
        ("t", "t", "t statistic"),
        ("p", "p_value", "p"),
    ):
        yield Statistic(
            name, label, float(row[column]), group=arm, reference=spec.reference.id, visit=visit
        )


def _diagnostics(fit: MMRM) -> Iterator[Statistic]:
    """Convergence, and covariance and correlation between visits."""
    structure = fit.specification.covariance
    yield Statistic("covariance_structure", "Covariance structure", text=structure)
    yield Statistic("iterations", "Newton iterations", float(fit.iterations))
    yield Statistic("log_likelihood", "Restricted log-likelihood", fit.loglik)
    variances = np.diagonal(np.asarray(fit.visit_covariance, dtype=np.float64))
    for visit, variance in zip(fit.visit_covariance.index, variances, strict=True):
        yield Statistic("visit_sd", "Standard deviation", math.sqrt(variance), visit=str(visit))
    for name, label, table in (
        ("visit_covariance", "Covariance", fit.visit_covariance),
        ("visit_correlation", "Correlation", fit.visit_correlation),
    ):
        values = np.asarray(table, dtype=np.float64)
        visits = [str(visit) for visit in table.index]
        for row, column in zip(*np.tril_indices(len(visits)), strict=True):
            yield Statistic(
                name, label, float(values[row, column]), variable=visits[row], level=visits[column]
            )


def _residuals(fit: MMRM, visits: pd.Series[Any], level: float) -> Iterator[Statistic]:
    """Spread and shape of the normalised residuals; standard normal and independent if all holds.

    Args:
        fit: The fit.
        visits: Visit of every analysed row.
        level: Level of the pointwise interval of the quantiles.
    """
    residuals = fit.resid_normalised
    values = np.asarray(residuals, dtype=np.float64)
    sd = "Standard deviation of the normalised residuals"
    yield Statistic("residual_sd", sd, float(values.std(ddof=1)))
    for visit, own in residuals.groupby(visits, observed=True):
        yield Statistic("residual_sd", sd, float(own.std(ddof=1)), visit=str(visit))
    yield Statistic("residual_skewness", "Skewness of the normalised residuals", _skewness(values))
    yield Statistic(
        "residual_largest", "Largest absolute normalised residual", float(np.abs(values).max())
    )
    yield from _quantiles(values, level)


def _skewness(values: FloatArray) -> float:
    """Third central moment over the cube of the standard deviation, both with divisor n."""
    centred = values - values.mean()
    return float((centred**3).mean() / (centred**2).mean() ** 1.5)


def _quantiles(values: FloatArray, level: float) -> Iterator[Statistic]:
    """Quantiles of the residuals beside the normal ones, which have a pointwise interval.

    The interval is that of an order statistic of as many independent standard normal values. Where
    the residuals are few, probabilities outside their plotting positions are left out.
    """
    size = len(values)
    chosen = _PROBABILITIES[np.abs(_PROBABILITIES - 0.5) <= 0.5 - 0.5 / size]
    rank = chosen * size + 0.5
    lower, upper = (
        distributions.beta.ppf(tail, rank, size + 1 - rank)
        for tail in ((1 - level) / 2, (1 + level) / 2)
    )
    for name, label, quantiles in (
        ("residual_quantile", "Residuals", np.quantile(values, chosen, method="hazen")),
        ("normal_quantile", "Normal", distributions.normal.ppf(chosen)),
        ("normal_quantile_lower", "Lower limit", distributions.normal.ppf(lower)),
        ("normal_quantile_upper", "Upper limit", distributions.normal.ppf(upper)),
    ):
        for probability, quantile in zip(chosen, np.asarray(quantiles).tolist(), strict=True):
            yield Statistic(name, label, quantile, level=f"{probability:g}")


def _coefficients(fit: MMRM) -> Iterator[Statistic]:
    for term, row in fit.coefficients.iterrows():
        for column, name, label in (
            ("estimate", "coefficient", "Coefficient"),
            ("se", "coefficient_se", "Standard error of the coefficient"),
            ("df", "coefficient_df", "Degrees of freedom of the coefficient"),
            ("p", "coefficient_p", "p of the coefficient"),
        ):
            yield Statistic(name, label, float(row[column]), variable=str(term))


def _rows(table: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], pd.Series[Any]]]:
    """Labels of the index as a tuple of text, and the row."""
    for label, row in table.iterrows():
        parts = label if isinstance(label, tuple) else (label,)
        yield tuple(str(part) for part in parts), row
