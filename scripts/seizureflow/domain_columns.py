"""The columns that a raw domain must have."""

from __future__ import annotations

REQUIRED_COLUMNS: dict[str, tuple[str, ...]] = {
    "participants": ("participant",),
    "treatment_codes": ("participant", "arm"),
    "diary": ("participant", "date"),
    "visits": ("participant", "visit", "date"),
    "doses": ("participant", "date", "dose"),
    "disposition": ("participant", "status", "date"),
    "adverse_events": (
        "participant",
        "term",
        "body_system",
        "start_date",
        "severity",
        "serious",
    ),
    "medications": ("participant", "medication", "start_date"),
    "laboratory": ("participant", "date", "test_code", "value"),
    "vital_signs": ("participant", "date", "test_code", "value"),
}
EVENT_COLUMNS = ("participant", "date", "type")
EVENT_DAY_COLUMNS = ("participant", "date")
