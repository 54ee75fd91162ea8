"""Multiple testing of hypotheses whose p other analyses of the plan give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seizureflow.analysis import AnalysisResult, AnalysisSpec, Statistic
from seizureflow.multiplicity import (
    MultipleTest,
    fixed_sequence,
    graphical,
    hochberg,
    holm,
)
from seizureflow.multiplicity_graph import graph_problems
from seizureflow.problems import AnalysisError


@dataclass(frozen=True)
class _Hypothesis:
    """A hypothesis, and the p that answers to it; not a number where there is none."""

    analysis: str
    label: str | None
    arm: str | None
    reference: str | None
    p: float

    @property
    def name(self) -> str:
        return f"{self.analysis} ({self.arm})" if self.arm else self.analysis


def analyse(spec: AnalysisSpec, data: Mapping[str, pd.DataFrame]) -> AnalysisResult:
    """Adjust the p-values of other analyses, and say which hypotheses are rejected.

    A hypothesis without p cannot be rejected: it is taken with p = 1, so that a fixed sequence ends
    there, and a note says so. The familywise error is that of the hypotheses listed, as far as
    their own p-values hold.

    Args:
        spec: The analysis; options ``procedure``, ``alpha``, ``hypotheses``, ``weights`` and
            ``transitions``.
        data: ``results_<id>`` of every analysis named.

    Raises:
        AnalysisError: The graph is none, or which p is meant cannot be told.

    Source:
        See :mod:`seizureflow.multiplicity`.
    """
    hypotheses = [_read(entry, data, spec) for entry in spec.options["hypotheses"]]
    test = _test(hypotheses, spec)
    notes = [
        f"{hypothesis.name} gave no p: it cannot be rejected and enters with p = 1"
        + (", so that the sequence ends there." if _procedure(spec) == "hierarchical" else ".")
        for hypothesis in hypotheses
        if math.isnan(hypothesis.p)
    ]
    if _procedure(spec) == "hochberg":
        notes.append(
            "Hochberg's procedure holds the familywise level if the test statistics are "
            "independent or positively dependent, not in general."
        )
    alpha = float(spec.options.get("alpha", 0.05))
    statistics = [
        statistic
        for place, hypothesis in enumerate(hypotheses)
        for statistic in _statistics(hypothesis, test, place, spec)
    ]
    return AnalysisResult(
        (
            *statistics,
            Statistic("alpha", "Familywise level", alpha),
            Statistic("hypotheses", "Hypotheses", float(len(hypotheses))),
            Statistic("hypotheses_rejected", "Hypotheses rejected", float(sum(test.rejected))),
        ),
        notes=tuple(notes),
    )


def _procedure(spec: AnalysisSpec) -> str:
    return str(spec.options.get("procedure", "hierarchical"))


def _test(hypotheses: list[_Hypothesis], spec: AnalysisSpec) -> MultipleTest:
    p_values = [1.0 if math.isnan(one.p) else one.p for one in hypotheses]
    alpha, procedure = float(spec.options.get("alpha", 0.05)), _procedure(spec)
    if procedure != "graphical":
        tests = {"hierarchical": fixed_sequence, "holm": holm, "hochberg": hochberg}
        return tests[procedure](p_values, alpha)
    weights, transitions = spec.options.get("weights", []), spec.options.get("transitions", [])
    problems = graph_problems(weights, transitions, len(hypotheses))
    if problems:
        raise AnalysisError(
            f"Analysis {spec.id}: the options weights and transitions make no graph. "
            + " ".join(problems)
        )
    return graphical(
        p_values,
        alpha,
        np.array(weights, dtype=np.float64),
        np.array(transitions, dtype=np.float64),
    )


def _read(
    entry: Mapping[str, Any], data: Mapping[str, pd.DataFrame], spec: AnalysisSpec
) -> _Hypothesis:
    """Find the p of a hypothesis among the results of its analysis."""
    analysis, name = entry["analysis"], entry.get("statistic", "p_value")
    results = data[f"results_{analysis}"]
    rows = results[(results["STATISTIC"] == name) & results["VARIABLE"].isna()]
    rows = rows[rows["LEVEL"].isna() & rows["VISIT"].isna()]
    arm = entry.get("arm")
    if arm is not None:
        known = [one.id for one in spec.arms]
        if arm not in known:
            raise AnalysisError(
                f"Analysis {spec.id}: there is no arm {arm}, which a hypothesis on {analysis} "
                f"names. The arms are {', '.join(known)}."
            )
        rows = rows[rows["GROUP"] == arm]
    if len(rows) > 1:
        arms = ", ".join(rows["GROUP"].dropna().astype("str").unique())
        raise AnalysisError(
            f"Analysis {spec.id}: {analysis} gives {len(rows)} rows of {name} (arms: {arms}). Name "
            "the arm of each hypothesis with the key arm."
        )
    if rows.empty:
        return _Hypothesis(analysis, entry.get("label"), arm, None, math.nan)
    row = rows.iloc[0]
    p = float(row["VALUE"])
    if not (math.isnan(p) or 0 <= p <= 1):
        raise AnalysisError(
            f"Analysis {spec.id}: {name} of {analysis} is {p:g}, which is no p. Name a statistic "
            "that is one."
        )
    return _Hypothesis(
        analysis, entry.get("label"), _text(row["GROUP"]), _text(row["REFERENCE"]), p
    )


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _statistics(
    hypothesis: _Hypothesis, test: MultipleTest, place: int, spec: AnalysisSpec
) -> list[Statistic]:
    missing = "The analysis gave no p." if math.isnan(hypothesis.p) else None
    numbers = [
        ("p_value", "p, not adjusted", hypothesis.p, missing),
        ("adjusted_p", "Adjusted p", test.adjusted[place], missing),
        ("rejected", "Rejected (1 yes, 0 no)", float(test.rejected[place]), None),
    ]
    order = test.order[place]
    if order is not None:
        numbers.append(("rejection_order", "Place in the order of rejection", float(order), None))
    if test.weights is not None:
        initial = float(spec.options["weights"][place])
        numbers += [
            ("initial_weight", "Share of the level at the start", initial, None),
            ("final_weight", "Share of the level at the end", test.weights[place], None),
        ]
    return [
        Statistic(
            name,
            label,
            value,
            group=hypothesis.arm,
            reference=hypothesis.reference,
            variable=hypothesis.analysis,
            level=hypothesis.label,
            note=note,
        )
        for name, label, value, note in numbers
    ]
