"""Simulated longitudinal trials of any size, the same for Python and for R."""

import numpy as np
import pandas as pd


def simulate_trial(
    subjects: int, visits: int, *, dropout: float = 0.3, gap: float = 0.02, seed: int = 1
) -> pd.DataFrame:
    """One row per subject and observed visit of a two-arm trial.

    A share ``dropout`` of subjects leaves after a visit drawn at random; of the visits before
    that, all but the first are missed with probability ``gap``. Columns: subject, visit, arm,
    base, race (three levels), y.
    """
    rng = np.random.default_rng(seed)
    subject = np.repeat(np.arange(subjects), visits)
    visit = np.tile(np.arange(visits), subjects)
    arm = (np.arange(subjects) % 2)[subject]
    base = rng.normal(size=subjects)[subject]
    lags = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    root = np.linalg.cholesky(0.3 + 0.7 * 0.5**lags)
    noise = (rng.normal(size=(subjects, visits)) @ root.T).ravel()
    race = rng.integers(0, 3, subjects)[subject]
    data = pd.DataFrame(
        {
            "subject": subject,
            "visit": pd.Categorical.from_codes(visit, [f"v{j + 1:02d}" for j in range(visits)]),
            "arm": pd.Categorical.from_codes(arm, ["placebo", "active"]),
            "base": base,
            "race": pd.Categorical.from_codes(race, ["a", "b", "c"]),
            "y": noise + 0.3 * arm * visit + base,
        }
    )
    leaves = rng.random(subjects) < dropout
    last = np.where(leaves, rng.integers(1, visits, subjects), visits)
    kept = (visit < last[subject]) & ((rng.random(len(data)) >= gap) | (visit == 0))
    return data[kept].reset_index(drop=True)
