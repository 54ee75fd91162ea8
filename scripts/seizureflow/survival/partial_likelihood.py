"""The partial likelihood of a proportional hazards model for censored times, with ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizureflow.array_types import BoolArray, FloatArray, IntArray

Ties = Literal["efron", "breslow"]


@dataclass(frozen=True)
class Derivatives:
    """The log partial likelihood at some coefficients, with what it is made of.

    A step is one event, in Efron's approximation with its own share of those tied with it.

    Attributes:
        value: Log partial likelihood.
        means: Weighted mean of the covariates of those at risk, by step, shape (d, p).
        spreads: Weighted covariance of the same, shape (d, p, p).
        excess: Covariates of each step's event less the mean, shape (d, p).
        times: Time of each step, shape (d,).
    """

    value: float
    means: FloatArray
    spreads: FloatArray
    excess: FloatArray
    times: FloatArray

    @property
    def score(self) -> FloatArray:
        """First derivatives, shape (p,)."""
        return self.excess.sum(axis=0)

    @property
    def information(self) -> FloatArray:
        """Second derivatives with the sign changed, shape (p, p)."""
        return self.spreads.sum(axis=0)


@dataclass(frozen=True)
class _Stratum:
    """Participants of a stratum, the longest times first, with their risk sets.

    Attributes:
        covariates: Shape (n, p).
        events: Places of those with the event.
        day: For each event, the number of its day.
        risk: For each day, how many are at risk: the first of all.
        step_day: For each step, the number of its day.
        share: For each step, the share of those with the event on the day that is left out.
        times: Time of each step.
    """

    covariates: FloatArray
    events: IntArray
    day: IntArray
    risk: IntArray
    step_day: IntArray
    share: FloatArray
    times: FloatArray


@dataclass(frozen=True)
class PartialLikelihood:
    """The partial likelihood of a data set; made by :func:`partial_likelihood`.

    Attributes:
        strata: The strata that have events.
        terms: Number of coefficients.
        scales: Range of each covariate, shape (p,).
    """

    strata: tuple[_Stratum, ...]
    terms: int
    scales: FloatArray

    def at(self, coefficients: FloatArray) -> Derivatives:
        """Evaluate it."""
        parts = [_evaluate(stratum, coefficients) for stratum in self.strata]
        return Derivatives(
            value=sum(part.value for part in parts),
            means=np.concatenate([part.means for part in parts]),
            spreads=np.concatenate([part.spreads for part in parts]),
            excess=np.concatenate([part.excess for part in parts]),
            times=np.concatenate([part.times for part in parts]),
        )


def partial_likelihood(
    times: FloatArray, happened: BoolArray, covariates: FloatArray, stratum: IntArray, ties: Ties
) -> PartialLikelihood:
    """Prepare the partial likelihood.

    Args:
        times: Days to the event or to censoring, shape (n,).
        happened: Whether it was the event, shape (n,); at least one did.
        covariates: Shape (n, p).
        stratum: Number of the stratum, each with a baseline hazard of its own, shape (n,).
        ties: How events on the same day are treated.

    Source:
        Cox, JRSS B 1972; Breslow, Biometrics 1974; Efron, JASA 1977.
    """
    strata = []
    for number in np.unique(stratum[happened]):
        own = stratum == number
        order = np.argsort(-times[own], kind="stable")
        strata.append(
            _prepare(times[own][order], happened[own][order], covariates[own][order], ties)
        )
    return PartialLikelihood(tuple(strata), covariates.shape[1], np.ptp(covariates, axis=0))


def _prepare(
    times: FloatArray, happened: BoolArray, covariates: FloatArray, ties: Ties
) -> _Stratum:
    events = np.flatnonzero(happened)
    days, day, size = np.unique(times[events], return_inverse=True, return_counts=True)
    step_day = np.repeat(np.arange(len(days)), size)
    before = np.arange(len(events)) - np.repeat(np.cumsum(size) - size, size)
    share = before / size[step_day] if ties == "efron" else np.zeros(len(events))
    risk = np.searchsorted(-times, -days, side="right")
    by_day = np.argsort(day, kind="stable")
    return _Stratum(covariates, events[by_day], day[by_day], risk, step_day, share, days[step_day])


def _evaluate(stratum: _Stratum, coefficients: FloatArray) -> Derivatives:
    x = stratum.covariates
    predictor = x @ coefficients
    largest = float(predictor.max())  # taken out, so that no exponential overflows
    weight = np.exp(predictor - largest)
    first = weight[:, None] * x
    second = first[:, :, None] * x[:, None, :]
    sums = [_at_risk(stratum, values) for values in (weight, first, second)]
    total = sums[0]
    means = sums[1] / total[:, None]
    spreads = sums[2] / total[:, None, None] - means[:, :, None] * means[:, None, :]
    own = predictor[stratum.events] - largest
    value = float(own.sum() - np.log(total).sum())
    return Derivatives(value, means, spreads, x[stratum.events] - means, stratum.times)


def _at_risk(stratum: _Stratum, values: FloatArray) -> FloatArray:
    """Sum over those at risk at each step, less the step's share of those with the event."""
    at_risk = values.cumsum(axis=0)[stratum.risk - 1]
    tied = np.zeros_like(at_risk)
    np.add.at(tied, stratum.day, values[stratum.events])
    share = stratum.share.reshape(-1, *([1] * (values.ndim - 1)))
    result: FloatArray = at_risk[stratum.step_day] - share * tied[stratum.step_day]
    return result
