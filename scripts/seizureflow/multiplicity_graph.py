"""Checks the graph of a multiple testing procedure.

Without numpy: plans are checked at every start of a run and of each of its jobs.
"""

from __future__ import annotations

from collections.abc import Sequence

# Shares such as 0.1 + 0.2 + 0.7 exceed 1 by rounding.
_SAME = 1e-12


def graph_problems(
    weights: Sequence[float], transitions: Sequence[Sequence[float]], count: int
) -> list[str]:
    """Say what is wrong with a graph; nothing where it is one.

    Args:
        weights: Initial share of the level of each hypothesis.
        transitions: Share that a rejected hypothesis (row) passes on to another (column).
        count: Number of hypotheses.
    """
    if {len(weights), len(transitions), *map(len, transitions)} != {count}:
        return [
            f"{count} hypotheses need {count} weights and {count} rows of {count} transitions each."
        ]
    problems = []
    if min(weights) < 0 or sum(weights) > 1 + _SAME:
        problems.append("Weights must not be negative, nor exceed 1 in sum.")
    if any(min(row) < 0 or sum(row) > 1 + _SAME for row in transitions):
        problems.append("Transitions must not be negative, nor exceed 1 in the sum of a row.")
    if any(row[place] for place, row in enumerate(transitions)):
        problems.append("A hypothesis passes nothing on to itself: the diagonal must be 0.")
    return problems
