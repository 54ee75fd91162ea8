"""Methods for responders."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {
    "logistic": MethodNeeds(
        "logistic regression by maximum likelihood, with Wald intervals",
        "Over {window}, by how much do the arms differ in the odds of “{endpoint}”?",
        endpoint=("responder",),
        window=True,
        covariates=True,
        estimate="odds_ratio",
    ),
    "fisher_exact": MethodNeeds(
        "Fisher's exact test with the conditional odds ratio",
        "Over {window}, is “{endpoint}” more frequent in one arm, judged without a model?",
        endpoint=("responder",),
        window=True,
        estimate="odds_ratio",
    ),
    "responder_summary": MethodNeeds(
        "counts and percentages of responders",
        "Over {window}, how many participants of each arm had the outcome “{endpoint}”?",
        endpoint=("responder",),
        window=True,
    ),
}
