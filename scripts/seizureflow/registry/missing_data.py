"""Methods that ask how far the answer rests on data that were not seen."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

_PARAMETERS = {
    "enum": ["normal", "bootstrap"],
    "default": "normal",
    "description": "How the imputation model's parameters are drawn: from the normal approximation "
    "of their posterior, or as the fits of resampled participants.",
}

METHODS: dict[str, MethodNeeds] = {
    "count_imputation": MethodNeeds(
        "multiple imputation of the seizures of missing days from a negative binomial regression, "
        "days after the end of follow-up under a stated assumption, and negative binomial "
        "regression of the completed counts; variance by Rubin's rules and, over repeated "
        "sampling, by bootstrap",
        "Over {window}, by how much would the arms differ in the rate of countable seizures, had "
        "every day been seen and were the days after the end of follow-up as assumed?",
        datasets=("adsl", "adsz", "intervals"),
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
