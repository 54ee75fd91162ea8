"""Fit the same design to a stack of outcomes, as in a simulation of many small trials."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from seizureflow.mmrm.contrasts import Contrasts, contrast_matrix
from seizureflow.mmrm.errors import DataError, MMRMWarning
from seizureflow.mmrm.estimate import Estimates, estimate
from seizureflow.mmrm.fit import check_options, layout_of
from seizureflow.mmrm.frame import AnalysedRows, analysed_rows
from seizureflow.mmrm.identifiability import check_identifiable, check_residuals
from seizureflow.mmrm.inference import ADJUSTMENT, satterthwaite_df, t_columns
from seizureflow.mmrm.patterns import compress
from seizureflow.mmrm.standardise import standardise
from seizureflow.mmrm.structures import covariance_structure

Array = NDArray[np.float64]


class MMRMBatch:
    """Fits of one design to B outcomes; made by :func:`mmrm_batch`.

    Tables stack the fits: their first index level, ``outcome``, numbers the outcomes 0..B-1.
    Fits that did not converge are NaN throughout; ``converged`` and ``message`` say which and why.

    Attributes:
        loglik: (B,) maximised log-likelihoods.
        converged: (B,) whether each fit reached its optimum.
        iterations: (B,) Newton steps.
        message: reason of each failure, empty for fits that converged.
        estimate: (B, p) coefficients.
        theta: (B, K) covariance parameters.
        visit_covariance: (B, m, m), or (B, G, m, m) with groups.
        terms: (p,) names of the coefficients.
        visits: (m,) labels of the visits.
    """

    def __init__(
        self, rows: AnalysedRows, visit: str, estimates: Estimates, df: str, level: float
    ) -> None:
        self.loglik = estimates.loglik
        self.converged = estimates.converged
        self.iterations = estimates.iterations
        self.message = tuple(estimates.message)
        self.estimate = estimates.beta
        self.theta = estimates.theta
        sigma = estimates.visit_covariance
        self.visit_covariance = sigma[:, 0] if rows.groups is None else sigma
        self.terms = rows.terms
        self.visits = rows.visits
        self._estimates = estimates
        self._df = df
        self._level = level
        self._residual_df = len(rows.X) - len(rows.terms)
        self._contrasts = Contrasts(rows.design, rows.columns, visit)

    def __len__(self) -> int:
        return len(self.loglik)

    def rows(
        self, L: ArrayLike | Mapping[str, float], level: float | None = None
    ) -> dict[str, Array]:
        """Linear functions ``L beta`` of every fit.

        Args:
            L: (p,) or (r, p) weights in the order of ``terms``, or weights by term name.
            level: confidence level in place of the batch's.

        Returns:
            estimate, se, df, t, p, lower and upper, each (B, r); NaN where a fit failed.

        Raises:
            OptionError: L has the wrong shape, is not finite or names an unknown term.
        """
        matrix = contrast_matrix(L, self.terms)
        at = self._estimates
        U = matrix @ at.half
        if self._df in ADJUSTMENT:
            variance = ((matrix @ at.adjusted) * matrix).sum(-1)
        else:
            variance = (U * U).sum(-1)
        if self._df == "residual":
            df = np.where(self.converged[:, None], float(self._residual_df), np.nan)
            df = np.broadcast_to(df, variance.shape)
        else:
            df = satterthwaite_df(at.half, at.A, at.theta_covariance, matrix)
        level = self._level if level is None else level
        return t_columns(at.beta @ matrix.T, np.sqrt(variance), df, level)

    @property
    def coefficients(self) -> pd.DataFrame:
        """By outcome and term: estimate, se, df, t and p."""
        table = self._table(np.eye(len(self.terms)), pd.Index(self.terms, name="term"))
        return table[["estimate", "se", "df", "t", "p"]]

    def lsmeans(
        self,
        factor: str | Sequence[str],
        by: str | None = None,
        weights: str = "equal",
        *,
        average_over: str | None = None,
        visits: Sequence[object] | None = None,
        at: Mapping[str, float] | None = None,
    ) -> pd.DataFrame:
        """Least squares means of every fit; arguments as in ``MMRM.lsmeans``."""
        labels, L = self._contrasts.means(factor, by, weights, average_over, visits, at)
        return self._table(L, labels)[["estimate", "se", "df", "lower", "upper"]]

    def contrast(
        self,
        factor: str,
        reference: object,
        by: str | None = None,
        *,
        average_over: str | None = None,
        visits: Sequence[object] | None = None,
        weights: str = "equal",
        at: Mapping[str, float] | None = None,
    ) -> pd.DataFrame:
        """Differences from a reference level in every fit; arguments as in ``MMRM.contrast``."""
        labels, L = self._contrasts.differences(
            factor, reference, by, weights, average_over, visits, at
        )
        return self._table(L, labels)

    def _table(self, L: Array, labels: pd.Index) -> pd.DataFrame:
        columns = {name: values.reshape(-1) for name, values in self.rows(L).items()}
        b, r = len(self), len(L)
        arrays = [np.repeat(np.arange(b), r)] + [
            labels.get_level_values(i).take(np.tile(np.arange(r), b)) for i in range(labels.nlevels)
        ]
        index = pd.MultiIndex.from_arrays(arrays, names=["outcome", *labels.names])
        return pd.DataFrame(columns, index=index)


def mmrm_batch(
    formula: str,
    data: pd.DataFrame,
    outcomes: ArrayLike,
    *,
    subject: str,
    visit: str,
    covariance: str = "us",
    df: str = "satterthwaite",
    reml: bool = True,
    group: str | None = None,
    level: float = 0.95,
    max_iterations: int = 100,
) -> MMRMBatch:
    """Fit one model to each of B outcomes on the same rows.

    The fits are those of :func:`seizureflow.mmrm.mmrm`, made together: design, missingness
    patterns and rotations are computed once, and the Newton iterations run on all outcomes at
    once. The same code makes a single fit, as a stack of one.

    Args:
        formula: right-hand side, for example ``"~ arm * visit + log_baseline"``; a left-hand
            side is ignored.
        data: one row per subject and visit.
        outcomes: (B, n_rows) or (n_rows,) values for every row of ``data``, in its order. Rows
            left out because the design has a missing value there may hold anything; all others
            must be finite. Outcomes with different missing values have different designs and
            cannot share a batch.
        subject: column that identifies subjects.
        visit: column of visits.
        covariance: one structure, as in ``mmrm``.
        df: as in ``mmrm``; the covariance of the coefficients is model-based.
        reml: as in ``mmrm``.
        group: as in ``mmrm``.
        level: as in ``mmrm``.
        max_iterations: Newton steps allowed per outcome.

    Returns:
        The stacked fits.

    Raises:
        DataError: as in ``mmrm``; or outcomes of the wrong shape or not finite.
        OptionError: as in ``mmrm``.
        RankDeficientError: as in ``mmrm``.
        IdentifiabilityError: as in ``mmrm``.

    Warns:
        MMRMWarning: some fits did not converge; their results are NaN.
    """
    check_options([covariance], df, reml, "model", level)
    rows = analysed_rows(formula, data, subject=subject, visit=visit, group=group, outcome=False)
    values = np.atleast_2d(np.asarray(outcomes, dtype=float))
    if values.ndim != 2 or values.shape[1] != len(data) or not len(values):
        raise DataError(
            f"outcomes have shape {np.shape(outcomes)}; they need one column for each of the"
            f" {len(data)} rows of the data"
        )
    values = values[:, rows.kept]
    finite = np.isfinite(values).all(1)
    if not finite.all():
        first = int(np.flatnonzero(~finite)[0])
        raise DataError(
            f"{int((~finite).sum())} outcomes are not finite on every analysed row, the first"
            f" being number {first}; a batch shares one set of rows"
        )
    layout = layout_of(rows)
    structure = covariance_structure(covariance, len(rows.visits))
    check_identifiable(layout, structure, rows.visits, rows.groups)
    standard = standardise(compress(layout, rows.X, values), rows.terms)
    check_residuals(standard.data, structure, rows.visits, rows.groups)
    estimates = estimate(
        standard,
        structure,
        reml=reml,
        adjustment=ADJUSTMENT.get(df),
        max_iterations=max_iterations,
    )
    failed = int((~estimates.converged).sum())
    if failed:
        reasons = sorted({text.split(";")[0] for text in estimates.message if text})
        warnings.warn(
            f"{failed} of {len(values)} fits did not converge: {' / '.join(reasons)}",
            MMRMWarning,
            stacklevel=2,
        )
    return MMRMBatch(rows, visit, estimates, df, level)
