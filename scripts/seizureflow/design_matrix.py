"""Design matrices of models with treatment and covariates, and the rows that give LS means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from formulaic import model_matrix

from seizureflow.analysis import Arm
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class Design:
    """A full-rank design matrix.

    Attributes:
        matrix: Rows are participants, columns are named terms.
        effects: For each arm but the reference, the term that is its effect.
        lsmean_rows: For each arm, the row of the matrix at which the model gives its LS mean:
            numeric covariates at their mean, categories with equal weights (as emmeans and SAS).
    """

    matrix: pd.DataFrame
    effects: dict[str, str]
    lsmean_rows: pd.DataFrame


def build_design(frame: pd.DataFrame, arms: Sequence[Arm], covariates: Sequence[str]) -> Design:
    """Build the design matrix of treatment and covariates, reference-coded.

    Args:
        frame: One row per participant with ``ARM`` and the covariates, none missing.
        arms: Arms, the reference first.
        covariates: Numeric covariates enter linearly, others as categories, the first in sorted
            order being the reference.

    Raises:
        AnalysisError: Columns depend on each other; they are named.
    """
    formula = " + ".join(["ARM", *covariates])
    matrix = model_matrix(formula, frame)
    _refuse_aliased(matrix)
    grid = _reference_grid(frame, arms, covariates)
    rows = pd.DataFrame(matrix.model_spec.get_model_matrix(grid))
    return Design(
        matrix=pd.DataFrame(matrix),
        effects={arm.id: f"ARM[T.{arm.id}]" for arm in arms[1:]},
        lsmean_rows=rows.groupby(grid["ARM"].to_numpy(), sort=False).mean(),
    )


def _reference_grid(
    frame: pd.DataFrame, arms: Sequence[Arm], covariates: Sequence[str]
) -> pd.DataFrame:
    """Every combination of arm and categories, numeric covariates at their mean."""
    levels: list[list[Any]] = [[arm.id for arm in arms]]
    for name in covariates:
        column = frame[name]
        numeric = pd.api.types.is_numeric_dtype(column)
        levels.append([float(column.mean())] if numeric else sorted(column.unique()))
    grid = pd.DataFrame(list(product(*levels)), columns=["ARM", *covariates])
    grid["ARM"] = pd.Categorical(grid["ARM"], frame["ARM"].cat.categories)
    return grid


def _refuse_aliased(matrix: pd.DataFrame) -> None:
    """Name the terms that are combinations of those before them."""
    values = np.asarray(matrix, dtype=np.float64)
    if np.linalg.matrix_rank(values) == values.shape[1]:
        return
    aliased = [
        name
        for position, name in enumerate(matrix.columns)
        if np.linalg.matrix_rank(values[:, : position + 1]) <= position
        and np.linalg.matrix_rank(values[:, : position + 1])
        == np.linalg.matrix_rank(values[:, :position])
    ]
    raise AnalysisError(
        f"The model cannot be fitted: {', '.join(aliased)} cannot be told apart from the other "
        "terms in these data. Remove the covariate, or join its categories."
    )
