"""Checks of what a protocol says of adverse events and doses, which a schema cannot make."""

from __future__ import annotations

from typing import Any

from seizureflow.adverse_events.rules import FLAGS, known_flags
from seizureflow.domain_checks import Report
from seizureflow.suggestions import nearest
from seizureflow.yaml_source import Key

Entry = dict[str, Any]

_WANTING = {
    "serious": "columns.serious",
    "related": "columns.related",
    "withdrawn": "columns.action and withdrawn_value",
    "fatal": "columns.outcome and fatal_value",
}


def check_adverse_events(data: Entry, report: Report) -> None:
    """Report what is wrong with the rules of adverse events, of times to them and of doses.

    Args:
        data: The protocol with defaults filled in.
        report: Takes the problems.
    """
    _check_domain(data, report)
    _check_planned_doses(data, report)
    for index, entry in enumerate(data["time_to_event"]):
        _check_time(data, ("time_to_event", index), entry, report)


def _check_domain(data: Entry, report: Report) -> None:
    domains = data["domains"]
    domain = domains.get("adverse_events")
    if domain is None:
        return
    key = ("domains", "adverse_events")
    if "fatal_value" in domain and "outcome" not in domain["columns"]:
        report(
            (*key, "fatal_value"),
            "The outcome that means death is named, but no column of outcomes.",
            action='Add "outcome" to columns, or delete fatal_value.',
        )
    if domain["emergent"]["until_days_after_last_dose"] is not None and "doses" not in domains:
        report(
            (*key, "emergent", "until_days_after_last_dose"),
            "The last dose needs the domain doses, which the study lacks.",
            action="Add domains.doses, or set null.",
        )


def _check_planned_doses(data: Entry, report: Report) -> None:
    arms = [arm["id"] for arm in data["design"]["arms"]]
    for name in data["domains"].get("doses", {}).get("planned_dose", {}):
        if name not in arms:
            report(
                ("domains", "doses", "planned_dose", name),
                f'There is no arm "{name}".',
                action=nearest(name, arms),
            )


def _check_time(data: Entry, key: Key, entry: Entry, report: Report) -> None:
    if "events" in entry and entry["kind"] != "adverse_event":
        report((*key, "events"), "The key events belongs to the kind adverse_event.")
        return
    domain = data["domains"].get("adverse_events")
    if entry["kind"] != "adverse_event" or domain is None:
        return
    if domain["emergent"]["from"] == "first_dose" and "doses" not in data["domains"]:
        report(
            key,
            "The time at risk begins with the first dose: it needs the domain doses.",
            action="Add domains.doses, or set domains.adverse_events.emergent.from: day_1.",
        )
    wanted = entry.get("events", {})
    known = known_flags(domain)
    for name in FLAGS:
        if wanted.get(name) and name not in known:
            report(
                (*key, "events", name),
                f"The adverse events of the study do not say whether they are {name}.",
                expected=f"{_WANTING[name]} of domains.adverse_events",
            )
    severity = wanted.get("minimum_severity")
    if severity is not None and severity not in domain["severity_order"]:
        report(
            (*key, "events", "minimum_severity"),
            f'There is no severity "{severity}".',
            action=nearest(severity, domain["severity_order"]),
        )
