"""Methods that set an estimate against the reduction that was asked for."""

from __future__ import annotations

import math
from statistics import NormalDist

from seizureflow.registry.needs import MethodNeeds, Schema

# Priors of Spiegelhalter, Freedman & Parmar 1994 for a reduction of 31%: sceptics give a larger
# one a probability of 5%, enthusiasts expect it and give no reduction at all a probability of 5%.
_SOUGHT = math.log(1 - 0.31)
_SD = round(-_SOUGHT / NormalDist().inv_cdf(0.95), 6)
_PRIORS = [
    {"id": "flat", "label": "Flat prior", "mean": 0.0, "sd": None},
    {"id": "sceptical", "label": "Sceptical prior", "mean": 0.0, "sd": _SD},
    {"id": "enthusiastic", "label": "Enthusiastic prior", "mean": round(_SOUGHT, 6), "sd": _SD},
]
_ANALYSIS: Schema = {
    "description": "Id of the analysis whose estimate and standard error are read; it must give a "
    "relative change and stand earlier in the plan.",
    "type": "string",
}
# A reduction in percent; a negative one is an increase.
_REDUCTION: Schema = {"type": "number", "exclusiveMaximum": 100, "minimum": -1000}

METHODS: dict[str, MethodNeeds] = {
    "superiority_by_margin": MethodNeeds(
        "one-sided tests of a margin from both sides, and what another trial of the same size "
        "would show",
        "How sure can one be that the reduction exceeds the margin, and would a repetition show "
        "it?",
        datasets=(),
        options={
            "analysis": _ANALYSIS,
            "margins": {
                "description": "Reductions, in percent, that are tested; probabilities at given "
                "true reductions are for the first.",
                "type": "array",
                "items": _REDUCTION,
                "minItems": 1,
                "maxItems": 5,
                "uniqueItems": True,
            },
            "true_reductions": {
                "description": "True reductions, in percent, at which the design is judged.",
                "type": "array",
                "items": _REDUCTION,
                "maxItems": 8,
                "uniqueItems": True,
                "default": [0, 20, 31, 50],
            },
        },
        reads_results=("analysis",),
    ),
    "posterior_threshold": MethodNeeds(
        "posterior distribution of the log ratio, from the estimate of another analysis and "
        "several priors",
        "How probable are reductions of a given size, for a reader without an opinion, a sceptic, "
        "an enthusiast?",
        datasets=(),
        options={
            "analysis": _ANALYSIS,
            "priors": {
                "description": "Normal priors of the log ratio: mean and sd; an sd of null is a "
                "flat prior. By default flat; sceptical, centred at no effect with a probability "
                "of 5% beyond a reduction of 31%; enthusiastic, centred at that reduction with a "
                "probability of 5% of none.",
                "type": "array",
                "minItems": 1,
                "maxItems": 6,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "label", "mean", "sd"],
                    "properties": {
                        "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                        "label": {"type": "string", "minLength": 1},
                        "mean": {"type": "number"},
                        "sd": {"type": ["number", "null"], "exclusiveMinimum": 0},
                    },
                },
                "default": _PRIORS,
            },
            "reductions": {
                "description": "Reductions, in percent, whose probabilities are given.",
                "type": "array",
                "items": _REDUCTION,
                "minItems": 1,
                "maxItems": 8,
                "uniqueItems": True,
                "default": [0, 20, 31, 50],
            },
            "likelihood": {
                "description": "Likelihood of the log ratio around its estimate; t has the degrees "
                "of freedom of the analysis read.",
                "enum": ["normal", "t"],
                "default": "normal",
            },
        },
        reads_results=("analysis",),
    ),
    "robust_map": MethodNeeds(
        "Bayesian comparison that borrows the reference arms of earlier trials through a robust "
        "mixture prior (an informative component, and a vague one)",
        "Over {window}, what becomes of the comparison of “{endpoint}” when the reference response "
        "of earlier trials is taken into account?",
        endpoint=("responder", "log_change"),
        window=True,
        covariates=True,
        options={
            "historical": {
                "description": "Response of the reference arms of earlier trials: mean and "
                "standard deviation between trials, in percent (of responders, or of the change: "
                "negative is a reduction), and where they are from.",
                "type": "object",
                "additionalProperties": False,
                "required": ["mean", "sd", "source"],
                "properties": {
                    "mean": {"type": "number"},
                    "sd": {"type": "number", "exclusiveMinimum": 0},
                    "source": {"type": "string", "minLength": 1},
                },
            },
            "robust_weight": {
                "description": "Prior weight of the vague component.",
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "default": 0.2,
            },
            "active_prior": {
                "description": "Shapes of the beta prior of each other arm's responder rate; not "
                "used for a log change.",
                "type": "array",
                "items": {"type": "number", "exclusiveMinimum": 0},
                "minItems": 2,
                "maxItems": 2,
                "default": [1, 1],
            },
            "vague_sd": {
                "description": "Standard deviation of the vague component for a log change; about "
                "that of one participant. Not used for responders.",
                "type": "number",
                "exclusiveMinimum": 0,
                "default": 1.0,
            },
            "reductions": {
                "description": "Reductions, in percent, whose probabilities are given for a log "
                "change; not used for responders.",
                "type": "array",
                "items": _REDUCTION,
                "minItems": 1,
                "maxItems": 8,
                "uniqueItems": True,
                "default": [0, 31],
            },
        },
        estimate={"responder": "risk_difference", "log_change": "relative_change"},
    ),
}
