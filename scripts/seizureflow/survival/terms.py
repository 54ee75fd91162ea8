"""The terms of a model without an intercept: arms against the reference, and covariates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisSpec, Arm
from seizureflow.array_types import FloatArray
from seizureflow.design_matrix import build_design
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class Terms:
    """The terms of a model.

    Attributes:
        names: Their names.
        matrix: Their values, shape (rows, terms).
        effects: For each arm but the reference, the place of its term.
    """

    names: tuple[str, ...]
    matrix: FloatArray
    effects: dict[str, int]


def model_terms(frame: pd.DataFrame, arms: Sequence[Arm], covariates: Sequence[str]) -> Terms:
    """Give the terms, the baseline hazard standing for the intercept.

    Args:
        frame: Rows with ``ARM`` (categories) and the covariates.
        arms: Arms that occur, the reference first.
        covariates: Numeric ones enter linearly, others as categories.

    Raises:
        AnalysisError: Terms depend on each other; they are named.
    """
    kept = frame.assign(ARM=frame["ARM"].cat.set_categories([arm.id for arm in arms]))
    design = build_design(kept, arms, covariates)
    matrix = design.matrix.drop(columns="Intercept")
    names = tuple(str(name) for name in matrix.columns)
    effects = {arm: names.index(term) for arm, term in design.effects.items()}
    return Terms(names, np.asarray(matrix, dtype=np.float64), effects)


def indistinct(spec: AnalysisSpec, terms: Terms, places: Sequence[int]) -> AnalysisError:
    """Say which terms cannot be told apart from the others among those at risk together."""
    names = ", ".join(terms.names[place] for place in places)
    return AnalysisError(
        f"Analysis {spec.id}: {names} cannot be told apart from the strata or the other terms "
        "among those who were at risk when events happened. Remove the covariate, or stratify less "
        "finely."
    )


def no_finite_maximum(terms: Terms, infinite: np.ndarray) -> str:
    """Say which terms have no finite estimate."""
    names = ", ".join(name for name, beyond in zip(terms.names, infinite, strict=True) if beyond)
    return (
        f"No finite hazard ratio exists: at every event the value of {names} was the highest or "
        "the lowest of all at risk, so that the likelihood grows without end. The log-rank test "
        "stands."
    )
