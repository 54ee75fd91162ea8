"""The Kaplan-Meier estimate of the share that is free of an event, with its intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from seizureflow import distributions
from seizureflow.array_types import BoolArray, FloatArray, IntArray

# A share that is a half but for rounding counts as a half: the median is then between two days.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class FreeShare:
    """Share that is free of the event after a day.

    Attributes:
        day: The day.
        at_risk: Participants under observation and free of the event when the day begins.
        events: Events up to and with the day.
        censored: Participants censored before the day.
        share: The share.
        se: Its standard error (Greenwood).
        lower: Lower limit.
        upper: Upper limit.
    """

    day: float
    at_risk: int
    events: int
    censored: int
    share: float
    se: float
    lower: float
    upper: float


@dataclass(frozen=True)
class KaplanMeier:
    """The estimate, by day on which events happened.

    Attributes:
        times: Days to the event or to censoring, ascending, shape (n,).
        happened: Whether it was the event, shape (n,).
        days: Days with events, ascending, shape (m,).
        at_risk: Participants at risk when each begins, shape (m,).
        events: Events on each, shape (m,).
        share: Share free of the event after each, shape (m,).
        hazard_variance: Greenwood's sum up to each, the variance of the logarithm of the share,
            shape (m,); infinite where the share is 0.
    """

    times: FloatArray
    happened: BoolArray
    days: FloatArray
    at_risk: IntArray
    events: IntArray
    share: FloatArray
    hazard_variance: FloatArray

    @property
    def longest(self) -> float:
        """The longest time of all."""
        return float(self.times[-1])

    @property
    def known_until(self) -> float:
        """Last day at which the share is known; infinite where all had the event."""
        return math.inf if len(self.share) and self.share[-1] == 0 else self.longest

    def standard_errors(self) -> FloatArray:
        """Standard error of the share after each day; not a number where the share is 0."""
        with np.errstate(invalid="ignore"):
            return self.share * np.sqrt(self.hazard_variance)

    def limits(self, confidence_level: float) -> tuple[FloatArray, FloatArray]:
        """Limits of the share, by the logarithm of the cumulative hazard.

        They do not exist where the share is 0 or 1, and are then not numbers.

        Source:
            Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data, 2nd ed., 1.4.
        """
        quantile = distributions.normal.ppf((1 + confidence_level) / 2)
        inner = (self.share > 0) & (self.share < 1)
        share = np.where(inner, self.share, np.nan)
        spread = quantile * np.sqrt(np.where(inner, self.hazard_variance, np.nan))
        factor = np.exp(-spread / np.log(share))
        return share**factor, share ** (1 / factor)

    def after(self, day: float, confidence_level: float) -> FreeShare:
        """Give the share free of the event after a day; not a number where it is not known."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        lower, upper = self.limits(confidence_level)
        share, se, low, high = 1.0, math.nan, math.nan, math.nan
        if place >= 0:
            share, se = float(self.share[place]), float(self.standard_errors()[place])
            low, high = float(lower[place]), float(upper[place])
        if day > self.known_until:
            share, se, low, high = (math.nan,) * 4
        return FreeShare(
            day=day,
            at_risk=int((self.times >= day).sum()),
            events=int((self.happened & (self.times <= day)).sum()),
            censored=int((~self.happened & (self.times < day)).sum()),
            share=share,
            se=se,
            lower=low,
            upper=high,
        )

    def median(self, confidence_level: float) -> tuple[float, float, float]:
        """Give the median time and its limits; not a number where one was not reached.

        The limits are the days after which a limit of the share is a half or less.

        Source:
            Brookmeyer & Crowley, Biometrics 1982, with the interval of :meth:`limits`.
        """
        lower, upper = self.limits(confidence_level)
        return (
            _first_at_half(self.days, self.share),
            _first_at_half(self.days, lower),
            _first_at_half(self.days, upper),
        )

    def restricted_mean(self, until: float) -> tuple[float, float]:
        """Mean of the time, none counted longer than ``until``, and its standard error.

        Args:
            until: Days; not later than :attr:`known_until`.

        Source:
            Klein & Moeschberger, Survival Analysis, 2nd ed., 4.5: the area under the estimate, and
            Greenwood's variance of it.
        """
        inside = self.days < until
        edges = np.concatenate([[0.0], self.days[inside], [until]])
        heights = np.concatenate([[1.0], self.share[inside]])
        areas = np.diff(edges) * heights
        after = areas[::-1].cumsum()[::-1][1:]
        at_risk, events = self.at_risk[inside].astype(float), self.events[inside]
        left = at_risk - events
        # Where nobody is left no area follows either: the term is nothing.
        terms = np.divide(
            after**2 * events, at_risk * left, out=np.zeros(len(after)), where=left > 0
        )
        return float(areas.sum()), math.sqrt(float(terms.sum()))


def kaplan_meier(times: FloatArray, happened: BoolArray) -> KaplanMeier:
    """Estimate the share free of the event.

    Args:
        times: Days to the event or to censoring, shape (n,), n at least 1. One who is censored on a
            day is at risk on it.
        happened: Whether it was the event, shape (n,).

    Source:
        Kaplan & Meier, JASA 1958; Greenwood 1926 for the variance.
    """
    order = np.argsort(times, kind="stable")
    times, happened = np.asarray(times, dtype=np.float64)[order], np.asarray(happened)[order]
    days, events = np.unique(times[happened], return_counts=True)
    at_risk = len(times) - np.searchsorted(times, days)
    left = at_risk - events
    with np.errstate(divide="ignore"):
        terms = events / (at_risk * left.astype(np.float64))
    share = np.asarray(np.cumprod(left / at_risk), dtype=np.float64)
    return KaplanMeier(times, happened, days, at_risk, events, share, np.cumsum(terms))


def _first_at_half(days: FloatArray, curve: FloatArray) -> float:
    """First day after which a falling curve is a half or less.

    Where it is a half between two days, their middle; not a number where it never is so low.
    """
    reached = np.flatnonzero(curve <= 0.5 + _ROUNDING)
    if not len(reached):
        return math.nan
    place = int(reached[0])
    lower = np.flatnonzero(curve < 0.5 - _ROUNDING)
    if curve[place] >= 0.5 - _ROUNDING and len(lower):
        return float(days[place] + days[lower[0]]) / 2
    return float(days[place])
