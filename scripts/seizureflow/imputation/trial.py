"""The outcomes of a trial at its visits, some of them missing, and the designs of its models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from seizureflow.adsl import in_set
from seizureflow.analysis import AnalysisRows, AnalysisSpec, visit_rows
from seizureflow.array_types import BoolArray, FloatArray, IntArray
from seizureflow.design_matrix import build_design
from seizureflow.mmrm.errors import MMRMError
from seizureflow.mmrm.frame import analysed_rows
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class IncompleteTrial:
    """n participants of a trial with m visits.

    Attributes:
        arm: (n,) position of each participant's arm; 0 is the reference.
        n_arms: Number of arms.
        outcome: (n, m) outcomes, NaN where missing.
        design: (n, m, p) model matrix of the mixed model, at every visit whether seen or not.
        reference_design: (n, m, p) the same as if all had been in the reference arm.
        terms: (p,) names of the columns.
        analysis_design: (n, q) model matrix of the analysis of covariance at one visit.
        arm_columns: (n_arms - 1,) its columns that hold the arms, in order.
        visits: (m,) ids of the visits.
    """

    arm: IntArray
    n_arms: int
    outcome: FloatArray
    design: FloatArray
    reference_design: FloatArray
    terms: tuple[str, ...]
    analysis_design: FloatArray
    arm_columns: IntArray
    visits: tuple[str, ...]

    @property
    def observed(self) -> BoolArray:
        """(n, m) where the outcome was seen."""
        return ~np.isnan(self.outcome)

    @property
    def departure(self) -> IntArray:
        """(n,) position of the first visit after the last that was seen; m where there is none.

        This is the visit of the intercurrent event in the sense of Wolbers et al. (2022): what is
        missing before it is missing at random, but under CR, which takes the means of the
        reference arm at every visit of who left (as ``rbmi`` does).
        """
        m = self.outcome.shape[1]
        seen = self.observed
        last = np.where(seen.any(1), m - np.argmax(seen[:, ::-1], axis=1), 0)
        return last.astype(np.int64)

    @property
    def after_departure(self) -> BoolArray:
        """(n, m) visits from the departure on."""
        return np.arange(self.outcome.shape[1]) >= self.departure[:, None]

    def take(self, chosen: IntArray) -> IncompleteTrial:
        """The trial with the participants at some positions; one can be there several times."""
        return replace(
            self,
            arm=self.arm[chosen],
            outcome=self.outcome[chosen],
            design=self.design[chosen],
            reference_design=self.reference_design[chosen],
            analysis_design=self.analysis_design[chosen],
        )


def incomplete_trial(
    data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, *, keep_unseen: bool
) -> tuple[IncompleteTrial, AnalysisRows]:
    """Read the participants of an analysis with their outcomes at the visits.

    Args:
        data: Tables ``adsl`` and ``adsz``.
        spec: The analysis, with options ``covariates_by_visit`` and ``earlier_visits``.
        keep_unseen: Whether participants without any visit stay, to have all of them imputed.

    Returns:
        The trial, and its participants (``USUBJID``, ``ARM``, covariates) with the notes on who was
        left out.

    Raises:
        AnalysisError: Nobody was seen at a visit, or the data cannot carry the models.
    """
    visits = (*spec.options["earlier_visits"], *spec.visits)
    rows = visit_rows(data, replace(spec, visits=visits), spec.outcome)
    people, notes = _participants(data, spec, rows, keep_unseen=keep_unseen)
    empty = [visit for visit in visits if not (rows.frame["VISIT"] == visit).any()]
    if empty:
        names = ", ".join(spec.label(visit) for visit in empty)
        raise AnalysisError(
            f"Analysis {spec.id}: nobody has a value of the endpoint at {names}, so nothing can be "
            "imputed there. Take the visit out of the analysis."
        )
    wide = rows.frame.pivot_table(
        index="USUBJID", columns="VISIT", values="OUTCOME", observed=False, dropna=False
    )
    outcome = wide.reindex(index=people["USUBJID"], columns=list(visits)).to_numpy(np.float64)
    design, reference_design, terms = _visit_designs(people, visits, spec)
    analysis = build_design(people, spec.arms, spec.covariates)
    if len(people) <= analysis.matrix.shape[1]:
        raise AnalysisError(
            f"Analysis {spec.id}: {len(people)} participants are too few for "
            f"{analysis.matrix.shape[1]} coefficients."
        )
    columns = [analysis.matrix.columns.get_loc(term) for term in analysis.effects.values()]
    trial = IncompleteTrial(
        arm=np.asarray(people["ARM"].cat.codes, dtype=np.int64),
        n_arms=len(spec.arms),
        outcome=outcome,
        design=design,
        reference_design=reference_design,
        terms=terms,
        analysis_design=analysis.matrix.to_numpy(np.float64),
        arm_columns=np.array(columns, dtype=np.int64),
        visits=visits,
    )
    return trial, AnalysisRows(people, rows.population_size, notes)


def _participants(
    data: Mapping[str, pd.DataFrame], spec: AnalysisSpec, rows: AnalysisRows, *, keep_unseen: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """One row per participant who has the covariates, and what must be said of the others."""
    people = in_set(data["adsl"], spec.population)
    people = people[["USUBJID", "TRT01P", *spec.covariates]].dropna(ignore_index=True)
    people["ARM"] = pd.Categorical(people.pop("TRT01P"), [arm.id for arm in spec.arms])
    people = people[people["ARM"].notna()].sort_values("USUBJID", ignore_index=True)
    seen = people["USUBJID"].isin(rows.frame["USUBJID"])
    unseen = people.loc[~seen, "USUBJID"]
    if unseen.empty or not keep_unseen:
        return people[seen].reset_index(drop=True), rows.notes
    shown = ", ".join(unseen[:5]) + (" ..." if len(unseen) > 5 else "")
    said = f"{len(unseen)} participants have no value at any visit; all of theirs are imputed"
    # visit_rows says that they were left out, which here they are not.
    others = [note for note in rows.notes if "endpoint at any visit" not in note]
    return people, (*others, f"{said}: {shown}.")


def _visit_designs(
    people: pd.DataFrame, visits: Sequence[str], spec: AnalysisSpec
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """Model matrices of all participants at all visits, in their own and in the reference arm."""
    n, m = len(people), len(visits)
    grid = people.loc[people.index.repeat(m)].reset_index(drop=True)
    grid["VISIT"] = pd.Categorical(list(visits) * n, list(visits), ordered=True)
    by_visit = [f"{name}:VISIT" for name in spec.options["covariates_by_visit"]]
    # A factor of one level is not a factor.
    fixed = "ARM * VISIT" if m > 1 else "ARM"
    formula = " + ".join([f"~ {fixed}", *spec.covariates, *(by_visit if m > 1 else [])])
    try:
        rows = analysed_rows(
            formula, grid, subject="USUBJID", visit="VISIT", group=None, outcome=False
        )
    except MMRMError as error:
        raise AnalysisError(f"Analysis {spec.id}: {error}") from error
    in_reference = {**rows.columns, "ARM": np.zeros(n * m, dtype=np.intp)}
    reference, _ = rows.design.matrix(in_reference, n * m)
    shape = (n, m, len(rows.terms))
    return rows.X.reshape(shape), reference.reshape(shape), rows.terms
