"""Draws the seizures of missing days given those of recorded days, under an assumed strategy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special, stats

from seizureflow.array_types import FloatArray

Strategy = Literal["mar", "j2r", "cr"]


@dataclass(frozen=True)
class Seen:
    """What is known of participants before imputation, in shapes that broadcast to one another.

    Attributes:
        counts: Seizures on recorded days.
        recorded: Recorded time.
        between: Missing time while under follow-up.
        after: Missing time after the end of follow-up.
    """

    counts: FloatArray
    recorded: FloatArray
    between: FloatArray
    after: FloatArray


@dataclass(frozen=True)
class Rates:
    """Rates by the imputation model, for each draw of its parameters.

    Attributes:
        own: Of each participant in the own arm, shape (draws, participants).
        reference: The same participant's, had she been in the reference arm.
        theta: Shape of the gamma distribution of the frailties, infinite without; shape (draws, 1).
    """

    own: FloatArray
    reference: FloatArray
    theta: FloatArray


@dataclass(frozen=True)
class Uniforms:
    """Uniform random numbers, shape (draws, participants) each.

    The same numbers under two assumptions give draws that differ by the assumption alone.
    """

    frailty_between: FloatArray
    count_between: FloatArray
    frailty_after: FloatArray
    count_after: FloatArray

    @classmethod
    def draw(cls, draws: int, participants: int, rng: np.random.Generator) -> Uniforms:
        """Draw them."""
        return cls(*rng.random((4, draws, participants)))


def impute_between(seen: Seen, rates: Rates, uniforms: Uniforms) -> FloatArray:
    """Draw the seizures of missing days while under follow-up, at the rate of the own arm.

    Returns:
        Counts, shape (draws, participants).
    """
    return draw_missing_counts(
        seen.counts,
        rates.own * seen.recorded,
        rates.own * seen.between,
        rates.theta,
        uniforms.frailty_between,
        uniforms.count_between,
    )


def impute_after(
    seen: Seen,
    between: FloatArray,
    rates: Rates,
    strategy: Strategy,
    multiplier: FloatArray | float,
    uniforms: Uniforms,
) -> FloatArray:
    """Draw the seizures of the days after the end of follow-up.

    - ``mar``: at the rate of the own arm, given the seizures so far;
    - ``j2r`` (jump to reference): at the rate of the reference arm, the frailty judged from the
      seizures so far at the rate of the own arm;
    - ``cr`` (copy reference): at the rate of the reference arm, the frailty judged as if the
      participant had been in the reference arm all along.

    Args:
        seen: What is known.
        between: Seizures imputed on missing days while under follow-up, shape
            (draws, participants).
        rates: Rates by the imputation model.
        strategy: The assumption.
        multiplier: Factor of the rate after the end of follow-up, by participant.
        uniforms: Random numbers.

    Returns:
        Counts, shape (draws, participants).

    Source:
        Keene, Roger, Hartley & Kenward, Pharm Stat 2014; 13: 258-264. The R package dejaVu draws
        from the same distributions.
    """
    before = rates.reference if strategy == "cr" else rates.own
    later = rates.own if strategy == "mar" else rates.reference
    return draw_missing_counts(
        seen.counts + between,
        before * (seen.recorded + seen.between),
        later * multiplier * seen.after,
        rates.theta,
        uniforms.frailty_after,
        uniforms.count_after,
    )


def draw_missing_counts(
    counts: FloatArray,
    mean_seen: FloatArray,
    mean_missing: FloatArray,
    theta: FloatArray,
    frailty_uniform: FloatArray,
    count_uniform: FloatArray,
) -> FloatArray:
    """Draw the seizures of missing days from their distribution given those seen.

    A participant's seizures are Poisson at the expected number times a frailty, which is gamma with
    shape and rate ``theta``. Given ``counts`` where ``mean_seen`` were expected the frailty is
    gamma with shape ``theta + counts`` and rate ``theta + mean_seen``. The count of the missing
    days is then negative binomial of size ``theta + counts`` and mean
    ``mean_missing (theta + counts) / (theta + mean_seen)``.

    Frailty and count are drawn by inversion, so that a higher mean never gives fewer seizures.

    Args:
        counts: Seizures seen.
        mean_seen: Expected number of these at a frailty of 1.
        mean_missing: Expected seizures on the missing days at a frailty of 1.
        theta: Shape of the frailty; infinite where all frailties are 1.
        frailty_uniform: Random numbers, shape (draws, participants).
        count_uniform: Random numbers, same shape.

    Returns:
        Counts, shape (draws, participants); 0 where nothing is missing.
    """
    shape = count_uniform.shape
    missing = np.broadcast_to(mean_missing > 0, shape)
    drawn = np.zeros(shape)
    y, seen, expected, size = (
        np.broadcast_to(values, shape)[missing]
        for values in (counts, mean_seen, mean_missing, theta)
    )
    finite = np.isfinite(size)
    posterior = np.where(finite, size + y, 1.0)
    rate = np.where(finite, size + seen, 1.0)
    frailty = special.gammaincinv(posterior, frailty_uniform[missing]) / rate
    drawn[missing] = stats.poisson.ppf(
        count_uniform[missing], np.where(finite, frailty, 1.0) * expected
    )
    return drawn
