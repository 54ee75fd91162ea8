"""What is assumed of outcomes after a participant has left, and the means that follow."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray, IntArray

STRATEGY_WORDS: dict[str, str] = {
    "MAR": "missing at random: as others of the arm with the same outcomes so far",
    "J2R": "jump to reference: from then on the mean of the reference arm",
    "CR": "copy reference: as if always in the reference arm",
    "CIR": "copy increments in reference: from the mean reached on, parallel to the reference arm",
    "LMCF": "last mean carried forward: the mean stays where it was",
}


def means_under(
    strategy: str, own: FloatArray, reference: FloatArray, departure: IntArray
) -> FloatArray:
    """Means of the joint distribution from which what is missing is imputed.

    With one covariance for all arms the strategies differ in the means alone.

    Args:
        strategy: MAR, J2R, CR, CIR or LMCF.
        own: (..., n, m) means in the participant's own arm.
        reference: (..., n, m) means of the participant in the reference arm.
        departure: (n,) first visit after the last that was seen; m where there is none. Who left
            before the first visit takes the means of the reference arm under J2R, CR and CIR.

    Returns:
        (..., n, m) means.

    Raises:
        ValueError: The strategy is unknown.

    Source:
        Carpenter, Roger & Kenward (2013), Journal of Biopharmaceutical Statistics 23, 1352-1371.
    """
    m = own.shape[-1]
    after = np.arange(m) >= departure[:, None]
    if strategy == "MAR":
        return own
    if strategy == "J2R":
        return np.where(after, reference, own)
    if strategy == "CR":
        return np.where((departure < m)[:, None], reference, own)
    last = np.broadcast_to(np.maximum(departure - 1, 0)[:, None], (len(departure), 1))
    index = np.broadcast_to(last, (*own.shape[:-1], 1))
    last_own = np.take_along_axis(own, index, axis=-1)
    if strategy == "CIR":
        shift = last_own - np.take_along_axis(reference, index, axis=-1)
        shift = np.where((departure > 0)[:, None], shift, 0.0)
        return np.where(after, reference + shift, own)
    if strategy == "LMCF":
        return np.where(after, last_own, own)
    raise ValueError(f"unknown strategy {strategy!r}")
