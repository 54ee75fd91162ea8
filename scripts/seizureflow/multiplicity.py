"""Multiple test procedures: fixed sequence, Holm, Hochberg and graphs, with adjusted p-values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from seizureflow.array_types import FloatArray

# Weights and levels are compared up to rounding.
_SAME = 1e-12


@dataclass(frozen=True)
class MultipleTest:
    """Answer of a multiple test procedure.

    Attributes:
        adjusted: Adjusted p of each hypothesis: the least level at which it is rejected.
        rejected: Whether it is rejected at the level asked for.
        order: Place of each rejected hypothesis in the order of rejection, from 1; None of others.
        weights: Share of the level that each hypothesis not rejected has at the end, 0 for those
            rejected; None for procedures without a graph.
    """

    adjusted: tuple[float, ...]
    rejected: tuple[bool, ...]
    order: tuple[int | None, ...]
    weights: tuple[float, ...] | None = None


def fixed_sequence(p_values: Sequence[float], alpha: float) -> MultipleTest:
    """Test in the order given, each at the full level, until one is not rejected.

    Args:
        p_values: In the order of the hypotheses.
        alpha: Familywise level.

    Source:
        Maurer, Hothorn & Lehmacher (1995); Westfall & Krishen, J Stat Plan Inference 2001;99:25.
    """
    adjusted = np.maximum.accumulate(np.asarray(p_values, dtype=np.float64))
    return _answer(adjusted, alpha, range(len(p_values)))


def holm(p_values: Sequence[float], alpha: float) -> MultipleTest:
    """Holm's step-down test; controls the familywise error whatever the dependence.

    Args:
        p_values: One per hypothesis.
        alpha: Familywise level.

    Source:
        Holm, Scand J Stat 1979;6:65.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    steps = np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps * p[order]), 1.0)
    return _answer(adjusted, alpha, order.tolist())


def hochberg(p_values: Sequence[float], alpha: float) -> MultipleTest:
    """Hochberg's step-up test; controls the familywise error of positively dependent tests.

    Args:
        p_values: One per hypothesis.
        alpha: Familywise level.

    Source:
        Hochberg, Biometrika 1988;75:800; Sarkar & Chang, J Am Stat Assoc 1997;92:1601.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    steps = np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum.accumulate((steps * p[order])[::-1])[::-1]
    return _answer(adjusted, alpha, order.tolist())


def graphical(
    p_values: Sequence[float], alpha: float, weights: FloatArray, transitions: FloatArray
) -> MultipleTest:
    """Test by a graph: a rejected hypothesis passes its share of the level on.

    Args:
        p_values: One per hypothesis, m.
        alpha: Familywise level.
        weights: Initial shares of the level, m, at most 1 in sum.
        transitions: m x m, rows at most 1 in sum, diagonal 0.

    Source:
        Bretz, Maurer, Brannath & Posch, Stat Med 2009;28:586, algorithms 1 and 2.
    """
    p = np.asarray(p_values, dtype=np.float64)
    shares, graph = weights.astype(np.float64), transitions.astype(np.float64)
    open_ = list(range(len(p)))
    adjusted, order, largest, at_end = np.ones(len(p)), [], 0.0, None
    while open_:
        ratios = [p[i] / shares[i] if shares[i] > _SAME else math.inf for i in open_]
        chosen = open_[int(np.argmin(ratios))]
        largest = max(largest, min(ratios))
        if at_end is None and largest > alpha:
            at_end = shares.copy()
        adjusted[chosen] = min(largest, 1.0)
        order.append(chosen)
        open_.remove(chosen)
        shares, graph = _without(chosen, shares, graph, open_)
    final = np.zeros(len(p)) if at_end is None else at_end
    return _answer(adjusted, alpha, order, tuple(float(share) for share in final))


def _without(
    removed: int, shares: FloatArray, graph: FloatArray, rest: Sequence[int]
) -> tuple[FloatArray, FloatArray]:
    """The graph once a hypothesis is rejected (algorithm 1 of Bretz et al.)."""
    new_shares, new_graph = np.zeros_like(shares), np.zeros_like(graph)
    for i in rest:
        new_shares[i] = shares[i] + shares[removed] * graph[removed, i]
        loop = graph[i, removed] * graph[removed, i]
        for j in rest:
            if i != j and loop < 1 - _SAME:
                passed = graph[i, j] + graph[i, removed] * graph[removed, j]
                new_graph[i, j] = passed / (1 - loop)
    return new_shares, new_graph


def _answer(
    adjusted: FloatArray,
    alpha: float,
    order: Iterable[int],
    weights: tuple[float, ...] | None = None,
) -> MultipleTest:
    rejected = tuple(bool(value <= alpha) for value in adjusted)
    places: list[int | None] = [None] * len(adjusted)
    for place, hypothesis in enumerate((i for i in order if rejected[i]), start=1):
        places[hypothesis] = place
    return MultipleTest(tuple(float(value) for value in adjusted), rejected, tuple(places), weights)
