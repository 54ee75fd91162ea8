"""Arrangements keep every block's composition, are all there, and are equally probable."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seizureflow.randomisation_tests.arrangements import (
    arrange,
    count_arrangements,
    draw_arrangements,
    list_arrangements,
)

trials = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3)), min_size=2, max_size=9).map(
    lambda rows: (
        np.array([active for active, _ in rows], dtype=float),
        np.array([block for _, block in rows]),
    )
)


@settings(deadline=None, max_examples=60)
@given(trials, st.integers(0, 2**32 - 1))
def test_every_block_keeps_its_composition(trial, seed):
    active, block = trial
    drawn = draw_arrangements(active, block, 20, np.random.default_rng(seed))
    for number in np.unique(block):
        inside = block == number
        assert (drawn[:, inside].sum(axis=1) == active[inside].sum()).all()


@settings(deadline=None, max_examples=30)
@given(trials)
def test_the_list_is_that_of_brute_force(trial):
    active, block = trial
    if len(active) > 7:
        active, block = active[:7], block[:7]
    composition = [active[block == number].sum() for number in range(4)]
    expected = {
        tuple(candidate)
        for candidate in set(permutations(active))
        if [np.array(candidate)[block == number].sum() for number in range(4)] == composition
    }
    listed = list_arrangements(active, block)
    assert {tuple(row) for row in listed} == expected
    assert len(listed) == len(expected) == count_arrangements(active, block)


def test_few_arrangements_are_listed_and_many_are_drawn():
    active = np.array([0.0, 0, 1, 1])
    rng = np.random.default_rng(1)
    listed = arrange(active, np.zeros(4, dtype=int), 6, rng)
    assert (listed.complete, listed.existing, len(listed.active)) == (True, 6, 6)
    drawn = arrange(active, np.zeros(4, dtype=int), 5, rng)
    assert (drawn.complete, drawn.existing, len(drawn.active)) == (False, 6, 5)


def test_draws_are_equally_probable():
    active, block = np.array([1.0, 0, 1, 0, 0]), np.array([0, 0, 1, 1, 1])
    drawn = draw_arrangements(active, block, 60_000, np.random.default_rng(2))
    _, counts = np.unique(drawn, axis=0, return_counts=True)
    # 6 arrangements; the standard deviation of a share is 0.0015.
    assert counts / 60_000 == pytest.approx(np.full(6, 1 / 6), abs=0.008)
