"""What a specification curve says as a whole: middle and range, and the choices that move it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisSpec, Statistic
from seizureflow.results import value_of
from seizureflow.specification_curve.choices import CHOICES
from seizureflow.specification_curve.compute import COMPUTED, DUPLICATE, FAILED, IMPOSSIBLE
from seizureflow.specification_curve.reference import permutation_statistics

_AGREES = 1e-6  # relative, between the primary analysis and its own specification


def summarise(
    table: pd.DataFrame,
    spec: AnalysisSpec,
    primary: pd.DataFrame,
    primary_id: str,
    threshold: float,
) -> tuple[tuple[Statistic, ...], tuple[str, ...]]:
    """Statistics and notes of a curve.

    Args:
        table: The whole table ``specifications``, with the permutations.
        spec: The analysis; it has two arms.
        primary: Results of the primary analysis.
        primary_id: Its id.
        threshold: Reduction that was asked for, percent.
    """
    arm = spec.arms[1].id
    own = value_of(primary, primary_id, "relative_change", group=arm)
    computed = table[table["STATUS"] == COMPUTED]
    statistics = list(_counts(table))
    if len(computed):
        alpha = spec.significance_level
        statistics += [
            *_middle_and_range(computed, spec),
            *_shares(computed, spec, threshold, alpha),
            *_primary(computed, spec, own),
            *permutation_statistics(computed, spec, threshold, alpha),
            *_choices(computed, spec),
        ]
    return tuple(statistics), tuple(_notes(table, computed, own, primary_id))


def _counts(table: pd.DataFrame) -> Iterator[Statistic]:
    yield Statistic("specifications", "Specifications planned", float(len(table)))
    for status, words in (
        (COMPUTED, "Specifications computed"),
        (FAILED, "Specifications without an estimate"),
        (DUPLICATE, "Combinations into which the same numbers enter as in another"),
        (IMPOSSIBLE, "Combinations of choices that do not go together"),
    ):
        found = float((table["STATUS"] == status).sum())
        yield Statistic(f"specifications_{status}", words, found)


def _compared(
    spec: AnalysisSpec,
    name: str,
    label: str,
    value: float,
    unit: str | None = None,
    variable: str | None = None,
    level: str | None = None,
) -> Statistic:
    return Statistic(
        name,
        label,
        value,
        group=spec.arms[1].id,
        reference=spec.reference.id,
        unit=unit,
        variable=variable,
        level=level,
    )


def _middle_and_range(computed: pd.DataFrame, spec: AnalysisSpec) -> Iterator[Statistic]:
    changes = computed["ESTIMATE"].to_numpy(dtype=np.float64)
    for name, label, value in (
        ("median_relative_change", "Median relative change", np.median(changes)),
        ("smallest_relative_change", "Lowest relative change", changes.min()),
        ("largest_relative_change", "Highest relative change", changes.max()),
    ):
        yield _compared(spec, name, label, float(value), "%")


def _shares(
    computed: pd.DataFrame, spec: AnalysisSpec, threshold: float, alpha: float
) -> Iterator[Statistic]:
    estimate, p = computed["ESTIMATE"], computed["P"]
    inside = (computed["LOWER"] <= -threshold) & (computed["UPPER"] >= -threshold)
    for name, label, holds in (
        (
            "share_beyond_threshold",
            f"Specifications with a reduction of at least {threshold:g}%",
            estimate <= -threshold,
        ),
        (
            "share_significant_reduction",
            f"Specifications with fewer seizures and p < {alpha:.2g}",
            (estimate < 0) & (p < alpha),
        ),
        (
            "share_significant_increase",
            f"Specifications with more seizures and p < {alpha:.2g}",
            (estimate > 0) & (p < alpha),
        ),
        (
            "share_interval_holds_threshold",
            f"Specifications whose interval holds a reduction of {threshold:g}%",
            inside,
        ),
    ):
        yield _compared(spec, name, label, float(100 * holds.mean()), "%")


def _primary(computed: pd.DataFrame, spec: AnalysisSpec, own: float) -> Iterator[Statistic]:
    if math.isnan(own):
        return
    yield _compared(spec, "primary_relative_change", "Relative change, primary analysis", own, "%")
    estimates = computed["ESTIMATE"].to_numpy(dtype=np.float64)
    marked = computed.loc[computed["ISPRIMARY"], "ESTIMATE"]
    # Its own specification is the same number to the last digits but one: it must not stand below.
    limit = float(marked.iloc[0]) if len(marked) and _same(float(marked.iloc[0]), own) else own
    rank = 1 + int((estimates < limit).sum())
    label = "Rank of the primary analysis, 1 being the largest reduction"
    yield _compared(spec, "primary_rank", label, float(rank))


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_AGREES, abs_tol=_AGREES)


def _choices(computed: pd.DataFrame, spec: AnalysisSpec) -> Iterator[Statistic]:
    """Mean estimate by level of each choice, and the share of the variance between its levels."""
    for column, choice in CHOICES.items():
        known = computed[computed[column].notna()]
        if known[column].nunique() < 2:
            continue
        ratios = known["LOGRATIO"]
        total = float(((ratios - ratios.mean()) ** 2).sum())
        groups = ratios.groupby(known[column], sort=False)
        between = float((groups.size() * (groups.mean() - ratios.mean()) ** 2).sum())
        if total > 0:
            yield _compared(
                spec,
                "variance_share",
                "Share of the variance of the log ratios between the levels",
                100 * between / total,
                "%",
                choice,
            )
        sizes = groups.size().to_numpy()
        for (level, mean), size in zip(groups.mean().items(), sizes, strict=True):
            label = "Mean relative change"
            yield _compared(
                spec,
                "mean_relative_change",
                label,
                100 * math.expm1(mean),
                "%",
                choice,
                str(level),
            )
            words = "Specifications computed"
            yield _compared(spec, "specifications", words, float(size), None, choice, str(level))


def _notes(
    table: pd.DataFrame, computed: pd.DataFrame, own: float, primary_id: str
) -> Iterator[str]:
    yield (
        "The specifications are not independent: they share participants, and their number is no "
        "measure of evidence. Whether a choice is defensible is a judgement that the plan makes by "
        "having it."
    )
    failed = table[table["STATUS"] == FAILED]
    for reason, found in failed.groupby("REASON", sort=True):
        yield f"{len(found)} specifications have no estimate. {reason}"
    for reason, found in table[table["STATUS"] == IMPOSSIBLE].groupby("REASON", sort=True):
        yield f"{len(found)} combinations do not go together. {reason}"
    if computed.empty:
        yield "No specification could be computed."
        return
    yield (
        "Means by level are of the log ratios, turned into percent; the share of the variance is "
        "that between the levels of one choice, whatever the others are: the shares need not add "
        "up to 100%."
    )
    marked = computed[computed["ISPRIMARY"]]
    if math.isnan(own):
        yield f"The analysis {primary_id} gave no estimate, so it is not placed in the curve."
    elif marked.empty or not _same(float(marked["ESTIMATE"].iloc[0]), own):
        shown = "not computed" if marked.empty else f"{float(marked['ESTIMATE'].iloc[0]):.2f}%"
        yield (
            "The specification with the first level of every choice is not the analysis "
            f"{primary_id} itself: it gives {shown} and the analysis {own:.2f}%."
        )
