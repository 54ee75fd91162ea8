"""Effect on the change in log frequency with missing visits imputed under a stated assumption."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.array_types import FloatArray
from seizureflow.imputation.inference import (
    RepeatedSampling,
    by_approximate_bayes,
    by_bayes,
    by_bootstrap,
    by_jackknife,
)
from seizureflow.imputation.mixed_model import FitError
from seizureflow.imputation.pooling import Pooled
from seizureflow.imputation.preparation import Prepared, prepare
from seizureflow.imputation.strategies import STRATEGY_WORDS
from seizureflow.methods.common_statistics import participants_by_arm, relative_change
from seizureflow.problems import AnalysisError

_TWO_ERRORS = (
    "Standard error, limits and p are those of Rubin's rules: information-anchored, that is, the "
    "missing outcomes cost as much precision as under missingness at random. Those named "
    "“jackknife” are for the spread of the estimate over repeated trials; under strategies that "
    "borrow from the reference arm this is smaller (Wolbers et al. 2022; Bartlett 2023)."
)
_ONE_ERROR = (
    "The standard error is for the spread of the estimate over repeated trials ({how}). Under "
    "strategies that borrow from the reference arm it is smaller than that of Rubin's rules, which "
    "are information-anchored (Wolbers et al. 2022; Bartlett 2023)."
)


def analyse(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> AnalysisResult:
    """Impute the missing visits, analyse each visit by ANCOVA, and average over the window.

    The imputation model is the mixed model for repeated measures with arm, visit, their interaction
    and the covariates; one covariance for all arms. What is missing before the last visit seen is
    missing at random (under CR, of who left, with the means of the reference arm); from the first
    visit after it on, the strategy holds. The analysis of each
    visit adjusts for the same covariates. With ``inference: conditional_mean_jackknife`` nothing is
    random, and the numbers are those of R's rbmi.

    Args:
        spec: The analysis; its endpoint is a change in log frequency.
        data: Tables ``adsl`` and ``adsz``.
        rng: Random numbers; not used by the jackknife.

    Raises:
        AnalysisError: The model or the strategy has no answer on these data.

    Source:
        Carpenter, Roger & Kenward (2013), Journal of Biopharmaceutical Statistics 23, 1352-1371;
        Wolbers et al. (2022), Pharmaceutical Statistics 21, 1246-1257.
    """
    prepared = prepare(data, spec)
    try:
        if spec.options["inference"].startswith("conditional_mean"):
            return _resampled(prepared, spec, rng)
        return _multiply_imputed(prepared, spec, rng)
    except FitError as error:
        raise AnalysisError(f"Analysis {spec.id}: {str(error).rstrip('.')}.") from error


def _resampled(prepared: Prepared, spec: AnalysisSpec, rng: np.random.Generator) -> AnalysisResult:
    trial, recipe, fit = prepared.trial, prepared.recipe, prepared.fit
    if spec.options["inference"] == "conditional_mean_jackknife":
        answer, how = by_jackknife(trial, recipe, fit), "jackknife"
    else:
        samples = spec.options["bootstrap_samples"]
        how = f"{samples} bootstrap samples, drawn within arms"
        answer = by_bootstrap(trial, recipe, fit, samples, rng)
    notes = [_strategy_note(spec), *prepared.notes, _ONE_ERROR.format(how=how)]
    notes += _failures(answer.failed)
    infinite = np.full_like(answer.se, np.inf)
    statistics = [
        *_participants(prepared, spec),
        *_quantities(prepared, spec, answer.estimate, answer.se, infinite, answer.problem),
    ]
    return AnalysisResult(tuple(statistics), converged=True, notes=tuple(notes))


def _multiply_imputed(
    prepared: Prepared, spec: AnalysisSpec, rng: np.random.Generator
) -> AnalysisResult:
    trial, recipe, fit = prepared.trial, prepared.recipe, prepared.fit
    draws = spec.options["draws"]
    failed = 0
    if spec.options["inference"] == "bayesian":
        if fit.structure != "us":
            raise AnalysisError(
                f"Analysis {spec.id}: posterior draws need an unstructured covariance, and the fit "
                "has another. Choose the inference approximate_bayesian."
            )
        pooled = by_bayes(trial, recipe, fit, draws, rng)
    else:
        pooled, failed = by_approximate_bayes(trial, recipe, fit, draws, rng)
    repeated = by_jackknife(trial, recipe, fit)
    notes = [_strategy_note(spec), *prepared.notes, _TWO_ERRORS, *_failures(failed)]
    statistics = [
        *_participants(prepared, spec),
        *_quantities(prepared, spec, pooled.estimate, pooled.se, pooled.df, ""),
        *_beside(pooled, repeated, spec),
        Statistic("imputations", "Imputed data sets", float(draws)),
    ]
    return AnalysisResult(tuple(statistics), converged=True, notes=tuple(notes))


def _strategy_note(spec: AnalysisSpec) -> str:
    return f"Imputation: {STRATEGY_WORDS[spec.options['strategy']]}."


def _failures(failed: int) -> list[str]:
    if not failed:
        return []
    return [f"{failed} bootstrap samples had no answer; others were drawn in their place."]


def _participants(prepared: Prepared, spec: AnalysisSpec) -> Iterator[Statistic]:
    """Participants, and how much was imputed, by arm."""
    yield from participants_by_arm(prepared.rows, spec)
    trial = prepared.trial
    for position, arm in enumerate(spec.arms):
        missing = ~trial.observed[trial.arm == position]
        label = "Outcomes imputed"
        yield Statistic("imputed", label, float(missing.sum()), group=arm.id)
        share = 100 * float(missing.mean())
        yield Statistic("imputed_percent", label, share, group=arm.id, unit="%")


def _quantities(
    prepared: Prepared,
    spec: AnalysisSpec,
    estimate: FloatArray,
    se: FloatArray,
    df: FloatArray,
    problem: str,
) -> Iterator[Statistic]:
    """LS means and differences, over the window first and then at each visit."""
    compared = len(spec.arms) - 1
    places = list(enumerate((None, *prepared.trial.visits)))
    note = f"No standard error: {problem}." if problem else None
    for target, visit in places:
        for position, arm in enumerate(spec.arms):
            at = (compared + position, target)
            for name, label, value in _limits(
                "lsmean", "LS mean", estimate[at], se[at], df[at], spec
            ):
                yield Statistic(name, label, value, group=arm.id, visit=visit, note=note)
    for target, visit in places:
        for position, arm in enumerate(spec.arms[1:]):
            at = (position, target)
            found = [
                *_limits(
                    "difference", "Difference of LS means", estimate[at], se[at], df[at], spec
                ),
                ("p_value", "p", _p_value(estimate[at], se[at], df[at])),
            ]
            for name, label, value in found:
                yield Statistic(
                    name,
                    label,
                    value,
                    group=arm.id,
                    reference=spec.reference.id,
                    visit=visit,
                    note=note,
                )
            if visit is None:
                by_name = {name: value for name, _, value in found}
                lower, upper = by_name["difference_lower"], by_name["difference_upper"]
                yield from relative_change(by_name["difference"], lower, upper, arm.id, spec, note)


def _limits(
    name: str, label: str, estimate: float, se: float, df: float, spec: AnalysisSpec
) -> list[tuple[str, str, float]]:
    """An estimate with standard error and limits; with degrees of freedom where they are finite."""
    reach = float(distributions.student_t.ppf((1 + spec.confidence_level) / 2, df)) * float(se)
    of = label[0].lower() + label[1:] if label[1].islower() else label
    words = [
        (name, label, float(estimate)),
        (f"{name}_se", f"Standard error of the {of}", float(se)),
        (f"{name}_lower", f"Lower limit of the {of}", float(estimate) - reach),
        (f"{name}_upper", f"Upper limit of the {of}", float(estimate) + reach),
    ]
    if math.isfinite(df):
        words.append((f"{name}_df", f"Degrees of freedom of the {of}", float(df)))
    return words


def _p_value(estimate: float, se: float, df: float) -> float:
    return 2 * float(distributions.student_t.sf(abs(estimate) / se, df)) if se > 0 else math.nan


def _beside(pooled: Pooled, repeated: RepeatedSampling, spec: AnalysisSpec) -> Iterator[Statistic]:
    """What the conditional means give for the effect over the window, and how random this is."""
    note = f"No jackknife: {repeated.problem}." if repeated.problem else None
    quantile = float(distributions.normal.ppf((1 + spec.confidence_level) / 2))
    for position, arm in enumerate(spec.arms[1:]):
        at = (position, 0)
        estimate, se = float(repeated.estimate[at]), float(repeated.se[at])
        centre, noise = float(pooled.estimate[at]), float(pooled.monte_carlo_error[at])
        for name, label, value in (
            ("difference_se_jackknife", "Standard error of the difference, jackknife", se),
            ("difference_lower_jackknife", "Lower limit, jackknife", centre - quantile * se),
            ("difference_upper_jackknife", "Upper limit, jackknife", centre + quantile * se),
            ("p_value_jackknife", "p, jackknife", _p_value(centre, se, math.inf)),
            ("difference_conditional_mean", "Difference from conditional means", estimate),
            ("monte_carlo_error", "Monte Carlo error of the difference", noise),
            (
                "missing_information",
                "Share of the variance due to what is missing",
                100 * float(pooled.lost[at]),
            ),
        ):
            yield Statistic(
                name,
                label,
                value,
                group=arm.id,
                reference=spec.reference.id,
                unit="%" if name == "missing_information" else None,
                note=note if "jackknife" in name else None,
            )
