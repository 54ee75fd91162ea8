"""Simulated trials as arrays: a frailty per participant, and some who leave early."""

import numpy as np
from seizureflow.count_imputation.trial import CountTrial


def simulate_trial(
    rng: np.random.Generator,
    per_arm: int = 50,
    ratio: float = 1.0,
    leaving: float = 0.5,
    theta: float = 2.0,
) -> CountTrial:
    """Six seizures per unit of time over four units; who leaves does so after 0.2 to 3 of them."""
    arms = np.repeat([0, 1], per_arm)
    left = rng.random(2 * per_arm) < leaving
    recorded = np.where(left, rng.uniform(0.2, 3, 2 * per_arm), 4.0)
    frailty = rng.gamma(theta, 1 / theta, 2 * per_arm)
    rate = 6 * frailty * np.where(arms == 1, ratio, 1)
    matrix = np.column_stack([np.ones(2 * per_arm), arms]).astype(float)
    return CountTrial(
        counts=rng.poisson(rate * recorded).astype(float),
        recorded=recorded,
        between=np.zeros(2 * per_arm),
        after=4 - recorded,
        length=np.full(2 * per_arm, 4.0),
        matrix=matrix,
        reference_matrix=matrix * [1, 0],
        arms=arms,
        arm_ids=("placebo", "active"),
        effects=np.array([1]),
    )
