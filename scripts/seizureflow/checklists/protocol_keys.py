"""What checklists read of a protocol; apart, so that a workflow can know it without pandas."""

PROTOCOL_KEYS = (
    "study",
    "title",
    "question",
    "description",
    "simulated",
    "treatment",
    "reporting",
    "design",
    "domains",
    "eligibility",
    "analysis_sets",
    "intercurrent_events",
    "estimands",
    "endpoints",
    "time_to_event",
    "analyses",
)
