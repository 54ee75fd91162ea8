"""The primary and secondary outcomes of a plan, and the analyses of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seizureflow.checklists.study_run import StudyRun
from seizureflow.registry import METHODS

Entry = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """An outcome.

    Attributes:
        label: What is measured, and when.
        role: ``primary`` or ``secondary``.
        binary: Whether a participant has it or not.
        analyses: All analyses of it, whatever their role, in the order of the plan.
    """

    label: str
    role: str
    binary: bool
    analyses: tuple[Entry, ...]


def outcomes(run: StudyRun, role: str) -> list[Outcome]:
    """The outcomes that the plan has analyses of in a role, in its order.

    Analyses that read or repeat others (margins, procedures for several hypotheses) have no
    outcome of their own.

    Args:
        run: The study.
        role: ``primary`` or ``secondary``.
    """
    primary = {key for entry in run.with_role("primary") if (key := _key(entry))}
    keys = dict.fromkeys(key for entry in run.with_role(role) if (key := _key(entry)))
    return [_outcome(run, key, role) for key in keys if role == "primary" or key not in primary]


def _key(entry: Entry) -> tuple[str, str] | None:
    """What an analysis measures, and over which window; None where it has no outcome."""
    needs = METHODS[entry["method"]]
    if needs.reads_results or needs.repeats:
        return None
    if "endpoint" in entry:
        return entry["endpoint"], entry.get("window", "")
    if needs.parameter:
        return f"time {entry['options']['parameter']}", ""
    if needs.window:
        return "counts", entry["window"]
    return f"method {entry['method']}", ""


def _outcome(run: StudyRun, key: tuple[str, str], role: str) -> Outcome:
    analyses = tuple(entry for entry in run.protocol["analyses"] if _key(entry) == key)
    endpoint = run.labels.endpoint(key[0])
    return Outcome(
        label=_label(run, key, analyses[0]),
        role=role,
        binary=endpoint is not None and endpoint["kind"] == "responder",
        analyses=analyses,
    )


def _label(run: StudyRun, key: tuple[str, str], first: Entry) -> str:
    measured, window = key
    endpoint = run.labels.endpoint(measured)
    when = f", {run.labels.window(window)}" if window else ""
    if endpoint is not None:
        return f"{endpoint['label']}{when}"
    if measured == "counts":
        return f"Number of seizures{when}"
    return run.labels.time_to_event(first) or str(first["label"])
