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
        at_one = dict(cells).get(1.0)
        significance = beyond = None
        if at_one is not None:
            significance = "significant" if at_one.p_value < level else "not significant"
        # Significance turns where a limit passes 0: a reduction may be lost and an increase won
        # between two multipliers at both of which p is below the level.
        limits = [(factor, pooled.limits(spec.confidence_level)) for factor, pooled in cells]
        yield _turning_point(
            "tipping_significance",
            f"Multiplier at which significance at {100 * level:g}% turns",
            [[(factor, ends[end]) for factor, ends in limits] for end in (0, 1)],
            significance,
            words,
            arm,
            spec,
        )
        if threshold is not None:
            wanted = math.log1p(-threshold / 100)
            if at_one is not None:
                beyond = "beyond it" if at_one.estimate < wanted else "short of it"
            yield _turning_point(
                "tipping_threshold",
                f"Multiplier at which the estimate passes a reduction of {threshold:g}%",
                [[(factor, pooled.estimate - wanted) for factor, pooled in cells]],
                beyond,
                words,
                arm,
                spec,
            )


def _turning_point(
    name: str,
    label: str,
    paths: list[list[tuple[float, float]]],
    at_one: str | None,
    words: str,
    arm: Arm,
    spec: AnalysisSpec,
) -> Statistic:
    """A turning point, with a note on the conclusion at a multiplier of 1 and how far it holds.

    Args:
        name: Name of the statistic.
        label: Its label.
        paths: Multipliers with a quantity, for each quantity whose change of sign is a turn.
        at_one: The conclusion in words at a multiplier of 1; None where there is none.
        words: What varies along the path.
        arm: The arm compared.
        spec: The analysis.
    """
    value = turning_point(*paths)
    if at_one is None:
        note = f"{words}: no two imputed data sets at a multiplier of 1 admit a finite rate ratio."
        value = math.nan
    else:
        note = f"{label} ({words[0].lower()}{words[1:]}): {at_one} at 1"
        first, last = paths[0][0][0], paths[0][-1][0]
        note += f", and so from {first:g} to {last:g}." if math.isnan(value) else "."
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
