"""Methods for a change of the seizure frequency, on its log scale or in percent."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds, Schema

CHANGES = ("log_change", "percent_change", "seizure_free_days")
CHANGE_ESTIMATES = {
    "log_change": "relative_change",
    "percent_change": "difference",
    "seizure_free_days": "difference",
}
STRATA: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "uniqueItems": True,
    "description": "Variables of ADSL; each combination of their values is a stratum.",
}

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
        endpoint=CHANGES,
        window=True,
        covariates=True,
        options={
            "variance": {
                "enum": ["model", "hc3"],
                "default": "model",
                "description": "Variance that standard errors, intervals and p rest on: the "
                "model's, or HC3, which allows the residual variance to differ between "
                "participants. HC3 is always given under names of its own.",
            },
        },
        estimate=CHANGE_ESTIMATES,
    ),
    "robust_regression": MethodNeeds(
        "robust regression by M-estimation with the median absolute residual as scale; the model "
        "is that of the analysis of covariance",
        "Over {window}, by how much do the arms differ in the {endpoint}, when single outlying "
        "participants cannot decide it?",
        endpoint=CHANGES,
        window=True,
        covariates=True,
        options={
            "norm": {
                "enum": ["huber", "tukey"],
                "default": "huber",
                "description": "Huber's function bounds the influence of an outcome (tuning "
                "1.345); Tukey's bisquare takes it away from those far off (tuning 4.685).",
            },
        },
        estimate=CHANGE_ESTIMATES,
        caution="In a simulation of trials with 66 participants it rejected a true null "
        "hypothesis in about 6% at the nominal 5%: its standard error is that of large "
        "samples.",
    ),
    "quantile_regression": MethodNeeds(
        "quantile regression by linear programming",
        "Over {window}, by how much do the arms differ in the median, or another quantile, of the "
        "{endpoint}?",
        endpoint=CHANGES,
        window=True,
        covariates=True,
        options={
            "quantile": {
                "type": "number",
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 1,
                "default": 0.5,
                "description": "The quantile; 0.5 is the median.",
            },
            "interval": {
                "enum": ["rank_inversion", "kernel"],
                "default": "rank_inversion",
                "description": "Interval and p by inverting the rank score test (errors "
                "identically distributed), or Wald's with the kernel sandwich.",
            },
        },
        estimate=CHANGE_ESTIMATES,
    ),
    "wilcoxon": MethodNeeds(
        "Wilcoxon's rank-sum test with the Hodges-Lehmann shift of the arm against the reference",
        "Over {window}, do the arms differ in the ranks of the {endpoint}?",
        endpoint=(*CHANGES, "responder"),
        window=True,
        options={
            "method": {
                "enum": ["auto", "exact", "asymptotic"],
                "default": "auto",
                "description": "Exact distribution or normal approximation; auto is exact where "
                "both arms have fewer than 50 participants and no outcomes are tied. With tied "
                "outcomes it is always the approximation, corrected for ties.",
            },
            "continuity_correction": {
                "type": "boolean",
                "default": False,
                "description": "Whether the normal approximation is corrected by half a rank.",
            },
        },
        estimate=CHANGE_ESTIMATES,
    ),
    "van_elteren": MethodNeeds(
        "stratified Wilcoxon test",
        "Over {window}, do the arms differ in the ranks of the {endpoint} within strata?",
        endpoint=(*CHANGES, "responder"),
        window=True,
        options={
            "strata": STRATA | {"minItems": 1},
            "weights": {
                "enum": ["van_elteren", "unweighted"],
                "default": "van_elteren",
                "description": "Ranks within strata weighted by 1 / (n + 1), or ranks over all "
                "strata added up, with their distribution given the strata (as R's coin).",
            },
        },
    ),
    "rank_ancova": MethodNeeds(
        "analysis of covariance of ranks",
        "Over {window}, do the arms differ in the ranks of the {endpoint}, given the baseline?",
        endpoint=(*CHANGES, "responder"),
        window=True,
        covariates=True,
        options={
            "form": {
                "enum": ["conover_iman", "quade", "koch"],
                "default": "conover_iman",
                "description": "Least squares of ranks on arm and ranks of covariates "
                "(conover_iman); residuals of ranks compared between arms (quade); difference of "
                "mean ranks within strata, adjusted by the covariance under randomisation (koch).",
            },
            "strata": STRATA | {"default": []},
            "stratum_weights": {
                "enum": ["mantel_haenszel", "sample_size"],
                "default": "mantel_haenszel",
                "description": "Weight of a stratum in form koch: n1 n2 / n, or n.",
            },
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
