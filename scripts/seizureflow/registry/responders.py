"""Methods for responders."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds, Schema

_STRATA: Schema = {
    "description": "Variables of ADSL whose combinations are the strata.",
    "type": "array",
    "items": {"type": "string"},
    "uniqueItems": True,
}

METHODS: dict[str, MethodNeeds] = {
    "logistic": MethodNeeds(
        "logistic regression by maximum likelihood, with Wald or profile likelihood intervals; "
        "where responders are separated from the others by the terms of the model, by Firth's "
        "penalised likelihood",
        "Over {window}, by how much do the arms differ in the odds of “{endpoint}”?",
        endpoint=("responder",),
        window=True,
        covariates=True,
        options={
            "interval": {
                "description": "Whether the limits of the odds ratio and its p come from the "
                "standard error (Wald) or from the profile of the likelihood.",
                "enum": ["wald", "profile"],
                "default": "wald",
            },
            "firth": {
                "description": "When to use Firth's penalised likelihood, always with profile "
                "intervals. When it is never used, separated data have no odds ratio.",
                "enum": ["when_separated", "always", "never"],
                "default": "when_separated",
            },
        },
        estimate="odds_ratio",
    ),
    "fisher_exact": MethodNeeds(
        "Fisher's exact test with the conditional odds ratio",
        "Over {window}, is “{endpoint}” more frequent in one arm, judged without a model?",
        endpoint=("responder",),
        window=True,
        estimate="odds_ratio",
    ),
    "unconditional_exact": MethodNeeds(
        "Boschloo's and Barnard's exact unconditional tests, with the exact interval of the risk "
        "difference that inverts the score test (Chan and Zhang)",
        "Over {window}, is “{endpoint}” more frequent in one arm, judged exactly and without "
        "holding the number of responders fixed?",
        endpoint=("responder",),
        window=True,
        options={
            "test": {
                "description": "Which test gives the p-value; both are shown.",
                "enum": ["boschloo", "barnard"],
                "default": "boschloo",
            },
        },
        estimate="risk_difference",
    ),
    "cmh": MethodNeeds(
        "Cochran-Mantel-Haenszel test over strata, with the Mantel-Haenszel odds ratio (interval "
        "of Robins, Breslow and Greenland) and the Breslow-Day test of homogeneity with Tarone's "
        "correction",
        "Over {window}, is “{endpoint}” more frequent in one arm, comparing within strata alone?",
        endpoint=("responder",),
        window=True,
        options={
            "strata": _STRATA | {"minItems": 1},
            "continuity_correction": {
                "description": "Whether the test subtracts 1/2 from the absolute deviation.",
                "type": "boolean",
                "default": False,
            },
        },
        estimate="odds_ratio",
    ),
    "risk_difference": MethodNeeds(
        "risk difference with Miettinen and Nurminen's score interval, Newcombe's, Sato's or "
        "Wald's, weighted over strata where there are any",
        "Over {window}, by how much do the arms differ in the proportion with “{endpoint}”?",
        endpoint=("responder",),
        window=True,
        options={
            "strata": _STRATA | {"default": []},
            "interval": {
                "description": "Which interval. Sato's is of the Mantel-Haenszel difference alone; "
                "Newcombe's is over strata that of Yan and Su.",
                "enum": ["miettinen_nurminen", "newcombe", "sato", "wald"],
                "default": "miettinen_nurminen",
            },
            "weights": {
                "description": "Weights of the strata: Mantel-Haenszel's, or the participants of "
                "both arms.",
                "enum": ["mantel_haenszel", "sample_size"],
                "default": "mantel_haenszel",
            },
        },
        estimate="risk_difference",
    ),
    "standardised_risk": MethodNeeds(
        "risks standardised over the covariates by a logistic working model, with a variance that "
        "does not suppose the model to be right",
        "Over {window}, by how much would the proportion with “{endpoint}” differ if all "
        "participants had been in one arm or in the other?",
        endpoint=("responder",),
        window=True,
        covariates=True,
        options={
            "variance": {
                "description": "Robust: covariates random, model perhaps wrong. Delta: covariates "
                "held fixed, model right.",
                "enum": ["robust", "delta"],
                "default": "robust",
            },
            "stratified_randomisation": {
                "description": "Whether randomisation was in permuted blocks within strata, which "
                "makes the robust variance smaller. The strata are those of ADSL (STRATAR, else "
                "STRATAV).",
                "type": "boolean",
                "default": False,
            },
        },
        estimate="risk_difference",
        caution="In a simulation of trials with 66 participants it rejected a true null "
        "hypothesis in about 6.5% at the nominal 5%: its variance is that of large "
        "samples.",
    ),
    "cumulative_responders": MethodNeeds(
        "share of each arm with at least each reduction of the seizure frequency, with Wilson "
        "intervals, and the area between the curves",
        "Over {window}, how many participants of each arm had at least a given reduction, whatever "
        "the reduction asked for?",
        window=True,
        options={
            "lowest_reduction": {
                "description": "Reduction in percent at which the curves begin; negative for an "
                "increase.",
                "type": "number",
                "minimum": -200,
                "exclusiveMaximum": 100,
                "default": 0,
            },
            "step": {
                "description": "Distance of the reductions that are shown, in percent.",
                "type": "number",
                "minimum": 5,
                "maximum": 50,
                "default": 5,
            },
        },
    ),
    "responder_summary": MethodNeeds(
        "counts and percentages of responders",
        "Over {window}, how many participants of each arm had the outcome “{endpoint}”?",
        endpoint=("responder",),
        window=True,
    ),
    "tipping_point_responder": MethodNeeds(
        "responses assigned to dropouts in every combination, and imputed by a logistic model with "
        "shifted odds",
        "Over {window}, how many dropouts must have responded otherwise to turn the conclusion on "
        "“{endpoint}”?",
        endpoint=("responder",),
        window=True,
        covariates=True,
        options={
            "missing": {
                "description": "Whose outcome is taken as not known: that of all who did not "
                "complete the study and of those without a value, or of the latter alone.",
                "enum": ["dropouts", "no_value"],
                "default": "dropouts",
            },
            "test": {
                "description": "Test of each assignment: Fisher's exact test, or Pearson's "
                "chi-square, the score test of an unadjusted logistic regression.",
                "enum": ["fisher", "chi_square"],
                "default": "fisher",
            },
            "deltas": {
                "description": "Shifts of the log odds of response of dropouts, for the "
                "imputations; none for no imputation.",
                "type": "array",
                "items": {"type": "number"},
                "maxItems": 12,
                "default": [0, -0.5, -1, -2, -4],
            },
            "shifted_arms": {
                "description": "Whether the odds are shifted in all arms or in those compared "
                "with the reference alone.",
                "enum": ["compared", "all"],
                "default": "compared",
            },
            "imputations": {
                "description": "Number of imputations.",
                "type": "integer",
                "minimum": 2,
                "maximum": 500,
                "default": 50,
            },
        },
        random=True,
    ),
}
