"""Specification curve: the effect under every combination of choices that could have been made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec
from seizureflow.specification_curve.choices import specifications
from seizureflow.specification_curve.compute import COMPUTED, compute_curve, refusal
from seizureflow.specification_curve.summary import summarise
from seizureflow.specification_curve.trial import trial_arrays


def analyse(
    spec: AnalysisSpec, data: Mapping[str, pd.DataFrame], rng: np.random.Generator
) -> AnalysisResult:
    """Compute all specifications of the plan and summarise them.

    The first level of every choice is that of the primary analysis, whose own estimate is read from
    its results. Arms are permuted within strata for the reference; mixed models are not refitted
    under permutations, and do not enter it. A curve compares one arm with the reference: the
    participants of further arms enter no specification.

    Args:
        spec: The analysis.
        data: Tables ``adsl`` and ``adsz``, and the results of the primary analysis.
        rng: Source of the permutations.

    Returns:
        The summary; in the workflow the table of specifications is kept beside it.

    Raises:
        AnalysisError: No one arm is compared, or the grid names what the study has not.

    Source:
        Simonsohn, Simmons & Nelson (2020), Nature Human Behaviour 4:1208-1214.
    """
    return summary(part(spec, data, rng), spec, data)


def part(
    spec: AnalysisSpec,
    data: Mapping[str, pd.DataFrame],
    rng: np.random.Generator,
    chunk: int = 1,
    chunks: int = 1,
) -> pd.DataFrame:
    """Compute one part of the specifications, see :func:`compute_curve`."""
    grid = specifications(spec.options["grid"])
    return compute_curve(
        trial_arrays(data, _compared(spec).arms, spec.frequency_days, grid),
        grid,
        labels=spec.labels,
        level=spec.confidence_level,
        permutations=spec.options["permutations"],
        rng=rng,
        chunk=chunk,
        chunks=chunks,
    )


def summary(
    table: pd.DataFrame, spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]
) -> AnalysisResult:
    """Summarise the whole table of specifications, or say why there is none.

    Args:
        table: All parts.
        spec: The analysis.
        data: Results of the primary analysis.
    """
    reason = refusal(table)
    if reason is not None:
        return AnalysisResult((), converged=False, notes=(f"Not computed. {reason}",))
    compared, primary = _compared(spec), spec.options["primary"]
    statistics, notes = summarise(
        table, compared, data[f"results_{primary}"], primary, spec.options["relative_reduction"]
    )
    if others := [arm.label for arm in spec.arms if arm not in compared.arms]:
        words = f"Participants of other arms ({', '.join(others)}) enter no specification."
        notes = (*notes, words)
    left_out = (
        "Mixed models are not refitted under permuted arms: the permutation reference is of the "
        "other models alone."
    )
    mixed = (table["PERMUTED"].map(len) == 0) & (table["STATUS"] == COMPUTED)
    return AnalysisResult(statistics, notes=(*notes, left_out) if mixed.any() else notes)


def _compared(spec: AnalysisSpec) -> AnalysisSpec:
    """The analysis with the reference and the arm that the plan names alone."""
    named = spec.options.get("arm")
    if named is None:
        return spec
    return replace(spec, arms=(spec.reference, *(arm for arm in spec.arms[1:] if arm.id == named)))
