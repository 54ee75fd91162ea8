"""Differences between arms in the risk of adverse events, with a double false discovery rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from seizureflow.adverse_events.comparison import RiskComparison, compare_risks
from seizureflow.adverse_events.double_fdr import double_fdr
from seizureflow.adverse_events.in_population import (
    counted_kinds,
    emergent_in,
    not_recorded,
    refuse_empty_arms,
    sizes_by_arm,
)
from seizureflow.adverse_events.kinds import EventKind
from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic

_NO_EVENT = "No participant of either arm had the event: there is no ratio of risks."
_NO_REFERENCE = "Infinite: no participant of the reference arm had the event."
_UNBOUNDED = "Infinite: these data set no bound to the ratio on this side."
_POOLED = "mehrotra_adewale"
_LEVELS_NOT_HELD = (
    "The double false discovery rate of 2004 does not hold its levels unless they are chosen by "
    "resampling: with 40 independent tests in 8 body systems and no effect at all, 24% of "
    "simulated trials had a flag at the levels 0.05 and 0.1."
)
_NOTE = (
    "Intervals, and p-values of Fisher's exact test (two-sided), are not adjusted for the number "
    "of comparisons. An interval that holds no difference is no evidence of none."
)


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Compare each arm with the reference: any event, by flag, by body system and by term.

    The p-values of terms are adjusted by the double false discovery rate, with body systems as
    groups, among all terms that are kept, for each arm by itself. A body system has the adjusted
    p-value of its first step.

    Args:
        spec: The analysis; options ``interval``, ``minimum_participants``, ``minimum_percent``,
            ``double_fdr``, ``level_body_system`` and ``level_term``.
        data: Tables ``adsl`` and ``adae``.

    Raises:
        AnalysisError: An arm has no participant.

    Source:
        See :mod:`seizureflow.adverse_events.comparison` and
        :mod:`seizureflow.adverse_events.double_fdr`.
    """
    chosen = emergent_in(spec, data)
    refuse_empty_arms(chosen, spec)
    kinds, left_out = counted_kinds(chosen, spec.options, ("body_system", "term"))
    statistics = sizes_by_arm(chosen.sizes)
    for arm in spec.arms[1:]:
        compared = [
            compare_risks(
                counts[arm.id],
                chosen.sizes[arm.id],
                counts[spec.reference.id],
                chosen.sizes[spec.reference.id],
                spec.confidence_level,
                spec.options.get("interval", "miettinen_nurminen"),
            )
            for _, counts in kinds
        ]
        adjusted = _adjusted([kind for kind, _ in kinds], compared, spec)
        for (kind, _), comparison in zip(kinds, compared, strict=True):
            numbers = [*_risks(comparison), *adjusted.get((kind.variable, kind.level), ())]
            statistics += [
                Statistic(
                    name,
                    label,
                    value,
                    group=arm.id,
                    reference=spec.reference.id,
                    variable=kind.variable,
                    level=kind.level,
                    note=note,
                )
                for name, label, value, note in numbers
            ]
    notes = [_NOTE, *left_out, *not_recorded(chosen.flags)]
    if spec.options.get("double_fdr", _POOLED) != _POOLED:
        notes.append(_LEVELS_NOT_HELD)
    return AnalysisResult(tuple(statistics), notes=tuple(notes))


Number = tuple[str, str, float, str | None]


def _risks(found: RiskComparison) -> list[Number]:
    numbers = (
        ("risk_difference", "Risk difference", found.difference),
        (
            "risk_difference_lower",
            "Lower limit of the risk difference",
            found.difference_interval.lower,
        ),
        (
            "risk_difference_upper",
            "Upper limit of the risk difference",
            found.difference_interval.upper,
        ),
        ("risk_ratio", "Risk ratio", found.ratio),
        ("risk_ratio_lower", "Lower limit of the risk ratio", found.ratio_interval.lower),
        ("risk_ratio_upper", "Upper limit of the risk ratio", found.ratio_interval.upper),
        ("p_value", "p (Fisher's exact test)", found.p_value),
    )
    return [(name, label, value, _why(name, value)) for name, label, value in numbers]


def _why(name: str, value: float) -> str | None:
    if math.isnan(value):
        return _NO_EVENT
    if math.isinf(value):
        return _NO_REFERENCE if name == "risk_ratio" else _UNBOUNDED
    return None


def _adjusted(
    kinds: Sequence[EventKind], compared: Sequence[RiskComparison], spec: AnalysisSpec
) -> dict[tuple[str, str | None], tuple[Number, ...]]:
    """Adjusted p-values of terms and of the body systems that hold them, by kind."""
    terms = [place for place, kind in enumerate(kinds) if kind.variable == "term"]
    if not terms:
        return {}
    options = spec.options
    found = double_fdr(
        np.array([compared[place].p_value for place in terms]),
        [str(kinds[place].body_system) for place in terms],
        options.get("level_body_system", 0.05),
        options.get("level_term", 0.1),
        pooled=options.get("double_fdr", _POOLED) == _POOLED,
    )
    name, label = "p_value_double_fdr", "p, adjusted by the double false discovery rate"
    adjusted: dict[tuple[str, str | None], tuple[Number, ...]] = {
        ("body_system", group): ((name, label, float(p), None),)
        for group, p in zip(found.groups, found.group_p, strict=True)
    }
    for place, p, flagged in zip(terms, found.p_values, found.flagged, strict=True):
        adjusted[("term", kinds[place].level)] = (
            (name, label, float(p), None),
            ("flagged", "Flagged by the double false discovery rate", float(flagged), None),
        )
    return adjusted
