"""What methods suppose of data that are missing, in words."""

from __future__ import annotations

from typing import Any

Entry = dict[str, Any]

_LEFT_OUT = (
    "Participants without the endpoint are left out: the others with the same arm and covariates "
    "are supposed to stand for them."
)
_RECORDED_TIME = (
    "Days that were not recorded are supposed to have the rate of the recorded days of the "
    "participants with the same arm and covariates; recorded time is an offset."
)
_ASSUMPTIONS = {
    "mmrm": "Visits without a frequency are supposed to be missing at random, given the arm, the "
    "covariates and the visits that are there.",
    **dict.fromkeys(
        (
            "ancova",
            "robust_regression",
            "quantile_regression",
            "wilcoxon",
            "van_elteren",
            "rank_ancova",
            "logistic",
            "fisher_exact",
            "cmh",
            "risk_difference",
            "standardised_risk",
            "unconditional_exact",
        ),
        _LEFT_OUT,
    ),
    **dict.fromkeys(("negative_binomial", "quasi_poisson", "zero_inflated"), _RECORDED_TIME),
}
_DROPOUTS = {
    "non_response": "Who left before the end of the window is no responder.",
    "pragmatic": "Who did not complete is no responder.",
}


def assumption(analysis: Entry, endpoint: Entry | None) -> str:
    """What an analysis supposes of missing data; empty where that is not written down here.

    Args:
        analysis: Entry of the plan.
        endpoint: Entry of its endpoint; None where it has none.
    """
    said = _ASSUMPTIONS.get(analysis["method"], "")
    rule = _DROPOUTS.get((endpoint or {}).get("dropouts", ""), "")
    return f"{rule} {said}".strip() if said else ""
