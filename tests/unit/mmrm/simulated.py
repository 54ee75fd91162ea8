"""A small simulated longitudinal trial, the same on every call."""

import numpy as np
import pandas as pd


def simulated_trial(
    subjects: int = 60, visits: int = 4, missing: float = 0.15, seed: int = 1, arms: int = 2
) -> pd.DataFrame:
    """One row per subject and visit; visit 1 is never missing, the others at random."""
    rng = np.random.default_rng(seed)
    subject = np.repeat(np.arange(subjects), visits)
    visit = np.tile(np.arange(visits), subjects)
    labels = ["placebo", "low", "high"][:arms]
    arm = (np.arange(subjects) % arms)[subject]
    baseline = rng.normal(2.0, 0.7, subjects)[subject]
    site = rng.choice(["A", "B", "C"], subjects)[subject]
    lags = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    noise = rng.normal(size=(subjects, visits)) @ np.linalg.cholesky(0.7**lags).T
    data = pd.DataFrame(
        {
            "subject": [f"S{i:03d}" for i in subject],
            "arm": pd.Categorical.from_codes(arm, labels),
            "visit": pd.Categorical.from_codes(visit, [f"week {4 * v + 4}" for v in range(visits)]),
            "site": site,
            "baseline": baseline,
            "age": rng.integers(18, 70, subjects)[subject].astype(float),
            "y": 0.5 * baseline - 0.3 * arm * (visit + 1) + 0.1 * visit + noise.ravel(),
        }
    )
    kept = (rng.random(len(data)) >= missing) | (visit == 0)
    return data[kept].reset_index(drop=True)
