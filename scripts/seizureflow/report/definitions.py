"""Definitions and methods in words, from the protocol."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seizureflow.blinding import is_dummy
from seizureflow.bounds import bounds_in_words
from seizureflow.displays.labels import Labels
from seizureflow.displays.values import Results, percent_level
from seizureflow.displays.words import count_of, days_in_words, listed, lower_first, upper_first

Entry = dict[str, Any]
Definition = tuple[str, tuple[str, ...]]

_FACTS = {
    "randomised": "were randomised",
    "dosed": "received at least one dose",
    "eligible": "met every eligibility criterion",
    "baseline_diary": "have a baseline seizure frequency",
    "post_baseline_diary": "have at least one recorded diary day after the baseline",
    "completed": "completed the study period",
    "no_deviation": "have no protocol deviation that the data show",
}
_ABSENT_DOMAINS = {
    "diary": "Daily diary: seizures are known per period, so daily patterns, clusters and single "
    "missing days are not.",
    "visits": "Visits: windows run between planned days; when participants came is not known.",
    "doses": "Doses: who was treated and for how long is not known; there is no safety set.",
    "disposition": "Disposition: who completed, who left and why is not known.",
    "adverse_events": "Adverse events: there is no analysis of safety.",
    "medications": "Medications: changes of anti-seizure medication and rescue use are not known.",
}
_ABSENT_COLUMNS = {
    "site": "Site: participants cannot be told apart by site.",
    "age": "Age.",
    "sex": "Sex.",
    "randomised_date": "Date of randomisation: calendar time is not known.",
}
_GLOSSARY = {
    "lsmean": "LS mean (least-squares mean): the mean that the model gives for an arm with numeric "
    "covariates at their average and categories weighted equally; here on the log scale.",
    "relative_change": "Relative change: the ratio of the arms' seizure frequencies (of their "
    "geometric means, or of their rates) less 1, in percent; below zero is a reduction.",
    "difference_se_hc3": "HC3 standard error: one that does not assume that every participant "
    "varies alike (MacKinnon & White, 1985); shown beside the model's own.",
    "odds_ratio": "Odds ratio: the odds of the outcome in an arm divided by those in the reference "
    "arm; above 1 the outcome is more frequent.",
    "hazard_ratio": "Hazard ratio: the rate at which the event happens to those still without it, "
    "in an arm divided by that in the reference arm; below 1 it happens later or less often.",
    "risk_difference": "Risk difference: the share of responders in an arm less that in the "
    "reference arm, in percentage points; above zero the outcome is more frequent.",
    "rate_ratio": "Rate ratio: seizures per recorded day in an arm divided by those in the "
    "reference arm.",
    "theta": "Shape (theta): the variance of a count is mean + mean² / theta.",
}


def endpoint_formula(endpoint: Entry) -> str:
    """An endpoint's definition in words.

    >>> endpoint_formula({"kind": "log_change", "post_offset": 0.2, "baseline_offset": 0.0})
    'ln(frequency in the window + 0.2) − ln(baseline frequency)'
    """
    if "seizure_type" in endpoint:
        of_all = {key: value for key, value in endpoint.items() if key != "seizure_type"}
        named = endpoint["seizure_type"].replace("_", " ")
        return f"{endpoint_formula(of_all)}, of {named} seizures alone"
    if endpoint["kind"] == "percent_change":
        return "100 × (frequency in the window − baseline frequency) / baseline frequency"
    if endpoint["kind"] == "seizure_free_days":
        return (
            "days without a countable seizure, in proportion to the recorded days, less the same "
            "of the baseline"
        )
    if endpoint["kind"] == "log_change":
        post, base = (_plus(endpoint[name]) for name in ("post_offset", "baseline_offset"))
        return f"ln(frequency in the window{post}) − ln(baseline frequency{base})"
    reached = (
        "no countable seizure on the recorded days of the window"
        if endpoint["reduction"] == 100
        else f"frequency in the window at least {endpoint['reduction']:g}% below the baseline "
        "frequency"
    )
    return reached + _failures(endpoint)


def _failures(endpoint: Entry) -> str:
    """Who is no responder for another reason than seizures."""
    words = {
        "non_response": "; who left before the end of the window is no responder",
        "pragmatic": "; who did not complete is no responder",
    }.get(endpoint.get("dropouts", ""), "")
    if "composite_events" in endpoint:
        events = listed([name.replace("_", " ") for name in endpoint["composite_events"]], "or")
        words += f"; who had the intercurrent event {events} before its end is no responder"
    return words


def _plus(offset: float) -> str:
    return f" + {offset:g}" if offset else ""


def definitions(labels: Labels, confidence_level: float) -> list[Definition]:
    """Every definition of the plan that a reader needs, as terms with sentences."""
    protocol = labels.protocol
    return [
        ("Study days", tuple(_study_days(protocol["domains"]))),
        (
            "Baseline",
            (f"{upper_first(days_in_words(protocol['design']['baseline']['days']))}.",),
        ),
        ("Seizures that count", tuple(_seizures(protocol))),
        ("Seizure frequency", tuple(_frequency(protocol))),
        ("Evaluation windows", tuple(_windows(labels))),
        ("Visits", tuple(_visits(protocol["design"]))),
        (
            "Endpoints",
            tuple(f"{e['label']}: {endpoint_formula(e)}." for e in protocol["endpoints"]),
        ),
        ("Analysis sets", tuple(_sets(labels))),
        ("Eligibility", tuple(_eligibility(protocol))),
        ("Arms", tuple(_strata(labels))),
        (
            "Intervals and p",
            (
                f"Intervals are {percent_level(confidence_level)} confidence intervals, and "
                "p-values are two-sided, where a table does not say otherwise. "
                + _adjustment(labels),
            ),
        ),
        (
            "Rounding",
            (
                "Numbers are rounded for print alone, half away from zero; nothing is computed "
                "from a rounded number.",
            ),
        ),
    ]


def _adjustment(labels: Labels) -> str:
    """What is done about the number of analyses."""
    procedures = [
        f"“{entry['label']}”"
        for entry in labels.protocol["analyses"]
        if entry["method"] == "multiplicity"
    ]
    apart = f"Apart from {listed(procedures)}, no" if procedures else "No"
    return f"{apart} adjustment is made for the number of analyses."


def glossary(results: Results) -> list[str]:
    """The terms that the results of this study use."""
    used = set(results.frame["STATISTIC"])
    return [text for statistic, text in _GLOSSARY.items() if statistic in used]


def absent_domains(domains: Entry) -> list[str]:
    """What the study has no data on, and what was left out for it."""
    lines = [
        text
        for name, text in _ABSENT_DOMAINS.items()
        if name not in domains and (name != "diary" or "period_counts" in domains)
    ]
    columns = domains["participants"]["columns"]
    return lines + [text for name, text in _ABSENT_COLUMNS.items() if name not in columns]


def _study_days(domains: Entry) -> Iterator[str]:
    if "doses" in domains:
        first = "the day of the first dose"
    elif "randomised_date" in domains["participants"]["columns"]:
        first = "the day of randomisation"
    else:
        first = "the first day after the baseline"
    yield f"Day 1 is {first}; the day before it is day −1. There is no day 0."


def _seizures(protocol: Entry) -> Iterator[str]:
    types = protocol["diary"]["seizure_types"]
    for countable, words in ((True, "Counted"), (False, "Not counted")):
        chosen = [lower_first(t["label"]) for t in types if t["countable"] is countable]
        if chosen:
            yield f"{words}: {'; '.join(chosen)}."
    if "clusters" in protocol["domains"].get("diary", {}):
        yield (
            "A cluster whose seizures could not be told apart counts "
            f"{protocol['diary']['cluster_count_per_day']} on each day on which it is present."
        )


def _frequency(protocol: Entry) -> Iterator[str]:
    diary = protocol["diary"]
    yield (
        f"{diary['frequency_days']} × countable seizures on recorded days ÷ recorded days: "
        f"seizures per {diary['frequency_days']} days."
    )
    if "diary" in protocol["domains"]:
        yield "A day without a record is missing, never a zero: it adds neither seizures nor days."
    else:
        yield "A period with a count has all its days recorded; one without a count has none."
    least = diary["minimum_recorded_days"]
    yield f"A window with fewer than {count_of(least, 'recorded day')} has no frequency."


def _windows(labels: Labels) -> Iterator[str]:
    for window in labels.protocol["design"]["windows"]:
        until = [labels.event(name) for name in window.get("until", [])]
        end = f", up to the day of {listed(until, 'or')}" if until else ""
        yield f"{labels.window(window['id'])}: {days_in_words(window['days'])}{end}."


def _visits(design: Entry) -> Iterator[str]:
    visits = design["visits"]
    if not visits:
        yield "The plan has no visits after the baseline."
        return
    named = listed([f"{lower_first(visit['label'])} (day {visit['day']})" for visit in visits])
    yield f"Planned: {named}."
    if design["visit_windows"]["boundaries"] == "actual":
        yield (
            "A visit's window follows the days on which the participant came: from the day of the "
            "visit before, or day 1, to the day before this visit. A visit that was missed has no "
            "window."
        )
    else:
        yield (
            "A visit's window runs from the planned day of the visit before it, or day 1, to the "
            "day before its own planned day."
        )
    if design["visit_windows"].get("early_termination"):
        yield "A visit at which a participant left early closes the window of the next planned one."


def _sets(labels: Labels) -> Iterator[str]:
    for entry in labels.protocol["analysis_sets"]:
        facts = [_FACTS[fact] for fact in entry["requires"]]
        facts += [
            f"have {lower_first(labels.variable(bound['variable']))} {bounds_in_words(bound)}"
            for bound in entry["where"]
        ]
        yield f"{entry['label']}: participants who {listed(facts)}."


def _eligibility(protocol: Entry) -> Iterator[str]:
    criteria = protocol["eligibility"]
    if not criteria:
        yield "The plan states no criteria that could be checked against the data."
        return
    yield "Checked against the data of every person screened:"
    for entry in criteria:
        yield f"{entry['label']}."


def _strata(labels: Labels) -> Iterator[str]:
    arms = [
        f"{arm['label']} (reference)" if arm is labels.reference else arm["label"]
        for arm in labels.arms
    ]
    yield f"{listed(arms)}."
    if is_dummy(labels.protocol["treatment"]):
        yield (
            "Treatment is blinded: the treatment codes were not read, and participants were "
            "assigned to the arms at random within their strata."
        )
    strata = labels.protocol["design"].get("strata", [])
    if strata:
        named = listed([lower_first(labels.variable(name)) for name in strata])
        yield f"Randomisation was stratified by {named}."
