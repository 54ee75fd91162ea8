"""Methods for adverse events, exposure and concomitant medication."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds, Schema

_EVENTS = ("adsl", "adae")
_MINIMUM: dict[str, Schema] = {
    "minimum_participants": {
        "type": "integer",
        "minimum": 1,
        "default": 1,
        "description": "Fewest participants of any one arm in whom a body system or term must have "
        "been seen; others are left out.",
    },
    "minimum_percent": {
        "type": "number",
        "minimum": 0,
        "maximum": 100,
        "default": 0,
        "description": "Smallest percentage of any one arm in which a body system or term must "
        "have been seen; others are left out.",
    },
}

METHODS: dict[str, MethodNeeds] = {
    "adverse_event_summary": MethodNeeds(
        "participants with treatment-emergent adverse events, by severity, body system and term",
        "Which adverse events began on treatment, in how many participants, how severe?",
        datasets=_EVENTS,
        domains=("adverse_events", "doses"),
        options={
            "by_severity": {
                "type": "array",
                "items": {"enum": ["body_system", "term"]},
                "uniqueItems": True,
                "default": [],
                "description": "Where participants are also counted by the worst severity within "
                "each body system or term.",
            },
        },
    ),
    "adverse_event_differences": MethodNeeds(
        "differences and ratios of the risks of treatment-emergent adverse events, with score "
        "intervals, Fisher's exact test and a double false discovery rate over body systems and "
        "terms",
        "By how much do the arms differ in the share of participants with adverse events?",
        datasets=_EVENTS,
        domains=("adverse_events", "doses"),
        options={
            "interval": {
                "enum": ["miettinen_nurminen", "newcombe"],
                "default": "miettinen_nurminen",
                "description": "Interval of the risk difference; that of the risk ratio is always "
                "Miettinen and Nurminen's.",
            },
            **_MINIMUM,
            "double_fdr": {
                "enum": ["mehrotra_heyse", "mehrotra_adewale"],
                "default": "mehrotra_adewale",
                "description": "How p-values of terms are adjusted. mehrotra_adewale (2012): the "
                "smallest p-value adjusted within its body system stands for it, and the terms of "
                "all body systems chosen are adjusted together. mehrotra_heyse (2004): the "
                "smallest p-value stands for a body system, and terms are adjusted within theirs; "
                "this does not hold its levels.",
            },
            "level_body_system": {
                "type": "number",
                "exclusiveMinimum": 0,
                "maximum": 1,
                "default": 0.05,
                "description": "Level of the first step, at which body systems are chosen.",
            },
            "level_term": {
                "type": "number",
                "exclusiveMinimum": 0,
                "maximum": 1,
                "default": 0.1,
                "description": "Level of the second step, at which terms of those are flagged.",
            },
        },
        caution="It looks for signals; it does not show that an arm is safe. Rare events are "
        "missed by any test at this size.",
    ),
    "adverse_event_incidence": MethodNeeds(
        "incidence of treatment-emergent adverse events by time at risk until the first, and rates "
        "of events by time of exposure, with exact limits, ratios and differences",
        "How often did adverse events begin in a given time of treatment?",
        datasets=_EVENTS,
        domains=("adverse_events", "doses"),
        options={
            "kinds": {
                "type": "array",
                "items": {"enum": ["body_system", "term"]},
                "uniqueItems": True,
                "default": ["body_system"],
                "description": "What is given besides any event and those that are serious, "
                "related, led to withdrawal or were fatal.",
            },
            **_MINIMUM,
        },
    ),
    "exposure_summary": MethodNeeds(
        "doses, duration of exposure, total dose and dose intensity, by arm",
        "How much treatment did participants receive, and for how long?",
        datasets=("adsl", "adex"),
        domains=("doses",),
        options={
            "dose_per": {
                "enum": ["record", "day"],
                "default": "record",
                "description": "Whether the dose of a record was given once, or on each of the "
                "days that the record covers.",
            },
        },
    ),
    "medication_changes": MethodNeeds(
        "participants whose concomitant medication was started or stopped, by class and reason",
        "Which medication was started or stopped during the trial, and what for?",
        datasets=("adsl", "medications"),
        domains=("medications",),
        options={
            "from_day": {
                "type": "integer",
                "default": 2,
                "description": "First study day of a change.",
            },
            "classes": {
                "type": ["array", "null"],
                "items": {"type": "string"},
                "minItems": 1,
                "uniqueItems": True,
                "default": None,
                "description": "Classes of medication that are counted; all where none are named.",
            },
        },
    ),
    "deaths": MethodNeeds(
        "deaths by arm, from fatal adverse events and from the reasons for leaving",
        "How many participants died?",
        datasets=_EVENTS,
        domains=("adverse_events",),
        options={
            "disposition_reason": {
                "type": ["string", "null"],
                "default": None,
                "description": "Reason for leaving that means death; none where it is left out.",
            },
        },
    ),
}
