"""Computes the specifications of a grid, in parts that together are the same as the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.array_types import FloatArray
from seizureflow.specification_curve.choices import Specification
from seizureflow.specification_curve.count_models import negative_binomial, quasi_poisson
from seizureflow.specification_curve.effects import Effects, design_columns
from seizureflow.specification_curve.linear import least_squares
from seizureflow.specification_curve.mixed import mixed_models
from seizureflow.specification_curve.permutations import permuted_arms
from seizureflow.specification_curve.prepare import (
    NotPossible,
    Prepared,
    covariates_key,
    prepare,
)
from seizureflow.specification_curve.trial import Trial

# What became of a specification.
COMPUTED, FAILED, DUPLICATE, IMPOSSIBLE = "computed", "failed", "duplicate", "impossible"
_REFUSED = "refused"  # of the one row of a curve that these data do not admit
_PERMUTED_COLUMNS = ["PERMUTED", "PERMUTED_P"]


@dataclass(frozen=True)
class _Member:
    """A specification with what enters it."""

    spec: Specification
    prepared: Prepared


def compute_curve(
    trial: Trial,
    grid: Sequence[Specification],
    *,
    labels: Mapping[str, str],
    level: float,
    permutations: int,
    rng: np.random.Generator,
    chunk: int = 1,
    chunks: int = 1,
) -> pd.DataFrame:
    """Compute one part of the specifications.

    Specifications into which the same numbers enter are computed once; those after the first are
    duplicates. The permutations are the same in every part and for every specification.

    Args:
        trial: The participants.
        grid: All specifications.
        labels: Labels of windows, analysis sets and variables.
        level: Confidence level.
        permutations: How often the arms are permuted; mixed models are fitted without.
        rng: Source of the permutations, the same for every part.
        chunk: Number of the part, from 1.
        chunks: Number of parts.

    Returns:
        Table ``specifications`` of the part, with ``PERMUTED`` and ``PERMUTED_P``: log ratios and p
        under each permutation, empty where there are none.
    """
    arrangements = np.vstack(
        [
            trial.treated.astype(np.float64),
            permuted_arms(trial.treated, trial.strata, permutations, rng),
        ]
    )
    groups, settled = _groups(trial, grid)
    rows: list[dict[str, Any]] = []
    for group in groups[chunk - 1 :: chunks]:
        rows += _results(trial, group, arrangements, labels, level)
    if chunk == 1:
        rows += [
            _row(spec, labels) | dict(zip(("STATUS", "REASON", "SAMEAS"), found, strict=True))
            for spec, found in settled
        ]
    frame = pd.DataFrame(rows).sort_values("SPECIFICATION", ignore_index=True)
    return frame.assign(ISPRIMARY=frame["SPECIFICATION"] == 1)


def refused_table(reason: str) -> pd.DataFrame:
    """A part of a curve that these data do not admit; it holds the reason alone."""
    row = {"SPECIFICATION": 0, "STATUS": _REFUSED, "REASON": reason, "ISPRIMARY": False}
    return pd.DataFrame([row | {name: [] for name in _PERMUTED_COLUMNS}])


def refusal(table: pd.DataFrame) -> str | None:
    """Why there is no curve; None where there is one."""
    reasons = table.loc[table["STATUS"] == _REFUSED, "REASON"]
    return str(reasons.iloc[0]) if len(reasons) else None


def joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The parts of a curve as one table, in the order of the specifications."""
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values("SPECIFICATION", kind="stable", ignore_index=True)


