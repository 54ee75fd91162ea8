"""Proportional intensity models of every seizure of a window, on the days that were recorded."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from seizureflow import distributions
from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic, leave_out_incomplete
from seizureflow.array_types import IntArray
from seizureflow.methods.common_statistics import coefficient_statistics, relative_change
from seizureflow.problems import AnalysisError
from seizureflow.survival.hazard_rows import hazard_ratio_rows, no_hazard_ratio
from seizureflow.survival.newton import IndistinctError
from seizureflow.survival.person_days import PersonDays, person_days
from seizureflow.survival.recurrent import RecurrentFit, fit_recurrent
from seizureflow.survival.terms import Terms, indistinct, model_terms, no_finite_maximum

# Fewer participants than this: the robust standard errors are known to be too small.
_SMALL = 100
# A robust standard error below this share of the naive one is rounding.
_NO_VARIATION = 1e-6
_ALIKE = (
    "The participants of an arm do not vary, or are too few for the terms of the model: there is "
    "no robust standard error."
)
_CONDITIONAL = (
    "Participants are compared with those who had as many seizures before, which treatment itself "
    "changes: the hazard ratio is that of the next seizure, not of all seizures, and randomisation "
    "does not protect it."
)
_TIED = (
    "{days} days had more than one seizure: each seizure is an event of that day, and the order "
    "within a day is not used."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Fit the model and give the hazard ratios with robust Wald intervals.

    Every recorded day of the window is a day at risk, and every countable seizure on it an event;
    one who had a seizure stays at risk. A day that was not recorded is neither. Under
    ``andersen_gill`` all who have the same study day recorded are compared, and the hazard ratio is
    a ratio of seizure rates. Under ``pwp_total_time`` those are compared who moreover had as many
    seizures of the window before that day; under ``pwp_gap_time`` those with as many seizures
    before, as many days after the last of them (or after the start of the window). Seizures of the
    same day count from the next day on. Days without record neither add to the seizures before nor
    stop the clock.

    The robust covariance is that of Lin & Wei (1989), by participant. In samples below about 100
    its intervals are somewhat too short and its test does not hold its level.

    Args:
        spec: The analysis.
        data: Tables ``adsl``, ``intervals`` and ``seizures``.

    Raises:
        AnalysisError: Seizures are known by period only; an arm has no recorded day or no seizure;
            terms cannot be told apart.
    """
    if spec.counting is None or spec.window_days is None:
        raise ValueError("The plan of the analysis lacks counting rules or the days of its window.")
    diary = person_days(data["intervals"], data["seizures"], spec.counting, spec.window_days)
    days, notes = _days_of_set(data["adsl"], diary, spec)
    rows = _by_arm(days, diary, spec)
    _refuse_arms(days, spec)
    terms = model_terms(days, spec.arms, spec.covariates)
    try:
        fit = fit_recurrent(
            days["COUNT"].to_numpy(dtype=np.float64),
            terms.matrix,
            _risk_sets(days, spec),
            np.asarray(pd.factorize(days["USUBJID"])[0], dtype=np.int64),
        )
    except IndistinctError as error:
        raise indistinct(spec, terms, error.terms) from error
    notes += _remarks(days, spec)
    note = _why_no_answer(fit, terms)
    if note is not None:
        rows += [row for arm in terms.effects for row in no_hazard_ratio(arm, spec, note)]
        return AnalysisResult(tuple(rows), False, (*notes, note))
    rows += [*_effects(fit, terms, spec), *_model(fit, terms)]
    return AnalysisResult(tuple(rows), fit.maximum.converged, tuple(notes))


def _days_of_set(
    adsl: pd.DataFrame, diary: PersonDays, spec: AnalysisSpec
) -> tuple[pd.DataFrame, list[str]]:
    """Recorded days of the analysis set with arm and covariates."""
    people = in_set(adsl, spec.population)[["USUBJID", "TRT01P", *spec.covariates]]
    people = people.reset_index(drop=True)
    people["ARM"] = pd.Categorical(people.pop("TRT01P"), [arm.id for arm in spec.arms])
    recorded = diary.frame.groupby("USUBJID").size()
    people["DAYS"] = people["USUBJID"].map(recorded)
    needed = {"DAYS": "recorded days in the window"}
    needed |= {name: spec.label(name) for name in spec.covariates}
    people, notes = leave_out_incomplete(people, needed, spec)
    days = people.drop(columns="DAYS").merge(diary.frame, on="USUBJID", validate="one_to_many")
    return days, list(notes)


