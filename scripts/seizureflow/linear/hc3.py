"""The variance HC3 of least squares, which holds when the residual variance is not the same."""

from __future__ import annotations

import numpy as np

from seizureflow.array_types import FloatArray

# A participant who alone determines a coefficient has leverage 1.
_ALONE = 1 - 1e-8


def hc3_covariance(matrix: FloatArray, residuals: FloatArray) -> FloatArray | None:
    """Give the covariance matrix HC3 of the coefficients.

    Args:
        matrix: Design matrix, n x p, of full rank.
        residuals: Residuals of least squares, n.

    Returns:
        p x p; None where a row has leverage 1, so that its residual is 0 whatever its outcome.

    Source:
        MacKinnon & White, J Econometrics 1985;29:305; Long & Ervin, Am Stat 2000;54:217.
    """
    bread = np.linalg.inv(matrix.T @ matrix)
    leverage = np.einsum("ij,jk,ik->i", matrix, bread, matrix)
    if leverage.max() >= _ALONE:
        return None
    scaled = matrix * (residuals / (1 - leverage))[:, None]
    return np.asarray(bread @ (scaled.T @ scaled) @ bread, dtype=np.float64)
