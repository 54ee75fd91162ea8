"""The numbers that enter a specification: who is analysed, the outcome and the covariates."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import BoolArray, FloatArray
from seizureflow.specification_curve.choices import (
    COMPLETE_SHARE,
    WINSORISED_QUANTILE,
    Specification,
)
from seizureflow.specification_curve.trial import Seizures, Trial, log_or_missing


class NotPossible(Exception):  # noqa: N818  (a reason, not an error: the table gives it)
    """A combination of choices that has no analysis; the text says why."""


@dataclass(frozen=True)
class Prepared:
    """What enters one specification.

    Attributes:
        kept: Participants analysed, of all in the trial.
        outcome: Of those, the change in log frequency or the count; of a mixed model one column per
            visit, not a number where there is no value.
        log_exposure: Of those, the logarithm of the days in units of the frequency; None where the
            outcome is a logarithm.
        covariates: Of those, the covariates, by name.
    """

    kept: BoolArray
    outcome: FloatArray
    log_exposure: FloatArray | None
    covariates: pd.DataFrame

    @property
    def participants(self) -> int:
        """Participants analysed."""
        return int(self.kept.sum())

    def fingerprint(self) -> bytes:
        """Equal where the same numbers enter."""
        digest = hashlib.sha256(self.kept.tobytes() + self.outcome.tobytes())
        digest.update(b"" if self.log_exposure is None else self.log_exposure.tobytes())
        digest.update(covariates_key(self.covariates))
        return digest.digest()


def covariates_key(covariates: pd.DataFrame) -> bytes:
    """Names and values of covariates as bytes."""
    parts = [str(name).encode() + b"\0" for name in covariates]
    for name in covariates:
        values = covariates[name]
        numeric = pd.api.types.is_numeric_dtype(values)
        parts.append(
            values.to_numpy(dtype=np.float64).tobytes()
            if numeric
            else "\0".join(map(str, values)).encode()
        )
    return b"\1".join(parts)


def prepare(trial: Trial, spec: Specification) -> Prepared:
    """Choose the participants of a specification and compute what is analysed of them.

    Days that were not recorded, by ``missing_data``:

    - ``observed``: the frequency is that of the recorded days; who has none is left out.
    - ``completers``: the same, of participants with at least 80% of the window's days recorded.
    - ``baseline_imputed``: each missing day of the window counts with the participant's baseline
      rate, as if the treatment had done nothing there; the count is rounded to a whole one.

    High frequencies, with ``winsorise``: those above the 95th percentile of all analysed, whatever
    their arm, are set to it (at each visit, in a mixed model); counts follow, rounded.

    Raises:
        NotPossible: The choices do not go together.
    """
    if spec.model.kind == "mmrm":
        return _prepare_visits(trial, spec)
    window, kept = _evaluated(trial, spec)
    columns = {name: trial.covariate(name, spec.baseline) for name in spec.covariates}
    for values in columns.values():
        kept = kept & values.notna().to_numpy()
    if not spec.model.takes_logs:
        window = _without_outliers(window, kept, spec, trial.frequency_days)
        exposure = np.log(window.days[kept] / trial.frequency_days)
        return Prepared(kept, window.count[kept], exposure, _frame(columns, kept))
    base = log_or_missing(trial.baselines[spec.baseline] + spec.offset.baseline)
    kept = kept & np.isfinite(base) & (window.frequency + spec.offset.post > 0)
    window = _without_outliers(window, kept, spec, trial.frequency_days)
    change = np.log(window.frequency[kept] + spec.offset.post) - base[kept]
    return Prepared(kept, change, None, _frame(columns, kept))


def _frame(columns: dict[str, pd.Series[Any]], kept: BoolArray) -> pd.DataFrame:
    index = pd.RangeIndex(int(kept.sum()))
    chosen = {name: values[kept].set_axis(index) for name, values in columns.items()}
    return pd.DataFrame(chosen, index=index)


def _evaluated(trial: Trial, spec: Specification) -> tuple[Seizures, BoolArray]:
    """Seizures in the window under the rule for missing days, and whose are known."""
    window, members = trial.windows[spec.window], trial.sets[spec.population]
    if spec.missing_data != "observed" and not window.length:
        raise NotPossible("The window has no fixed length, so its missing days are not known.")
    if spec.missing_data == "baseline_imputed":
        filled = _filled(window, trial.baselines[spec.baseline], trial.frequency_days)
        return filled, members & np.isfinite(filled.frequency)
    kept = members & np.isfinite(window.frequency)
    if spec.missing_data == "completers":
        kept &= _completers(window)
    return window, kept


def _completers(window: Seizures) -> BoolArray:
    return np.nan_to_num(window.days) >= COMPLETE_SHARE * window.length


def _filled(window: Seizures, baseline: FloatArray, frequency_days: int) -> Seizures:
    """Days of the window that were not recorded, filled in at the rate of the baseline."""
    missing = window.length - np.nan_to_num(window.days)
    at_baseline = np.where(missing > 0, missing * baseline / frequency_days, 0.0)
    count = np.round(np.nan_to_num(window.count) + at_baseline)
    days = np.full(len(count), float(window.length))
    return Seizures(count, days, frequency_days * count / days, window.length)


def _without_outliers(
    window: Seizures, kept: BoolArray, spec: Specification, frequency_days: int
) -> Seizures:
    if spec.outliers == "keep" or not kept.any():
        return window
    cap = np.quantile(window.frequency[kept], WINSORISED_QUANTILE)
    high = window.frequency > cap
    count = np.where(high, np.round(cap * window.days / frequency_days), window.count)
    return Seizures(count, window.days, np.where(high, cap, window.frequency), window.length)


def _prepare_visits(trial: Trial, spec: Specification) -> Prepared:
    if spec.missing_data == "baseline_imputed":
        raise NotPossible(
            "A mixed model takes missing visits into account by its likelihood; days are filled in "
            "for models of the whole window."
        )
    if spec.missing_data != "observed" and not trial.windows[spec.window].length:
        raise NotPossible("The window has no fixed length, so its missing days are not known.")
    if not spec.visits:
        raise NotPossible("No scheduled visits lie in the window.")
    base = log_or_missing(trial.baselines[spec.baseline] + spec.offset.baseline)
    members = trial.sets[spec.population] & np.isfinite(base)
    if spec.missing_data == "completers":
        members &= _completers(trial.windows[spec.window])
    columns = {name: trial.covariate(name, spec.baseline) for name in spec.covariates}
    for values in columns.values():
        members = members & values.notna().to_numpy()
    change = np.full((len(members), len(spec.visits)), np.nan)
    for place, name in enumerate(spec.visits):
        visit = trial.windows[name]
        seen = members & (visit.frequency + spec.offset.post > 0)
        visit = _without_outliers(visit, seen, spec, trial.frequency_days)
        change[seen, place] = np.log(visit.frequency[seen] + spec.offset.post) - base[seen]
    kept = np.isfinite(change).any(axis=1)
    return Prepared(kept, change[kept], None, _frame(columns, kept))
