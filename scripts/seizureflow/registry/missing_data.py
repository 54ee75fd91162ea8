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

_PARAMETERS = {
    "enum": ["normal", "bootstrap"],
    "default": "normal",
    "description": "How the imputation model's parameters are drawn: from the normal approximation "
    "of their posterior, or as the fits of resampled participants.",
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
    "count_imputation": MethodNeeds(
        "multiple imputation of the seizures of missing days from a negative binomial regression, "
        "days after the end of follow-up under a stated assumption, and negative binomial "
        "regression of the completed counts; variance by Rubin's rules and, over repeated "
        "sampling, by bootstrap",
        "Over {window}, by how much would the arms differ in the rate of countable seizures, had "
        "every day been seen and were the days after the end of follow-up as assumed?",
        datasets=("adsl", "adsz", "intervals"),
        caution="It rests on the negative binomial regression, which in a simulation of trials "
        "with 66 participants whose responses are log-normal rejected a true null hypothesis in "
        "about 12% at the nominal 5%; imputing does not mend that.",
        window=True,
        covariates=True,
        options={
            "strategy": {
                "enum": ["mar", "j2r", "cr"],
                "default": "j2r",
                "description": "Whose rate holds after the end of follow-up: mar, that of the own "
                "arm (missing at random); j2r, that of the reference arm (jump to reference); cr, "
                "that of the reference arm, as if it had held all along (copy reference).",
            },
            "multipliers": {
                "type": "object",
                "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
                "default": {},
                "description": "By id of the arm, a factor of the rate after the end of follow-up "
                "(delta adjustment); 1 where an arm is not named.",
            },
            "draws": {
                "type": "integer",
                "minimum": 2,
                "maximum": 10000,
                "default": 100,
                "description": "Imputed data sets for Rubin's rules.",
            },
            "parameters": _PARAMETERS,
            "bootstrap_samples": {
                "type": "integer",
                "minimum": 20,
                "maximum": 10000,
                "default": 500,
                "description": "Samples of participants for the variance over repeated sampling.",
            },
            "imputations_per_sample": {
                "type": "integer",
                "minimum": 2,
                "maximum": 100,
                "default": 2,
                "description": "Imputed data sets of each bootstrap sample.",
            },
            "variance": {
                "enum": ["rubin", "repeated_sampling"],
                "default": "rubin",
                "description": "Which variance gives estimate, interval and p; both are reported.",
            },
        },
        estimate="relative_change",
        random=True,
    ),
    "tipping_point_count": MethodNeeds(
        "multiple imputation of the seizures of missing days, the rate after the end of follow-up "
        "multiplied by every pair of factors for the reference arm and the others, with negative "
        "binomial regression and Rubin's rules",
        "How much higher must the rate of countable seizures have been after the end of follow-up "
        "for the conclusion over {window} to turn?",
        datasets=("adsl", "adsz", "intervals"),
        window=True,
        covariates=True,
        options={
            "multipliers": {
                "type": "array",
                "minItems": 1,
                "maxItems": 12,
                "items": {"type": "number", "exclusiveMinimum": 0},
                "default": [0.5, 1, 2, 4, 8],
                "description": "Factors of the rate after the end of follow-up; 1 is always among "
                "them.",
            },
            "draws": {
                "type": "integer",
                "minimum": 2,
                "maximum": 10000,
                "default": 50,
                "description": "Imputed data sets of each pair of factors.",
            },
            "parameters": _PARAMETERS,
            "threshold_percent": {
                "type": ["number", "null"],
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 100,
                "default": None,
                "description": "Reduction over the reference arm, percent, whose passing by the "
                "estimate is a turn too; none by default.",
            },
        },
        random=True,
    ),
}
