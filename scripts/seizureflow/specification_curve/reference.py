"""The curve that chance alone gives: the same specifications under permuted arms."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisSpec, Statistic
from seizureflow.array_types import FloatArray


def permutation_statistics(
    computed: pd.DataFrame, spec: AnalysisSpec, threshold: float, alpha: float
) -> Iterator[Statistic]:
    """Compare three statistics of the curve with those under permutation of the arms.

    Only specifications that were computed under the permutations enter, on both sides. p is the
    share of arrangements, the true one among them, whose statistic is at least as extreme: of the
    median log ratio in either direction, of the two shares towards fewer seizures.

    Args:
        computed: Rows of the table ``specifications`` with an estimate, with ``PERMUTED`` and
            ``PERMUTED_P``.
        spec: The analysis.
        threshold: Reduction that was asked for, percent.
        alpha: Level of significance.

    Source:
        Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4:1208-1214, step 3; p as in
        Phipson & Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9:39.
    """
    rows = computed[computed["PERMUTED"].map(len) > 0]
    label = "Specifications computed under permuted arms"
    yield Statistic("specifications_permuted", label, float(len(rows)))
    if rows.empty:
        return
    ratios = _with_permuted(rows, "LOGRATIO", "PERMUTED")
    p_values = _with_permuted(rows, "P", "PERMUTED_P")
    yield Statistic("permutations", "Permutations of the arms", float(ratios.shape[1] - 1))
    for name, words, values in curve_statistics(ratios, p_values, threshold, alpha):
        true, extreme = values[0], values >= values[0] - 1e-12
        yield Statistic(
            f"permutation_p_{name}",
            f"Permutation p of {words}",
            float(extreme.mean()),
            group=spec.arms[1].id,
            reference=spec.reference.id,
            note=None if np.isfinite(true) else "No specification has the statistic.",
        )


def curve_statistics(
    ratios: FloatArray, p_values: FloatArray, threshold: float, alpha: float
) -> Iterator[tuple[str, str, FloatArray]]:
    """Name, words and values of each statistic of the curve, the larger the more extreme.

    Args:
        ratios: Log ratios, shape (specifications, arrangements), the true arrangement first.
        p_values: Their p, of the same shape.
        threshold: Reduction that was asked for, percent.
        alpha: Level of significance.
    """
    known = np.isfinite(ratios)
    size = np.maximum(known.sum(axis=0), 1)
    yield "median", "the median effect", np.abs(np.nanmedian(ratios, axis=0))
    limit = np.log1p(-threshold / 100)
    yield (
        "threshold",
        f"the share with a reduction of at least {threshold:g}%",
        (ratios <= limit).sum(axis=0) / size,
    )
    significant = (ratios < 0) & (p_values < alpha)
    yield (
        "significant",
        f"the share with fewer seizures and p < {alpha:.2g}",
        significant.sum(axis=0) / size,
    )


def _with_permuted(rows: pd.DataFrame, true: str, permuted: str) -> FloatArray:
    """The true value and those under permutation, one row per specification."""
    stacked = np.stack([np.asarray(values, dtype=np.float64) for values in rows[permuted]])
    return np.column_stack([rows[true].to_numpy(dtype=np.float64), stacked])
