"""Methods that describe the participants and what became of them."""

from __future__ import annotations

from seizureflow.registry.needs import MethodNeeds

METHODS: dict[str, MethodNeeds] = {
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
            "medication_reason": {
                "description": "Reason for starting a medication that counts.",
                "type": "string",
            },
            "medication_from_day": {
                "description": "First study day on which it counts.",
                "type": "integer",
            },
            "disposition_reason": {
                "description": "Reason for leaving that counts.",
                "type": "string",
            },
        },
    ),
}
