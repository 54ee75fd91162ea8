"""Methods for times to an event and for recurrent seizures."""

from __future__ import annotations

from typing import Any

from seizureflow.registry.needs import MethodNeeds, Schema

_PARAMETER: Schema = {
    "type": "string",
    "description": "The time to an event, by its id under time_to_event: a parameter of ADTTE.",
}
_STRATA: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "uniqueItems": True,
    "default": [],
    "description": "Variables whose values make the strata, each combination being one; arms are "
    "compared within strata.",
}


def _of_a_time(
    summary: str, question: str, *, options: dict[str, Schema] | None = None, **more: Any
) -> MethodNeeds:
    """A method that analyses a parameter of ADTTE."""
    return MethodNeeds(
        summary,
        question,
        datasets=("adsl", "adtte"),
        parameter=True,
        options={"parameter": _PARAMETER} | (options or {}),
        **more,
    )


METHODS: dict[str, MethodNeeds] = {
    "kaplan_meier": _of_a_time(
        "Kaplan-Meier estimate by arm, with Greenwood's standard error, intervals on the scale of "
        "the log cumulative hazard, and the median with the interval of Brookmeyer and Crowley",
        "How does the {parameter} run in each arm?",
        options={
            "times": {
                "type": "array",
                "items": {"type": "number", "minimum": 1},
                "uniqueItems": True,
                "maxItems": 15,
                "default": [],
                "description": "Study days at which those at risk and those free of the event are "
                "given; the days of the scheduled visits where none are named.",
            },
        },
    ),
    "logrank": _of_a_time(
        "log-rank test",
        "Do the arms differ in the {parameter}, judged without a model?",
        options={"strata": _STRATA},
    ),
    "cox": _of_a_time(
        "proportional hazards regression by maximum partial likelihood, with Wald intervals and a "
        "test whether the hazard ratio changes with log time",
        "By how much do the arms differ in the hazard, looking at the {parameter}?",
        covariates=True,
        options={
            "ties": {
                "enum": ["efron", "breslow"],
                "default": "efron",
                "description": "Approximation for events on the same day: that of Efron, which is "
                "the better one where there are many, or that of Breslow.",
            },
            "strata": _STRATA,
        },
        estimate="hazard_ratio",
    ),
    "restricted_mean_time": _of_a_time(
        "difference of restricted mean times, the areas under the Kaplan-Meier curves, with "
        "intervals by Greenwood's variance",
        "By how many days do the arms differ on average in the {parameter}?",
        options={
            "until": {
                "type": ["number", "null"],
                "minimum": 1,
                "default": None,
                "description": "Study day up to which times are counted; without one, the longest "
                "to which the curves of all arms are known.",
            },
        },
        estimate="difference",
    ),
    "recurrent_seizures": MethodNeeds(
        "proportional intensity model of every countable seizure on the recorded days, which alone "
        "are days at risk, with the robust covariance of Lin and Wei by participant",
        "Over {window}, by how much do the arms differ in the intensity of countable seizures?",
        datasets=("adsl", "intervals", "seizures"),
        caution="In a simulation of trials with 66 participants it rejected a true null "
        "hypothesis in about 11% at the nominal 5%, and its conditional form in about 13%: the "
        "participants with most seizures decide, and the robust variance is that of large samples.",
        domains=("diary",),
        window=True,
        covariates=True,
        options={
            "model": {
                "enum": ["andersen_gill", "pwp_total_time", "pwp_gap_time"],
                "default": "andersen_gill",
                "description": "Who is compared on a day. andersen_gill: all who recorded it; the "
                "hazard ratio is a ratio of seizure rates. pwp_total_time (Prentice, Williams and "
                "Peterson): of these, those with as many seizures before. pwp_gap_time: those with "
                "as many seizures before, as many days after the last.",
            },
            "max_events": {
                "type": "integer",
                "minimum": 1,
                "maximum": 1000,
                "default": 10,
                "description": "Number of strata of the models of Prentice, Williams and Peterson: "
                "from this many seizures before, less one, all days are in the last. "
                "andersen_gill has no strata.",
            },
        },
        estimate="hazard_ratio",
    ),
}
