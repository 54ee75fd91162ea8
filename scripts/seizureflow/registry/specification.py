"""Methods that repeat an analysis under other choices."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds, Schema

_NAMES: Schema = {"type": "array", "minItems": 1, "items": {"type": "string"}, "uniqueItems": True}
_STRUCTURES = ["us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh"]
_MIXED_MODEL: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["covariance"],
    "properties": {
        "label": {"description": "Its name in the figure and tables.", "type": "string"},
        "covariance": {
            "description": "Covariance structures between visits, tried in turn.",
            "type": "array",
            "minItems": 1,
            "items": {"enum": _STRUCTURES},
        },
        "df": {
            "description": "Degrees of freedom; kenward-roger-linear without it.",
            "enum": ["satterthwaite", "kenward-roger", "kenward-roger-linear", "residual"],
        },
        "covariates_by_visit": {
            "description": "Covariates that act at each visit anew, where the specification has "
            "them.",
            "type": "array",
            "items": {"type": "string"},
        },
    },
}
_GRID: Schema = {
    "description": "Levels of every choice; the first of each is that of the primary analysis.",
    "type": "object",
    "additionalProperties": False,
    "required": [
        "model",
        "offset",
        "window",
        "baseline",
        "covariates",
        "population",
        "missing_data",
        "outliers",
    ],
    "properties": {
        "model": {
            "description": "Models of the log ratio of the frequencies: ancova, ancova_hc3 (with "
            "heteroscedasticity-consistent errors), negative_binomial, quasi_poisson, or the "
            "settings of a mixed model for repeated measures.",
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "anyOf": [
                    {"enum": ["ancova", "ancova_hc3", "negative_binomial", "quasi_poisson"]},
                    _MIXED_MODEL,
                ]
            },
        },
        "offset": {
            "description": "What is added to the frequency in the window (post) and in the "
            "baseline before their logarithms are taken; counts need none.",
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["post", "baseline"],
                "properties": {
                    "post": {"type": "number", "minimum": 0},
                    "baseline": {"type": "number", "minimum": 0},
                },
            },
        },
        "window": _NAMES | {"description": "Windows in which seizures are evaluated."},
        "baseline": _NAMES
        | {
            "description": "The baseline: whole, or a window that ends by day 1. LBSFREQ and "
            "BSFREQ are taken from it too."
        },
        "covariates": {
            "description": "Sets of covariates.",
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "array", "items": {"type": "string"}},
        },
        "population": _NAMES | {"description": "Analysis sets."},
        "missing_data": {
            "description": "Days that were not recorded: observed (the frequency is that of the "
            "recorded days), completers (only participants with at least 80% of the days of the "
            "window recorded), baseline_imputed (each counts with the participant's baseline rate; "
            "not for mixed models).",
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"enum": ["observed", "completers", "baseline_imputed"]},
        },
        "outliers": {
            "description": "High frequencies: keep, or winsorise (those above the 95th percentile "
            "of all analysed are set to it).",
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"enum": ["keep", "winsorise"]},
        },
    },
}

METHODS: dict[str, MethodNeeds] = {
    "specification_curve": MethodNeeds(
        "the effect under every combination of the choices that could have been made, each fitted "
        "on its own, beside the same curve under permutations of the arms within strata",
        "How far does the answer depend on choices that could have been made otherwise?",
        options={
            "primary": {
                "description": "The primary analysis, whose estimate is marked in the curve.",
                "type": "string",
            },
            "arm": {
                "description": "The arm compared with the reference, to be named where there are "
                "more than two arms; participants of the others enter no specification.",
                "type": ["string", "null"],
                "default": None,
            },
            "relative_reduction": {
                "description": "Reduction in percent that estimates are held against; that of the "
                "success criterion, where there is one.",
                "type": "number",
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 100,
            },
            "grid": _GRID,
            "permutations": {
                "description": "How often the arms are permuted for the reference.",
                "type": "integer",
                "minimum": 0,
                "maximum": 10000,
                "default": 200,
            },
            "chunks": {
                "description": "Into how many jobs the specifications are divided; results do not "
                "depend on it.",
                "type": "integer",
                "minimum": 1,
                "maximum": 64,
                "default": 2,
            },
        },
        random=True,
        reads_results=("primary",),
    ),
}
