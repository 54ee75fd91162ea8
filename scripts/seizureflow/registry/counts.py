"""Methods for seizure counts."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds, Schema

_QUESTION = "Over {window}, by how much do the arms differ in the rate of countable seizures?"
_VISIT_QUESTION = (
    "At the visits of {window}, by how much do the arms differ in the rate of countable seizures?"
)

_ROWS: Schema = {
    "enum": ["participant", "visit"],
    "default": "participant",
    "description": (
        "One row per participant over the whole window, or one per visit in it. With one per visit "
        "the rows of a participant are taken for independent."
    ),
}
_VISIT_EFFECT: Schema = {
    "enum": ["none", "categorical", "last", "linear"],
    "default": "none",
    "description": (
        "How the rate may differ between visits: not; freely; at the last visit (LASTVIS is 1 "
        "there); or along a line (VISITLIN rises by 0.2 from visit to visit and is 0 in the "
        "middle: with four visits -0.3, -0.1, 0.1, 0.3)."
    ),
}
_ARM_BY: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "uniqueItems": True,
    "default": [],
    "description": (
        "Covariates of the analysis with which the effect of treatment may differ. The rate ratio "
        "is then the one at their means."
    ),
}
_ARM_BY_VISIT: Schema = {
    "type": "boolean",
    "default": False,
    "description": (
        "Whether the effect of treatment may differ between visits, which needs visit_effect: "
        "categorical. The rate ratio is then the average over the visits with equal weights, and "
        "that of each visit is given too."
    ),
}
_QUADRATURE_POINTS: Schema = {
    "type": "integer",
    "minimum": 1,
    "maximum": 100,
    "default": 25,
    "description": (
        "Points of the adaptive Gauss-Hermite quadrature over the random effect of a participant; "
        "1 is Laplace's method."
    ),
}

METHODS: dict[str, MethodNeeds] = {
    "negative_binomial": MethodNeeds(
        "negative binomial regression of the seizure count by maximum likelihood, "
        "with the logarithm of the recorded days as offset",
        _QUESTION,
        window=True,
        covariates=True,
        options={
            "standard_error": {
                "enum": ["fixed_theta", "full_information", "robust"],
                "default": "fixed_theta",
                "description": (
                    "What interval and p rest on: the expected information with the shape held "
                    "fixed, as R's glm.nb; the observed information of all parameters, as "
                    "statsmodels; or the sandwich over participants. All three are reported."
                ),
            },
            "rows": _ROWS,
            "visit_effect": _VISIT_EFFECT,
            "arm_by": _ARM_BY,
        },
        estimate="relative_change",
        caution="In a simulation of trials with 66 participants whose responses are log-normal "
        "it rejected a true null hypothesis in about 12% at the nominal 5%: the gamma "
        "distribution that it supposes has too light a tail. Set it beside the ANCOVA "
        "of the log change, which held its level.",
    ),
    "quasi_poisson": MethodNeeds(
        "Poisson regression of the seizure count with an estimated dispersion, with the logarithm "
        "of the recorded days as offset",
        _QUESTION,
        window=True,
        covariates=True,
        options={
            "dispersion": {
                "enum": ["pearson", "one"],
                "default": "pearson",
                "description": (
                    "pearson: estimated from the Pearson residuals, as R's quasipoisson; one: "
                    "Poisson regression, whose standard errors are too small for seizure counts."
                ),
            },
            "rows": _ROWS,
            "visit_effect": _VISIT_EFFECT,
            "arm_by": _ARM_BY,
        },
        estimate="relative_change",
        caution="In a simulation of trials with 66 participants it rejected a true null "
        "hypothesis in about 11% at the nominal 5%: the participants with most seizures "
        "decide.",
    ),
    "zero_inflated": MethodNeeds(
        "zero-inflated negative binomial regression of the seizure count by maximum likelihood, "
        "with one share of structural zeros and the logarithm of the recorded days as offset",
        _QUESTION,
        window=True,
        covariates=True,
        estimate="relative_change",
        caution="In a simulation of trials with 66 participants it rejected a true null "
        "hypothesis in about 13% at the nominal 5%.",
    ),
    "gee": MethodNeeds(
        "Poisson generalised estimating equations of the seizure counts at the visits, with the "
        "logarithm of the recorded days as offset and a sandwich standard error",
        _VISIT_QUESTION,
        window=True,
        visits=True,
        covariates=True,
        options={
            "correlation": {
                "enum": ["independence", "exchangeable", "ar1", "unstructured"],
                "default": "exchangeable",
                "description": "Structure of the working correlation between visits.",
            },
            "denominator": {
                "enum": ["rows", "rows_less_terms"],
                "default": "rows",
                "description": (
                    "What the moment estimates of scale and correlation are divided by: the number "
                    "of products, as geepack; or that less the number of terms, as Liang & Zeger "
                    "and SAS. Under ar1 geepack's estimate uses the products of all pairs of "
                    "visits, that of SAS those of neighbours."
                ),
            },
            "standard_error": {
                "enum": ["sandwich", "mancl_derouen", "kauermann_carroll", "fay_graubard"],
                "default": "sandwich",
                "description": (
                    "sandwich: Liang & Zeger's, with normal intervals; the others correct it for "
                    "few participants and take t with participants less terms degrees of freedom."
                ),
            },
            "visit_effect": _VISIT_EFFECT,
            "arm_by": _ARM_BY,
            "arm_by_visit": _ARM_BY_VISIT,
            "baseline_as_period": {
                "type": "boolean",
                "default": False,
                "description": (
                    "Whether the baseline count is an observation before the visits (Diggle, Liang "
                    "& Zeger). The effect is then the arm by period interaction: by how much the "
                    "change from baseline differs between arms."
                ),
            },
        },
        estimate="relative_change",
    ),
    "poisson_mixed": MethodNeeds(
        "Poisson mixed model of the seizure counts at the visits by maximum likelihood, with "
        "normal random effects of participants and the logarithm of the recorded days as offset",
        _VISIT_QUESTION,
        window=True,
        visits=True,
        covariates=True,
        options={
            "random_effects": {
                "enum": ["participant", "participant_and_row", "participant_and_slope"],
                "default": "participant",
                "description": (
                    "Normal effects on the log rate: of the participant; and besides it of every "
                    "count, or of the participant's trend over VISITLIN, correlated with its level."
                ),
            },
            "quadrature_points": _QUADRATURE_POINTS
            | {
                "description": f"{_QUADRATURE_POINTS['description'][:-1]}. Several random effects "
                "are always integrated by Laplace's method."
            },
            "visit_effect": _VISIT_EFFECT,
            "arm_by": _ARM_BY,
            "arm_by_visit": _ARM_BY_VISIT,
        },
        estimate="relative_change",
        caution="It supposes that counts vary about the rate of a participant and visit as "
        "Poisson counts do; seizures vary more, so that its errors are too small for most "
        "diaries.",
    ),
    "negative_binomial_mixed": MethodNeeds(
        "negative binomial mixed model of the seizure counts at the visits by maximum likelihood, "
        "with a normal random effect of the participant and the logarithm of the recorded days as "
        "offset",
        _VISIT_QUESTION,
        window=True,
        visits=True,
        covariates=True,
        options={
            "quadrature_points": _QUADRATURE_POINTS,
            "visit_effect": _VISIT_EFFECT,
            "arm_by": _ARM_BY,
            "arm_by_visit": _ARM_BY_VISIT,
        },
        estimate="relative_change",
        caution="In a simulation of trials with 66 participants it rejected a true null "
        "hypothesis in about 10% at the nominal 5%: its intervals are those of large "
        "samples.",
    ),
}
