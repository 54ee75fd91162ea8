"""Multiple test procedures against statsmodels, published graphs and the closed test."""

from itertools import combinations

import numpy as np
import pytest
from seizureflow.multiplicity import (
    fixed_sequence,
    graphical,
    hochberg,
    holm,
)
from seizureflow.multiplicity_graph import graph_problems
from statsmodels.stats.multitest import multipletests

P_VALUES = [
    (0.01, 0.02, 0.03),
    (0.04, 0.001, 0.2, 0.03),
    (0.5, 0.5),
    (0.02, 0.02, 0.02),
    (1.0, 0.05),
]


@pytest.mark.parametrize("p", P_VALUES)
@pytest.mark.parametrize(("procedure", "name"), [(holm, "holm"), (hochberg, "simes-hochberg")])
def test_statsmodels_gives_the_same(procedure, name, p):
    rejected, adjusted, *_ = multipletests(p, alpha=0.05, method=name)
    test = procedure(p, 0.05)
    assert test.adjusted == pytest.approx(adjusted, rel=1e-12)
    assert list(test.rejected) == list(rejected)


def test_fixed_sequence_stops():
    test = fixed_sequence([0.01, 0.2, 0.001], 0.05)
    assert test.adjusted == (0.01, 0.2, 0.2)
    assert test.rejected == (True, False, False)
    assert test.order == (1, None, None)


@pytest.mark.parametrize("p", P_VALUES)
def test_holm_is_a_graph(p):
    m = len(p)
    graph = (np.ones((m, m)) - np.eye(m)) / (m - 1)
    test = graphical(p, 0.05, np.full(m, 1 / m), graph)
    assert test.adjusted == pytest.approx(holm(p, 0.05).adjusted, rel=1e-12)


@pytest.mark.parametrize("p", P_VALUES)
def test_fixed_sequence_is_a_graph(p):
    m = len(p)
    test = graphical(p, 0.05, np.eye(m)[0], np.eye(m, k=1))
    assert test.adjusted == pytest.approx(fixed_sequence(p, 0.05).adjusted, rel=1e-12)


# Bretz et al. (2009), two primary hypotheses each passing its level to a secondary one, and these to the
# other primary one; R's gMCP and lrstat have the same graph.
GATEKEEPING = (
    np.array([0.5, 0.5, 0, 0]),
    np.array([[0, 0, 1, 0], [0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 0, 0]], dtype=float),
)
# The graph of Bretz et al. (2011), three doses with two endpoints, and the p-values of the example of
# gMCP's class graphMCP.
THREE_DOSES = (
    np.array([1 / 3, 1 / 3, 1 / 3, 0, 0, 0]),
    np.array(
        [
            [0, 0.5, 0, 0.5, 0, 0],
            [1 / 3, 0, 1 / 3, 0, 1 / 3, 0],
            [0, 0.5, 0, 0, 0, 0.5],
            [0, 1, 0, 0, 0, 0],
            [0.5, 0, 0.5, 0, 0, 0],
            [0, 1, 0, 0, 0, 0],
        ]
    ),
)
GRAPHS = [
    (GATEKEEPING, (0.01, 0.005, 0.015, 0.022)),
    (GATEKEEPING, (0.02, 0.015, 0.010, 0.023)),
    (GATEKEEPING, (0.04, 0.03, 0.001, 0.002)),
    (THREE_DOSES, (0.1, 0.008, 0.005, 0.15, 0.04, 0.006)),
]


def weights_of_intersection(weights, transitions, kept):
    """Weights of the hypotheses of an intersection: the others are taken from the graph one by one.

    Written from the definition in Bretz et al. (2011), section 2, apart from the code under test.
    """
    shares, m = dict(enumerate(weights)), len(weights)
    graph = {(i, j): transitions[i][j] for i in range(m) for j in range(m)}
    present = set(range(m))
    for gone in [i for i in range(m) if i not in kept]:
        present.remove(gone)
        shares = {i: shares[i] + shares[gone] * graph[gone, i] for i in present}
        graph = {
            (i, j): 0.0
            if i == j or graph[i, gone] * graph[gone, i] >= 1
            else (graph[i, j] + graph[i, gone] * graph[gone, j])
            / (1 - graph[i, gone] * graph[gone, i])
            for i in present
            for j in present
        }
    return shares


@pytest.mark.parametrize(("graph", "p"), GRAPHS)
def test_graph_is_the_closed_test_of_weighted_bonferroni_tests(graph, p):
    """The adjusted p is the largest p of all intersections that the hypothesis is in."""
    m = len(p)
    adjusted = [0.0] * m
    for size in range(1, m + 1):
        for kept in combinations(range(m), size):
            shares = weights_of_intersection(*graph, kept)
            whole = min((p[i] / shares[i] for i in kept if shares[i] > 0), default=1.0)
            for i in kept:
                adjusted[i] = max(adjusted[i], min(whole, 1.0))
    test = graphical(p, 0.05, *graph)
    assert test.adjusted == pytest.approx(adjusted, rel=1e-9)


def test_gatekeeping_by_hand():
    """0.005 <= 0.5 a: H2 goes and H4 gets 0.5; 0.01 <= 0.5 a: H1 goes and H3 gets 0.5; then 0.015 / 0.5
    = 0.03: H3 goes and, by H2, H4 has all: 0.022, but not below 0.03."""
    test = graphical((0.01, 0.005, 0.015, 0.022), 0.05, *GATEKEEPING)
    assert test.adjusted == pytest.approx((0.02, 0.01, 0.03, 0.03), rel=1e-12)
    assert test.order == (2, 1, 3, 4)
    assert test.weights == (0, 0, 0, 0)


def test_weights_at_the_end_are_those_where_it_stops():
    graph, p = GRAPHS[3]
    test = graphical(p, 0.05, *graph)
    assert test.rejected == (False, True, True, False, False, True)
    assert sum(test.weights) == pytest.approx(1, rel=1e-12)
    assert [share > 0 for share in test.weights] == [True, False, False, False, True, False]


@pytest.mark.parametrize("procedure", [fixed_sequence, holm, hochberg])
def test_one_hypothesis_is_not_adjusted(procedure):
    assert procedure([0.04], 0.05).adjusted == (0.04,)
    assert procedure([0.04], 0.05).rejected == (True,)


@pytest.mark.parametrize(
    ("weights", "transitions", "words"),
    [
        ([0.5], [[0.0, 1], [1, 0]], "2 hypotheses need 2 weights"),
        ([0.7, 0.7], [[0.0, 1], [1, 0]], "exceed 1 in sum"),
        ([0.5, 0.5], [[0.0, 1.5], [1, 0]], "sum of a row"),
        ([0.5, 0.5], [[0.2, 0.5], [1, 0]], "diagonal"),
    ],
)
def test_what_is_no_graph(weights, transitions, words):
    assert words in " ".join(graph_problems(weights, transitions, 2))
    assert not graph_problems([0.1, 0.9], [[0.0, 1], [1, 0]], 2)
