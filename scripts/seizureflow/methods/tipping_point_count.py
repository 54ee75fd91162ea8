"""How much worse the unseen days must have been for the conclusion on seizure counts to turn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Arm, Statistic
from seizureflow.count_imputation.imputation import draw_parameters
from seizureflow.count_imputation.pooling import Pooled
from seizureflow.count_imputation.reported import arm_statistics, in_analysis
from seizureflow.count_imputation.tipping_points import TippingMap, tipping_map, turning_point
from seizureflow.count_imputation.trial import count_trial
from seizureflow.methods.common_statistics import relative_change
from seizureflow.problems import AnalysisError
from seizureflow.streams import Streams

# What varies along each path through the map.
PATHS = {
    "active": "Only the compared arms vary",
    "reference": "Only the reference arm varies",
    "both": "All arms vary alike",
}


def analyse(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> AnalysisResult:
    """Multiply the rate after the end of follow-up in each arm, impute, and analyse.

    Missing days are imputed as at random, those after the end of follow-up at the rate times a
    multiplier: one for the reference arm and one for the others, every pair of the option
    ``multipliers``. All pairs share their random numbers. Each is combined by Rubin's rules. The
    turning points lie where significance is won or lost, and where the estimate passes the
    reduction ``threshold_percent``; in between multipliers they are interpolated.

    Rows of a pair have ``variable`` ``reference rate × <multiplier>`` and ``level`` ``active rate ×
    <multiplier>``; turning points have the path as ``variable``.

    Args:
        spec: The analysis; it takes no endpoint.
        data: Tables ``adsl``, ``adsz`` and ``intervals``.
        rng: Source of random numbers.

    Raises:
        AnalysisError: Nobody left early, an arm has no seizure or no recorded day in the window, or
            a model cannot be fitted.

    Source:
        Keene et al., Pharm Stat 2014; 13: 258-264 (delta adjustment of a rate); Akacha & Ogundimu,
        Pharm Stat 2016; 15: 4-14 (tipping points of recurrent events).
    """
    trial, notes = count_trial(spec, data)
    if not (trial.after > 0).any():
        raise AnalysisError(
            f"Analysis {spec.id}: every participant was followed to the end of the window, so "
            "there are no days whose rate could be varied."
        )
    options, streams = spec.options, Streams.of(rng)
    with in_analysis(spec):
        parameters, _ = draw_parameters(trial, options["draws"], options["parameters"], streams)
    found = tipping_map(trial, parameters, options["multipliers"], streams.generator("counts"))
    statistics = arm_statistics(trial)
    for place, arm in enumerate(spec.arms[1:]):
        statistics += [*_turning_points(found, place, arm, spec), *_cells(found, place, arm, spec)]
    failures = (
        f"{found.failed} of {found.fitted} imputed data sets admit no finite rate ratio and are "
        "left out.",
    ) * (found.failed > 0)
    return AnalysisResult(
        tuple(statistics), converged=True, notes=(*notes, *parameters.notes, *failures)
    )


def _turning_points(
    found: TippingMap, place: int, arm: Arm, spec: AnalysisSpec
) -> Iterator[Statistic]:
    level = spec.significance_level
    threshold = spec.options["threshold_percent"]
    for path, words in PATHS.items():
        cells = found.along(path, place)
        yield _turning_point(
            "tipping_significance",
            f"Multiplier at which significance at {100 * level:g}% turns",
            [(factor, pooled.p_value - level) for factor, pooled in cells],
            ("significant", "not significant"),
            words,
            arm,
            spec,
        )
        if threshold is not None:
            wanted = math.log1p(-threshold / 100)
            yield _turning_point(
                "tipping_threshold",
                f"Multiplier at which the estimate passes a reduction of {threshold:g}%",
                [(factor, pooled.estimate - wanted) for factor, pooled in cells],
                ("beyond it", "short of it"),
                words,
                arm,
                spec,
            )


def _turning_point(
    name: str,
    label: str,
    path: list[tuple[float, float]],
    states: tuple[str, str],
    words: str,
    arm: Arm,
    spec: AnalysisSpec,
) -> Statistic:
    """A turning point, with a note on the conclusion at a multiplier of 1 and how far it holds.

    Args:
        name: Name of the statistic.
        label: Its label.
        path: Multipliers with a quantity whose sign is the conclusion.
        states: The conclusion in words where the quantity is negative, and where it is not.
        words: What varies along the path.
        arm: The arm compared.
        spec: The analysis.
    """
    value, at_one = turning_point(path), dict(path).get(1.0, math.nan)
    if math.isnan(at_one):
        note = f"{words}: no two imputed data sets at a multiplier of 1 admit a finite rate ratio."
        value = math.nan
    else:
        note = f"{label} ({words[0].lower()}{words[1:]}): {states[at_one >= 0]} at 1"
        note += f", and so from {path[0][0]:g} to {path[-1][0]:g}." if math.isnan(value) else "."
    return Statistic(
        name, label, value, group=arm.id, reference=spec.reference.id, variable=words, note=note
    )


def _cells(found: TippingMap, place: int, arm: Arm, spec: AnalysisSpec) -> Iterator[Statistic]:
    for reference, row in zip(found.multipliers, found.cells, strict=True):
        for active, cell in zip(found.multipliers, row, strict=True):
            for statistic in _cell(None if cell is None else cell[place], arm, spec):
                yield Statistic(
                    statistic.name,
                    statistic.label,
                    statistic.value,
                    group=arm.id,
                    reference=spec.reference.id,
                    variable=f"reference rate × {reference:g}",
                    level=f"active rate × {active:g}",
                    unit=statistic.unit,
                    note=statistic.note,
                )


def _cell(pooled: Pooled | None, arm: Arm, spec: AnalysisSpec) -> list[Statistic]:
    if pooled is None:
        note = "No two imputed data sets admit a finite rate ratio."
        return [Statistic("relative_change", "Relative change", math.nan, unit="%", note=note)]
    lower, upper = pooled.limits(spec.confidence_level)
    return [
        *relative_change(pooled.estimate, lower, upper, arm.id, spec),
        Statistic("p_value", "p", pooled.p_value),
    ]