def kept_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Table ``specifications`` without the permutations; without rows where there is no curve."""
    return table[table["STATUS"] != _REFUSED].drop(columns=_PERMUTED_COLUMNS)


def _groups(
    trial: Trial, grid: Sequence[Specification]
) -> tuple[list[list[_Member]], list[tuple[Specification, tuple[str, str, int | None]]]]:
    """Specifications that are computed, those of one fit together; and the others, with the reason.

    Groups are in an order that gives every part its share of each model.
    """
    first: dict[tuple[Any, bytes], int] = {}
    groups: dict[tuple[Any, ...], list[_Member]] = {}
    settled: list[tuple[Specification, tuple[str, str, int | None]]] = []
    for spec in grid:
        try:
            prepared = prepare(trial, spec)
        except NotPossible as reason:
            settled.append((spec, (IMPOSSIBLE, str(reason), None)))
            continue
        same = first.setdefault((spec.model, prepared.fingerprint()), spec.number)
        if same != spec.number:
            words = f"The same numbers enter as in specification {same}."
            settled.append((spec, (DUPLICATE, words, same)))
            continue
        groups.setdefault(_group_key(spec, prepared), []).append(_Member(spec, prepared))
    return sorted(groups.values(), key=lambda group: group[0].spec.model.words), settled


def _group_key(spec: Specification, prepared: Prepared) -> tuple[Any, ...]:
    if spec.model.kind != "mmrm":
        return (spec.number,)
    seen = np.isfinite(prepared.outcome).tobytes()
    covariates = covariates_key(prepared.covariates)
    return (spec.model, spec.visits, prepared.kept.tobytes(), seen, covariates)


def _results(
    trial: Trial,
    group: list[_Member],
    arrangements: FloatArray,
    labels: Mapping[str, str],
    level: float,
) -> Iterator[dict[str, Any]]:
    """The rows of the table of specifications that share a fit."""
    spec = group[0].spec
    try:
        _refuse_empty_arms(trial, group[0].prepared)
        if spec.model.kind == "mmrm":
            effects = mixed_models(trial, spec, [member.prepared for member in group])
            permuted = False
        else:
            effects = _effects(spec, group[0].prepared, trial, arrangements)
            permuted = True
    except NotPossible as reason:
        for member in group:
            row = _row(member.spec, labels) | {"STATUS": FAILED, "REASON": str(reason)}
            yield row | {"PARTICIPANTS": member.prepared.participants}
        return
    lower, upper = effects.limits(level)
    p_values = effects.p_values()
    for place, member in enumerate(group):
        row = _row(member.spec, labels) | {"PARTICIPANTS": member.prepared.participants}
        if not effects.se[place] > 0:
            why = (
                "The outcomes leave nothing to judge the effect by: no standard error exists."
                if effects.converged[place]
                else "The fit did not converge."
            )
            yield row | {"STATUS": FAILED, "REASON": why}
            continue
        yield row | {
            "STATUS": COMPUTED,
            "LOGRATIO": effects.log_ratio[place],
            "SE": effects.se[place],
            "ESTIMATE": 100 * np.expm1(effects.log_ratio[place]),
            "LOWER": 100 * np.expm1(lower[place]),
            "UPPER": 100 * np.expm1(upper[place]),
            "P": p_values[place],
            "PERMUTED": effects.log_ratio[1:] if permuted else [],
            "PERMUTED_P": p_values[1:] if permuted else [],
        }


def _row(spec: Specification, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "SPECIFICATION": spec.number,
        **spec.words(labels),
        "STATUS": "",
        "REASON": None,
        "SAMEAS": None,
        "PARTICIPANTS": None,
        **dict.fromkeys(("LOGRATIO", "SE", "ESTIMATE", "LOWER", "UPPER", "P"), np.nan),
        "PERMUTED": [],
        "PERMUTED_P": [],
    }


def _effects(
    spec: Specification, prepared: Prepared, trial: Trial, arrangements: FloatArray
) -> Effects:
    """Effects under the true arms (the first) and every permutation.

    Raises:
        NotPossible: With the reason, in words.
    """
    others = design_columns(prepared.covariates)
    treated = arrangements[:, prepared.kept]
    _refuse_unestimable(others, treated[0])
    if spec.model.takes_logs:
        hc3 = spec.model.kind == "ancova_hc3"
        return least_squares(prepared.outcome, others, treated, hc3=hc3)
    for arm, members in zip(trial.arms, (treated[0] == 0, treated[0] == 1), strict=True):
        if not prepared.outcome[members].any():
            raise NotPossible(f"{arm.label} had no seizure in the window: no rate ratio exists.")
    assert prepared.log_exposure is not None  # noqa: S101  (prepare gives it to count models)
    fit = negative_binomial if spec.model.kind == "negative_binomial" else quasi_poisson
    return fit(prepared.outcome, prepared.log_exposure, others, treated)


def _refuse_empty_arms(trial: Trial, prepared: Prepared) -> None:
    treated = trial.treated[prepared.kept]
    for arm, members in zip(trial.arms, (~treated, treated), strict=True):
        if not members.any():
            raise NotPossible(f"No participant of {arm.label} has the data it needs.")


def _refuse_unestimable(others: FloatArray, treated: FloatArray) -> None:
    terms = others.shape[1] + 1
    if len(treated) <= terms:
        raise NotPossible(f"{len(treated)} participants are too few for {terms} coefficients.")
    if np.linalg.matrix_rank(np.column_stack([others, treated])) < terms:
        raise NotPossible("The terms of the model cannot be told apart in these data.")
