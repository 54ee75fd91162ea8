"""Covariance structures between visits, in words."""

from __future__ import annotations

COVARIANCE_WORDS = {
    "us": "unstructured",
    "toep": "Toeplitz",
    "toeph": "heterogeneous Toeplitz",
    "ar1": "AR(1)",
    "ar1h": "heterogeneous AR(1)",
    "cs": "compound symmetry",
    "csh": "heterogeneous compound symmetry",
    "ad": "ante-dependence",
    "adh": "heterogeneous ante-dependence",
}
