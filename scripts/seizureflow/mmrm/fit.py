"""Fit one mixed model for repeated measures."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import pandas as pd

from seizureflow.mmrm.errors import (
    Attempt,
    ConvergenceError,
    IdentifiabilityError,
    MMRMWarning,
    OptionError,
)
from seizureflow.mmrm.estimate import Estimates, estimate
from seizureflow.mmrm.frame import AnalysedRows, analysed_rows
from seizureflow.mmrm.identifiability import (
    check_identifiable,
    check_residuals,
    singular_visits,
)
from seizureflow.mmrm.inference import ADJUSTMENT, DF_METHODS
from seizureflow.mmrm.patterns import Layout, compress, lay_out
from seizureflow.mmrm.result import MMRM, Specification
from seizureflow.mmrm.sandwich import POWERS
from seizureflow.mmrm.standardise import Standardised, standardise
from seizureflow.mmrm.structures import covariance_structure


def mmrm(
    formula: str,
    data: pd.DataFrame,
    *,
    subject: str,
    visit: str,
    covariance: str | Sequence[str] = "us",
    df: str = "satterthwaite",
    reml: bool = True,
    vcov: str = "model",
    group: str | None = None,
    level: float = 0.95,
    max_iterations: int = 100,
) -> MMRM:
    """Fit the marginal linear model ``y_i ~ N(X_i beta, V_i)``, V_i by visit within subject.

    Args:
        formula: for formulaic, for example ``"change ~ arm * visit + log_baseline"``. Text,
            boolean and categorical columns are factors in treatment coding; the first category
            is the reference (text is sorted). The visit column is a factor whatever its type.
        data: one row per subject and visit; visits may be missing anywhere. Rows with a missing
            value in a column the model uses are left out and counted in ``fit.dropped``.
        subject: column that identifies subjects.
        visit: column of visits, ordered by their category (numbers by value). Text whose sorted
            order is not its natural one (week 12 before week 4) is refused.
        covariance: structure of V: us, toep, toeph, ar1, ar1h, cs, csh, ad or adh; or a list to
            try in turn until one converges, every attempt recorded in ``fit.attempts``.
        df: satterthwaite, kenward-roger (adjusted covariance with second derivatives in the
            parameterisation of R's mmrm), kenward-roger-linear (without them, as SAS gives under
            us) or residual (n - p).
        reml: restricted likelihood if true, else the full one.
        vcov: covariance of the coefficients: model, or the empirical sandwich cr0, cr2 or cr3
            (with Bell-McCaffrey degrees of freedom under ``df="satterthwaite"``).
        group: column of groups that each have their own V; constant within subject.
        level: confidence level of intervals.
        max_iterations: Newton steps allowed.

    Returns:
        The fitted model.

    Raises:
        DataError: the data do not have the form the model needs.
        OptionError: an argument is unknown or does not go with another.
        RankDeficientError: some columns of the design are aliased.
        IdentifiabilityError: no subject has some pair of visits that the structure needs.
        ConvergenceError: no structure reached an optimum.

    Warns:
        MMRMWarning: a structure later in the list than the first was used.
    """
    structures = [covariance] if isinstance(covariance, str) else list(covariance)
    check_options(structures, df, reml, vcov, level)
    rows = analysed_rows(formula, data, subject=subject, visit=visit, group=group)
    layout = layout_of(rows)
    assert rows.y is not None  # noqa: S101  (analysed_rows reads it unless told not to)
    standard = standardise(compress(layout, rows.X, rows.y[None]), rows.terms)
    attempts: list[Attempt] = []
    for name in structures:
        estimates = _attempt(
            name, standard, rows, layout, df, reml, max_iterations, attempts, len(structures) == 1
        )
        if estimates is not None:
            break
    else:
        raise _none_converged(attempts)
    if len(attempts) > 1:
        tried = "; ".join(f"{a.structure}: {a.message}" for a in attempts[:-1])
        warnings.warn(f"fitted with covariance {name}, after {tried}", MMRMWarning, stacklevel=2)
    specification = Specification(
        formula, subject, visit, group, name, df, reml, vcov, float(level)
    )
    return MMRM(specification, rows, layout, estimates, attempts)


def check_options(structures: Sequence[str], df: str, reml: bool, vcov: str, level: float) -> None:
    """Refuse unknown options and combinations that have no meaning.

    Raises:
        OptionError: saying what is allowed.
    """
    if not structures:
        raise OptionError("the list of covariance structures is empty")
    for name in structures:
        covariance_structure(name, 2)
    if df not in DF_METHODS:
        raise OptionError(f"df {df!r} is not known; choose one of {', '.join(DF_METHODS)}")
    if vcov not in ("model", *POWERS):
        raise OptionError(f"vcov {vcov!r} is not known; choose model, {', '.join(POWERS)}")
    if df in ADJUSTMENT and not reml:
        raise OptionError(f"df={df!r} is defined under REML only; use reml=True or satterthwaite")
    if df in ADJUSTMENT and vcov != "model":
        raise OptionError(f"df={df!r} adjusts the model-based covariance, not vcov={vcov!r}")
    if not 0.0 < level < 1.0:
        raise OptionError(f"level {level!r} is not a confidence level between 0 and 1")


def layout_of(rows: AnalysedRows) -> Layout:
    """Missingness patterns of the analysed rows."""
    n_groups = 1 if rows.groups is None else len(rows.groups)
    return lay_out(rows.subject, rows.visit, rows.group, len(rows.visits), n_groups)


def _attempt(
    name: str,
    standard: Standardised,
    rows: AnalysedRows,
    layout: Layout,
    df: str,
    reml: bool,
    max_iterations: int,
    attempts: list[Attempt],
    only: bool,
) -> Estimates | None:
    """Try one structure; record the attempt; None when it fails and others may follow."""
    structure = covariance_structure(name, len(rows.visits))
    try:
        check_identifiable(layout, structure, rows.visits, rows.groups)
        check_residuals(standard.data, structure, rows.visits, rows.groups)
    except IdentifiabilityError as error:
        if only:
            raise
        attempts.append(Attempt(name, False, 0, str(error)))
        return None
    estimates = estimate(
        standard,
        structure,
        reml=reml,
        adjustment=ADJUSTMENT.get(df),
        max_iterations=max_iterations,
    )
    converged, iterations = bool(estimates.converged[0]), int(estimates.iterations[0])
    message = f"converged in {iterations} iterations"
    if not converged:
        dependent = singular_visits(estimates.visit_covariance[0], rows.visits, rows.groups)
        message = "; ".join(filter(None, [estimates.message[0], dependent]))
    attempts.append(Attempt(name, converged, iterations, message))
    return estimates if converged else None


def _none_converged(attempts: Sequence[Attempt]) -> ConvergenceError:
    tried = "\n".join(f"  {a.structure}: {a.message} (iteration {a.iterations})" for a in attempts)
    return ConvergenceError(
        f"no covariance structure converged:\n{tried}\nGive a list of structures to fall back"
        " on, simplest last, or look for a visit with few observations.",
        attempts,
    )
