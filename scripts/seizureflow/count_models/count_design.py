"""Design matrices of count models, and the contrasts that are their treatment effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from formulaic import model_matrix

from seizureflow.analysis import AnalysisSpec
from seizureflow.array_types import FloatArray
from seizureflow.problems import AnalysisError

# Terms that stand for the visit under each choice of visit_effect.
_VISIT_TERMS = {"none": [], "categorical": ["VISIT"], "last": ["LASTVIS"], "linear": ["VISITLIN"]}


@dataclass(frozen=True)
class DesignChoices:
    """What a count model holds besides arm and covariates.

    Attributes:
        visit_effect: ``none``, ``categorical``, ``last`` (``LASTVIS``, 1 at the last visit) or
            ``linear`` (``VISITLIN``, which goes in equal steps of 0.2 and is 0 in the middle).
        arm_by: Covariates whose effect may differ between arms.
        arm_by_visit: Whether the effect may differ between visits.
        baseline_as_period: Whether the rows hold the baseline too; the effect is then how much
            more the rate changes after it in an arm than in the reference arm.
    """

    visit_effect: str = "none"
    arm_by: tuple[str, ...] = ()
    arm_by_visit: bool = False
    baseline_as_period: bool = False

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> DesignChoices:
        """The choices among the options of an analysis."""
        return cls(
            visit_effect=options.get("visit_effect", "none"),
            arm_by=tuple(options.get("arm_by", ())),
            arm_by_visit=bool(options.get("arm_by_visit", False)),
            baseline_as_period=bool(options.get("baseline_as_period", False)),
        )


@dataclass(frozen=True)
class CountDesign:
    """A full-rank design matrix.

    Attributes:
        matrix: Rows by named terms.
        effects: For each arm but the reference, the contrast of coefficients that is its log rate
            ratio: covariates at their mean, categories and visits with equal weights.
        visit_effects: The same by arm and visit; empty unless the effect may differ between visits.
        notes: Where the effects are taken, where that matters.
    """

    matrix: pd.DataFrame
    effects: dict[str, FloatArray]
    visit_effects: dict[tuple[str, str], FloatArray]
    notes: tuple[str, ...]


def build_count_design(
    frame: pd.DataFrame, spec: AnalysisSpec, choices: DesignChoices
) -> CountDesign:
    """Build the design matrix.

    Args:
        frame: Rows with ``ARM``, the covariates and, where the choices need them, ``VISIT`` and
            ``PERIOD``.
        spec: The analysis.
        choices: What the model holds besides arm and covariates.

    Raises:
        AnalysisError: Choices exclude each other, or columns depend on each other.
    """
    _refuse_contradictions(spec, choices, by_visit="VISIT" in frame)
    prepared = _with_visit_terms(frame, spec.visits)
    matrix = model_matrix(_formula(spec, choices), prepared)
    _refuse_aliased(pd.DataFrame(matrix), spec)
    grid = _reference_grid(prepared, spec)
    rows = np.asarray(matrix.model_spec.get_model_matrix(grid), dtype=np.float64)
    reference = spec.reference.id

    def mean(arm: str, **where: object) -> FloatArray:
        chosen = grid["ARM"] == arm
        for column, value in where.items():
            chosen &= grid[column] == value
        return np.asarray(rows[chosen.to_numpy()].mean(axis=0), dtype=np.float64)

    compared = [arm.id for arm in spec.arms[1:]]
    if choices.baseline_as_period:
        effects = {
            arm: (mean(arm, PERIOD=1.0) - mean(arm, PERIOD=0.0))
            - (mean(reference, PERIOD=1.0) - mean(reference, PERIOD=0.0))
            for arm in compared
        }
    else:
        effects = {arm: mean(arm) - mean(reference) for arm in compared}
    visits = spec.visits if choices.arm_by_visit else ()
    return CountDesign(
        matrix=pd.DataFrame(matrix),
        effects=effects,
        visit_effects={
            (arm, visit): mean(arm, VISIT=visit) - mean(reference, VISIT=visit)
            for visit in visits
            for arm in compared
        },
        notes=_notes(spec, choices),
    )


def _formula(spec: AnalysisSpec, choices: DesignChoices) -> str:
    terms = ["ARM", *spec.covariates, *_VISIT_TERMS[choices.visit_effect]]
    terms += [f"ARM:{name}" for name in choices.arm_by]
    if choices.arm_by_visit:
        terms.append("ARM:VISIT")
    if choices.baseline_as_period:
        terms = ["PERIOD", "ARM", *terms[1:], "PERIOD:ARM"]
    return " + ".join(terms)


def _with_visit_terms(frame: pd.DataFrame, visits: Sequence[str]) -> pd.DataFrame:
    """Add the columns that stand for the visit; in rows of the baseline they have no effect."""
    if "VISIT" not in frame:
        return frame
    codes = np.asarray(frame["VISIT"].cat.codes, dtype=np.float64)
    last = len(visits) - 1
    return frame.assign(
        VISIT=pd.Categorical(frame["VISIT"].fillna(visits[0]), list(visits)),
        LASTVIS=(codes == last).astype(np.float64),
        VISITLIN=np.where(codes < 0, 0.0, (2 * codes - last) / 10),
    )


def _reference_grid(frame: pd.DataFrame, spec: AnalysisSpec) -> pd.DataFrame:
    """Every combination of arms, categories, visits and periods; numbers at their mean.

    The mean is that of participants, each once.
    """
    people = frame.drop_duplicates("USUBJID")
    levels: dict[str, list[Any]] = {"ARM": [arm.id for arm in spec.arms]}
    for name in spec.covariates:
        numeric = pd.api.types.is_numeric_dtype(people[name])
        levels[name] = [float(people[name].mean())] if numeric else sorted(people[name].unique())
    if "VISIT" in frame:
        levels["VISIT"] = list(spec.visits)
    if "PERIOD" in frame:
        levels["PERIOD"] = [0.0, 1.0]
    grid = pd.DataFrame(list(product(*levels.values())), columns=list(levels))
    grid["ARM"] = pd.Categorical(grid["ARM"], frame["ARM"].cat.categories)
    if "VISIT" in grid:
        grid["VISIT"] = pd.Categorical(grid["VISIT"], list(spec.visits))
        grid = _with_visit_terms(grid, spec.visits)
    return grid


def _refuse_contradictions(spec: AnalysisSpec, choices: DesignChoices, *, by_visit: bool) -> None:
    problem = None
    strangers = [name for name in choices.arm_by if name not in spec.covariates]
    if strangers:
        problem = f"arm_by names {', '.join(strangers)}, which is not among the covariates."
    elif choices.visit_effect != "none" and not by_visit:
        problem = "visit_effect needs rows: visit."
    elif choices.arm_by_visit and choices.visit_effect != "categorical":
        problem = "arm_by_visit needs visit_effect: categorical."
    elif choices.baseline_as_period and (choices.arm_by or choices.arm_by_visit):
        problem = "baseline_as_period excludes arm_by and arm_by_visit."
    if problem:
        raise AnalysisError(f"Analysis {spec.id}: {problem} Correct its options in protocol.yaml.")


def _refuse_aliased(matrix: pd.DataFrame, spec: AnalysisSpec) -> None:
    """Name the terms that are combinations of those before them."""
    values = matrix.to_numpy(dtype=np.float64)
    kept: list[int] = []
    aliased = []
    for place, name in enumerate(matrix.columns):
        if np.linalg.matrix_rank(values[:, [*kept, place]]) > len(kept):
            kept.append(place)
        else:
            aliased.append(str(name))
    if aliased:
        raise AnalysisError(
            f"Analysis {spec.id}: {', '.join(aliased)} cannot be told apart from the other terms "
            "in these data. Remove the covariate, or join its categories."
        )


def _notes(spec: AnalysisSpec, choices: DesignChoices) -> tuple[str, ...]:
    notes = []
    if choices.arm_by:
        names = ", ".join(spec.label(name) for name in choices.arm_by)
        notes.append(
            f"The effect of treatment differs with {names}; the rate ratio is the one at the mean "
            "of numeric covariates and averaged, on the log scale, over categories with equal "
            "weights."
        )
    if choices.arm_by_visit:
        notes.append(
            "The rate ratio is averaged, on the log scale, over the visits with equal weights."
        )
    if choices.baseline_as_period:
        notes.append(
            "The rate ratio compares the change of the rate from baseline with that of the "
            "reference arm."
        )
    return tuple(notes)
