"""Methods for a change of the seizure frequency, on its log scale or in percent."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {
    "mmrm": MethodNeeds(
        "mixed model for repeated measures by restricted maximum likelihood, with arm, visit and "
        "their interaction as fixed effects and a covariance between the visits of a participant; "
        "the effect is averaged over the visits with equal weights",
        "At the visits of {window}, by how much do the arms differ in the {endpoint}?",
        endpoint=("log_change",),
        window=True,
        visits=True,
        covariates=True,
        options={
            "covariance": {
                "description": "Structures of the covariance between visits, tried in turn.",
                "type": "array",
                "minItems": 1,
                "items": {"enum": ["us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh"]},
            },
            "df": {
                "description": "Degrees of freedom, and with Kenward-Roger the adjusted variance.",
                "enum": ["satterthwaite", "kenward-roger", "kenward-roger-linear", "residual"],
            },
            "covariates_by_visit": {
                "description": "Covariates whose effect may differ between visits.",
                "type": "array",
                "items": {"type": "string"},
            },
        },
        estimate="relative_change",
    ),
    "ancova": MethodNeeds(
        "analysis of covariance by ordinary least squares",
        "Over {window}, by how much do the arms differ in the {endpoint}?",
        endpoint=("log_change", "percent_change", "seizure_free_days"),
        window=True,
        covariates=True,
        estimate={
            "log_change": "relative_change",
            "percent_change": "difference",
            "seizure_free_days": "difference",
        },
    ),
    "summary_by_visit": MethodNeeds(
        "mean with t interval at each visit, by arm, of the participants seen there",
        "How large was the {endpoint} at each visit?",
        endpoint=("log_change", "percent_change", "seizure_free_days"),
    ),
    "percent_change_summary": MethodNeeds(
        "median and quartiles by arm",
        "Over {window}, by how many percent did the seizure frequency change from baseline?",
        window=True,
    ),
}
