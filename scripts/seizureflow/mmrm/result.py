"""The fitted model and the questions it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from seizureflow.mmrm.contrasts import Contrasts, contrast_matrix
from seizureflow.mmrm.design import Column, level_codes, require_columns
from seizureflow.mmrm.errors import Attempt, DataError
from seizureflow.mmrm.estimate import Estimates
from seizureflow.mmrm.frame import AnalysedRows
from seizureflow.mmrm.inference import ADJUSTMENT, Inference
from seizureflow.mmrm.patterns import Layout
from seizureflow.mmrm.sandwich import sandwich

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Specification:
    """What was asked for.

    Attributes:
        formula: model formula.
        subject: column of subjects.
        visit: column of visits.
        group: column of covariance groups, or None.
        covariance: name of the structure that was fitted.
        df: method of the degrees of freedom.
        reml: whether by restricted likelihood.
        vcov: ``"model"``, or ``"cr0"``, ``"cr2"`` or ``"cr3"``.
        level: confidence level of intervals.
    """

    formula: str
    subject: str
    visit: str
    group: str | None
    covariance: str
    df: str
    reml: bool
    vcov: str
    level: float


class MMRM:
    """A fitted mixed model for repeated measures; made by :func:`seizureflow.mmrm.mmrm`.

    Quantities are in the units of the outcome. Tables are pandas objects labelled by term, visit
    and factor level.

    Attributes:
        specification: what was asked for.
        attempts: every covariance structure tried, in order; the last one is this fit.
        nobs: number of analysed rows n.
        n_subjects: number of analysed subjects.
        dropped: rows left out for a missing value, by column.
    """

    def __init__(
        self,
        specification: Specification,
        rows: AnalysedRows,
        layout: Layout,
        estimates: Estimates,
        attempts: Sequence[Attempt],
    ) -> None:
        self.specification = specification
        self.attempts = tuple(attempts)
        self.nobs = len(rows.X)
        self.n_subjects = len(rows.subjects)
        self.dropped = dict(rows.dropped)
        self._rows = rows
        self._layout = layout
        self._estimates = estimates
        self._contrasts = Contrasts(rows.design, rows.columns, specification.visit)

    @cached_property
    def _inference(self) -> Inference:
        spec, estimates, rows = self.specification, self._estimates, self._rows
        empirical = None
        covariance = estimates.adjusted[0] if spec.df in ADJUSTMENT else estimates.covariance[0]
        if spec.vcov != "model":
            empirical = sandwich(
                spec.vcov,
                self._layout,
                rows.X,
                self._residual,
                estimates.visit_covariance[0],
                estimates.half[0],
            )
            covariance = empirical.covariance
        return Inference(
            method=spec.df,
            beta=estimates.beta[0],
            covariance=covariance,
            half=estimates.half[0],
            A=estimates.A[0],
            theta_covariance=estimates.theta_covariance[0],
            residual_df=self.nobs - len(rows.terms),
            sandwich=empirical,
        )

    # ---- fit ---------------------------------------------------------------------------------

    @property
    def loglik(self) -> float:
        """Maximised log-likelihood, restricted if ``reml``, with all constants."""
        return float(self._estimates.loglik[0])

    @property
    def converged(self) -> bool:
        """Whether the optimum was reached; a fit that did not converge raises instead."""
        return bool(self._estimates.converged[0])

    @property
    def iterations(self) -> int:
        """Newton steps taken."""
        return int(self._estimates.iterations[0])

    @property
    def aic(self) -> float:
        """``-2 l + 2 k`` with k the covariance parameters, as R's mmrm and SAS count under REML."""
        return -2.0 * self.loglik + 2.0 * self.theta.size

    @property
    def bic(self) -> float:
        """``-2 l + k log(number of subjects)``, k as in :attr:`aic`."""
        return -2.0 * self.loglik + float(np.log(self.n_subjects)) * self.theta.size

    @property
    def theta(self) -> Array:
        """(K,) covariance parameters, unconstrained scale; see docs/mmrm.md."""
        return self._estimates.theta[0]

    @property
    def theta_covariance(self) -> Array:
        """(K, K) their covariance: the inverse of the observed information."""
        return self._estimates.theta_covariance[0]

    @cached_property
    def visit_covariance(self) -> pd.DataFrame:
        """Covariance of the residuals, visits x visits; with groups, (group, visit) x visits."""
        return self._by_visit(self._estimates.visit_covariance[0])

    @cached_property
    def visit_correlation(self) -> pd.DataFrame:
        """Correlation of the residuals, laid out as :attr:`visit_covariance`."""
        sigma = self._estimates.visit_covariance[0]
        sd = np.sqrt(np.diagonal(sigma, axis1=-2, axis2=-1))
        return self._by_visit(sigma / (sd[:, :, None] * sd[:, None, :]))

    def _by_visit(self, blocks: Array) -> pd.DataFrame:
        visits = self._rows.visits.rename(self.specification.visit)
        if self._rows.groups is None:
            return pd.DataFrame(blocks[0], index=visits, columns=visits)
        index = pd.MultiIndex.from_product(
            [self._rows.groups, visits], names=[self.specification.group, visits.name]
        )
        return pd.DataFrame(blocks.reshape(-1, len(visits)), index=index, columns=visits)

    # ---- coefficients and tests --------------------------------------------------------------

    @property
    def terms(self) -> tuple[str, ...]:
        """(p,) names of the coefficients."""
        return self._rows.terms

    @cached_property
    def coefficients(self) -> pd.DataFrame:
        """By term: estimate, se, df, t and p (two-sided)."""
        labels = pd.Index(self.terms, name="term")
        return self._table(np.eye(len(labels)), labels, None, ["estimate", "se", "df", "t", "p"])

    @property
    def params(self) -> pd.Series:
        """Estimates by term."""
        return self.coefficients["estimate"]

    @property
    def bse(self) -> pd.Series:
        """Standard errors by term."""
        return self.coefficients["se"]

    def conf_int(self, level: float | None = None) -> pd.DataFrame:
        """Confidence intervals by term: lower and upper."""
        labels = pd.Index(self.terms, name="term")
        return self._table(np.eye(len(labels)), labels, level, ["lower", "upper"])

    @cached_property
    def coefficient_covariance(self) -> pd.DataFrame:
        """Covariance of the coefficients that standard errors use, terms x terms."""
        return pd.DataFrame(self._inference.covariance, index=self.terms, columns=self.terms)

    def test(self, L: ArrayLike | Mapping[str, float]) -> pd.Series:
        """Test the linear hypothesis ``L beta = 0``.

        Args:
            L: (p,) or (r, p) weights in the order of :attr:`terms`, or weights by term name.

        Returns:
            For one row: estimate, se, df, t, p, lower, upper. For several: F, df_num, df_den, p.

        Raises:
            OptionError: L has the wrong shape, is not finite or names an unknown term.
            MMRMError: the rows of L are linearly dependent.
        """
        matrix = contrast_matrix(L, self.terms)
        if len(matrix) == 1:
            row = self._inference.rows(matrix, self.specification.level)
            return pd.Series({name: float(values[0]) for name, values in row.items()})
        return pd.Series(self._inference.joint(matrix))

    def lsmeans(
        self,
        factor: str | Sequence[str],
        by: str | None = None,
        weights: str = "equal",
        *,
        average_over: str | None = None,
        visits: Sequence[object] | None = None,
        at: Mapping[str, float] | None = None,
        level: float | None = None,
    ) -> pd.DataFrame:
        """Least squares means, as R's emmeans gives them.

        Args:
            factor: categorical column or columns of the model.
            by: a further categorical column, usually the visit.
            weights: how factors not named are averaged: ``"equal"`` weight to each level, or
                ``"proportional"`` to the analysed rows.
            average_over: say that the means average over this column (they do over every column
                not named); needed to restrict the average with ``visits``.
            visits: the visits to keep, or to average over.
            at: values of numeric columns in place of their means over the analysed rows.
            level: confidence level in place of the fit's.

        Returns:
            Columns estimate, se, df, lower, upper; indexed by ``factor`` and ``by``, the former
            varying fastest.

        Raises:
            OptionError: a name or level is unknown.
        """
        labels, L = self._contrasts.means(factor, by, weights, average_over, visits, at)
        return self._table(L, labels, level, ["estimate", "se", "df", "lower", "upper"])

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
        level: float | None = None,
    ) -> pd.DataFrame:
        """Differences of least squares means from a reference level; no multiplicity adjustment.

        Args:
            factor: categorical column whose levels are compared.
            reference: the level the others are compared with.
            by: give the differences at each level of this column, usually the visit.
            average_over: give them averaged over this column, usually the visit.
            visits: the visits to keep (with ``by``) or to average over, equally weighted.
            weights: as in :meth:`lsmeans`.
            at: as in :meth:`lsmeans`.
            level: confidence level in place of the fit's.

        Returns:
            Columns estimate (level less reference), se, df, t, p, lower, upper; indexed by
            ``factor`` (the level compared) and ``by``, the former varying fastest.

        Raises:
            OptionError: a name or level is unknown.
        """
        labels, L = self._contrasts.differences(
            factor, reference, by, weights, average_over, visits, at
        )
        return self._table(L, labels, level)

    def _table(
        self,
        L: Array,
        labels: pd.Index,
        level: float | None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame:
        level = self.specification.level if level is None else level
        values = self._inference.rows(L, level)
        return pd.DataFrame({name: values[name] for name in columns or values}, index=labels)

    # ---- residuals and predictions -----------------------------------------------------------

    @cached_property
    def _residual(self) -> Array:
        if self._rows.y is None:
            raise DataError("this fit holds no outcome")
        return self._rows.y - self._rows.X @ self._estimates.beta[0]

    @property
    def fittedvalues(self) -> pd.Series:
        """Fitted values ``X beta`` of the analysed rows."""
        return self._series(self._rows.X @ self._estimates.beta[0])

    @property
    def resid(self) -> pd.Series:
        """Residuals ``y - X beta`` of the analysed rows."""
        return self._series(self._residual)

    @property
    def resid_pearson(self) -> pd.Series:
        """Residuals divided by their estimated standard deviation at the visit."""
        sigma = self._estimates.visit_covariance[0][self._rows.group]
        at = np.arange(self.nobs)
        return self._series(self._residual / np.sqrt(sigma[at, self._rows.visit, self._rows.visit]))

    @property
    def resid_normalised(self) -> pd.Series:
        """Residuals premultiplied by the inverse Cholesky factor of V: uncorrelated, variance 1."""
        out = np.empty(self.nobs)
        for s, rows, n, visits in self._layout.blocks():
            at = self._layout.order[rows]
            sigma = self._estimates.visit_covariance[0][self._layout.pattern_group[s]]
            factor = np.linalg.cholesky(sigma[np.ix_(visits, visits)])
            blocks = self._residual[at].reshape(n, len(visits))
            out[at] = np.linalg.solve(factor, blocks.T).T.reshape(-1)
        return self._series(out)

    def _series(self, values: Array) -> pd.Series:
        return pd.Series(values, index=self._rows.index)

    def predict(self, data: pd.DataFrame | None = None) -> pd.Series:
        """Expected outcome ``X beta`` for rows of a table, or for the analysed rows.

        Rows with a missing value in a column of the design give NaN.

        Raises:
            DataError: a column is missing, or holds a level the model was not fitted on.
        """
        if data is None:
            return self.fittedvalues
        design = self._rows.design
        require_columns(data, design.parsed.design_variables)
        columns: dict[str, Column] = {}
        complete = np.ones(len(data), dtype=bool)
        for name in design.parsed.design_variables:
            if name not in design.levels:
                columns[name] = data[name].to_numpy(dtype=float, na_value=np.nan)
                complete &= ~np.isnan(columns[name])
                continue
            columns[name] = level_codes(data[name], design.levels[name])
            unknown = (columns[name] < 0) & data[name].notna().to_numpy()
            if unknown.any():
                value = data[name].iloc[int(np.flatnonzero(unknown)[0])]
                raise DataError(f"column {name!r} has level {value!r}, which the model lacks")
            complete &= columns[name] >= 0
        out = np.full(len(data), np.nan)
        kept = {name: column[complete] for name, column in columns.items()}
        if complete.any():
            out[complete] = design.matrix(kept, int(complete.sum()))[0] @ self._estimates.beta[0]
        return pd.Series(out, index=data.index)

    # ---- text --------------------------------------------------------------------------------

    def summary(self) -> str:
        """The fit as text: specification, convergence, criteria, coefficients and covariance."""
        spec = self.specification
        method = "REML" if spec.reml else "ML"
        dropped = ", ".join(f"{count} for {name}" for name, count in self.dropped.items())
        lines = [
            "Mixed model for repeated measures",
            f"  {spec.formula}",
            f"  covariance {spec.covariance} of {spec.visit} within {spec.subject}"
            + (f", one per {spec.group}" if spec.group else ""),
            f"  {method}; degrees of freedom {spec.df}; coefficient covariance {spec.vcov}",
            f"  {self.nobs} rows of {self.n_subjects} subjects"
            + (f"; rows left out as missing: {dropped}" if dropped else ""),
            f"  converged in {self.iterations} iterations; log-likelihood {self.loglik:.6f};"
            f" AIC {self.aic:.3f}; BIC {self.bic:.3f}",
            *(
                f"  {attempt.structure} was tried before: {attempt.message}"
                for attempt in self.attempts[:-1]
            ),
            "",
            self.coefficients.to_string(float_format=lambda value: f"{value:.5g}"),
            "",
            "Visit covariance",
            self.visit_covariance.to_string(float_format=lambda value: f"{value:.5g}"),
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        spec = self.specification
        return (
            f"<MMRM {spec.formula!r}, {spec.covariance}, {self.n_subjects} subjects,"
            f" loglik {self.loglik:.4f}>"
        )