def _risk_sets(days: pd.DataFrame, spec: AnalysisSpec) -> IntArray:
    """Number of the risk set of each day."""
    model = spec.options["model"]
    keys = ["GAP" if model == "pwp_gap_time" else "DAY"]
    strata = days[keys].copy()
    if model != "andersen_gill":
        strata["EARLIER"] = days["EARLIER"].clip(upper=spec.options["max_events"] - 1)
    return np.asarray(strata.groupby(list(strata.columns)).ngroup(), dtype=np.int64)


def _by_arm(days: pd.DataFrame, diary: PersonDays, spec: AnalysisSpec) -> list[Statistic]:
    statistics = []
    for arm in spec.arms:
        own = days[days["ARM"] == arm.id]
        missing = diary.missing.loc[own["USUBJID"].unique()].sum()
        statistics += [
            Statistic(name, label, float(value), group=arm.id)
            for name, label, value in (
                ("participants", "Participants", own["USUBJID"].nunique()),
                ("days_at_risk", "Recorded days, which are those at risk", len(own)),
                ("days_not_recorded", "Days without record before the last recorded one", missing),
                ("seizures", "Countable seizures", own["COUNT"].sum()),
                ("days_with_seizures", "Days with a countable seizure", (own["COUNT"] > 0).sum()),
            )
        ]
    return statistics


def _refuse_arms(days: pd.DataFrame, spec: AnalysisSpec) -> None:
    """Stop where an arm has no seizure, or too few participants to see how they vary."""
    people = days.groupby("ARM", observed=False)["USUBJID"].nunique()
    alone = [arm.label for arm in spec.arms if people[arm.id] < 2]
    if alone:
        raise AnalysisError(
            f"Analysis {spec.id}: {', '.join(alone)} has a single participant, from whom the "
            "variation between participants, on which the intervals rest, cannot be known."
        )
    seizures = days.groupby("ARM", observed=False)["COUNT"].sum()
    silent = [arm.label for arm in spec.arms if seizures[arm.id] == 0]
    if silent:
        raise AnalysisError(
            f"Analysis {spec.id}: {', '.join(silent)} had no seizure on the recorded days of the "
            "window, so a hazard ratio does not exist. Compare the arms by an analysis of seizure "
            "freedom, or of the time to the first seizure by a log-rank test."
        )


def _remarks(days: pd.DataFrame, spec: AnalysisSpec) -> list[str]:
    notes = []
    several = int((days["COUNT"] > 1).sum())
    if several:
        notes.append(_TIED.format(days=several))
    if spec.options["model"] != "andersen_gill":
        notes.append(_CONDITIONAL)
    if days["USUBJID"].nunique() < _SMALL:
        notes.append(
            f"With fewer than {_SMALL} participants the robust standard errors are somewhat too "
            "small, and the test rejects somewhat too often."
        )
    return notes


def _why_no_answer(fit: RecurrentFit, terms: Terms) -> str | None:
    """Why the model has no estimate or no standard error; None where it has both."""
    if fit.maximum.infinite.any():
        return no_finite_maximum(terms, fit.maximum.infinite)
    variances = np.diag(fit.robust)
    if (variances <= _NO_VARIATION**2 * np.diag(fit.maximum.covariance)).any():
        return _ALIKE
    return None


def _effects(fit: RecurrentFit, terms: Terms, spec: AnalysisSpec) -> list[Statistic]:
    quantile = float(distributions.normal.ppf((1 + spec.confidence_level) / 2))
    statistics = []
    for arm, place in terms.effects.items():
        log_ratio = float(fit.maximum.coefficients[place])
        se = math.sqrt(fit.robust[place, place])
        statistics += hazard_ratio_rows(log_ratio, se, arm, spec)
        statistics.append(
            Statistic(
                "log_hazard_ratio_se_naive",
                "Standard error were all seizures independent",
                math.sqrt(fit.maximum.covariance[place, place]),
                group=arm,
                reference=spec.reference.id,
            )
        )
        if spec.options["model"] == "andersen_gill":
            lower, upper = log_ratio - quantile * se, log_ratio + quantile * se
            statistics += relative_change(log_ratio, lower, upper, arm, spec)
    return statistics


def _model(fit: RecurrentFit, terms: Terms) -> list[Statistic]:
    names = list(terms.names)
    errors = np.sqrt(np.diag(fit.robust))
    p_values = 2 * distributions.normal.sf(np.abs(fit.maximum.coefficients / errors))
    return [
        Statistic("log_likelihood", "Log partial likelihood", fit.maximum.value),
        *coefficient_statistics(
            pd.Series(fit.maximum.coefficients, names),
            pd.Series(errors, names),
            pd.Series(p_values, names),
        ),
    ]
