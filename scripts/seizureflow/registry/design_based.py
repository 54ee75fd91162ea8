"""Methods that rest on the randomisation, or on leaving something out."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

_BY_ENDPOINT = {
    "log_change": "relative_change",
    "percent_change": "difference",
    "seizure_free_days": "difference",
}

METHODS: dict[str, MethodNeeds] = {
    "rerandomisation_test": MethodNeeds(
        "randomisation test: the randomisation is repeated under the hypothesis that nobody's "
        "outcome depends on the arm, within its strata and blocks; the interval holds the constant "
        "shifts that the test does not reject",
        "Over {window}, do the arms differ in the {endpoint} by more than the randomisation "
        "itself can bring about?",
        endpoint=tuple(_BY_ENDPOINT),
        window=True,
        covariates=True,
        options={
            "strata": {
                "description": "Variables of ADSL by which the randomisation was stratified, as "
                "used then (STRAT1R, STRAT2R, ...); none for one stratum.",
                "type": "array",
                "items": {"type": "string"},
                "uniqueItems": True,
                "default": [],
            },
            "block_size": {
                "description": "Participants per permuted block within a stratum, in the order of "
                "the dates of randomisation; null where whole strata are permuted.",
                "type": ["integer", "null"],
                "minimum": 2,
                "default": None,
            },
            "permutations": {
                "description": "Assignments to draw; where no more exist, all are listed.",
                "type": "integer",
                "minimum": 99,
                "maximum": 20000,
                "default": 2000,
            },
            "statistic": {
                "description": "What is compared: the coefficient of an analysis of covariance, "
                "the difference in means (covariates are not used), or the rank sum of the "
                "residuals from the covariates.",
                "enum": ["ancova", "difference_in_means", "rank_sum"],
                "default": "ancova",
            },
        },
        estimate=_BY_ENDPOINT,
        random=True,
    ),
    "bootstrap": MethodNeeds(
        "nonparametric bootstrap with participants drawn within arms, and the bias-corrected and "
        "accelerated (BCa) interval",
        "Over {window}, how far does the comparison of the {endpoint} depend on a model for its "
        "distribution?",
        endpoint=tuple(_BY_ENDPOINT),
        window=True,
        covariates=True,
        options={
            "statistic": {
                "description": "What is estimated: the effect in an analysis of covariance, the "
                "difference of means or medians of the endpoint (covariates are not used), or the "
                "ratio of means or medians of the seizure frequency itself.",
                "enum": [
                    "ancova",
                    "mean_difference",
                    "median_difference",
                    "ratio_of_means",
                    "ratio_of_medians",
                ],
                "default": "ancova",
            },
            "samples": {
                "description": "Bootstrap samples.",
                "type": "integer",
                "minimum": 200,
                "maximum": 20000,
                "default": 2000,
            },
        },
        estimate=_BY_ENDPOINT,
        random=True,
        caution="In a simulation of trials with 66 participants its 95% interval held the truth "
        "in about 93.5%.",
    ),
    "leave_one_out": MethodNeeds(
        "another analysis of the plan, repeated without each participant, or each site, in turn",
        "Does the result of another analysis hang on one participant, or one site?",
        options={
            "repeats": {
                "description": "Id of the analysis that is repeated.",
                "type": "string",
            },
            "unit": {
                "description": "What is left out: each participant, or each site (SITEID of ADSL).",
                "enum": ["participant", "site"],
                "default": "participant",
            },
            "shown": {
                "description": "How many of the most influential are listed.",
                "type": "integer",
                "minimum": 1,
                "maximum": 30,
                "default": 10,
            },
        },
        repeats=True,
    ),
    "outliers": MethodNeeds(
        "participants who stand out by a rule, named, and the analysis of covariance without them",
        "Over {window}, who stands out in the {endpoint}, and what becomes of the result without "
        "them?",
        endpoint=tuple(_BY_ENDPOINT),
        window=True,
        covariates=True,
        options={
            "rule": {
                "description": "Who stands out: externally studentised residuals of the analysis "
                "of covariance beyond the cut (studentised), values beyond the cut times the "
                "interquartile range from the quartiles of their arm (tukey), or Cook's distances "
                "above the cut (cook).",
                "enum": ["studentised", "tukey", "cook"],
                "default": "studentised",
            },
            "cut": {
                "description": "The cut; null for 3 (studentised), 1.5 (tukey) or 4 divided by the "
                "number of participants (cook).",
                "type": ["number", "null"],
                "exclusiveMinimum": 0,
                "default": None,
            },
        },
        estimate=_BY_ENDPOINT,
    ),
}
