"""Methods that ask how far the answer rests on data that were not seen."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds, Schema

_STRUCTURES = ["us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh"]

_IMPUTED_VISITS: dict[str, Schema] = {
    "covariance": {
        "type": "array",
        "minItems": 1,
        "items": {"enum": _STRUCTURES},
        "default": ["us"],
        "description": "Covariance between visits in the imputation model, tried in turn; one for "
        "all arms.",
    },
    "covariates_by_visit": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "description": "Covariates whose effect may differ between visits in the imputation model.",
    },
    "earlier_visits": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "description": "Visits before the window, in order, that enter the imputation model though "
        "not the effect; what a participant had there helps to impute what is missing later.",
    },
    "analysis_visits": {
        "enum": ["average", "last"],
        "default": "average",
        "description": "Whether the effect is averaged over the visits of the window with equal "
        "weights, or is that at the last of them. Each visit is reported besides.",
    },
}

_COMPLETION: Schema = {
    "type": "string",
    "default": "COMPLFL",
    "description": "Variable of ADSL that is Y for participants without the event.",
}

METHODS: dict[str, MethodNeeds] = {
    "reference_based_imputation": MethodNeeds(
        "imputation of missing visits from a mixed model for repeated measures, under missingness "
        "at random or by reference to the control arm, then analysis of covariance at each visit",
        "At the visits of {window}, by how much would the arms differ in the {endpoint}, had "
        "those who left gone on as the strategy assumes?",
        endpoint=("log_change",),
        window=True,
        visits=True,
        covariates=True,
        options={
            "strategy": {
                "enum": ["MAR", "J2R", "CR", "CIR", "LMCF"],
                "default": "J2R",
                "description": "What is assumed from the first visit after the last seen on: MAR "
                "(missing at random), J2R (jump to reference), CR (copy reference), CIR (copy "
                "increments in reference) or LMCF (last mean carried forward).",
            },
            "inference": {
                "enum": [
                    "conditional_mean_jackknife",
                    "conditional_mean_bootstrap",
                    "bayesian",
                    "approximate_bayesian",
                ],
                "default": "conditional_mean_jackknife",
                "description": "Conditional means with the jackknife (nothing random) or the "
                "bootstrap, or multiple imputation with parameters from their posterior "
                "(bayesian) or from bootstrap samples (approximate_bayesian), pooled by Rubin's "
                "rules and with the jackknife besides.",
            },
            "draws": {
                "type": "integer",
                "minimum": 2,
                "maximum": 10000,
                "default": 100,
                "description": "Imputed data sets of multiple imputation.",
            },
            "bootstrap_samples": {
                "type": "integer",
                "minimum": 2,
                "maximum": 100000,
                "default": 500,
                "description": "Samples of the bootstrap.",
            },
            **_IMPUTED_VISITS,
        },
        estimate="relative_change",
        random=True,
    ),
    "tipping_point": MethodNeeds(
        "imputation of missing visits by conditional means, made worse by a range of deltas in "
        "either arm, with the delta at which the conclusion turns",
        "At the visits of {window}, how much worse must the {endpoint} of those who left have "
        "been for the conclusion to turn?",
        endpoint=("log_change",),
        window=True,
        visits=True,
        covariates=True,
        options={
            "strategy": {
                "enum": ["MAR", "J2R", "CR", "CIR", "LMCF"],
                "default": "MAR",
                "description": "What is assumed before deltas are added.",
            },
            "deltas_active": {
                "type": "array",
                "minItems": 1,
                "maxItems": 15,
                "uniqueItems": True,
                "items": {"type": "number"},
                "default": [0, 0.25, 0.5, 0.75, 1, 1.5, 2],
                "description": "Deltas for the arm compared, on the log scale; positive ones make "
                "it worse. The turn of the conclusion is looked for between them.",
            },
            "deltas_reference": {
                "type": "array",
                "minItems": 1,
                "maxItems": 15,
                "uniqueItems": True,
                "items": {"type": "number"},
                "default": [-0.5, 0, 0.5],
                "description": "Deltas for the reference arm, on the log scale.",
            },
            "cumulative": {
                "type": "boolean",
                "default": False,
                "description": "Whether the delta is added once more at every further visit.",
            },
            "threshold_percent": {
                "type": ["number", "null"],
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 100,
                "default": None,
                "description": "Relative reduction in percent that the trial asked for; the delta "
                "at which the estimate passes it is given too.",
            },
            **_IMPUTED_VISITS,
        },
        estimate="relative_change",
    ),
    "composite_rank": MethodNeeds(
        "Wilcoxon's test and rank analysis of covariance, in which not having completed the trial "
        "counts as the worst outcome",
        "Over {window}, do participants fare better in one arm, if leaving counts as the worst "
        "{endpoint}?",
        endpoint=("log_change", "percent_change"),
        window=True,
        covariates=True,
        options={"completion_flag": _COMPLETION},
    ),
    "trimmed_means": MethodNeeds(
        "difference of trimmed means, in which participants who have not completed the trial are "
        "trimmed first, with a permutation test",
        "Over {window}, by how much do the better outcomes of the arms differ in the {endpoint}, "
        "if leaving counts as the worst?",
        endpoint=("log_change",),
        window=True,
        options={
            "completion_flag": _COMPLETION,
            "trim_percent": {
                "oneOf": [
                    {"const": "adaptive"},
                    {"type": "number", "minimum": 0, "exclusiveMaximum": 100},
                ],
                "default": "adaptive",
                "description": "Share of worst outcomes that leaves either arm, in percent; "
                "adaptive is the larger share of events in the arms.",
            },
            "draws": {
                "type": "integer",
                "minimum": 100,
                "maximum": 1000000,
                "default": 5000,
                "description": "Permutations of the test, and resamples of the standard error.",
            },
        },
        estimate="relative_change",
        random=True,
    ),
}
