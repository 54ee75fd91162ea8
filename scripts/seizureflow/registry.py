"""The analysis methods a protocol can name, and what each needs; light enough to read before a run.

The methods themselves are modules of :mod:`seizureflow.methods` and are loaded by the jobs alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True)
class MethodNeeds:
    """What a method needs of the protocol and of the study.

    Attributes:
        summary: What it does, in words that a methods section can use.
        question: What it asks, with ``{endpoint}`` and ``{window}`` for their labels.
        datasets: Analysis datasets it reads.
        domains: Raw domains the study must have.
        endpoint: Kind of endpoint it analyses; None where it takes none.
        window: Whether the analysis must name a window.
        visits: Whether the window must hold visits.
        covariates: Whether covariates may be given.
        variables: Whether the variables to describe must be given.
        options: Options that must be given, and no others, each with the JSON Schema of its value.
        estimate: Statistic that a forest plot shows, with its interval; None where there is none.
    """

    summary: str
    question: str = ""
    datasets: tuple[str, ...] = ("adsl", "adsz")
    domains: tuple[str, ...] = ()
    endpoint: str | None = None
    window: bool = False
    visits: bool = False
    covariates: bool = False
    variables: bool = False
    options: Mapping[str, Schema] = field(default_factory=dict)
    estimate: str | None = None


METHODS: dict[str, MethodNeeds] = {
    "mmrm": MethodNeeds(
        "mixed model for repeated measures by restricted maximum likelihood, with arm, visit and "
        "their interaction as fixed effects and a covariance between the visits of a participant; "
        "the effect is averaged over the visits with equal weights",
        "At the visits of {window}, by how much do the arms differ in the {endpoint}?",
        endpoint="log_change",
        window=True,
        visits=True,
        covariates=True,
        options={
            "covariance": {
                "type": "array",
                "minItems": 1,
                "items": {"enum": ["us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh"]},
            },
            "df": {"enum": ["satterthwaite", "kenward-roger", "kenward-roger-linear", "residual"]},
            "covariates_by_visit": {"type": "array", "items": {"type": "string"}},
        },
        estimate="relative_change",
    ),
    "ancova": MethodNeeds(
        "analysis of covariance by ordinary least squares",
        "Over {window}, by how much do the arms differ in the {endpoint}?",
        endpoint="log_change",
        window=True,
        covariates=True,
        estimate="relative_change",
    ),
    "logistic": MethodNeeds(
        "logistic regression by maximum likelihood, with Wald intervals",
        "Over {window}, by how much do the arms differ in the odds of “{endpoint}”?",
        endpoint="responder",
        window=True,
        covariates=True,
        estimate="odds_ratio",
    ),
    "fisher_exact": MethodNeeds(
        "Fisher's exact test with the conditional odds ratio",
        "Over {window}, is “{endpoint}” more frequent in one arm, judged without a model?",
        endpoint="responder",
        window=True,
        estimate="odds_ratio",
    ),
    "responder_summary": MethodNeeds(
        "counts and percentages of responders",
        "Over {window}, how many participants of each arm had the outcome “{endpoint}”?",
        endpoint="responder",
        window=True,
    ),
    "negative_binomial": MethodNeeds(
        "negative binomial regression of the seizure count by maximum likelihood, "
        "with the logarithm of the recorded days as offset",
        "Over {window}, by how much do the arms differ in the rate of countable seizures?",
        window=True,
        covariates=True,
        estimate="relative_change",
    ),
    "summary_by_visit": MethodNeeds(
        "mean with t interval at each visit, by arm, of the participants seen there",
        "How large was the {endpoint} at each visit?",
        endpoint="log_change",
    ),
    "percent_change_summary": MethodNeeds(
        "median and quartiles by arm",
        "Over {window}, by how many percent did the seizure frequency change from baseline?",
        window=True,
    ),
    "baseline_summary": MethodNeeds(
        "mean, standard deviation, median, range or counts, by arm",
        "Who were the participants, and are the arms alike?",
        datasets=("adsl",),
        variables=True,
    ),
    "participant_flow": MethodNeeds(
        "counts of participants from screening to completion",
        "What became of everyone who was screened?",
        datasets=("adsl", "eligibility"),
    ),
    "inadequate_response": MethodNeeds(
        "participants whose anti-seizure medication was changed, or whose treatment was stopped, "
        "for lack of effect",
        "How many participants of each arm responded inadequately to treatment?",
        datasets=("adsl", "medications", "disposition"),
        domains=("medications", "disposition"),
        options={
            "medication_reason": {"type": "string"},
            "medication_from_day": {"type": "integer"},
            "disposition_reason": {"type": "string"},
        },
    ),
    "adverse_event_summary": MethodNeeds(
        "participants with treatment-emergent adverse events, by severity, body system and term",
        "Which adverse events began on treatment, in how many participants, how severe?",
        datasets=("adsl", "adae"),
        domains=("adverse_events", "doses"),
    ),
}
